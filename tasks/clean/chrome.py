"""Page furniture in plain text: bare addresses, and share, subscribe, read-on and date lines.

Three signals, the first two independent of language: what a line is made of (an address, a
label with nothing after it, a trail of links, a date), where it stands (before the first or
after the last line of running text), and a list of phrases
(`chrome_phrases.tsv`). One sentence lost is worse than ten menu lines left:
what is not plainly furniture is kept. Whole pages of it are `tasks.clean.page_chrome`'s.
"""

from collections.abc import Callable, Sequence

import regex

from tasks.clean.lines import edges, ends_sentence, is_body_line, writings
from tasks.clean.phrases import is_edge_phrase, is_phrase, starts_or_ends_as_phrase
from tasks.clean.segment import Judgement
from tasks.settings import CleanSettings
from tasks.writing.measures import width

_HOST = r"(?:[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,62})\.)+(?:xn--[a-z0-9-]{2,59}|\p{L}{2,24})"
#: A scheme or `www.` makes an address of anything; a bare host needs a path, since
#: `Amazon.com` and `Node.js` may be headings.
_ADDRESS = rf"(?:[a-z][a-z0-9+.-]{{1,19}}://\S+|www\.\S+|{_HOST}(?::\d+)?[/?#]\S*)"
_LINK = regex.compile(rf"[\p{{P}}\p{{S}}\s]*{_ADDRESS}(?:[\s,;|·•]+{_ADDRESS})*", regex.IGNORECASE)
#: A label and no value, `Create:`. More than four words are a sentence breaking off.
_EMPTY_LABEL = regex.compile(r"[^\s:：]+(?:\s[^\s:：]+){0,3}\s?[:：]")
#: A label whose value and the next label are both missing: `Date: |`.
_EMPTY_FIELDS = regex.compile(_EMPTY_LABEL.pattern + r"\s*[|/·•][\s|/·•]*")
#: A trail such as `Home › News › Europe`. A pipe also rules a table, so it does not count.
_TRAIL = regex.compile(r"[^›»>→/]{1,40}(?:\s[›»>→]\s[^›»>→/]{1,40}){2,}")
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
    if not any(judgements):
        return judgements
    first, last = _body(lines)
    for position in range(max(0, first - 1), last):
        judgements[position] = None
    return judgements


def _body(lines: Sequence[str]) -> tuple[int, int]:
    main, each = writings(lines)
    return edges(
        [script == main and is_body_line(line) for line, script in zip(lines, each, strict=True)]
    )


def _edge_judgement(line: str, settings: CleanSettings) -> Judgement | None:
    if not _is_short(line, settings):
        return None
    for rule, holds in _EDGE_RULES:
        if holds(line):
            return Judgement("chrome", rule)
    return None


def _is_phrase_line(line: str) -> bool:
    return is_edge_phrase(line) or (not ends_sentence(line) and starts_or_ends_as_phrase(line))


def _matches(pattern: "regex.Pattern[str]") -> Callable[[str], bool]:
    return lambda line: pattern.fullmatch(line) is not None


_EDGE_RULES: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("phrase", _is_phrase_line),
    ("empty label", _matches(_EMPTY_FIELDS)),
    ("trail", _matches(_TRAIL)),
    ("date", _matches(_DATE)),
)
