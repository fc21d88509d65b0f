"""Make raw documents of texts."""

import polars as pl

from expectations.tables import RAW_DOCUMENTS
from tasks.pipeline import raw_document


def raw_documents(texts: dict[str, str], *, is_markup: bool = False) -> pl.DataFrame:
    """Return a `raw_documents` frame with these texts by `doc_id`."""
    return RAW_DOCUMENTS.frame(
        raw_document(doc_id, text, is_markup=is_markup) for doc_id, text in texts.items()
    )
