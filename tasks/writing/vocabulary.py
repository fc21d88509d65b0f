"""Name scripts, letters, ends of sentences and dates by how people write them.

One definition for all rooms. A name in `_LETTERS`, `_STOPS`, `_ENDS` or `CLOSERS` is what stands
between the brackets of a set, as in `regex.compile(f"[{UNSPACED_LETTERS}]")`. Polars knows all
of them but those with `Line_Break`.
"""

#: Han, kana and what is written like them: one says as much as two letters, and is as wide.
IDEOGRAPHIC_LETTERS = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\p{Yi}"
WIDE_LETTERS = rf"{IDEOGRAPHIC_LETTERS}\p{{Hangul}}"
#: The scripts of which UAX #14 says that finding words takes a dictionary (Line_Break=SA: Thai,
#: Lao, Khmer, Myanmar, Tai Tham …), and Tibetan, Javanese and Balinese, which part no words.
COMPLEX_LETTERS = r"\p{Line_Break=SA}\p{Tibetan}\p{Javanese}\p{Balinese}"
#: Written without spaces between words. The mark of a long vowel has no script of its own.
UNSPACED_LETTERS = rf"{IDEOGRAPHIC_LETTERS}ーｰ{COMPLEX_LETTERS}"
#: The same, and Hangul, whose particles are written onto a word of any script.
JOINED_LETTERS = rf"{UNSPACED_LETTERS}\p{{Hangul}}"

#: The scripts of `UNSPACED_LETTERS`, ISO 15924.
UNSPACED_SCRIPTS = (
    "Hani", "Hans", "Hant", "Jpan", "Hira", "Kana", "Bopo", "Yiii", "Tibt",
    "Thai", "Laoo", "Khmr", "Mymr", "Lana", "Talu", "Tale", "Tavt", "Ahom", "Java", "Bali",
)  # fmt: skip
#: The languages of our vocabulary that are written in no other script.
UNSPACED_LANGUAGES = frozenset({"bo", "dz", "ja", "km", "lo", "my", "th", "yue", "zh"})
#: Written with spaces, not full stops, between sentences.
STOPLESS_SCRIPTS = ("Thai", "Laoo", "Lana", "Talu", "Tale", "Tavt")
#: Written in one text: which of them most of its letters are in says little.
EAST_ASIAN_SCRIPTS = frozenset(
    {"Hani", "Hans", "Hant", "Jpan", "Kore", "Hira", "Kana", "Bopo", "Hang"}
)

#: Unicode's Sentence_Terminal, the Greek question mark and the Tibetan shad.
SENTENCE_STOPS = r"\p{Sentence_Terminal}\u037e\u0f0d-\u0f11"
#: Stops after which no space is written.
IDEOGRAPHIC_STOPS = "。！？｡"
#: What a sentence may end with: a stop, or an ellipsis.
SENTENCE_ENDS = rf"{SENTENCE_STOPS}\u2026\u22ef"
#: What may stand between the end of a sentence and that of its line.
CLOSERS = r"\p{Pe}\p{Pf}\p{Pi}\p{Cf}\"'*_\s"
#: A pattern for a day, a month, a year or a time in digits.
DATE_IN_DIGITS = r"\d{1,4}[./年년-]\s?\d{1,2}[./月월-]|\b(?:19|20)\d\d\b|\d{1,2}[:.時시]\d{2}\b"
