"""Say what must be true between tables.

Each of these is a suite of its own. Its rows are the broken ones only, with their key and what
explains them, found by Polars' streaming engine on narrow columns.
"""

from collections.abc import Callable

import polars as pl

from expectations.suites.expectation import Frames, Suite, holds
from expectations.tables import TABLES, originals


def reference_suites() -> list[Suite]:
    """Return what must be true between tables."""
    keys = [_unique_key(table) for table in ("entities", "stories", "rejects", "ledger")]
    return [*keys, *_document_references(), _version_reference(), *_record_references()]


def _unique_key(table: str) -> Suite:
    key = TABLES[table].key
    shows = (*key[1:], "copies")
    rows = lambda frames: _repeated_keys(frames[table], list(key))  # noqa: E731
    return _reference(table, "key_is_unique", rows, "A key names one row.", *shows)


def _repeated_keys(rows: pl.LazyFrame, key: list[str]) -> pl.LazyFrame:
    return rows.group_by(key).agg(copies=pl.len()).filter(pl.col("copies") > 1)


def _reference(
    table: str, name: str, broken: Callable[[Frames], pl.LazyFrame], reason: str, *shows: str
) -> Suite:
    """Expect no row that `broken` finds."""
    key = TABLES[table].key
    none = holds(name, pl.lit(value=False), reason, *shows)
    return Suite(table, key, lambda f: broken(f).sort(key), (none,), shows_broken=True)


def _document_references() -> list[Suite]:
    return [
        _reference(
            "raw_documents",
            "is_in_ledger",
            _raw_not_in_ledger,
            "No record vanishes: each has a fate.",
            "source_uri",
        ),
        _reference(
            "documents",
            "representative_is_a_kept_document",
            _duplicates_of_none,
            "A duplicate leads to a document that is there and stands for itself.",
            "duplicate_of",
        ),
        _reference(
            "documents",
            "story_exists",
            _documents_without_story,
            "Each document tells a story, or none does: stories are switched off.",
            "story_id",
        ),
        _reference(
            "documents",
            "translation_is_of_its_story",
            _translations_of_none,
            "A translation leads to the representative of the story that both tell.",
            "translation_of",
            "story_id",
        ),
        _reference(
            "mentions",
            "entity_exists",
            _mentions_without_entity,
            "Each mention names an entity.",
            "entity_id",
        ),
    ]


def _version_reference() -> Suite:
    return _reference(
        "documents",
        "version_is_of_its_page",
        _versions_of_none,
        "A version leads to the one before, and to the current one, which were fetched from the "
        "same address, no later and no sooner.",
        "version_of",
        "superseded_by",
    )


def _record_references() -> list[Suite]:
    return [
        _reference(
            "entities",
            "mentions_add_up",
            _miscounted_entities,
            "Counts and documents of an entity must agree with the rows of `mentions`.",
            "mention_count",
            "document_count",
        ),
        _reference(
            "stories",
            "documents_add_up",
            _miscounted_stories,
            "The documents of a story are those that name it.",
            "document_count",
        ),
        _reference(
            "rejects",
            "is_in_ledger",
            _rejects_not_in_ledger,
            "The ledger knows every rejected record.",
        ),
        _reference(
            "rejects",
            "doc_id_is_in_raw_documents",
            _rejects_of_no_raw_document,
            "A reference must lead somewhere.",
            "doc_id",
        ),
        _reference(
            "ledger",
            "fate_is_what_happened",
            _fates_that_did_not_happen,
            "Published, repeated and superseded records are in `documents` as such, rejected ones "
            "in `rejects` alone.",
            "doc_id",
            "fate",
        ),
    ]


def _raw_not_in_ledger(tables: Frames) -> pl.LazyFrame:
    raw = tables["raw_documents"].select("doc_id", "source_uri")
    counted = tables["ledger"].select("doc_id", "source_uri")
    return raw.join(counted, on=["doc_id", "source_uri"], how="anti")


def _duplicates_of_none(tables: Frames) -> pl.LazyFrame:
    documents = tables["documents"].select("doc_id", "duplicate_of")
    kept = originals(tables["documents"]).select(duplicate_of="doc_id")
    duplicates = documents.filter(pl.col("duplicate_of").is_not_null())
    return duplicates.join(kept, on="duplicate_of", how="anti")


def _versions_of_none(tables: Frames) -> pl.LazyFrame:
    """Return versions of which the one before, or the current one, is not what it should be."""
    documents = tables["documents"].select(
        "doc_id", "url", "fetched_at", "version_of", "superseded_by"
    )
    links = ("version_of", "superseded_by")
    versions = documents.filter(pl.any_horizontal(pl.col(links).is_not_null()))
    for link in links:
        other = documents.select(
            **{link: "doc_id", f"{link}_url": "url", f"{link}_at": "fetched_at"},
            **{f"{link}_is_current": pl.col("superseded_by").is_null()},
        )
        versions = versions.join(other, on=link, how="left")
    fetched, url = pl.col("fetched_at"), pl.col("url")
    before = (
        (pl.col("version_of_url") == url)
        & (pl.col("version_of_at") <= fetched)
        & ~pl.col("version_of_is_current")
    )
    after = (
        (pl.col("superseded_by_url") == url)
        & (pl.col("superseded_by_at") >= fetched)
        & pl.col("superseded_by_is_current")
    )
    is_right = (pl.col("version_of").is_null() | before) & (
        pl.col("superseded_by").is_null() | after
    )
    return versions.filter(~is_right.fill_null(value=False)).select("doc_id", *links)


def _documents_without_story(tables: Frames) -> pl.LazyFrame:
    documents = tables["documents"].select("doc_id", "story_id")
    told = tables["stories"].select("story_id")
    missing = documents.join(told, on="story_id", how="anti")
    are_told = told.select(are_told=pl.len() > 0)
    return missing.join(are_told, how="cross").filter(
        pl.col("are_told") | pl.col("story_id").is_not_null()
    )


def _translations_of_none(tables: Frames) -> pl.LazyFrame:
    documents = tables["documents"].select("doc_id", "translation_of", "story_id")
    translations = documents.filter(pl.col("translation_of").is_not_null())
    told = tables["stories"].select("story_id", translation_of="representative")
    return translations.join(told, on=["story_id", "translation_of"], how="anti")


def _mentions_without_entity(tables: Frames) -> pl.LazyFrame:
    mentions = tables["mentions"].select(*TABLES["mentions"].key, "entity_id")
    return mentions.join(tables["entities"].select("entity_id"), on="entity_id", how="anti")


def _miscounted_entities(tables: Frames) -> pl.LazyFrame:
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


def _miscounted_stories(tables: Frames) -> pl.LazyFrame:
    found = tables["documents"].group_by("story_id").agg(found_documents=pl.col("doc_id").sort())
    stories = tables["stories"].select("story_id", "document_count", "documents")
    same = pl.col("documents").list.sort() == pl.col("found_documents")
    return (
        stories.join(found, on="story_id", how="left")
        .filter(~same.fill_null(value=False))
        .select("story_id", "document_count")
    )


def _rejects_not_in_ledger(tables: Frames) -> pl.LazyFrame:
    rejected = tables["ledger"].filter(pl.col("fate") == "rejected").select("source_uri")
    return (
        tables["rejects"].select("source_uri", "stage").join(rejected, on="source_uri", how="anti")
    )


def _rejects_of_no_raw_document(tables: Frames) -> pl.LazyFrame:
    read = tables["rejects"].filter(pl.col("doc_id").is_not_null())
    raw = tables["raw_documents"].select("doc_id", "source_uri")
    lost = read.join(raw, on=["doc_id", "source_uri"], how="anti")
    return lost.select("source_uri", "stage", "doc_id")


def _fates_that_did_not_happen(tables: Frames) -> pl.LazyFrame:
    documents = tables["documents"].select(
        "doc_id", "duplicate_of", "superseded_by", is_document=True
    )
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
        .when(pl.col("superseded_by").is_not_null())
        .then(pl.lit("superseded"))
        .when(pl.col("duplicate_of").is_null())
        .then(pl.lit("published"))
        .otherwise(pl.lit("duplicate"))
    )
    wrong = pl.col("fate").ne_missing(happened)
    return known.filter(wrong).select("source_uri", "doc_id", "fate")
