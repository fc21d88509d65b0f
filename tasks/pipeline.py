"""List the stages in their order: what is chained in memory, and where the barriers are.

Between two steps tables are written, so that the next build reuses their rows. A step sees
some documents at a time, or, where its line says so, all of them: that is a barrier. What each
stage reads and writes is declared on its function. Before the first step, `ingest` makes
`raw_documents` and `ingest_rejects` (`tasks.steps.ingest`); after the last, the tables of readers
are checked and published (`tasks.build`).
"""

import polars as pl

from expectations.tables import RAW_DOCUMENTS, TABLES
from expectations.working_tables import ALL_TABLES, INGEST_REJECTS
from tasks.clean.clean_documents import clean_documents
from tasks.clean.compose import compose_documents
from tasks.clean.drop_site_lines import drop_site_lines
from tasks.clean.find_personal_data import find_personal_data
from tasks.clean.find_site_lines import find_site_lines
from tasks.clean.tag_language import tag_language
from tasks.clean.trace_site_lines import trace_site_lines
from tasks.copies.find_contained import find_contained
from tasks.copies.find_duplicates import find_duplicates
from tasks.copies.find_novelties import find_novelties
from tasks.copies.find_versions import find_versions
from tasks.copies.resolve_stories import resolve_stories
from tasks.copies.sign import sign_documents
from tasks.copies.trace_stories import trace_stories
from tasks.entities.resolve_entities import resolve_entities
from tasks.mentions.extract_entities import extract_entities
from tasks.releases.assemble import assemble_documents, assemble_ledger
from tasks.settings import Settings
from tasks.steps.stage import chain, pipeline

PIPELINE = pipeline(
    (RAW_DOCUMENTS, INGEST_REJECTS),
    tuple(TABLES),
    chain("clean", clean_documents, trace_site_lines),
    chain("find_site_lines", find_site_lines),  # sees all documents
    chain(
        "compose",
        drop_site_lines,
        tag_language,
        find_personal_data,
        compose_documents,
        sign_documents,
        trace_stories,
    ),
    chain(  # sees all documents
        "find_copies", find_versions, find_duplicates, find_novelties, find_contained
    ),
    chain("extract_entities", extract_entities),
    chain("resolve_entities", resolve_entities),  # sees all documents
    chain("resolve_stories", resolve_stories),  # sees all documents
    chain("assemble_documents", assemble_documents),
    chain("assemble_ledger", assemble_ledger),  # sees all documents
)

#: Has what most articles have: sentences, a date, names.
_REHEARSED = (
    "Anna Meyer, who leads the harbour company of Hamburg, said on 12 March 2024 that the ferry to "
    "London will go again.\nShe hopes that many people will take it, since the trains are full."
)


def rehearse(settings: Settings) -> None:
    """Run the stages on an article and a page in memory, so that what they load is there."""
    page = raw_document("page", f"<p>{_REHEARSED}", is_markup=True)
    tables = {name: table.empty() for name, table in ALL_TABLES.items()}
    rows = [raw_document("text", _REHEARSED), page]
    tables |= {"raw_documents": RAW_DOCUMENTS.frame(rows)}
    for step in PIPELINE:
        given: dict[str, pl.DataFrame | pl.LazyFrame] = dict(tables)
        if step.whole:
            given = {name: table.lazy() for name, table in tables.items()}
        tables |= step.outputs(given, settings)


def raw_document(doc_id: str, text: str, *, is_markup: bool = False) -> dict[str, object]:
    """Return a row of `raw_documents` that no file stands behind, as of a file of text."""
    return {
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
