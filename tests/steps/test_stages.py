"""In every stage that sees some documents, a document's rows do not depend on the others.

Row reuse rests on it: a row computed alone must have the bytes of one computed with others.
"""

from pathlib import Path

import pytest

from benchmarks.corpus import write_corpus
from expectations.working_tables import ALL_TABLES
from tasks.settings import Settings
from tasks.steps.build import Made
from tasks.steps.store import Store
from tests.making.pipeline import STAGES, Frames, computed, make, outputs

_DOCUMENTS = 36
_SOME = [name for name, stage in STAGES.items() if not stage.whole]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    write_corpus(folder, _DOCUMENTS, seed=7)
    return folder


@pytest.fixture(scope="module")
def made(corpus: Path) -> Made:
    return make(corpus / "source", corpus / "store")


@pytest.fixture(scope="module")
def tables(corpus: Path, made: Made) -> Frames:
    """Every table of the pipeline, also those that are handed on in memory."""
    store = Store(corpus / "store")
    frames = {name: store.scan(made.tables[name]).collect() for name in made.tables}
    handed_on = [n for n, s in STAGES.items() if any(t.name not in frames for t in s.writes)]
    return computed(frames, handed_on)


@pytest.mark.parametrize("name", _SOME)
def test_a_document_gives_the_same_rows_alone_and_among_others(tables: Frames, name: str) -> None:
    stage = STAGES[name]
    read = {table.name: tables[table.name] for table in stage.reads}
    ids = next(iter(read.values()))["doc_id"].unique().sort().to_list()[::3]
    for doc_id in ids:
        alone = outputs(stage, {n: frame.filter(doc_id=doc_id) for n, frame in read.items()})
        for table, frame in alone.items():
            assert frame.equals(tables[table].filter(doc_id=doc_id)), (table, doc_id)


@pytest.mark.parametrize("name", sorted(STAGES))
def test_the_order_of_the_rows_that_a_stage_reads_does_not_matter(
    tables: Frames, name: str
) -> None:
    stage = STAGES[name]
    shuffled = {
        table.name: tables[table.name].sample(fraction=1, shuffle=True, seed=3)
        for table in stage.reads
    }
    for table, frame in outputs(stage, shuffled).items():
        assert frame.equals(tables[table]), table


@pytest.mark.parametrize("name", sorted(STAGES))
def test_a_stage_makes_empty_tables_of_empty_tables(tables: Frames, name: str) -> None:
    stage = STAGES[name]
    for table, frame in outputs(stage, {n: f.clear() for n, f in tables.items()}).items():
        assert frame.schema == ALL_TABLES[table].polars_schema
        assert frame.is_empty()


@pytest.mark.parametrize("name", sorted(STAGES))
def test_what_a_stage_remembers_changes_no_row(tables: Frames, name: str) -> None:
    stage = STAGES[name]
    given = {**tables, **{table.name: tables[table.name] for table in stage.remembers}}
    if stage.remembers:
        lazy = {n: f.lazy() for n, f in given.items()}
        for table, frame in stage.outputs(lazy, Settings()).items():
            assert frame.equals(tables[table]), table


def test_every_record_of_the_corpus_has_one_fate(made: Made, tables: Frames) -> None:
    ledger = tables["ledger"]
    records = made.tables["raw_documents"].rows + made.tables["ingest_rejects"].rows
    assert ledger.height == records == _DOCUMENTS
    assert {"published", "duplicate"} <= set(ledger["fate"])
