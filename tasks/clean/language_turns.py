"""Find where a long line goes on in another language or script, so that it is cut there.

Pages, feeds and messages put an announcement and its translation into one line. Where one may turn
is seen at once: by letters of two scripts; by CLD2, which names the share of a text that is in its
first language; and in a short text, for which it names but one, by doubt of py3langid. Of such
lines each sentence is identified, and each run of words in one script; neighbours in one language
are joined, and what is too short to tell goes with what stands beside it. A line is cut only if
each part by itself is certainly in its language and not in one that may be taken for that of the
part beside it: a quoted phrase is left in its sentence.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex

from tasks.clean.identification import CERTAIN_CONFIDENCE, Evidence, identify
from tasks.writing.measures import main_writing, width
from tasks.writing.related import are_related
from tasks.writing.scripts import NO_LETTERS
from tasks.writing.vocabulary import CLOSERS, IDEOGRAPHIC_STOPS, SENTENCE_ENDS, UNSPACED_LETTERS

#: A part has at least this width: half a line of running text.
MIN_PART_WIDTH = 40
#: Letters of another script than that of the line from which it is looked at.
MIN_OTHER_LETTERS = MIN_PART_WIDTH // 2
#: Share of CLD2's first language below which a line is looked at.
MAX_FIRST_SHARE = 0.9
#: Probability to py3langid below which it is, if it has two sentences: a paragraph in one language
#: that it knows is surer.
MAX_PROBABILITY = 0.95
#: Marks at which nothing ends are passed over at once, so that no run of them is looked at again.
_SENTENCE = regex.compile(
    rf"(?P<end>[{IDEOGRAPHIC_STOPS}]++[{CLOSERS}]*+|[{SENTENCE_ENDS}]++[[{CLOSERS}]--\s]*+\s++)"
    rf"|[{SENTENCE_ENDS}]++",
    regex.VERSION1,
)
_WORD = regex.compile(rf"[{UNSPACED_LETTERS}]++|[^\s{UNSPACED_LETTERS}]++")


class _Part(NamedTuple):
    """A part of a line, its language (None: not certain), its writing and its width."""

    start: int
    end: int
    language: str | None
    writing: str
    width: int

    @property
    def is_sure(self) -> bool:
        """Whether it is a part of its own: in a certain language, and not too narrow."""
        return self.language is not None and self.width >= MIN_PART_WIDTH

    def and_next(self, other: "_Part") -> "_Part":
        """Return both as one, in the language of the wider one."""
        wider = self if self.width >= other.width else other
        return wider._replace(start=self.start, end=other.end, width=self.width + other.width)


def may_turn(text: str, evidence: Evidence) -> bool:
    """Return whether a line may be in several languages, by what is known of it as a whole."""
    if len(text) < MIN_PART_WIDTH or "\n" in text:  # code keeps its lines
        return False
    cld2, py3langid = evidence.cld2, evidence.py3langid
    if evidence.other_letters >= MIN_OTHER_LETTERS:
        return True
    if cld2 is not None and cld2.share < MAX_FIRST_SHARE:
        return True
    is_doubtful = py3langid is not None and py3langid.probability < MAX_PROBABILITY
    return is_doubtful and len(text) >= 2 * MIN_PART_WIDTH and _has_sentence_end(text)


def _has_sentence_end(text: str) -> bool:
    return next(_sentence_ends(text), None) is not None


def _sentence_ends(text: str) -> Iterator[int]:
    return (match.end() for match in _SENTENCE.finditer(text) if match["end"])


def parts_by_language(text: str) -> list[tuple[int, int]]:
    """Return where the parts of a line begin and end that are in different languages.

    Returns:
        The parts in order, without the blanks between them; the whole line if it does not turn.
    """
    starts = [0, *_sentence_ends(text)]
    sentences = zip(starts, [*starts[1:], len(text)], strict=True)
    pieces = _parts(text, [span for sentence in sentences for span in _runs(text, *sentence)])
    spans = [(part.start, part.end) for part in _around_sure_ones(_joined(pieces))]
    if len(spans) > 1:
        parts = _parts(text, spans)
        if all(part.is_sure for part in parts) and len(_joined(parts)) == len(parts):
            return [_stripped(text, *span) for span in spans]
    return [(0, len(text))]


def _runs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the runs of words in one script, those too narrow for a part with what is before."""
    begins, place, written = start, start, NO_LETTERS
    for word in _WORD.finditer(text, start, end):
        writing = main_writing(word[0])
        if writing not in {NO_LETTERS, written}:
            if width(text[place : word.start()]) >= MIN_PART_WIDTH and place > begins:
                yield begins, place
                begins = place
            place, written = word.start(), writing
    if place > begins and width(text[place:end]) >= MIN_PART_WIDTH:
        yield begins, place
        begins = place
    yield begins, end


def _parts(text: str, spans: Sequence[tuple[int, int]]) -> list[_Part]:
    """Return the parts of a line, each with its language if that is certain."""
    texts = [text[start:end] for start, end in spans]
    return [
        _Part(
            *span,
            found.language if found.confidence >= CERTAIN_CONFIDENCE else None,
            main_writing(piece),
            width(piece),
        )
        for span, piece, found in zip(spans, texts, identify(texts), strict=True)
    ]


def _joined(parts: Sequence[_Part]) -> list[_Part]:
    """Return parts, neighbours in one language, or in two that are taken for each other, as one."""
    joined: list[_Part] = []
    for part in parts:
        if joined and _are_one(joined[-1], part):
            joined[-1] = joined[-1].and_next(part)
        else:
            joined.append(part)
    return joined


def _are_one(one: _Part, other: _Part) -> bool:
    if one.language is None or other.language is None:
        return False
    return one.language == other.language or are_related(one.language, other.language)


def _around_sure_ones(parts: Sequence[_Part]) -> list[_Part]:
    """Return the sure parts, what is between two with the one that it is written like."""
    found: list[_Part] = []
    between: list[_Part] = []
    for part in parts:
        if not part.is_sure:
            between.append(part)
            continue
        start = parts[0].start
        if found:
            own = [piece for piece in between if piece.writing == part.writing]
            is_turn = own and found[-1].writing != part.writing
            start = own[0].start if is_turn else part.start
            found[-1] = found[-1]._replace(end=start)
        found.append(part._replace(start=start))
        between = []
    if found:
        found[-1] = found[-1]._replace(end=parts[-1].end)
    return _joined(found)


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return start, start + len(piece.strip())
