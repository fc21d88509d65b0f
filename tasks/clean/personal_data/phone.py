"""Find telephone numbers, by Google's rules of every country's numbers (phonenumbers).

A number that names its country counts wherever it is valid. Others are read as numbers of the
countries that the text may be of, and count if something beside the digits says that they are
dialled: see `_is_dialled`.
"""

from bisect import bisect_right, insort
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import regex

from tasks.clean.personal_data.patterns import Span
from tasks.writing.vocabulary import JOINED_LETTERS

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber, PhoneNumberMatch

_CUES = Path(__file__).with_name("phone_cues.txt")
#: How far before a number a word such as `Tel.` is looked for, and behind it.
_CUE_CHARS, _CUE_BEHIND_CHARS = 24, 8
#: Digits with what stands between them, as many as the shortest number that is looked for.
HINT = r"\p{Nd}(?:[^\p{L}\p{Nd}]{0,3}\p{Nd}){6}"
#: Digits of a number without its country's code: fewer are extensions, and the plan of the ITU
#: (E.164) has no more.
_MIN_DIGITS, _MAX_DIGITS = 7, 15
_INTERNATIONAL = regex.compile(r"\(?(?:\+\s?\(?\d|(?<!\d)00\s?[1-9])")
#: A country that dials 00 before a country code, as the ITU recommends.
_DIALS_00 = "DE"
#: Groups of digits as numbers are written. Possessive: what follows is looked at afterwards, so
#: that a long run of digits is read once.
_GROUPS = regex.compile(
    r"(?:{area}|\d++)(?:(?: ?[-/] ?|[ .])?{area}|(?: ?[-/] ?|[ .]|(?<=\)) ?)\d++)*+".replace(
        "{area}", r"\((?:\d[ -]?){1,6}\)"
    )
)
#: Where groups that are too many for one number are two numbers.
_BETWEEN_NUMBERS = regex.compile(r" [-/] ")
_WORD = rf"[[\p{{L}}\p{{M}}]--[{JOINED_LETTERS}]]"
_SIGN = r"\p{Sc}#№%°@_"
#: Part of a word, a longer number or an amount of money.
_GOES_BEFORE = regex.compile(rf"(?:{_WORD}|[{_SIGN}+*=]|\d[.,:/-]?|\p{{Sc}} )\Z", regex.V1)
_GOES_AFTER = regex.compile(rf"{_WORD}|[{_SIGN}*=]|[.,:/-]\d| ?[\p{{Sc}}%°]", regex.V1)
#: What is counted or numbered otherwise, right before a number.
_OTHER_NUMBER = regex.compile(
    r"(?:\b(?:isbn|issn|gtin|ean|upc|doi|pmid|arxiv|id|nr|no|gps|iban|vat|inn|инн|огрн|кпп|снилс)"
    r"\b|[№#§])[\s.:°#-]*\Z",
    regex.IGNORECASE,
)
_YEAR, _MONTH, _DAY = r"(?:1[5-9]|20)\d\d", r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"
_LOOK_ALIKE = regex.compile(
    # dates, spans of years, times of day behind a date
    rf"{_YEAR}[-./ ]{_MONTH}[-./ ]{_DAY}(?: \d\d?)?|{_DAY}[-./ ]{_MONTH}[-./ ]{_YEAR}(?: \d\d?)?"
    rf"|{_DAY}[-./]{_MONTH}[-./]\d\d(?: \d\d?)?|{_MONTH}[-/]{_DAY}[-/]{_YEAR}"
    rf"|(?:1\d|2[01])\d\d(?: ?[-/] ?\d{{4}})+|(?:{_YEAR} )+{_YEAR}"
    rf"|{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[ -]?\d{{4,6}})?"
    rf"|{_DAY}\.{_MONTH}\. ?[-/] ?{_DAY}\.{_MONTH}\.?(?:{_YEAR})?"
    # decimals, versions, round numbers
    r"|\d+\.\d{3,}|\d{1,3}(?:\.\d{1,3}){2,3}|[1-9]0*|(\d)\1+"
)
#: Thousands set apart, as some countries write telephone numbers, too.
_FIGURE = regex.compile(r"[1-9]\d{0,2}(?:([ .])\d{3})(?:\1\d{3})+")
#: Written to be dialled: the 0 that most countries dial before the area, or the area in brackets.
_HAS_AREA_CODE = regex.compile(r"(?:\d[ -]?)?\((?:\d[ -]?){2,6}\)|0 ?[1-9]\d{0,4}[ ./-]")
#: So many digits, grouped as a country groups them, are hardly anything else.
_MIN_GROUPED_DIGITS = 9
#: A line of contacts is no longer than that.
_MAX_BARE_CHARS = 300
#: Digits of a number with area code that is dialled in some country (0 and eight to eleven).
_AREA_DIGITS = range(9, 13)


class _Candidate(NamedTuple):
    """Digits that may be a number: where they stand, how they are written, how many they are."""

    start: int
    end: int
    written: str
    digits: int

    @property
    def has_groups(self) -> bool:
        """Whether something stands between the digits."""
        return not self.written.isdigit()


def find_phones(text: str, regions: Sequence[str], *, thorough: bool) -> Iterator[Span]:
    """Yield telephone numbers; `detail` is the country, `001` and the like, or not known.

    Args:
        text: With ASCII digits.
        regions: The countries (ISO 3166) from which numbers are tried that do not name theirs.
        thorough: Whether what only may be a number counts, too.
    """
    taken = list[Span]()
    if _INTERNATIONAL.search(text):
        taken = [
            _span(match)
            for match in _found_in(text, _DIALS_00)
            if _INTERNATIONAL.match(match.raw_string)
        ]
        yield from taken
    ends = [span.end for span in taken]
    candidates = [c for c in _candidates(text) if not _overlaps(c, taken, ends)]
    is_bare = _is_bare(text, candidates)
    for candidate in candidates:
        cue = _cue_of(text, candidate, ends)
        region = _is_dialled(candidate, regions, cue, is_bare=is_bare, thorough=thorough)
        if region is not None:
            insort(ends, candidate.end)
            yield Span(candidate.start, candidate.end, "phone", region or None)


def _overlaps(candidate: _Candidate, taken: Sequence[Span], ends: Sequence[int]) -> bool:
    """Whether one of the spans, which are in order and end there, reaches into a candidate."""
    place = bisect_right(ends, candidate.start)
    return place < len(taken) and taken[place].start < candidate.end


def _candidates(text: str) -> Iterator[_Candidate]:
    """Yield what is written like a number and not part or kind of something else."""
    for match in _GROUPS.finditer(text):
        for start, end in _pieces(match[0], match.start()):
            written = text[start:end]
            digits = sum(char.isdigit() for char in written)
            if not _MIN_DIGITS <= digits <= _MAX_DIGITS or _LOOK_ALIKE.fullmatch(written):
                continue
            before = text[max(0, start - _CUE_CHARS) : start]
            is_part = _is_begun(before) or _GOES_AFTER.match(text, end)
            if not is_part and not _is_numbered(before):
                yield _Candidate(start, end, written, digits)


def _is_begun(before: str) -> bool:
    """Whether a word, a number or an amount of money goes on; `FAX03-1234-5678` is none."""
    if not _GOES_BEFORE.search(before):
        return False
    return all(cue.end() < len(before) for cue in _cue_pattern().finditer(before))


def _is_numbered(before: str) -> bool:
    """Whether a word for another kind of number stands right before, as no part of `Tel. no.`."""
    other = _OTHER_NUMBER.search(before)
    if not other:
        return False
    cues = [*_cue_pattern().finditer(before, 0, other.start())]
    return not cues or any(char.isalnum() for char in before[cues[-1].end() : other.start()])


def _pieces(groups: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield where groups stand: as a whole, or parted where they are too many for a number."""
    if sum(char.isdigit() for char in groups) <= _MAX_DIGITS:
        yield start, start + len(groups)
        return
    place = 0
    for between in [*_BETWEEN_NUMBERS.finditer(groups), None]:
        end = between.start() if between else len(groups)
        yield start + place, start + end
        place = between.end() if between else end


def _is_dialled(
    candidate: _Candidate, regions: Sequence[str], cue: str, *, is_bare: bool, thorough: bool
) -> str | None:
    """Return the country whose number it is, '' if that is not known, None if it is none.

    It is one after a word for a telephone; if it is valid in a country of the text, after any
    cue, or if it is grouped as that country's numbers are and long; or if the line is nothing but
    numbers.
    """
    is_figure = bool(_FIGURE.fullmatch(candidate.written))
    has_area = bool(_HAS_AREA_CODE.match(candidate.written))
    if cue or thorough or (is_bare and candidate.has_groups and not is_figure):
        region = _valid_in(candidate.written, regions)
        if region:
            return region
    if cue == "sure" or (is_bare and has_area and candidate.digits in _AREA_DIGITS):
        return _valid_in(candidate.written, ()) or ""
    is_long = candidate.digits >= _MIN_GROUPED_DIGITS and candidate.has_groups
    if has_area or is_bare or (is_long and not is_figure):
        return _grouped_in(candidate.written, regions)
    return None


def _possible(written: str, regions: Sequence[str]) -> Iterator[str]:
    """Yield the countries in which a number may be valid: asked of all, this is much cheaper."""
    digits = "".join(char for char in written if char.isdigit())
    for region in regions:
        pattern = _numbers_of(region)
        if pattern is None or pattern.fullmatch(digits):
            yield region


@lru_cache(maxsize=256)
def _numbers_of(region: str) -> regex.Pattern[str] | None:
    """Return what a country's numbers match, with what is dialled before them.

    None if it dials some numbers otherwise than it writes them.
    """
    from phonenumbers import PhoneMetadata  # noqa: PLC0415 - few texts ask for it

    metadata = PhoneMetadata.metadata_for_region(region)
    if metadata is None or metadata.national_prefix_transform_rule or not metadata.general_desc:
        return None
    before = metadata.national_prefix_for_parsing or ""
    code = metadata.country_code
    return regex.compile(
        rf"(?:{code})?(?:{before})?(?:{metadata.general_desc.national_number_pattern})"
    )


def _valid_in(written: str, regions: Sequence[str]) -> str | None:
    """Return the first of the countries in which a number is valid."""
    from phonenumbers import NumberParseException, is_valid_number, parse  # noqa: PLC0415

    for region in _possible(written, regions):
        try:
            number = parse(written, region)
        except NumberParseException:
            continue
        if is_valid_number(number):
            return _country_of(number)
    return None


def _grouped_in(written: str, regions: Sequence[str]) -> str | None:
    """Return the first of the countries that has the number and would group it so."""
    for region in _possible(written, regions):
        for match in _found_in(written, region, is_grouped=True):
            if match.raw_string == written:
                return _country_of(match.number)
    return None


def _found_in(text: str, region: str, *, is_grouped: bool = False) -> Iterator["PhoneNumberMatch"]:
    """Return the valid numbers of a region; if asked, only those grouped as its numbers are."""
    from phonenumbers import Leniency, PhoneNumberMatcher  # noqa: PLC0415 - few texts ask for it

    leniency = Leniency.STRICT_GROUPING if is_grouped else Leniency.VALID
    return iter(PhoneNumberMatcher(text, region, leniency))


def _span(match: "PhoneNumberMatch") -> Span:
    return Span(match.start, match.end, "phone", _country_of(match.number))


def _country_of(number: "PhoneNumber") -> str:
    from phonenumbers import region_code_for_number  # noqa: PLC0415 - few texts ask for it

    return region_code_for_number(number) or ""


def _is_bare(text: str, candidates: Sequence[_Candidate]) -> bool:
    """Whether a line has nothing but such numbers, signs, and words for a telephone."""
    if not candidates or len(text) > _MAX_BARE_CHARS:
        return False
    for candidate in reversed(candidates):
        text = text[: candidate.start] + " " + text[candidate.end :]
    rest = _cue_pattern().sub(" ", text)
    return not any(char.isalnum() for char in rest)


def _cue_of(text: str, candidate: _Candidate, ends: Sequence[int]) -> str:
    """Return how sure a word near a number makes it: `sure`, `likely` or nothing.

    A number right behind another, with nothing but signs between, has the same cue.
    """
    start = max(candidate.start - _CUE_CHARS, 0)
    known = ends[place - 1] if (place := bisect_right(ends, candidate.start)) else -1
    if known >= start and not any(char.isalnum() for char in text[known : candidate.start]):
        return "likely"
    behind = candidate.end + _CUE_BEHIND_CHARS
    found = [
        *_cue_pattern().finditer(text, start, candidate.start),
        *_bracketed_cue(text[candidate.end : behind]),
    ]
    if not found:
        return ""
    return "sure" if any(match.lastgroup == "sure" for match in found) else "likely"


def _bracketed_cue(behind: str) -> list[regex.Match[str]]:
    match = regex.match(r"\s?[(（]", behind)
    return [*_cue_pattern().finditer(behind, match.end())] if match else []


@lru_cache(maxsize=1)
def _cue_pattern() -> regex.Pattern[str]:
    """Return what finds the words of the list; those marked `?` mean other numbers, too."""
    lines = _CUES.read_text(encoding="utf-8").splitlines()
    words = {w for line in lines if not line.startswith("#") for w in line.split()}
    sure = _any_of(word for word in words if not word.endswith("?"))
    likely = _any_of(word.rstrip("?") for word in words if word.endswith("?"))
    return regex.compile(rf"(?P<sure>{sure})|(?P<likely>{likely})", regex.IGNORECASE)


def _any_of(words: Iterator[str]) -> str:
    """Return a pattern of words; those of scripts without spaces may stand within others."""
    unspaced = regex.compile(rf"[{JOINED_LETTERS}\p{{So}}]")
    ordered = sorted(words, key=lambda word: (-len(word), word))
    parted = "|".join(word for word in ordered if not unspaced.search(word))
    joined = "|".join(word for word in ordered if unspaced.search(word))
    return rf"(?<![\p{{L}}\p{{M}}])(?:{parted})(?![\p{{L}}\p{{M}}])" + (joined and f"|{joined}")
