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

from tasks.clean.identification import CERTAIN_CONFIDENCE, Evidence, Identification, identify
from tasks.writing.measures import main_writing, width
from tasks.writing.related import are_related
from tasks.writing.scripts import NO_LETTERS, letters_of
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

Span = tuple[int, int]


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


def parts_by_language(texts: Sequence[str]) -> list[list[Span]]:
    """Return where the parts of each line begin and end that are in different languages.

    Returns:
        The parts of each in order, without the blanks between them; the whole line if it does not
        turn.
    """
    pieces = _parts(texts, _pieces(texts))
    spans = [
        [(part.start, part.end) for part in _around_sure_ones(_joined(parts))] for parts in pieces
    ]
    found = [[(0, len(text))] for text in texts]
    turning = [number for number, parts in enumerate(spans) if len(parts) > 1]
    again = _parts([texts[n] for n in turning], [spans[n] for n in turning])
    for number, parts in zip(turning, again, strict=True):
        if all(part.is_sure for part in parts) and len(_joined(parts)) == len(parts):
            found[number] = [_stripped(texts[number], *span) for span in spans[number]]
    return found


def _pieces(texts: Sequence[str]) -> list[list[Span]]:
    """Return the sentences of each text, those of two scripts in runs of one."""
    found = []
    for text, letters in zip(texts, letters_of(texts), strict=True):
        starts = [0, *_sentence_ends(text)]
        sentences = list(zip(starts, [*starts[1:], len(text)], strict=True))
        if letters.others >= MIN_OTHER_LETTERS:
            sentences = [run for sentence in sentences for run in _runs(text, *sentence)]
        found.append(sentences)
    return found


def _runs(text: str, start: int, end: int) -> Iterator[Span]:
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


def _parts(texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[list[_Part]]:
    """Return the parts of each line, each with its language if that is certain."""
    pieces = [
        [text[start:end] for start, end in own] for text, own in zip(texts, spans, strict=True)
    ]
    identified = iter(identify([piece for own in pieces for piece in own]))
    return [
        [_part(*pair, next(identified)) for pair in zip(own, texts_of, strict=True)]
        for own, texts_of in zip(spans, pieces, strict=True)
    ]


def _part(span: Span, text: str, found: Identification) -> _Part:
    language = found.language if found.confidence >= CERTAIN_CONFIDENCE else None
    return _Part(*span, language, main_writing(text), width(text))


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


def _stripped(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return start, start + len(piece.strip())
