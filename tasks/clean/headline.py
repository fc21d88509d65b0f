"""Find the headline of a plain text, and the byline and date beside it.

A text that was copied or flattened from a page has its headline above its body, often among menus,
buttons and captions. A small network says of each line there how likely it is the headline, from
what the line looks like, what stands around it, and whether the body goes on in its words; where
little stands above the body, it is one of the last lines there that are worded like one. Weights:
`headline_model.json`, written by `python -m training.train_headline`.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from itertools import compress
from pathlib import Path
from typing import NamedTuple

import numpy as np
import regex
from numpy.typing import NDArray

from tasks.clean.chrome import is_furniture_anywhere
from tasks.clean.line_features import Matrix, features_of_documents
from tasks.clean.segment import Segment
from tasks.pages.bylines import (
    CHANGED,
    MAX_DATELINE_CHARS,
    dateline_parts,
    is_byline,
    is_dateline,
    name_in_byline,
)
from tasks.reading.dates import parse_date
from tasks.writing.characters import batches
from tasks.writing.measures import ends_sentence, is_body_line, main_writing, main_writings, width
from tasks.writing.network import Layers, layers_of, logits, neighbours, probabilities, rows_since
from tasks.writing.vocabulary import JOINED_LETTERS

#: Where the weights stand.
FILE = Path(__file__).parent / "headline_model.json"
#: A headline is likelier one than not.
MIN_SCORE = 0.5
#: So many lines are looked at, from the first on: a menu is rarely longer.
MAX_LINES = 400
#: Where this share of the text is past, no headline comes.
MAX_SHARE_BEFORE = 0.3
#: The widths that a headline may have, in letters: one that is wider is a paragraph.
MIN_WIDTH, MAX_WIDTH = 4, 220
#: Lines on each side that the network sees, and its largest logit.
NEIGHBOURS, MAX_LOGIT = 2, 6.0
#: A line of running text without a sentence's end is as wide as that: many headlines are wider
#: than the lines that `is_body_line` tells.
_TEXT_WIDTH = 160
#: Distances are told apart up to so many lines; bylines are looked for in so many after a line.
_MAX_DISTANCE, _LINES_BESIDE = 64, 5
#: Words are compared by so many first letters, since many languages inflect them.
_STEM_CHARS = 5
#: A menu of so few lines leaves no doubt where the body begins.
_FEW_LINES = 16
#: So many of the lines above the text that fit are looked at there: the headline, and captions and
#: subtitles below it.
_LAST_ABOVE = 5
#: More words, or signs of a script that joins them, than most buttons have.
_MIN_WORDS = 3
_WORD = regex.compile(
    rf"[{JOINED_LETTERS}]|[[\p{{L}}\p{{M}}\p{{N}}]--[{JOINED_LETTERS}]]+", regex.V1
)
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
_ASKS = regex.compile(r"[?？!！؟;…][\p{Pe}\p{Pf}\"']*$")


class Headline(NamedTuple):
    """What stands above a body: the headline, which of the lines it is, and what is beside it."""

    segment_index: int
    title: str
    author: str | None = None
    published_at: datetime | None = None


class _Above(NamedTuple):
    """The first lines of a text, and which of them may be its headline.

    Attributes:
        lines: All lines of the text.
        top: Its first lines.
        fitting: The numbers of those that may be the headline.
        first_text: The number of the first line of running text; 0 if there is none.
    """

    lines: Sequence[Segment]
    top: Sequence[Segment]
    fitting: list[int]
    first_text: int

    def needs_scores(self) -> bool:
        """Return whether it takes the network to say which line is the headline."""
        return bool(self.fitting) and not (self._is_plain() and len(self._above_text()) == 1)

    def headline(self, scores: Matrix | None) -> Headline | None:
        """Return the headline: the likeliest line, else the last that fits above the text.

        Where little stands above the text, it is one of the last that fit there, if any does.
        """
        above_text = self._above_text()
        numbers = above_text if self._is_plain() and above_text else self.fitting
        scored = [] if scores is None else sorted((scores[n], n) for n in numbers)
        chosen = [n for score, n in scored[-1:] if score >= MIN_SCORE] or above_text[-1:]
        return _with_lines_beside(self.top, chosen[0]) if chosen else None

    def _is_plain(self) -> bool:
        return self.first_text <= _FEW_LINES

    def _above_text(self) -> list[int]:
        return [number for number in self.fitting if number < self.first_text][-_LAST_ABOVE:]


def find_headlines(documents: Sequence[Sequence[Segment]]) -> list[Headline | None]:
    """Return the headline of each of many plain texts; None where no line is like one.

    Where little stands above the running text, one of the last lines worded like a headline is one;
    above a long menu the network knows better.

    Args:
        documents: All lines of each, kept or dropped; the body is what is kept.
    """
    found: list[Headline | None] = []
    for batch in batches(sum(len(line.text) for line in lines) for lines in documents):
        writings = _writings(documents[batch])
        texts = _running_text(documents[batch], writings)
        above = list(map(_looked_at, documents[batch], writings, texts))
        doubtful = [text for text in above if text.needs_scores()]
        seen = features_above([t.lines for t in doubtful], [t.top for t in doubtful])
        scores = (probabilities(logits(windowed(rows), layers(), MAX_LOGIT)) for rows in seen)
        for text in above:
            scored = np.round(next(scores), 3) if text.needs_scores() else None
            found.append(text.headline(scored))
    return found


def _looked_at(lines: Sequence[Segment], writing: str, texts: Sequence[bool]) -> _Above:
    top = lines[: lines_above(lines)]
    fitting = [
        number
        for number, line in enumerate(top)
        if not texts[number]
        and line.reason in _BY_LOOKS
        and len(line.text) <= MAX_WIDTH
        and _is_worded(line)
        and main_writing(line.text) == writing
        and may_be_headline(line)
    ]
    return _Above(lines, top, fitting, texts.index(True) if True in texts else 0)


def _with_lines_beside(lines: Sequence[Segment], index: int) -> Headline:
    around = range(max(0, index - _LINES_BESIDE), min(len(lines), index + _LINES_BESIDE + 1))
    beside = [lines[number].text for number in around if number != index]
    return Headline(index, lines[index].text, _author(beside), _date(beside))


def _writings(documents: Sequence[Sequence[Segment]]) -> list[str]:
    """Return the writing of most of the kept text of each document."""
    kept = ["".join([line.text for line in lines if line.is_kept]) for lines in documents]
    return main_writings(kept)


def _is_worded(line: Segment) -> bool:
    return len(_WORD.findall(line.text)) >= _MIN_WORDS


def with_headline(segments: Sequence[Segment], headline: Headline) -> list[Segment]:
    """Return the lines, the headline kept whatever it looked like."""
    kept = segments[headline.segment_index]._replace(reason=None, detail=None)
    return [*segments[: headline.segment_index], kept, *segments[headline.segment_index + 1 :]]


def may_be_headline(line: Segment) -> bool:
    """Return whether a line may be a headline: not too wide, no sentence, byline or address."""
    text = line.text
    if line.reason not in _BY_LOOKS or not MIN_WIDTH <= width(text) <= MAX_WIDTH:
        return False
    is_sentence = ends_sentence(text) and not _ASKS.search(text)
    is_beside = _CREDIT.match(text) is not None or _BESIDE.match(text) is not None
    # What leads to something else ends with a colon.
    is_beside = is_beside or text.endswith((":", "："))
    is_other = is_beside or is_byline(text) or is_dateline(text)
    # What would be dropped again wherever it stands is none: cleaning is idempotent.
    return not is_sentence and not is_other and not is_furniture_anywhere(text)


def lines_above(lines: Sequence[Segment]) -> int:
    """Return how many lines come before a share of the kept text that no headline stands below."""
    widths = [width(line.text) if line.is_kept else 0 for line in lines]
    limit, before = MAX_SHARE_BEFORE * sum(widths), 0
    for number, line_width in enumerate(widths[:MAX_LINES]):
        if before > limit:
            return number
        before += line_width
    return min(len(lines), MAX_LINES)


def features_above(
    documents: Sequence[Sequence[Segment]], above: Sequence[Sequence[Segment]]
) -> Iterator[Matrix]:
    """Yield what the network sees of the first lines of each text, a row per line."""
    texts = _running_text(documents, _writings(documents))
    seen = features_of_documents(above)
    for lines, top, is_text, features in zip(documents, above, texts, seen, strict=True):
        yield np.hstack([features, _around(lines, top, np.array(is_text, bool))])


def _around(lines: Sequence[Segment], top: Sequence[Segment], is_text: NDArray[np.bool_]) -> Matrix:
    """Return of each of the first lines where it stands, and how it goes with the body."""
    count = len(top)
    widths = np.array([width(line.text) for line in lines], np.float64)
    kept = np.array([line.is_kept for line in lines], bool)
    mass = np.where(kept, np.minimum(widths, 400), 0.0)
    before = (np.cumsum(mass) - mass) / max(mass.sum(), 1.0)
    is_beside = np.array([is_byline(line.text) or is_dateline(line.text) for line in top], bool)
    candidates = np.array([may_be_headline(line) for line in top], bool)
    is_worded = np.array([_is_worded(line) for line in top], bool)
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
        candidates,
        _last_before(candidates & is_worded, is_text[:count]),
    ]
    return np.stack([np.asarray(column, np.float64) for column in columns], axis=1)


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
    ends = [
        is_body and ends_sentence(line.text) for line, is_body in zip(lines, bodies, strict=True)
    ]
    if not any(ends):
        return bodies
    return [
        is_body and (is_end or width(line.text) >= _TEXT_WIDTH)
        for line, is_body, is_end in zip(lines, bodies, ends, strict=True)
    ]


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


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM_CHARS] for word in _WORD.findall(text.casefold()))


def windowed(features: Matrix) -> Matrix:
    """Return each line's features beside those of the lines around."""
    return np.hstack(neighbours(features, NEIGHBOURS))


@cache
def layers() -> Layers:
    """Return the weights of the network."""
    return layers_of(json.loads(FILE.read_text(encoding="utf-8")))


def _date(lines: Sequence[str]) -> datetime | None:
    dates = (
        moment
        for line in lines
        if len(line) <= MAX_DATELINE_CHARS and not CHANGED.search(line)
        for part in dateline_parts(line)
        if (moment := parse_date(part))
    )
    return next(dates, None)


def _author(lines: Sequence[str]) -> str | None:
    bylines = (line for line in lines if is_byline(line))
    return next((name for line in bylines if (name := name_in_byline(line))), None)
