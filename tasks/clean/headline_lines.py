"""Tell which lines above a plain text may be its headline, and describe them by numbers.

A line is seen as it looks and beside its neighbours, by where it stands between the top and the
running text, by whether the text goes on in its words, and beside the other lines that may be the
headline: one of them is chosen.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import compress
from typing import NamedTuple

import numpy as np
import regex
from numpy.typing import NDArray

from tasks.clean.chrome import is_furniture_anywhere
from tasks.clean.line_features import Matrix, features_of_documents
from tasks.clean.segment import Segment
from tasks.pages.bylines import is_byline, is_dateline
from tasks.writing.measures import ends_sentence, is_body_line, main_writing, main_writings, width
from tasks.writing.network import neighbours, rows_since
from tasks.writing.vocabulary import JOINED_LETTERS

#: So many lines are looked at, from the first on: a menu is rarely longer.
MAX_LINES = 800
#: Where this share of the text is past, no headline comes.
MAX_SHARE_BEFORE = 0.3
#: The widths that a headline may have, in letters: one that is wider is a paragraph.
MIN_WIDTH, MAX_WIDTH = 4, 220
#: Lines on each side that the network sees.
NEIGHBOURS = 2
#: A line of running text without a sentence's end is as wide as that: many headlines are wider
#: than the lines that `is_body_line` tells.
_TEXT_WIDTH = 160
#: Distances are told apart up to so many lines, numbers of candidates up to so many.
_MAX_DISTANCE, _MAX_CANDIDATES = 64, 20
#: Words are compared by so many first letters, since many languages inflect them.
_STEM_CHARS = 5
#: A word of so many letters has a meaning; a word of the subject stands so often in the text.
_SUBJECT_CHARS, _MOST_IN_TEXT = 4, 6
#: A text begins with so many lines; a headline shares up to so many words with it.
_FIRST_LINES, _MOST_SHARED = 3, 5
#: So many lines that hold a line whole say that it is one of a title's parts.
_MOST_INSIDE, _MIN_INSIDE_CHARS = 3, 8
#: More words, or signs of a script that joins them, than most buttons have.
_MIN_WORDS = 3
_WORD = regex.compile(
    rf"[{JOINED_LETTERS}]|[[\p{{L}}\p{{M}}\p{{N}}]--[{JOINED_LETTERS}]]+", regex.V1
)
#: A line with a date has so many words of three letters if it says more than when.
_WORDS_OF_MORE = 5
_LONG_WORD = regex.compile(r"\p{L}{3,}")
#: What is held against a line by its looks alone.
_BY_LOOKS = frozenset({None, "chrome"})
#: Says where a text is from, or what it is about.
_CREDIT = regex.compile(
    r"(?:source|quelle|fuente|fonte|bron|źródło|zdroj|kaynak|sumber|nguồn|kilde|källa|lähde|forrás|"
    r"sursa|πηγή|источник|джерело|извор|المصدر|منبع|स्रोत|photo|foto|image|bild|credit|tags?|"
    r"category|categories|출처|사진|来源|來源|出典|引用元|写真|图|図|タグ|カテゴリ)\s*[:：]",
    regex.IGNORECASE,
)
#: What stands between a headline and its text, or above it: who took the picture, who wrote it and
#: when, how long it takes to read, where in the site it is.
_BESIDE = regex.compile(
    r"(?i:photo(?:graph)?s?|photography|picture|image|illustration|fotos?|foto(?:grafie)?|bild"
    r"|фото|рисунок)\s+(?i:by|courtesy(?: of)?|von|de|av|af|di|door)\s\p{Lu}"
    r"|(?i:by|von|par|por|di|door)\s\p{Lu}[^\d]{2,60}\d{1,2}?\W*(?:\w+\W+)?\d{4}"
    r"|(?i:(?:read(?:ing)? time\W*)?\d{1,3}\s?(?:min(?:ute)?s?|minuten|minuti|minutos|мин|分)\b)"
    r"\W*(?i:read|lesezeit|de lecture|de lectura|di lettura|\d+ words)?$"
    r"|(?i:you are here|sie sind hier|vous êtes ici|estás en|tu sei qui|u bent hier|jesteś tutaj)\b"
    r"|(?i:home|start(?:seite)?|accueil|inicio|главная|strona główna|anasayfa)\s*[>›»]"
    r"|[^>›»]{1,80}\s[>›»]\s[^>›»]{1,80}\s[>›»]\s"
)
#: What begins a line of a mail that another answers.
_QUOTED = ">"
_ASKS = regex.compile(r"[?？!！؟;…][\p{Pe}\p{Pf}\"']*$")


class Above(NamedTuple):
    """The first lines of a text, and which of them may be its headline.

    Attributes:
        lines: All lines of the text.
        top: Its first lines.
        is_text: Of each line, whether it is running text.
        candidates: The numbers of the lines that may be the headline.
        first_text: The number of the first line of running text; 0 if there is none.
    """

    lines: Sequence[Segment]
    top: Sequence[Segment]
    is_text: Sequence[bool]
    candidates: Sequence[int]
    first_text: int


def lines_above(documents: Sequence[Sequence[Segment]]) -> list[Above]:
    """Return of each text what stands above it.

    Args:
        documents: All lines of each, kept or dropped; the body is what is kept.
    """
    kept = ["".join([line.text for line in lines if line.is_kept]) for lines in documents]
    writings = main_writings(kept)
    texts = _running_text(documents, writings)
    return list(map(_looked_at, documents, writings, texts))


def _looked_at(lines: Sequence[Segment], writing: str, is_text: Sequence[bool]) -> Above:
    top = lines[: _count_above(lines)]
    candidates = [
        number
        for number, line in enumerate(top)
        if not is_text[number] and may_be_headline(line) and main_writing(line.text) == writing
    ]
    first = is_text.index(True) if True in is_text else 0
    return Above(lines, top, is_text, candidates, first)


def _count_above(lines: Sequence[Segment]) -> int:
    """Return how many lines come before a share of the kept text that no headline stands below."""
    widths = [width(line.text) if line.is_kept else 0 for line in lines]
    limit, before = MAX_SHARE_BEFORE * sum(widths), 0
    for number, line_width in enumerate(widths[:MAX_LINES]):
        if before > limit:
            return number
        before += line_width
    return min(len(lines), MAX_LINES)


def is_worded(line: Segment) -> bool:
    """Return whether a line has more words than most buttons."""
    return len(_WORD.findall(line.text)) >= _MIN_WORDS


def may_be_headline(line: Segment) -> bool:
    """Return whether a line may be a headline: not too wide, no sentence, byline or address."""
    text = line.text
    if line.reason not in _BY_LOOKS or len(text) > MAX_WIDTH or text.startswith(_QUOTED):
        return False
    if not MIN_WIDTH <= width(text) <= MAX_WIDTH:
        return False
    is_sentence = ends_sentence(text) and not _ASKS.search(text)
    is_beside = _CREDIT.match(text) is not None or _BESIDE.match(text) is not None
    # What leads to something else ends with a colon.
    is_beside = is_beside or text.endswith((":", "："))
    is_other = is_beside or is_byline(text) or _is_only_dateline(text)
    # What would be dropped again wherever it stands is none: cleaning is idempotent.
    return not is_sentence and not is_other and not is_furniture_anywhere(text)


def _is_only_dateline(text: str) -> bool:
    """Return whether a line tells a date, and not of what that is the date."""
    return is_dateline(text) and len(_LONG_WORD.findall(text)) < _WORDS_OF_MORE


def _running_text(
    documents: Sequence[Sequence[Segment]], writings: Sequence[str]
) -> list[list[bool]]:
    """Return of each line whether it is running text in its document's writing.

    Where the writing ends no sentence, as Thai does, a wide line is text; else a wide headline is
    none.
    """
    are_body = [[line.is_kept and is_body_line(line.text) for line in doc] for doc in documents]
    bodies = [
        line.text
        for lines, are in zip(documents, are_body, strict=True)
        for line in compress(lines, are)
    ]
    found = iter(main_writings(bodies))
    return [
        _are_text(lines, [is_body and next(found) == writing for is_body in are])
        for lines, are, writing in zip(documents, are_body, writings, strict=True)
    ]


def _are_text(lines: Sequence[Segment], bodies: list[bool]) -> list[bool]:
    """Return which body lines are text: if any ends a sentence, those that do or are wide."""
    # A short question is rather a headline.
    ends = [
        is_body and ends_sentence(line.text) and not _ASKS.search(line.text)
        for line, is_body in zip(lines, bodies, strict=True)
    ]
    if not any(ends):
        return bodies
    return [
        is_body and (is_end or width(line.text) >= _TEXT_WIDTH)
        for line, is_body, is_end in zip(lines, bodies, ends, strict=True)
    ]


def features_above(texts: Sequence[Above]) -> Iterator[Matrix]:
    """Yield what the first lines of each text look like, and where they stand, a row per line."""
    seen = features_of_documents([text.top for text in texts])
    for text, features in zip(texts, seen, strict=True):
        yield np.hstack([features, _around(text)])


def choices(text: Above, features: Matrix) -> Matrix:
    """Return what the network sees of each candidate, a row each.

    Args:
        text: The lines.
        features: What `features_above` yields of its first lines.
    """
    rows = np.hstack(neighbours(features, NEIGHBOURS))[list(text.candidates)]
    return np.hstack([rows, _compared(text)])


def _around(text: Above) -> Matrix:
    """Return of each of the first lines where it stands, and how it goes with the body."""
    lines, top, is_text = text.lines, text.top, np.array(text.is_text, bool)
    count = len(top)
    widths = np.array([width(line.text) for line in lines], np.float64)
    kept = np.array([line.is_kept for line in lines], bool)
    mass = np.where(kept, np.minimum(widths, 400), 0.0)
    before = (np.cumsum(mass) - mass) / max(mass.sum(), 1.0)
    is_beside = np.array([is_byline(line.text) or is_dateline(line.text) for line in top], bool)
    may_be = np.zeros(count, bool)
    may_be[list(text.candidates)] = True
    worded = may_be & np.array([is_worded(line) for line in top], bool)
    columns = [
        kept[:count],
        np.array([line.chrome_score or 0.0 for line in top]),
        np.array([line.chrome_score is not None for line in top]),
        before[:count],
        _distance(is_text[::-1])[::-1][:count],
        _distance(is_text)[:count],
        _distance(is_beside[::-1])[::-1],
        _distance(is_beside),
        is_beside,
        _shares_of_words(lines, top),
        may_be,
        _last_before(worded, is_text[:count]),
    ]
    return np.stack([np.asarray(column, np.float64) for column in columns], axis=1)


def _distance(is_landmark: NDArray[np.bool_]) -> Matrix:
    """Return how far the last landmark before each line is, 0 to 1."""
    since = rows_since(is_landmark, _MAX_DISTANCE)
    logs = np.log2(1 + np.arange(_MAX_DISTANCE + 1)) / np.log2(1 + _MAX_DISTANCE)
    result: Matrix = logs[since]
    return result


def _last_before(is_candidate: NDArray[np.bool_], is_text: NDArray[np.bool_]) -> Matrix:
    """Return whether a line is the last candidate before running text, (lines,)."""
    last = np.zeros(len(is_text))
    place = -1
    for number, (candidate, text) in enumerate(zip(is_candidate, is_text, strict=True)):
        if text and place >= 0:
            last[place], place = 1.0, -1
        elif candidate:
            place = number
    return last


def _shares_of_words(lines: Sequence[Segment], top: Sequence[Segment]) -> Matrix:
    """Return the share of each line's words that other kept lines have, too."""
    counts: Counter[str] = Counter()
    for line in lines:
        if line.is_kept:
            counts.update(_stems(line.text))
    shares = np.zeros(len(top))
    for number, line in enumerate(top):
        stems = _stems(line.text) if width(line.text) <= MAX_WIDTH else frozenset[str]()
        elsewhere = sum(counts[stem] > line.is_kept for stem in stems)
        shares[number] = elsewhere / len(stems) if stems else 0.0
    return shares


@lru_cache(maxsize=2 * MAX_LINES)
def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM_CHARS] for word in _WORD.findall(text.casefold()))


def _compared(text: Above) -> Matrix:
    """Return of each candidate how it goes with the text, and what sets it apart from the others.

    Its words in the text, in its first lines, and such as name a subject; how many lines hold it
    whole; each also as the distance from the best; then its place and width among them.
    """
    own = _in_text(text)
    number = np.arange(len(own))
    widths = np.array([width(text.top[n].text) for n in text.candidates], np.float64)
    are_above = np.array([n < text.first_text for n in text.candidates], bool)
    places = [
        np.minimum(number, _MAX_CANDIDATES) / _MAX_CANDIDATES,
        np.minimum(number[::-1], _MAX_CANDIDATES) / _MAX_CANDIDATES,
        are_above,
        np.minimum(np.maximum(are_above.sum() - 1 - number, 0), _MAX_CANDIDATES) / _MAX_CANDIDATES,
        widths / MAX_WIDTH,
        (widths - widths.max(initial=0.0)) / MAX_WIDTH,
    ]
    apart = own - own.max(axis=0, initial=0.0)
    return np.hstack([own, apart, np.stack(places, axis=1).astype(np.float64)])


def _in_text(text: Above) -> Matrix:
    running = [_stems(line.text) for line in compress(text.lines, text.is_text)]
    counts = Counter(stem for stems in running for stem in stems)
    first = frozenset[str]().union(*running[:_FIRST_LINES])
    folded = [line.text.casefold() for line in text.top if len(line.text) <= 2 * MAX_WIDTH]
    joined = "\n".join(["", *folded, ""])
    rows = np.zeros((len(text.candidates), 5))
    for row, number in zip(rows, text.candidates, strict=True):
        line = text.top[number].text
        stems = _stems(line)
        named = [stem for stem in stems if counts[stem] and len(stem) >= _SUBJECT_CHARS]
        rare = [stem for stem in named if counts[stem] <= _MOST_IN_TEXT]
        row[:] = (
            sum(counts[stem] > 0 for stem in stems) / max(len(stems), 1),
            len(stems & first) / max(len(stems), 1),
            min(len(rare) / _MOST_SHARED, 1),
            min(len(named) / _MOST_SHARED, 1),
            _inside(line.casefold(), joined) / _MOST_INSIDE,
        )
    return rows


def _inside(line: str, joined: str) -> int:
    """Return how many of some lines, which stand below each other, hold a line and more."""
    found, place = 0, joined.find(line) if len(line) >= _MIN_INSIDE_CHARS else -1
    while place >= 0 and found < _MOST_INSIDE:
        end = joined.index("\n", place)
        found += end - joined.rindex("\n", 0, place) - 1 > len(line)
        place = joined.find(line, end)
    return found
