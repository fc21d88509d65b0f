"""Find names in Chinese with Baidu's LAC (small), whose weights lie in the package jieba.

A text is cut into sentences, each character of which is embedded, read by two layers of
bidirectional gated recurrent units and given a tag by a conditional random field, as jieba's
`lac_small` does with PaddlePaddle. Traditional characters are read as simplified ones. jieba
itself is not imported: only the files of its folder are read.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import regex

from tasks.mentions.entity_model import ModelError, Scorer, Span

Floats = npt.NDArray[np.float32]
PACKAGE, FOLDER = "jieba", "lac_small"
#: Traditional and simplified characters, a pair a line (`python -m training.make_simplified`).
SIMPLIFIED = Path(__file__).with_name("simplified.txt")
#: What the model's tags mean: n… are those of its part-of-speech corpus.
LABELS = {"nr": "PER", "PER": "PER", "ns": "LOC", "LOC": "LOC", "nt": "ORG", "ORG": "ORG"}
#: Sentences that are read at once. Always as many, empty ones if need be: so the sums of the
#: matrix products, and with them the names, do not depend on what else is read.
_ROWS = 32
#: A sentence, or as many characters of one: time follows the longest of a batch.
_SENTENCE = regex.compile(r"[^。！？!?；;\n]{1,200}[。！？!?；;\n”’」』]*|[。！？!?；;\n”’」』]+")
_WIDTH = 128
_DECIMALS = 3
_UNKNOWN = "OOV"
#: A word in Latin letters; several with single spaces between; and one beside a Chinese word.
_LATIN_WORD = regex.compile(r"\p{Latin}[\p{Latin}\d'’.-]*+")
_LATIN_WORDS = regex.compile(rf"{_LATIN_WORD.pattern}(?: {_LATIN_WORD.pattern})*+")
_BESIDE_HAN = regex.compile(r"\p{Latin} \p{Han}|\p{Han} \p{Latin}")
#: Also with the brackets that LAC takes along, and that are cut off later.
_ABBREVIATION = regex.compile(r"\W{0,2}[A-Z]{2,6}\W{0,2}")
#: Characters beside a name that may belong to its first or last word.
_MAX_WORD = 40
#: The model was trained on half-width punctuation.
_HALF_WIDTH = str.maketrans("。、《》「」『』“”‘’—…～・", '.,<>""""""\'\'-.~·')


class _Direction(NamedTuple):
    """The weights of a layer that reads in one direction."""

    given: Floats
    given_bias: Floats
    gates: Floats
    candidate: Floats
    bias: Floats
    is_reverse: bool


class LacModel:
    """Loaded weights."""

    failures: tuple[type[Exception], ...] = ()
    #: Its names have no scores: the last bits of its sums depend on what else is read.
    scorer: Scorer = "lac"
    is_steady = True

    def __init__(self, folder: Path) -> None:
        """Read the weights.

        Raises:
            OSError, ValueError: A file is missing or damaged.
        """
        weights = folder / "model_baseline"
        self._ids = {word: number for number, word in _pairs(folder / "word.dic")}
        self._tags = dict(_pairs(folder / "tag.dic"))
        self._simplified = simplified()
        self._words = _array(weights / "word_emb", max(self._ids.values()) + 1, _WIDTH)
        self._layers = [
            [_direction(weights, 2 * layer + way, is_reverse=way == 1) for way in (0, 1)]
            for layer in (0, 1)
        ]
        self._out = _array(weights / "fc_4.w_0", 2 * _WIDTH, len(self._tags))
        self._out_bias = _array(weights / "fc_4.b_0", len(self._tags))
        self._field = _array(weights / "crfw", len(self._tags) + 2, len(self._tags))

    def find(self, texts: list[str]) -> list[list[Span]]:
        """Return the names in each text."""
        sentences = [
            (number, match.start(), match.group())
            for number, text in enumerate(texts)
            for match in _SENTENCE.finditer(text)
        ]
        sentences.sort(key=lambda sentence: len(sentence[2]))
        found: list[list[Span]] = [[] for _ in texts]
        for first in range(0, len(sentences), _ROWS):
            batch = sentences[first : first + _ROWS]
            tagged = self._read([sentence for _, _, sentence in batch])
            for (number, start, sentence), tags in zip(batch, tagged, strict=True):
                found[number].extend(
                    Span(start + span.start, start + span.end, span.label)
                    for span in map(partial(with_latin_words, sentence), self._spans(tags))
                )
        return [list(_apart(spans)) for spans in found]

    def _read(self, sentences: Sequence[str]) -> list[list[int]]:
        """Return the tags of the characters of at most `_ROWS` sentences."""
        longest = max(map(len, sentences))
        ids = np.zeros((longest, _ROWS), dtype=np.int64)
        is_text = np.zeros((longest, _ROWS, 1), dtype=bool)
        for row, sentence in enumerate(sentences):
            ids[: len(sentence), row] = [self._id(character) for character in sentence]
            is_text[: len(sentence), row] = True
        states = self._words[ids]
        for layer in self._layers:
            states = np.concatenate([_states(states, is_text, way) for way in layer], axis=-1)
        scores = np.stack([step @ self._out + self._out_bias for step in states])
        rounded = np.round(scores, _DECIMALS)
        return _best_tags(rounded, [len(sentence) for sentence in sentences], self._field)

    def _id(self, character: str) -> int:
        plain = self._simplified.get(character, character).translate(_HALF_WIDTH)
        folded = unicodedata.normalize("NFKC", plain)
        if len(folded) == 1 and folded in self._ids:
            return self._ids[folded]
        return self._ids.get(plain, self._ids[_UNKNOWN])

    def _spans(self, tags: list[int]) -> Iterator[Span]:
        span: Span | None = None
        for index, tag in enumerate(tags):
            kind, _, position = self._tags[tag].partition("-")
            label = LABELS.get(kind)
            if span and (label != span.label or position == "B"):
                yield span
                span = None
            if label:
                span = Span(span.start if span else index, index + 1, label)
        if span:
            yield span


def with_latin_words(text: str, span: Span) -> Span:
    """Return a name with the words in Latin letters whole, and no person for an abbreviation.

    LAC has seen few such words: it cuts them (`arry Giles`), takes a Chinese word along
    (`Ayr 以`), and calls all of them persons (`DARPA`).
    """
    start, end, label = span.start, span.end, span.label
    near = _LATIN_WORD.finditer(text, max(start - _MAX_WORD, 0), end + _MAX_WORD)
    for word in near:
        if word.start() < end and word.end() > start:
            start, end = min(start, word.start()), max(end, word.end())
    if label == "PER" and _BESIDE_HAN.search(text, start, end):
        start, end = max(
            (words.span() for words in _LATIN_WORDS.finditer(text, start, end)),
            key=lambda found: (found[1] - found[0], -found[0]),
        )
    if label == "PER" and _ABBREVIATION.fullmatch(text, start, end):
        label = "ORG"
    return Span(start, end, label)


def _apart(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield names in their order, but for those that overlap one before."""
    end = 0
    for span in sorted(spans):
        if span.start >= end:
            yield span
            end = span.end


def load_lac() -> LacModel:
    """Load the model of the installed package.

    Raises:
        ModelError: The package is not installed, or holds no such model.
    """
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError("the package jieba is not installed: run `pip install jieba`")
    try:
        return LacModel(Path(spec.origin).parent / FOLDER)
    except (OSError, ValueError) as error:
        raise ModelError(
            f"jieba's model lac_small cannot be read ({error}): install jieba again"
        ) from error


def simplified() -> dict[str, str]:
    """Return the simplified character of each traditional one that has another."""
    lines = SIMPLIFIED.read_text(encoding="utf-8").splitlines()
    return {line[0]: line[1] for line in lines}


def _pairs(file: Path) -> Iterator[tuple[int, str]]:
    """Yield the number and word of each line; lines of another form are no words."""
    for line in file.read_text(encoding="utf-8").split("\n"):
        number, tab, word = line.partition("\t")
        if tab and "\t" not in word:
            yield int(number), word


def _array(file: Path, *shape: int) -> Floats:
    """Return the weights of a file of PaddlePaddle: a header of some bytes, then floats."""
    size = 4 * int(np.prod(shape))
    return np.frombuffer(file.read_bytes()[-size:], "<f4").reshape(shape).copy()


def _direction(weights: Path, number: int, *, is_reverse: bool) -> _Direction:
    inputs = _WIDTH if number < 2 else 2 * _WIDTH
    own = _array(weights / f"gru_{number}.w_0", 3 * _WIDTH * _WIDTH)
    gates = 2 * _WIDTH * _WIDTH
    return _Direction(
        _array(weights / f"fc_{number}.w_0", inputs, 3 * _WIDTH),
        _array(weights / f"fc_{number}.b_0", 3 * _WIDTH),
        own[:gates].reshape(_WIDTH, 2 * _WIDTH).copy(),
        own[gates:].reshape(_WIDTH, _WIDTH).copy(),
        _array(weights / f"gru_{number}.b_0", 3 * _WIDTH),
        is_reverse,
    )


def _states(given: Floats, is_text: npt.NDArray[np.bool_], way: _Direction) -> Floats:
    """Return the states of a gated recurrent unit: steps × rows × width; 0 beyond a text.

    Args:
        given: Steps × rows × inputs.
        is_text: Steps × rows × 1.
        way: The weights, and in which direction to read.
    """
    state = np.zeros((_ROWS, _WIDTH), dtype=np.float32)
    states = np.zeros((len(given), _ROWS, _WIDTH), dtype=np.float32)
    bias = way.given_bias + way.bias
    steps = range(len(given))
    for step in reversed(steps) if way.is_reverse else steps:
        sums = given[step] @ way.given + bias
        gates = 1 / (1 + np.exp(-(sums[:, : 2 * _WIDTH] + state @ way.gates)))
        update, reset = gates[:, :_WIDTH], gates[:, _WIDTH:]
        candidate = np.tanh(sums[:, 2 * _WIDTH :] + (reset * state) @ way.candidate)
        state = np.where(is_text[step], state + update * (candidate - state), state)
        states[step] = state * is_text[step]
    return states


def _best_tags(scores: Floats, lengths: list[int], field: Floats) -> list[list[int]]:
    """Return the likeliest tags of each text (Viterbi).

    Args:
        scores: Steps × rows × tags.
        lengths: Of the texts, in characters; further rows are none.
        field: What a text's first tag and its last one, and each step from tag to tag, are worth.
    """
    begin, end, steps = field[0], field[1], field[2:]
    sums = scores[0, : len(lengths)] + begin
    before, last = [], [sums]
    for own in scores[1:, : len(lengths)]:
        paths = sums[:, :, np.newaxis] + steps
        before.append(paths.argmax(1))
        sums = np.take_along_axis(paths, before[-1][:, np.newaxis], 1)[:, 0] + own
        last.append(sums)
    tags: list[list[int]] = []
    for row, length in enumerate(lengths):
        path = [int((last[length - 1][row] + end).argmax())]
        for chosen in reversed(before[: length - 1]):
            path.append(int(chosen[row][path[-1]]))
        tags.append(path[::-1])
    return tags
