"""Repair mojibake, control characters and left-over HTML entities by ftfy, then what is typeset.

Sound text is never altered, in any script: quotes stay curly, full-width forms stay
(`tasks.clean.typeset` says what does not), and there is no Unicode normalisation: NFC would swap
the compatibility ideographs that Japanese and Korean names are written with and take Hebrew and
Indic precomposed letters apart. What compares texts normalises for itself.
"""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

import ftfy
import polars as pl
import regex
from ftfy.badness import BADNESS_RE, is_bad

from tasks.clean.typeset import CHANGEABLE, as_letters
from tasks.clean.wrapped import unwrapped

_CONFIG = ftfy.TextFixerConfig(
    unescape_html=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    normalization=None,
    explain=False,
)
_UNESCAPING_CONFIG = _CONFIG._replace(unescape_html=True)
_ENTITY = regex.compile(r"&#?[0-9A-Za-z]{1,24};")
#: Ampersands escaped again and again, which ftfy takes back one at a time: a megabyte of `amp;`
#: would take it a quarter of an hour. What they come to is the same.
_AMPERSAND = r"(?:amp|AMP|#0{0,9}38|#[xX]0{0,9}26);"
_ESCAPED_AGAIN = regex.compile(rf"&(?:{_AMPERSAND})+(?={_AMPERSAND})")
#: Text about markup or code, in which an entity may be meant literally.
_CODE_SIGN = regex.compile(r"[<>{}`\\]|\bHTML\b|\bXML\b")
#: What ftfy removes or replaces whether or not there is mojibake (ftfy.chardata.CONTROL_CHARS),
#: but for surrogates, which no text has that was read (`tasks.reading`).
_CONTROL = regex.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u206a-\u206f\ufeff\ufff9-\ufffc]"
)
#: What WordPress and its page builders replace by something else, and other programs show as it is:
#: `[vc_row css="…"]`, `[/caption]`. A word in brackets alone (`[video]`) may be meant, and what
#: stands as a word among words is spoken of.
_BUILDERS = r"(?:vc|et_pb|fusion|tatsu|nectar|elementor)_[a-z_]{1,40}"
_OF_WORDPRESS = "(?:caption|gallery|audio|video|playlist|embed)"
_VALUES = r"[^\[\]\n]{0,2000}"
_OPEN = rf"\[(?:{_BUILDERS}(?:\s{_VALUES})?|{_OF_WORDPRESS}\s[^\[\]\n=]{{0,40}}={_VALUES})\]"
_CLOSE = rf"\[/(?:{_BUILDERS}|{_OF_WORDPRESS})\]"
_SHORTCODES = regex.compile(
    rf"(?<![\w\s]){_OPEN}\s*|(?<!\w){_OPEN}(?=[^\s.,;:!?])"
    rf"|(?:(?<=\S)|^){_CLOSE}\s*|{_CLOSE}(?=[^\s.,;:!?]|$)"
)
_LINE_BREAK = regex.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
#: Fewer could be meant: `В°` is a degree sign after all in `15 В°`, but perhaps not in a list.
_MIN_BROKEN_LETTERS = 3
_VISIBLE = regex.compile(r"[^\p{Z}\p{Cc}\p{Cf}\ufe00-\ufe0f]")


def repaired(text: str, *, is_literal: bool = False) -> str:
    """Return a paragraph as one line, mended and trimmed; a sound line comes back as it is.

    Repairing twice changes nothing more. The result may be empty.

    Args:
        text: The line.
        is_literal: Whether entities in it are meant as they stand.
    """
    text = unwrapped(text)
    mended = _mended(text, is_literal=is_literal)
    while mended != text:
        text, mended = mended, _mended(mended, is_literal=is_literal)
    return text


def repaired_lines(lines: Sequence[str], literal: Collection[int] = frozenset()) -> list[str]:
    """Return each line as `repaired` does; ftfy is asked only about those that may change.

    Args:
        lines: The lines.
        literal: Positions of those in which entities are meant as they stand.
    """
    may_change = pl.Series(lines, dtype=pl.String()).str.contains(_hint())
    return [
        repaired(line, is_literal=index in literal) if may else line.strip()
        for index, (line, may) in enumerate(zip(lines, may_change, strict=True))
    ]


@lru_cache(maxsize=1)
def _hint() -> str:
    """Return a pattern, for Polars, of all lines that are to be repaired, and of few others.

    On sound text it takes a fortieth of the time that ftfy takes.
    """
    lead, tail = (
        f"[{re.escape(bytes(codes).decode('sloppy-windows-1251'))}]"
        for codes in (range(0xC2, 0xF5), range(0x80, 0xC0))
    )
    read_as_cyrillic = rf"^[\x00-\x7f]*{lead}{tail}(?:[\x00-\x7f]|{lead}?{tail})*$"
    patterns = (
        *(_ENTITY.pattern, _CONTROL.pattern, _OPEN, _CLOSE),
        *(_bad_pattern(), CHANGEABLE, read_as_cyrillic),
    )
    return "|".join((r"\n", *patterns))


def _bad_pattern() -> str:
    """Return ftfy's pattern as Polars writes it: without comments and blanks.

    Letters and white space are widened to what Python takes for such.
    """
    code = re.sub(r"(?m)^\s*#.*$", "", BADNESS_RE.pattern)
    bare = re.sub(r"(\[[^\]]*\])|\s+", lambda match: match[1] or "", code)
    return bare.replace(r"\w", r"[\w\p{N}\p{Cn}]").replace(r"\s", r"[\s\x1c-\x1f]")


def has_visible_text(text: str) -> bool:
    """Return whether anything of the text would be seen on paper."""
    return _VISIBLE.search(text) is not None


def _mended(text: str, *, is_literal: bool) -> str:
    text = _read_as_cyrillic(text) or text
    if not is_literal and "[" in text and "`" not in text:
        text = _SHORTCODES.sub(" ", text)
    has_entity = not is_literal and _ENTITY.search(text) is not None
    unescapes = has_entity and _CODE_SIGN.search(text) is None
    text = _ESCAPED_AGAIN.sub("&", text) if unescapes else text
    if unescapes or _CONTROL.search(text) or (not text.isascii() and is_bad(text)):
        fixed = ftfy.fix_text(text, _UNESCAPING_CONFIG if unescapes else _CONFIG)
        text = _LINE_BREAK.sub(" ", fixed)
    return as_letters(text).strip()


def _read_as_cyrillic(text: str) -> str | None:
    """Return what a line says whose UTF-8 was read as windows-1251; None: it says what it says.

    ftfy undoes it in some Cyrillic text only. Sound Cyrillic is no UTF-8 when read so: it would
    have to consist of pairs such as `Рё` throughout.
    """
    if text.isascii():
        return None
    try:
        mended = text.encode("sloppy-windows-1251").decode("utf-8")
    except UnicodeError:
        return None
    return mended if len(text) - len(mended) >= _MIN_BROKEN_LETTERS else None
