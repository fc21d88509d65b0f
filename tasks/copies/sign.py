"""Sign documents, so that their copies and excerpts are found without their texts.

Reads `clean_documents`, writes `signatures`. For exact copies a hash of the normalised text; for
near ones a MinHash (Broder 1997) over shingles. Of each minimum only one byte is kept (b-bit
minwise hashing, Li and König 2010): `similarity` in `tasks.copies.find_duplicates` corrects for
bytes that agree by chance.

What a text states (`tasks.copies.facts`) tells copies from reports that fill in one template.

For excerpts fingerprints, a sample of the shingle hashes (winnowing; Schleimer, Wilkerson and
Aiken 2003): of every few shingles in a row, the smallest. Which ones are taken depends on the text
around them only, so that a text and an excerpt of it have all fingerprints of the excerpt in
common.
"""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import polars as pl
from rensa import RMinHash

from expectations.working_tables import CLEAN_DOCUMENTS, SIGNATURES
from tasks.copies.facts import facts_of
from tasks.copies.shingles import Hashes, ShingleWidths, normalised, shingle_hashes
from tasks.settings import DuplicateSettings
from tasks.steps.stage import stage
from tasks.writing.characters import Integers

# Characters hashed at once. Each takes some 60 bytes of arrays; larger is not faster.
BATCH_CHARS = 200_000
# The permutations. Another number means other signatures, so it is no setting.
SEED = 1
# Spreads a minimum, whose high bits are nearly always zero, before its top byte is taken.
_SPREAD = np.uint32(0x9E3779B1)
#: Shingles in a row of which the smallest is taken: two texts that share so many share a
#: fingerprint. A text has 2 / 9 as many fingerprints as shingles.
WINDOW = 8
#: What is kept of a hash. Strangers that agree on four bytes are told apart by their texts.
FINGERPRINT = np.dtype("<u4")
_HALF = np.uint64(32)


@stage(
    reads=[CLEAN_DOCUMENTS.only("doc_id", "source_uri", "text", "text_chars")],
    writes=[SIGNATURES],
    packages=["regex", "rensa"],
)
def sign_documents(clean_documents: pl.DataFrame, settings: DuplicateSettings) -> pl.DataFrame:
    """Sign each document.

    Args:
        clean_documents: `clean_documents`, or some of its rows, in any order.
        settings: The shingle widths and the length of a signature.

    Returns:
        `signatures`, one row per document, sorted by `doc_id`.
    """
    documents = clean_documents.sort("doc_id")
    texts = [normalised(text) for text in documents["text"]]
    exact = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    read = [text[: settings.max_compared_chars] for text in documents["text"]]
    signatures = [row for batch in _batches(texts, settings) for row in _signed(batch, settings)]
    return documents.select(
        "doc_id",
        "source_uri",
        "text_chars",
        pl.Series("exact_sha256", exact, pl.String),
        pl.Series("minhash", [minhash for minhash, _ in signatures], pl.Binary),
        pl.Series("fingerprints", [each for _, each in signatures], pl.Binary),
        pl.Series("facts", [facts_of(text) for text in read], pl.Binary),
    ).match_to_schema(SIGNATURES.polars_schema)


def _batches(texts: Sequence[str], settings: DuplicateSettings) -> Iterator[Sequence[str]]:
    read = [text[: settings.max_compared_chars] for text in texts]
    start = chars = 0
    for end, text in enumerate(read):
        if chars and chars + len(text) > BATCH_CHARS:
            yield read[start:end]
            start, chars = end, 0
        chars += len(text)
    yield read[start:]


def _signed(texts: Sequence[str], settings: DuplicateSettings) -> Iterator[tuple[bytes, bytes]]:
    """Yield the MinHash and the fingerprints of each text; both empty: too short."""
    widths = ShingleWidths(settings.tokens_per_shingle, settings.complex_letters_per_shingle)
    hashes, offsets = shingle_hashes(texts, widths)
    digests = RMinHash.digest_matrix_from_flat_token_hashes(
        hashes, offsets.astype(np.uint64), settings.num_permutations, SEED
    ).to_rows()
    minima = np.array(digests, np.uint32).reshape(len(texts), settings.num_permutations)
    last_bytes = ((minima * _SPREAD) >> np.uint32(24)).astype(np.uint8)
    enough = np.diff(offsets) >= settings.min_shingles
    rows = zip(last_bytes, fingerprints(hashes, offsets), enough, strict=True)
    for minhash, prints, is_long in rows:
        yield (minhash.tobytes(), prints) if is_long else (b"", b"")


def fingerprints(hashes: Hashes, offsets: Integers) -> list[bytes]:
    """Return the distinct fingerprints of each text, sorted, four bytes each.

    Args:
        hashes: The shingle hashes of all texts in a row.
        offsets: Where each text's begin, and one more. A text of fewer shingles than `WINDOW`
            has no fingerprints.
    """
    smallest = _smallest(hashes)
    owners = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))[: len(smallest)]
    is_whole = np.arange(len(smallest)) + WINDOW <= offsets[1:][owners]
    # A text's number before each value: all are sorted, and repeats found, in one pass.
    keys = np.sort(((owners.astype(np.uint64) << _HALF) | (smallest >> _HALF))[is_whole])
    keys = keys[np.append(True, keys[1:] != keys[:-1])[: len(keys)]]
    starts = np.searchsorted(keys, np.arange(len(offsets), dtype=np.uint64) << _HALF)
    values = keys.astype(FINGERPRINT)
    return [values[start:end].tobytes() for start, end in pairwise(starts.tolist())]


def read_fingerprints(joined: bytes) -> npt.NDArray[np.uint32]:
    """Return the numbers that `fingerprints` wrote, of one text or of several in a row."""
    return np.frombuffer(joined, FINGERPRINT)


def _smallest(hashes: Hashes) -> Hashes:
    """Return the smallest hash of each window."""
    count = max(len(hashes) - WINDOW + 1, 0)
    smallest = hashes[:count].copy()
    for offset in range(1, WINDOW):
        np.minimum(smallest, hashes[offset : offset + count], out=smallest)
    return smallest
