"""What a script lacks, so that signals which need it are null there."""

#: Written without spaces between words: Han and kana, and the scripts of which UAX #14 says
#: that finding words takes a dictionary (Line_Break=SA), and Tibetan, which parts syllables.
UNSPACED_SCRIPTS = (
    "Hani", "Hans", "Hant", "Jpan", "Hira", "Kana", "Bopo", "Yiii", "Tibt",
    "Thai", "Laoo", "Khmr", "Mymr", "Lana", "Talu", "Tale", "Tavt", "Ahom", "Java", "Bali",
)  # fmt: skip
#: Written with spaces, not full stops, between sentences.
STOPLESS_SCRIPTS = ("Thai", "Laoo", "Lana", "Talu", "Tale", "Tavt")
