"""Make raw documents of texts."""

import polars as pl

from expectations.tables import RAW_DOCUMENTS


def raw_documents(texts: dict[str, str], *, is_markup: bool = False) -> pl.DataFrame:
    """Return a `raw_documents` frame with these texts by `doc_id`."""
    return RAW_DOCUMENTS.frame(
        {
            **dict.fromkeys(RAW_DOCUMENTS.column_names),
            "doc_id": doc_id,
            "source_uri": f"{doc_id}.txt",
            "format": "text",
            "is_markup": is_markup,
            "content_sha256": "",
            "content_bytes": len(text.encode()),
            "encoding": "utf-8",
            "encoding_source": "utf-8",
            "encoding_confidence": 1.0,
            "replaced_chars": 0,
            "text": text,
            "text_chars": len(text),
        }
        for doc_id, text in texts.items()
    )
