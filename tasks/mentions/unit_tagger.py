"""Read names with the trained encoder: text to sub-word units, their scores, and names.

A text is read by itself, never padded or with others, so that what is found depends on it alone.
Of a long text, windows that overlap are read, and each unit has the scores of the window in
whose middle it lies.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt
import onnxruntime
import regex
from tokenizers import Tokenizer

from tasks.mentions.confidence import share_of
from tasks.mentions.entity_model import ModelError, Scorer, Span
from tasks.mentions.own_model import EMBEDDINGS, NETWORK, TOKENIZER

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]

#: Units that frame a text.
BEGIN, END = "<s>", "</s>"
#: Units of a window, and how many of two neighbours are the same: time grows with the square of
#: the former. The encoder was trained on texts of up to 160 units, and pretrained on 512.
WINDOW_UNITS, SHARED_UNITS = 256, 64
#: Scores are compared in steps of a thousandth, so that next to nothing hangs on the order in which
#: a processor's kernel sums: by it they differ by a hundred-thousandth (`benchmarks.kernels`).
_DECIMALS = 3
#: Scripts whose words are set apart by spaces (Arabic clitics belong to names, as in corpora), and
#: katakana. Not Hangul, whose particles are written with the name.
_WORD = regex.compile(
    r"[\p{Latin}\p{M}]+|[\p{Cyrillic}\p{M}]+|[\p{Greek}\p{M}]+|[\p{Arabic}\p{M}]+"
    r"|[\p{Devanagari}\p{M}\u200c\u200d--[।॥]]+|[\p{Katakana}ー]+",
    regex.VERSION1,
)
#: Tag 0 is none; then two for each label, of its first and of its further units.
_OUTSIDE = 0


class Units(NamedTuple):
    """The units of a text: ids, and where each begins and ends in it."""

    ids: list[int]
    offsets: list[tuple[int, int]]


class UnitTagger:
    """A loaded encoder."""

    #: What `tokenizers` and onnxruntime raise are RuntimeErrors or plain Exceptions.
    failures: tuple[type[Exception], ...] = (ValueError, RuntimeError)
    scorer: Scorer = "accurate"
    is_steady = True

    def __init__(self, folder: Path) -> None:
        """Load it.

        Raises:
            OSError, ValueError, RuntimeError: A file is missing or damaged.
        """
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._begin = self._tokenizer.token_to_id(BEGIN)
        self._end = self._tokenizer.token_to_id(END)
        tables = np.load(folder / EMBEDDINGS)
        self._words, self._positions = tables["words"], tables["positions"]
        self.labels = tuple(tables["labels"].tolist())
        self._allowed = allowed_tags(len(self.labels))
        self._session = _session(folder / NETWORK)

    def find(self, texts: list[str]) -> list[list[Span]]:
        """Return the names in each text."""
        return [self._find(text) for text in texts]

    def _find(self, text: str) -> list[Span]:
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        units = Units(encoding.ids, encoding.offsets)
        if not units.ids:
            return []
        scores = np.concatenate([self._scores(units.ids, *window) for window in _windows(units)])
        inner = inner_units(text, units.offsets)
        rounded = np.round(scores, _DECIMALS)
        tags = best_tags(rounded, self._allowed, inner)
        sure = share_of(rounded, np.array(tags)).tolist()
        return list(_spans(text, zip(tags, sure, units.offsets, strict=True), self.labels))

    def _scores(self, ids: list[int], first: int, last: int, kept: slice) -> Floats:
        """Return the scores of the kept units of a window: units × tags."""
        window = [self._begin, *ids[first:last], self._end]
        states = unpacked(self._words[window]) + self._positions[: len(window)]
        (scores,) = self._session.run(None, {"states": states[np.newaxis]})
        return cast("Floats", scores[0][1:-1][kept])


def load_tagger(folder: Path) -> UnitTagger:
    """Load the encoder of a folder.

    Raises:
        ModelError: It cannot be read.
    """
    try:
        return UnitTagger(folder)
    # `tokenizers` raises plain Exceptions, onnxruntime those of a module of its own.
    except Exception as error:
        raise ModelError(
            f"the model {folder.parent} cannot be loaded ({type(error).__name__}: {error}): "
            "make it anew with `python -m training.export_encoder`"
        ) from error


def _session(file: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # More would join the sums to the norms, which is slower (`training.encoder_graph`).
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])


def unpacked(blocks: npt.NDArray[np.uint8]) -> Floats:
    """Return embeddings out of 4 bits: rows × blocks × 18 bytes to rows × weights.

    A block is a scale of 16 bits and 32 numbers from −8 to 7: the low halves of its bytes, then
    the high ones.
    """
    scales = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    halves = blocks[..., 2:]
    numbers = np.concatenate([halves & 15, halves >> 4], axis=-1).astype(np.float32) - 8
    return cast("Floats", (numbers * scales).reshape(len(blocks), -1))


def _windows(units: Units) -> Iterator[tuple[int, int, slice]]:
    """Yield of each window its first unit, the one after its last, and which of it to keep."""
    count, step = len(units.ids), WINDOW_UNITS - SHARED_UNITS
    if count <= WINDOW_UNITS:
        yield 0, count, slice(None)
        return
    kept = 0
    for first in range(0, count - SHARED_UNITS, step):
        last = min(first + WINDOW_UNITS, count)
        end = count if last == count else last - SHARED_UNITS // 2
        yield first, last, slice(kept - first, end - first)
        kept = end


def allowed_tags(labels: int) -> npt.NDArray[np.bool_]:
    """Return which tag may follow which: a further unit only a first or further one of its label.

    Returns:
        Tags × tags, the one before by the one after. The last row is what may begin a text.
    """
    tags = 1 + 2 * labels
    allowed = np.ones((tags + 1, tags), dtype=bool)
    for further in range(2, tags, 2):
        allowed[:, further] = False
        allowed[further - 1 : further + 1, further] = True
    return allowed


def within_words(allowed: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Return which tag may follow which within a word: none after none, a further one after it."""
    within = allowed.copy()
    within[:, 1::2] = within[1:, _OUTSIDE] = False
    return within


def inner_units(text: str, offsets: list[tuple[int, int]]) -> npt.NDArray[np.bool_]:
    """Return which units go on with the word of the unit before them: no name begins or ends there.

    Words are letters of a script that has spaces between words, or katakana. Units that share a
    character (▁ and what follows it) are of one word, too.
    """
    is_inner = np.zeros(len(text) + 1, dtype=bool)
    for word in _WORD.finditer(text):
        is_inner[word.start() + 1 : word.end()] = True
    starts, ends = np.array(offsets, dtype=np.int64).reshape(-1, 2).T
    shared = np.append(False, starts[1:] < ends[:-1])
    return cast("npt.NDArray[np.bool_]", is_inner[starts] | shared)


def best_tags(
    scores: Floats, allowed: npt.NDArray[np.bool_], inner: npt.NDArray[np.bool_]
) -> list[int]:
    """Return the allowed sequence of tags with the greatest sum of scores (Viterbi).

    Args:
        scores: Units × tags. Of equal sums the first tag's is taken.
        allowed: As `allowed_tags` says.
        inner: As `inner_units` says; the first is none.
    """
    best, within = scores.argmax(-1), within_words(allowed)
    before_best = np.append(-1, best[:-1])
    if np.where(inner, within[before_best, best], allowed[before_best, best]).all():
        return cast("list[int]", best.tolist())
    forbidden = [np.where(matrix, 0, -np.inf) for matrix in (allowed, within)]
    sums, before = scores[0] + forbidden[0][-1], list[Numbers]()
    for own, is_inner in zip(scores[1:], inner[1:].tolist(), strict=True):
        steps = sums[:, np.newaxis] + forbidden[is_inner][:-1]
        before.append(steps.argmax(0))
        sums = steps.max(0) + own
    tags = [int(sums.argmax())]
    for chosen in reversed(before):
        tags.append(int(chosen[tags[-1]]))
    return tags[::-1]


def _spans(
    text: str, units: Iterable[tuple[int, float, tuple[int, int]]], labels: tuple[str, ...]
) -> Iterator[Span]:
    """Yield the names of tagged units; a character of two names (½ is two units) is the first's.

    Args:
        text: The text.
        units: The tag of each unit, how sure it is, and where the unit stands.
        labels: What each pair of tags means.
    """
    last, runs = 0, list[Span]()
    for tag, sure, (start, end) in units:
        if tag != _OUTSIDE and tag % 2 == 0:
            runs[-1] = runs[-1]._replace(end=end, score=min(runs[-1].score, sure))
        elif tag != _OUTSIDE:
            runs.append(Span(start, end, labels[(tag - 1) // 2], sure))
    for span in runs:
        start = max(last, span.start)
        start += len(text[start : span.end]) - len(text[start : span.end].lstrip())
        if start < span.end:
            yield span._replace(start=start)
            last = span.end
