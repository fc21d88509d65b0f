"""Give words the letters that are meant where typesetting put other characters.

Ligatures and Arabic presentation forms, as text from PDF has them, become letters. What is not seen
goes out of words: soft hyphens, zero-width spaces, word joiners, hidden tags. What spelling needs
stays: the joiners of Persian and of Indic scripts, those and the tags of emoji, the zero-width
spaces between words of Thai or Khmer. A no-break space becomes a space between words, so that
names are found; it stays within numbers and before the punctuation of French.

Full-width forms, compatibility ideographs, digraphs and the symbols of Arabic phrases stay: they
are meant.
"""

import unicodedata

import regex

from tasks.writing.vocabulary import COMPLEX_LETTERS

#: Blocks of forms of letters: Latin, Armenian and Hebrew ligatures, Arabic forms A and B. Without
#: what has canonical parts (Hebrew points), vowel signs on a space, and symbols of whole phrases.
_FORM_BLOCKS = (
    (0xFB00, 0xFB17),
    (0xFB20, 0xFB28),
    (0xFB4F, 0xFDC7),
    (0xFDF2, 0xFDF2),
    (0xFE80, 0xFEFC),
)
_FORMS = {
    point: letters
    for start, end in _FORM_BLOCKS
    for point in range(start, end + 1)
    if unicodedata.decomposition(chr(point)).startswith("<")
    and (letters := unicodedata.normalize("NFKC", chr(point))).isalpha()
}

#: Scripts whose letters join, and pictures that do: what may stand beside a joiner.
_JOINING = (
    r"\p{Arabic}\p{Syriac}\p{Mongolian}\p{Nko}\p{Mandaic}\p{Devanagari}\p{Bengali}\p{Gurmukhi}"
    r"\p{Gujarati}\p{Oriya}\p{Tamil}\p{Telugu}\p{Kannada}\p{Malayalam}\p{Sinhala}\p{Thaana}"
    rf"{COMPLEX_LETTERS}\p{{Extended_Pictographic}}\p{{Emoji_Modifier}}\ufe0f"
)
_TAGS = r"\U000e0000-\U000e007f"
_INVISIBLE = regex.compile(
    # Never spelling; a byte order mark is a joiner within text, Mongolian keeps its separator.
    r"[\xad\u2060-\u2064\ufeff]|(?<!\p{Mongolian})\u180e"
    rf"|(?<![{COMPLEX_LETTERS}])\u200b+(?![{COMPLEX_LETTERS}])"
    rf"|(?<![{_JOINING}])[\u200c\u200d]+(?![{_JOINING}])"
    # Direction marks say nothing within a word.
    r"|(?<=[\p{L}\p{M}])[\u200e\u200f\u061c]+(?=[\p{L}\p{M}])"
    # Of a flag the tags are its letters; others are hidden text.
    rf"|(?<![\U0001f3f4{_TAGS}])[{_TAGS}]+",
    regex.V1,
)
_NO_BREAK_SPACE = r"[\xa0\u202f\u2007]"
_BETWEEN_WORDS = regex.compile(
    rf"(?<=[\p{{L}}\p{{M}}\p{{N}}.,;!?)\]’'])(?<!\d(?={_NO_BREAK_SPACE}+\d)){_NO_BREAK_SPACE}+"
    r"(?=[\p{L}\p{M}\p{N}(\[])"
)
#: All that may be changed, from and to, and as a pattern of Polars and of `regex`.
_CHANGED_RANGES = (
    (0xAD, 0xAD), (0x2060, 0x2064), (0xFEFF, 0xFEFF), (0x180E, 0x180E), (0x200B, 0x200F),
    (0x61C, 0x61C), (0xE0000, 0xE007F), (0xA0, 0xA0), (0x202F, 0x202F), (0x2007, 0x2007),
    (0xFB00, 0xFB17), (0xFB20, 0xFB28), (0xFB4F, 0xFDFB), (0xFE70, 0xFEFC),
)  # fmt: skip
CHANGEABLE = f"[{''.join(f'{chr(first)}-{chr(last)}' for first, last in _CHANGED_RANGES)}]"
_CHANGEABLE = regex.compile(CHANGEABLE)


def as_letters(text: str) -> str:
    """Return a line of text in letters that can be searched; sound text comes back as it is.

    Doing so twice changes nothing more.
    """
    if text.isascii() or _CHANGEABLE.search(text) is None:
        return text
    text = _INVISIBLE.sub("", text).translate(_FORMS)
    return _BETWEEN_WORDS.sub(" ", text)
