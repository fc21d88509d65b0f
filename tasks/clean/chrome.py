"""Judge lines of page furniture: bare addresses, and share, subscribe, read-on and date lines.

Three signals, the first two independent of language: what a line is made of (an address, a
label with nothing after it, a trail of links, a date), where it stands (before the first or
after the last line of running text), and a list of phrases (`chrome_phrases.tsv`). A phrase has one
of five rules: `whole` (the whole line, anywhere in a document), `edge` (the whole line, at its
edge), `start` and `end` (how a short line at the edge begins or ends), `menu` (a label at the edge,
such as Home, News or Sport, that stands with others).

One sentence lost is worse than ten menu lines left: what is not plainly furniture is kept. Whole
pages of it are `tasks.clean.chrome_model`'s.
"""

import csv
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path

import regex

from tasks.clean.segment import Judgement
from tasks.settings.clean import CleanSettings
from tasks.writing.measures import edges, ends_sentence, is_body_line, main_writing, width
from tasks.writing.vocabulary import JOINED_LETTERS

_FILE = Path(__file__).parent / "chrome_phrases.tsv"
_RULES = ("whole", "edge", "start", "end", "menu")
#: So many labels make a menu: two may be a rubric and a headline.
_MIN_MENU_LABELS = 3
#: A line is asked about by several rules, and in several rounds.
_FOLDED_LINES = 4096
_OUTSIDE = regex.compile(r"^[^\p{L}\p{M}]++|(?<=[\p{L}\p{M}])[^\p{L}\p{M}]++$")
_SPACE = regex.compile(r"\s+")
#: After a phrase in a script that writes words together, anything may follow.
_NO_SPACES = regex.compile(f"[{JOINED_LETTERS}]")


def is_phrase(line: str) -> bool:
    """Return whether the line is furniture wherever it stands."""
    return _key(line) in _phrases("whole")


def is_edge_phrase(line: str) -> bool:
    """Return whether the line is furniture at the edge of a document."""
    return _key(line) in _phrases("edge")


@lru_cache(maxsize=_FOLDED_LINES)
def starts_or_ends_as_phrase(line: str) -> bool:
    """Return whether the line begins or ends as furniture does (`Share with …`, `…でシェア`)."""
    folded = _folded(line)
    return _start_pattern().match(folded) is not None or _end_pattern().search(folded) is not None


@lru_cache(maxsize=_FOLDED_LINES)
def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return _SPACE.sub(" ", folded.replace("i\u0307", "i")).strip()  # of a Turkish İ


@lru_cache(maxsize=_FOLDED_LINES)
def _key(text: str) -> str:
    """Return the text without case, and without signs and digits around it: `» Comments (3)`."""
    return _OUTSIDE.sub("", _folded(text))


@cache
def _phrases(rule: str) -> frozenset[str]:
    return frozenset(_key(phrase) for phrase in _read()[rule])


@cache
def _read() -> dict[str, list[str]]:
    """Read the file.

    Raises:
        ValueError: A line has a rule that is not one of the five.
    """
    phrases: dict[str, list[str]] = {rule: [] for rule in _RULES}
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["rule"] not in phrases:
                raise ValueError(f"{_FILE.name}: rule {row['rule']!r} is none of {_RULES}")
            phrases[row["rule"]].append(row["phrase"])
    return phrases


@cache
def _start_pattern() -> "regex.Pattern[str]":
    alternatives = (_bounded(phrase, after=True) for phrase in _longest_first("start"))
    return regex.compile(rf"[^\p{{L}}\p{{M}}©]*+(?:{'|'.join(alternatives)})")


@cache
def _end_pattern() -> "regex.Pattern[str]":
    alternatives = (_bounded(phrase, after=False) for phrase in _longest_first("end"))
    return regex.compile(rf"(?:{'|'.join(alternatives)})[^\p{{L}}\p{{M}}]*$")


def _longest_first(rule: str) -> Iterable[str]:
    return sorted(
        {_folded(phrase) for phrase in _read()[rule]}, key=lambda text: (-len(text), text)
    )


def _bounded(phrase: str, *, after: bool) -> str:
    """Return a pattern for the phrase as whole words, where words are spaced."""
    edge = phrase[-1] if after else phrase[0]
    if _NO_SPACES.match(edge) or not edge.isalpha():
        return regex.escape(phrase)
    pattern = regex.escape(phrase)
    return rf"{pattern}(?![\p{{L}}\p{{M}}])" if after else rf"(?<![\p{{L}}\p{{M}}]){pattern}"


#: Nothing that was taken is given back (`++`): 1 MB of `1.` would take minutes.
_HOST = r"(?:[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}-]{0,62}+\.)++(?:xn--[a-z0-9-]{2,59}|\p{L}{2,24})"
#: A scheme or `www.` makes an address of anything; a bare host needs a path, since
#: `Amazon.com` and `Node.js` may be headings.
_ADDRESS = rf"(?:[a-z][a-z0-9+.-]{{1,19}}://\S++|www\.\S++|{_HOST}(?::\d++)?[/?#]\S*+)"
_LINK = regex.compile(
    rf"[\p{{P}}\p{{S}}\s]*+{_ADDRESS}(?:\s[\s,;|·•]*+{_ADDRESS})*+", regex.IGNORECASE
)
#: A label and no value, `Create:`. More than four words are a sentence breaking off.
_EMPTY_LABEL = regex.compile(r"[^\s:：]+(?:\s[^\s:：]+){0,3}\s?[:：]")
#: A label whose value and the next label are both missing: `Date: |`.
_EMPTY_FIELDS = regex.compile(_EMPTY_LABEL.pattern + r"\s*[|/·•][\s|/·•]*")
#: A trail such as `Home › News › Europe`. A pipe also rules a table, so it does not count.
_TRAIL = regex.compile(r"[^›»>→/]{1,40}(?:\s[›»>→]\s[^›»>→/]{1,40}){2,}")
#: Who holds the rights, with or without a full stop: `Copyright © 2024 Post. All rights reserved.`
_COPYRIGHT = regex.compile(
    r"\W{0,3}(?:(?:copyright\s*+)?(?:[©ⓒ]|\(c\))|copyright\s++\d{4}).*"
    r"|.*\ball rights reserved\W*+",
    regex.IGNORECASE,
)
#: What parts the labels of a menu in one line.
_BETWEEN_LABELS = regex.compile(r"[|·•/›»>]")
_MAX_LABEL_WORDS = 4
#: A day in digits, year first or last, alone or with a time.
_DATE = regex.compile(
    r"\D{0,2}(?:\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}"
    r"|\d{4}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일])"
    r"(?:[\s,|T(]{0,3}\d{1,2}[:.時시]\d{2}(?:[:.分분]\d{0,2})?\)?)?\D{0,2}"
)


def judge_anywhere(text: str, settings: CleanSettings) -> Judgement | None:
    """Judge a line by itself: an address, or a phrase that is furniture wherever it stands."""
    if _LINK.fullmatch(text):
        return Judgement("link")
    if _is_short(text, settings) and is_phrase(text):
        return Judgement("chrome", "phrase")
    return None


def is_furniture_anywhere(text: str) -> bool:
    """Return whether a line is an address or a phrase of furniture, however long."""
    return _LINK.fullmatch(text) is not None or is_phrase(text)


def _is_short(line: str, settings: CleanSettings) -> bool:
    limit = settings.chrome_max_width
    return len(line) <= limit and width(line) <= limit


def is_empty_label(line: str) -> bool:
    """Return whether the line is a label that nothing follows on it: `Create:`."""
    return _EMPTY_LABEL.fullmatch(line) is not None


def judge_edges(lines: Sequence[str], settings: CleanSettings) -> list[Judgement | None]:
    """Judge the lines before and after the running text, which are where furniture stands.

    Running text is in the script that most of the document is in. The last line before it is
    its title and is kept.
    """
    judgements = [_edge_judgement(line, settings) for line in lines]
    for position in reversed(range(len(lines))):
        introduces_nothing = position + 1 == len(lines) or judgements[position + 1] is not None
        if introduces_nothing and is_empty_label(lines[position]):
            judgements[position] = Judgement("chrome", "empty label")
    for position in _menu_lines(lines, judgements, settings):
        judgements[position] = Judgement("chrome", "menu")
    if not any(judgements):
        return judgements
    first, last = _body(lines, settings)
    for position in range(max(0, first - 1), last):
        judgements[position] = None
    return judgements


def _menu_lines(
    lines: Sequence[str], judgements: Sequence[Judgement | None], settings: CleanSettings
) -> Iterator[int]:
    """Yield the lines that are labels of a menu, one below the other or in one line."""
    labels = [
        _menu_labels(line)
        if _is_short(line, settings) and judged is None
        else int(judged is not None)
        for line, judged in zip(lines, judgements, strict=True)
    ]
    for is_menu, run in groupby(range(len(lines)), key=lambda position: labels[position] > 0):
        positions = list(run)
        if is_menu and sum(labels[position] for position in positions) >= _MIN_MENU_LABELS:
            yield from (position for position in positions if judgements[position] is None)


def _menu_labels(line: str) -> int:
    """Return how many labels of menus a line is made of; 0: it is not."""
    words = _BETWEEN_LABELS.sub(" ", line).split()
    count, start = 0, 0
    while start < len(words):
        ends = range(min(start + _MAX_LABEL_WORDS, len(words)), start, -1)
        end = next((end for end in ends if _is_menu_label(" ".join(words[start:end]))), None)
        if end is None:
            return 0
        count, start = count + 1, end
    return count


def _is_menu_label(text: str) -> bool:
    key = _key(text)
    return key in _phrases("menu") or key in _phrases("edge")


def _body(lines: Sequence[str], settings: CleanSettings) -> tuple[int, int]:
    main = main_writing("".join(lines))
    return edges([_is_of_body(line, main, settings) for line in lines])


def _is_of_body(line: str, main: str | None, settings: CleanSettings) -> bool:
    if not is_body_line(line) or main_writing(line) != main:
        return False
    return not _is_short(line, settings) or _COPYRIGHT.fullmatch(line) is None


def _edge_judgement(line: str, settings: CleanSettings) -> Judgement | None:
    if not _is_short(line, settings):
        return None
    for rule, holds in _EDGE_RULES:
        if holds(line):
            return Judgement("chrome", rule)
    return None


def _is_phrase_line(line: str) -> bool:
    if is_edge_phrase(line) or _COPYRIGHT.fullmatch(line) is not None:
        return True
    return not ends_sentence(line) and starts_or_ends_as_phrase(line)


def _matches(pattern: "regex.Pattern[str]") -> Callable[[str], bool]:
    return lambda line: pattern.fullmatch(line) is not None


_EDGE_RULES: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("phrase", _is_phrase_line),
    ("empty label", _matches(_EMPTY_FIELDS)),
    ("trail", _matches(_TRAIL)),
    ("date", _matches(_DATE)),
)
