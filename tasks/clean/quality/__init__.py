"""Quality signals of a document's text: measured for every document, defined for every script.

What they are measured by is in the literature: Gopher (Rae et al. 2021, table A1), C4 (Raffel
et al. 2020), RefinedWeb (Penedo et al. 2023), FineWeb 2 (Penedo et al. 2025). Where a signal
has no meaning in a script or a language, it is null. `docs/quality.md` has the definitions.
"""

import polars as pl

from tasks.clean.quality.characters import character_shares
from tasks.clean.quality.lines import line_signals
from tasks.clean.quality.runs import run_shares
from tasks.clean.quality.words import word_signals


def measure_quality(documents: pl.DataFrame) -> pl.DataFrame:
    """Measure the texts of documents.

    Args:
        documents: `doc_id, text, language, script`; each text's lines are its segments.

    Returns:
        `doc_id` and a column per signal, one row per document, sorted by `doc_id`. A row
        depends on that document only.
    """
    texts = documents.select("doc_id", "text", "language", "script").sort("doc_id")
    shares = character_shares(texts)
    for signals in (line_signals(texts), word_signals(texts), run_shares(texts)):
        shares = shares.join(signals, on="doc_id", how="left", maintain_order="left")
    return shares
