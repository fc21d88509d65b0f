"""Give a name the form in which spellings that differ in type only are equal.

For comparison, never for show: no form reaches a table.
"""

import unicodedata

import regex

#: One Arabic letter for its variants in other spellings and languages.
ARABIC_LETTERS = str.maketrans("أإآٱىئةؤکی", "ااااييهوكي")
#: And one for all kinds of `heh`, by which Urdu tells words apart (مكہ Mecca, مكھ face).
ARABIC_VARIANTS = {**ARABIC_LETTERS, **str.maketrans("ۀہھ", "ههه")}
#: One letter for its variants, also in Cyrillic.
_ONE_LETTER = ARABIC_VARIANTS | str.maketrans("ё", "е")
#: Letters that `_FOLDS` take for signs: tatweel, and two that stand for an apostrophe.
_SIGNS = frozenset("\u0640ʼʹ")
#: The classes of consonants of Devanagari, each with its nasal: ट्रम्प, ट्रंप.
_NASALS = "".join(
    f"|{nasal}्(?=[{consonants}])"
    for nasal, consonants in (
        ("ङ", "क-घ"), ("ञ", "च-झ"), ("ण", "ट-ढ"), ("न", "च-झट-ध"), ("म", "प-भ"),
    )
)  # fmt: skip
_FOLDS: tuple[tuple[regex.Pattern[str], str], ...] = tuple(
    (regex.compile(pattern, regex.VERSION1), replacement)
    for pattern, replacement in (
        # Joiners, direction marks, soft hyphens; tatweel; vowel signs of Arabic and Hebrew.
        (r"\p{Cf}|\u0640|[\p{Mn}&&[\p{Arabic}\p{Hebrew}\u064B-\u0655]]", ""),
        (r"[\"“”„‟«»‹›「」『』＂]", ""),
        (r"[’‘‛ʼʹ′`´]", "'"),
        # Devanagari: the point of foreign sounds, and nasals before consonants.
        ("़", ""),
        (f"ँ{_NASALS}", "ं"),
        # Hyphens and dashes; `゠` and `=` stand in Japanese for the hyphen of a foreign name.
        (r"[\p{Pd}−゠=]", "-"),
        # Full stops of abbreviations, and the points between the parts of a foreign name.
        (r"[.․。｡·・･‧•∙\s]+", " "),
        # J. K. and J.K.; in kana and Han, parts of a name with and without a point between.
        (r"(?<=\b\p{L}) (?=\p{L}\b)", ""),
        (r"(?<=[\p{Han}\p{Hiragana}\p{Katakana}ー])[ -](?=[\p{Han}\p{Hiragana}\p{Katakana}])", ""),
    )
)


def comparable_form(name: str) -> str:
    """Return the form of a name in which it is compared with others of its language.

    NFKC, case folding, one kind of space, point, quotation mark and dash, one Arabic letter
    for its variants, and one spelling of nasals in Devanagari, without the point of foreign
    sounds. Never empty for a name that is not: what would be stays as it is.
    """
    form = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    form = form.translate(_ONE_LETTER)
    if form.isalpha() and _SIGNS.isdisjoint(form):
        return form  # as most words are: nothing but letters, so there is nothing to fold
    for pattern, replacement in _FOLDS:
        form = pattern.sub(replacement, form)
    return form.strip() or name
