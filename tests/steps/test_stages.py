"""Every per-document stage: a document's rows do not depend on the company it keeps.

Row reuse rests on it: a row computed alone must have the bytes of one computed with others.
"""

from pathlib import Path

import polars as pl
import pytest

from benchmarks.corpus import write_corpus
from flows.stages import STAGES
from tasks.settings import Settings
from tasks.steps.store import Store, TableVersion
from tests.making.pipeline import make_tables

_DOCUMENTS = 60
_PER_DOCUMENT = [name for name, stage in STAGES.items() if not stage.whole and not stage.looks_up]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    write_corpus(folder, _DOCUMENTS, seed=7)
    return folder


@pytest.fixture(scope="module")
def store(corpus: Path) -> Store:
    return Store(corpus / "store")


@pytest.fixture(scope="module")
def tables(corpus: Path, store: Store) -> dict[str, TableVersion]:
    return make_tables(corpus / "source", store.root)


@pytest.mark.parametrize("name", _PER_DOCUMENT)
def test_a_document_gives_the_same_rows_alone_and_among_others(
    store: Store, tables: dict[str, TableVersion], name: str
) -> None:
    stage, settings = STAGES[name], Settings()
    frames = [store.scan(tables[table]).collect() for table in stage.reads]
    together = stage.outputs(frames, settings)
    ids = frames[0]["doc_id"].unique().sort().to_list()[::3]
    for doc_id in ids:
        alone = stage.outputs([f.filter(doc_id=doc_id) for f in frames], settings)
        for table, frame in alone.items():
            assert frame.equals(together[table].filter(doc_id=doc_id)), (table, doc_id)


@pytest.mark.parametrize("name", sorted(STAGES))
def test_the_order_of_the_rows_that_a_stage_reads_does_not_matter(
    store: Store, tables: dict[str, TableVersion], name: str
) -> None:
    stage, settings = STAGES[name], Settings()
    names = [*stage.reads, *stage.looks_up]
    frames: list[pl.DataFrame | pl.LazyFrame] = [store.scan(tables[n]).collect() for n in names]
    lazy = [i for i, n in enumerate(names) if stage.whole or n in stage.looks_up]
    shuffled = [frame.sample(fraction=1, shuffle=True, seed=3) for frame in frames]  # type: ignore[union-attr]
    for index in lazy:
        frames[index], shuffled[index] = frames[index].lazy(), shuffled[index].lazy()
    expected = stage.outputs(frames, settings)
    for table, frame in stage.outputs(shuffled, settings).items():
        assert frame.equals(expected[table]), table


@pytest.mark.parametrize("name", sorted(STAGES))
def test_a_stage_makes_empty_tables_of_empty_tables(
    store: Store, tables: dict[str, TableVersion], name: str
) -> None:
    stage = STAGES[name]
    names = [*stage.reads, *stage.looks_up]
    frames: list[pl.DataFrame | pl.LazyFrame] = [
        store.scan(tables[n]).collect().clear() for n in names
    ]
    lazy = [i for i, n in enumerate(names) if stage.whole or n in stage.looks_up]
    for index in lazy:
        frames[index] = frames[index].lazy()
    for table, frame in stage.outputs(frames, Settings()).items():
        assert frame.schema == store.scan(tables[table]).collect_schema()
        assert frame.is_empty()


def test_every_record_of_the_corpus_has_one_fate(
    store: Store, tables: dict[str, TableVersion]
) -> None:
    ledger = store.scan(tables["ledger"]).collect()
    records = tables["raw_documents"].rows + tables["ingest_rejects"].rows
    assert ledger.height == records == _DOCUMENTS
    assert {"published", "duplicate"} <= set(ledger["fate"])
