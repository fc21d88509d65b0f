"""Sign documents: reads `clean_documents`, writes `signatures`.

A signature is what copies are found by without the text: a hash of the normalised text
for exact ones, a MinHash (Broder 1997) over shingles for near ones. Of each minimum only
one byte is kept (b-bit minwise hashing, Li and König 2010): `similarity` in
`tasks.copies.find_duplicates` corrects for bytes that agree by chance. Excerpts are found by
fingerprints (`tasks.copies.fingerprints`).
"""

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl
from rensa import RMinHash

from expectations.working_tables import CLEAN_DOCUMENTS, SIGNATURES
from tasks.copies.fingerprints import fingerprints
from tasks.copies.shingles import ShingleWidths, normalised, shingle_hashes
from tasks.settings import DuplicateSettings
from tasks.steps.stage import stage

# Characters hashed at once. Each takes some 60 bytes of arrays; larger is not faster.
BATCH_CHARS = 200_000
# The permutations. Another number means other signatures, so it is no setting.
SEED = 1
# Spreads a minimum, whose high bits are nearly always zero, before its top byte is taken.
_SPREAD = np.uint32(0x9E3779B1)


@stage(
    reads=[CLEAN_DOCUMENTS.only("doc_id", "source_uri", "text", "text_chars")],
    writes=[SIGNATURES],
)
def sign_documents(clean_documents: pl.DataFrame, settings: DuplicateSettings) -> pl.DataFrame:
    """Sign each document.

    Args:
        clean_documents: `clean_documents`, or some of its rows and at least the columns
            `doc_id`, `source_uri`, `text` and `text_chars`.
        settings: The shingle widths and the length of a signature.

    Returns:
        `signatures`, one row per document, sorted by `doc_id`.
    """
    documents = clean_documents.sort("doc_id")
    texts = [normalised(text) for text in documents["text"]]
    exact = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    signatures = [row for batch in _batches(texts, settings) for row in _signed(batch, settings)]
    return documents.select(
        "doc_id",
        "source_uri",
        "text_chars",
        pl.Series("exact_sha256", exact, pl.String),
        pl.Series("minhash", [minhash for minhash, _ in signatures], pl.Binary),
        pl.Series("fingerprints", [each for _, each in signatures], pl.Binary),
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
