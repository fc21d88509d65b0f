"""Ask py3langid and CLD2 which language a text is in, many texts at a time.

Both carry their model in the package. py3langid walks an automaton over the bytes of a text,
one at a time in Python; here its model is walked over many texts at once, which finds the same
features (a test compares them) five times as fast.
"""

import io
import lzma
import unicodedata
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType

import numpy as np
import scipy  # its parts are imported when they are used
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from py3langid.langid import MODEL_DIR, MODEL_FILE

from tasks.writing.languages import UNDETERMINED, from_cld2, from_py3langid

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]

#: The exponential's last digits differ between processors; a probability has no use for them.
PROBABILITY_DIGITS = 4
_LEAST_PROBABILITY = 0.5 * 10**-PROBABILITY_DIGITS
#: Parts of one that the model's weights are whole numbers of: sums of them times 32-bit logarithms
#: are exact in 64 bits up to some 40,000 features, whatever processor adds them in any order.
WEIGHT_PARTS = 1024
#: Texts and bytes that are walked together: more is no faster and takes more memory. A text
#: and a feature make one number of 31 bits, of which a feature takes 17.
_BATCH_TEXTS = 8192
_BATCH_BYTES = 1 << 21
#: Bytes that one lane of a walk covers: 32 to 512 are as fast.
_LANE_BYTES = 64
#: After this many bytes the automaton's state is the same wherever the walk began: the model's
#: features are of no more bytes.
WARM_UP_BYTES = 6
#: Stands in no UTF-8 (RFC 3629): it takes the automaton back to its first state.
_SEPARATOR = b"\xff"


@dataclass(frozen=True, slots=True)
class Cld2Guess:
    """CLD2's first language.

    Attributes:
        language: A tag of the vocabulary.
        share: Which share of the text it is in, 0 to 1.
        score: CLD2's normalised score; running text has about 1,000, gibberish under 300.
    """

    language: str
    share: float
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class Py3langidGuess:
    """py3langid's first language, and its others.

    Attributes:
        language: A tag of the vocabulary; of equally likely ones the first.
        probability: Of the first, rounded.
    """

    language: str
    probability: float
    _row: Floats

    def probabilities(self) -> dict[str, float]:
        """Return the probability of each tag that is likely at all, rounded."""
        columns = np.flatnonzero(self._row)
        values = self._row[columns].tolist()
        return {_model().tags[column]: value for column, value in zip(columns, values, strict=True)}


@dataclass(frozen=True)
class _Model:
    """py3langid's model: an automaton that finds features, and their weights by label.

    Attributes:
        next_states: State after a byte, at its state's row start plus the byte.
        row_starts: Where the row of each state starts.
        features: Feature that each state ends; the last feature stands for none.
        weights: Logarithm of each feature's probability, by label, less the feature's largest,
            which a softmax leaves out, in parts. int16, (features, columns); of none 0.
        priors: Logarithm of each column's probability, float32.
        tags: Tag of each column. The columns are sorted by it and by label.
        repeated_labels: First and another column of a label that has several.
        repeated_tags: First and another column of a tag that has several.
    """

    next_states: Integers
    row_starts: Integers
    features: Integers
    weights: NDArray[np.int16]
    priors: NDArray[np.float32]
    tags: list[str]
    repeated_labels: list[tuple[int, int]]
    repeated_tags: list[tuple[int, int]]

    @property
    def no_feature(self) -> int:
        """Return the number that stands for no feature."""
        return len(self.weights) - 1


@lru_cache(maxsize=1)
def _model() -> _Model:
    """Read the model from the package of py3langid."""
    with lzma.open(MODEL_DIR / MODEL_FILE) as packed:
        arrays = np.load(io.BytesIO(packed.read()), allow_pickle=False)
    columns = [(from_py3langid(label), label) for label in arrays["classes"].tolist()]
    order = sorted(range(len(columns)), key=columns.__getitem__)
    columns.sort()
    tags = [tag for tag, _label in columns]
    weights, features = _weights(arrays["ptc"], order), arrays["out_feat"]
    return _Model(
        next_states=arrays["nextmove"].view(np.int32),
        row_starts=arrays["nextmove_row"].astype(np.int32) << 8,
        features=np.where(features < 0, np.int32(len(weights) - 1), features),
        weights=weights,
        priors=arrays["pc"][order],
        tags=tags,
        repeated_labels=_repeated(columns),
        repeated_tags=_repeated(tags),
    )


def _repeated(names: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Return the first column of a name that has several, with each of the others."""
    columns = [(names.index(name), column) for column, name in enumerate(names)]
    return [(first, column) for first, column in columns if first != column]


def _weights(halves: NDArray[np.float16], order: Sequence[int]) -> NDArray[np.int16]:
    """Return the weights of all features and of none, the columns in another order."""
    weights = np.zeros((len(halves) + 1, len(order)), np.int16)
    # Some rows at a time: a copy of all of them would be the largest thing in memory.
    for start in range(0, len(halves), _BATCH_TEXTS):
        rows = halves[start : start + _BATCH_TEXTS, order].astype(np.float32)
        rows -= rows.max(axis=1, keepdims=True)
        weights[start : start + len(rows)] = np.rint(rows * WEIGHT_PARTS)
    return weights


def py3langid_guesses(texts: Sequence[str]) -> list[Py3langidGuess]:
    """Return what py3langid says of each text; what it says depends on that text only."""
    encoded = [_encoded(text) for text in texts]
    found: list[Py3langidGuess] = []
    for start, end in _batches(encoded):
        rows = _probabilities(encoded[start:end])
        first = rows.argmax(axis=1)
        values = rows[np.arange(len(rows)), first].tolist()
        tags = [_model().tags[column] for column in first.tolist()]
        found += map(Py3langidGuess, tags, values, rows)
    return found


def _encoded(text: str) -> bytes:
    """Return the bytes that the model was trained on, as py3langid makes them."""
    lowered = text.lower() if text.isupper() else text
    return unicodedata.normalize("NFC", lowered).encode("utf-8", errors="surrogatepass")


def _batches(encoded: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    """Yield the first of some texts that are walked together, and the one after the last."""
    start, size = 0, 0
    for end, data in enumerate(encoded):
        if end > start and (end - start >= _BATCH_TEXTS or size + len(data) > _BATCH_BYTES):
            yield start, end
            start, size = end, 0
        size += len(data)
    if start < len(encoded):
        yield start, len(encoded)


def _probabilities(encoded: Sequence[bytes]) -> Floats:
    """Return the probability of each column's tag, rounded, (texts, columns)."""
    model = _model()
    counts = _feature_counts(encoded)
    scores = _sums(counts, model.weights) / WEIGHT_PARTS + model.priors
    # A text without features is as likely in any language.
    scores[np.diff(counts.indptr) == 0] = 0.0
    lengths = np.array([max(len(data), 1) for data in encoded])
    scores /= np.sqrt(lengths)[:, None]
    scores -= scores.max(axis=1, keepdims=True)
    shares = np.exp(scores, out=scores)
    shares /= shares.sum(axis=1, keepdims=True)
    _fold(shares, model.repeated_labels)
    shares[shares < _LEAST_PROBABILITY] = 0.0
    _fold(shares, model.repeated_tags)
    return shares.round(PROBABILITY_DIGITS, out=shares)


def _sums(counts: "scipy.sparse.csr_array", weights: NDArray[np.int16]) -> Floats:
    """Return the sum of the weights of each text's features, (texts, columns).

    Only the rows that are used become 64-bit numbers: all would take a fifth of a gigabyte.
    """
    used = np.zeros(len(weights), bool)
    used[counts.indices] = True
    rows = (np.cumsum(used, dtype=np.int32) - 1)[counts.indices]
    shape = (counts.shape[0], int(np.count_nonzero(used)))
    narrow = scipy.sparse.csr_array((counts.data, rows, counts.indptr), shape=shape)
    found: Floats = narrow @ weights[used].astype(np.float64)
    return found


def _fold(shares: Floats, repeated: list[tuple[int, int]]) -> None:
    """Add the columns of one name in the first of them, in place."""
    for first, column in repeated:
        shares[:, first] += shares[:, column]
        shares[:, column] = 0.0


def _feature_counts(encoded: Sequence[bytes]) -> "scipy.sparse.csr_array":
    """Return the logarithm of one more than how often each feature stands in each text.

    To 32 bits, but not by a 32-bit logarithm: its last digit differs between processors.
    """
    model = _model()
    found = _features_found(np.frombuffer(_SEPARATOR.join(encoded), np.uint8))
    ends = np.cumsum([len(data) + 1 for data in encoded])
    bits = model.no_feature.bit_length()
    keys = np.repeat(np.arange(len(encoded), dtype=np.int32) << bits, np.diff(ends, prepend=0))
    keys = keys[: len(found)] | found
    keys = keys[found != model.no_feature]
    keys.sort()
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    counts = np.diff(starts, append=len(keys))
    keys = keys[starts]
    indptr = np.searchsorted(keys, np.arange(len(encoded) + 1) << bits)
    logarithms = np.log1p(counts.astype(np.float64)).astype(np.float32).astype(np.float64)
    return scipy.sparse.csr_array(
        (logarithms, keys & ((1 << bits) - 1), indptr),
        shape=(len(encoded), len(model.weights)),
    )


def _features_found(data: NDArray[np.uint8]) -> Integers:
    """Return the feature that ends at each byte, the texts' bytes being separated.

    The bytes are cut into lanes that are walked side by side. A lane starts early enough to be
    in the state that a walk from the start of the text would be in.
    """
    model = _model()
    lanes = len(data) // _LANE_BYTES + 1
    padded = np.full(WARM_UP_BYTES + lanes * _LANE_BYTES, _SEPARATOR[0], np.uint8)
    padded[WARM_UP_BYTES : WARM_UP_BYTES + len(data)] = data
    windows = sliding_window_view(padded, WARM_UP_BYTES + _LANE_BYTES)[::_LANE_BYTES]
    states = np.zeros(lanes, np.int32)
    found = np.empty((_LANE_BYTES, lanes), np.int32)
    for step, column in enumerate(np.ascontiguousarray(windows.T)):
        states = model.next_states.take(model.row_starts.take(states) + column)
        if step >= WARM_UP_BYTES:
            model.features.take(states, out=found[step - WARM_UP_BYTES])
    return found.T.ravel()[: len(data)]


@lru_cache(maxsize=1)
def _pycld2() -> ModuleType | None:
    """Return pycld2, or None where there is no wheel for it.

    This is no silent fallback: what was tagged without it is tagged anew with it, and the reverse.
    """
    try:
        import pycld2  # noqa: PLC0415
    except ImportError:
        return None
    module: ModuleType = pycld2
    return module


def cld2_guess(text: str) -> Cld2Guess | None:
    """Return CLD2's guess; None if it has none or is not installed.

    Args:
        text: Without controls, surrogates or noncharacters, at which CLD2 raises.
    """
    cld2 = _pycld2()
    if cld2 is None:
        return None
    _reliable, _bytes, languages = cld2.detect(text, isPlainText=True, bestEffort=True)
    _name, code, percent, score = languages[0]
    language = from_cld2(code)
    return None if language == UNDETERMINED else Cld2Guess(language, percent / 100, score)
