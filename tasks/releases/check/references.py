"""The rows whose reference to another table is broken, found by Polars' streaming engine.

Each function gets the public tables as lazy frames and returns lazily the broken rows only:
the key and what explains them. Only narrow columns are read.
"""

from collections.abc import Callable, Mapping

import polars as pl

from expectations.tables import TABLES

Tables = Mapping[str, pl.LazyFrame]


def _repeated_keys(tables: Tables, table: str) -> pl.LazyFrame:
    key = list(TABLES[table].key)
    return tables[table].group_by(key).agg(copies=pl.len()).filter(pl.col("copies") > 1)


def _raw_not_in_ledger(tables: Tables) -> pl.LazyFrame:
    raw = tables["raw_documents"].select("doc_id", "source_uri")
    counted = tables["ledger"].select("doc_id", "source_uri")
    return raw.join(counted, on=["doc_id", "source_uri"], how="anti")


def _duplicates_of_none(tables: Tables) -> pl.LazyFrame:
    documents = tables["documents"].select("doc_id", "duplicate_of")
    kept = documents.filter(pl.col("duplicate_of").is_null()).select(duplicate_of="doc_id")
    duplicates = documents.filter(pl.col("duplicate_of").is_not_null())
    return duplicates.join(kept, on="duplicate_of", how="anti")


def _documents_without_story(tables: Tables) -> pl.LazyFrame:
    documents = tables["documents"].select("doc_id", "story_id")
    return documents.join(tables["stories"].select("story_id"), on="story_id", how="anti")


def _translations_of_none(tables: Tables) -> pl.LazyFrame:
    documents = tables["documents"].select("doc_id", "translation_of", "story_id")
    translations = documents.filter(pl.col("translation_of").is_not_null())
    told = tables["stories"].select("story_id", translation_of="representative")
    return translations.join(told, on=["story_id", "translation_of"], how="anti")


def _mentions_without_entity(tables: Tables) -> pl.LazyFrame:
    mentions = tables["mentions"].select(*TABLES["mentions"].key, "entity_id")
    return mentions.join(tables["entities"].select("entity_id"), on="entity_id", how="anti")


def _miscounted_entities(tables: Tables) -> pl.LazyFrame:
    by_document = tables["mentions"].group_by("entity_id", "doc_id").agg(mentions=pl.len())
    found = by_document.group_by("entity_id").agg(
        found_mentions=pl.col("mentions").sum(), found_documents=pl.col("doc_id").sort()
    )
    entities = tables["entities"].select(*_ENTITY_COLUMNS).join(found, on="entity_id", how="left")
    same = (pl.col("mention_count") == pl.col("found_mentions")) & (
        pl.col("documents").list.sort() == pl.col("found_documents")
    )
    return entities.filter(~same.fill_null(value=False)).select(*_ENTITY_COLUMNS[:3])


_ENTITY_COLUMNS = ("entity_id", "mention_count", "document_count", "documents")


def _miscounted_stories(tables: Tables) -> pl.LazyFrame:
    found = tables["documents"].group_by("story_id").agg(found_documents=pl.col("doc_id").sort())
    stories = tables["stories"].select("story_id", "document_count", "documents")
    same = pl.col("documents").list.sort() == pl.col("found_documents")
    return (
        stories.join(found, on="story_id", how="left")
        .filter(~same.fill_null(value=False))
        .select("story_id", "document_count")
    )


def _rejects_not_in_ledger(tables: Tables) -> pl.LazyFrame:
    rejected = tables["ledger"].filter(pl.col("fate") == "rejected").select("source_uri")
    return (
        tables["rejects"].select("source_uri", "stage").join(rejected, on="source_uri", how="anti")
    )


def _rejects_of_no_raw_document(tables: Tables) -> pl.LazyFrame:
    read = tables["rejects"].filter(pl.col("doc_id").is_not_null())
    raw = tables["raw_documents"].select("doc_id", "source_uri")
    lost = read.join(raw, on=["doc_id", "source_uri"], how="anti")
    return lost.select("source_uri", "stage", "doc_id")


def _fates_that_did_not_happen(tables: Tables) -> pl.LazyFrame:
    documents = tables["documents"].select("doc_id", "duplicate_of", is_document=True)
    rejects = tables["rejects"].select("source_uri", is_reject=True).unique()
    ledger = tables["ledger"].select("source_uri", "doc_id", "fate")
    known = ledger.join(documents, on="doc_id", how="left")
    known = known.join(rejects, on="source_uri", how="left")
    document = pl.col("is_document").fill_null(value=False)
    reject = pl.col("is_reject").fill_null(value=False)
    happened = (
        pl.when(document & reject)
        .then(pl.lit("both"))
        .when(reject)
        .then(pl.lit("rejected"))
        .when(~document)
        .then(pl.lit("neither"))
        .when(pl.col("duplicate_of").is_null())
        .then(pl.lit("published"))
        .otherwise(pl.lit("duplicate"))
    )
    wrong = pl.col("fate").ne_missing(happened)
    return known.filter(wrong).select("source_uri", "doc_id", "fate")


_FINDERS: dict[tuple[str, str], Callable[[Tables], pl.LazyFrame]] = {
    ("raw_documents", "is_in_ledger"): _raw_not_in_ledger,
    ("documents", "representative_is_a_kept_document"): _duplicates_of_none,
    ("documents", "story_exists"): _documents_without_story,
    ("documents", "translation_is_of_its_story"): _translations_of_none,
    ("mentions", "entity_exists"): _mentions_without_entity,
    ("entities", "mentions_add_up"): _miscounted_entities,
    ("stories", "documents_add_up"): _miscounted_stories,
    ("rejects", "is_in_ledger"): _rejects_not_in_ledger,
    ("rejects", "doc_id_is_in_raw_documents"): _rejects_of_no_raw_document,
    ("ledger", "fate_is_what_happened"): _fates_that_did_not_happen,
}


def broken_rows(tables: Tables, table: str, expectation: str) -> pl.LazyFrame:
    """Return the rows of a table that break a reference, sorted, with a false fact column.

    Raises:
        KeyError: No finder is known for the expectation.
    """
    if expectation == "key_is_unique":
        found = _repeated_keys(tables, table)
    else:
        found = _FINDERS[table, expectation](tables)
    return found.sort(TABLES[table].key).with_columns(pl.lit(value=False).alias(expectation))
