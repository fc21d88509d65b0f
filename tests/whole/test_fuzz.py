"""Whatever a source holds, its records and their characters are accounted for.

Every record is read or rejected once, soon, and every character that was read is kept or dropped
once, with a known reason.

Quick tests let Hypothesis steer what is drawn, and shrink it; the slow one draws many files from
each seed that Hypothesis gives, which is some twenty times as fast. BABELMILL_FUZZ_INPUTS sets how
many files it tries.
"""

import os
import time
from pathlib import Path
from random import Random

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from expectations.reasons import REASONS
from tasks.clean.clean_documents import clean_documents
from tasks.clean.quality import stop_words
from tasks.mentions.backends import READABLE_TAGS
from tasks.reading.formats import FORMATS, read_records
from tasks.reading.ingest import ingest_files
from tasks.reading.records import Flaw, Record, joined_uri
from tasks.reading.source import SourceFile, content_of
from tasks.settings import IngestSettings, Settings, SiteSettings
from tests.making.fuzz_files import SAMPLES, damaged_file, file_of_text
from tests.making.pipeline import STAGES, computed

#: Small limits, so that inputs of some hundred bytes reach them.
SETTINGS = Settings(
    ingest=IngestSettings(
        max_record_bytes=4000, max_archive_members=5, max_archive_depth=2, max_spooled_bytes=5000
    ),
    sites=SiteSettings(min_documents=3),
)
#: The hang that must not be: 5 s of the processor per MB; no input, and no batch, has that much.
_MAX_SECONDS = 5.0
_SLOW_INPUTS = int(os.environ.get("BABELMILL_FUZZ_INPUTS", "100000"))
_BATCH_FILES = 100
_CHECKS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
#: All stages that need no entity model, to the ledger.
_STAGES = list(STAGES)[: list(STAGES).index("extract_entities")]
_DRAWN = st.randoms(use_true_random=False)


@pytest.fixture(scope="module", autouse=True)
def _models_are_loaded(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Load what is loaded once, before a clock starts."""
    chance, folder = Random(0), tmp_path_factory.getbasetemp()
    files = [_written(folder, number, file_of_text(chance)) for number in range(8)]
    for documents, _ in ingest_files(files, SETTINGS.ingest):
        computed({"raw_documents": documents}, _STAGES, SETTINGS)


def _written(folder: Path, number: int, drawn: tuple[str, bytes]) -> SourceFile:
    name = f"{number:03}{drawn[0]}"
    path = folder / name
    path.write_bytes(drawn[1])
    return SourceFile(name, str(path), len(drawn[1]))


@pytest.fixture(scope="module", autouse=True)
def _what_loads_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Load models and tables before anything is timed."""
    for tag in sorted(READABLE_TAGS):
        stop_words(tag, "Latn")
    text = ("a.txt", b"It is a sound text, and one of some length at that.")
    files = [_written(tmp_path_factory.getbasetemp(), 0, text)]
    raw, rejects = next(iter(ingest_files(files, SETTINGS.ingest)))
    computed({"raw_documents": raw, "ingest_rejects": rejects}, _STAGES, SETTINGS)


def _check_reading(file: SourceFile) -> int:
    """Read a file and return how many records and flaws there are."""
    started = time.process_time()
    items = list(read_records(content_of(file, SETTINGS.ingest), SETTINGS.ingest))
    assert time.process_time() - started < _MAX_SECONDS
    uris = [joined_uri(file.uri, item.within, item.number, item.inner) for item in items]
    assert items
    assert len(set(uris)) == len(uris)
    for item in items:
        _check_item(item)
    return len(items)


def _check_item(item: Record | Flaw) -> None:
    if isinstance(item, Flaw):
        assert REASONS[item.reason].stage == "ingest"
        (item.detail or "").encode()
        return
    assert item.text.strip()
    assert len(item.content) <= SETTINGS.ingest.max_record_bytes
    assert 0 <= item.encoding.confidence <= 1
    assert item.text.count("\ufffd") >= item.replaced_chars
    fields = (item.text, item.url, item.title, item.author, item.site, item.record_fields)
    "".join(field or "" for field in fields).encode()


def _check_cleaning(files: list[SourceFile]) -> None:
    """Clean all that files hold, and account for each record and character of them."""
    batches = list(ingest_files(files, SETTINGS.ingest))
    raw = pl.concat([documents for documents, _ in batches])
    rejects = pl.concat([rejected for _, rejected in batches])
    assert raw.height + rejects.height == sum(map(_check_reading, files))
    started = time.process_time()
    tables = computed({"raw_documents": raw, "ingest_rejects": rejects}, _STAGES, SETTINGS)
    assert time.process_time() - started < _MAX_SECONDS
    _check_ledger(computed(tables, ["assemble_ledger"], SETTINGS))
    _check_characters(raw, tables["clean_segments"])
    _check_kept_text_is_clean(raw, tables["cut_segments"])


def _check_ledger(tables: dict[str, pl.DataFrame]) -> None:
    """Make sure that each record has one fate, and that the fates are those of the tables."""
    ledger, documents = tables["ledger"], tables["clean_documents"]
    records = pl.concat(
        [tables[name]["source_uri"] for name in ("raw_documents", "ingest_rejects")]
    )
    assert sorted(ledger["source_uri"]) == sorted(records)
    assert ledger["source_uri"].is_unique().all()
    in_text = ledger.filter(pl.col("fate") != "rejected")
    assert sorted(in_text["doc_id"]) == sorted(documents["doc_id"])
    copies = ledger.filter(fate="duplicate")
    assert sorted(copies["doc_id"]) == sorted(tables["duplicates"]["doc_id"])
    rejected = ledger.filter(fate="rejected")
    assert sorted(rejected["source_uri"]) == sorted(tables["rejects"]["source_uri"])
    assert set(ledger["reason"]) <= set(REASONS)
    assert not documents["text"].str.strip_chars().eq("").any()


def _check_characters(raw_documents: pl.DataFrame, segments: pl.DataFrame) -> None:
    """Make sure that each visible character of a plain text stands in one segment."""
    assert (segments["kept"] == segments["reason"].is_null()).all()
    assert set(segments["reason"].drop_nulls()) <= set(REASONS)
    of_document = segments.select("doc_id", "start_char", "end_char").partition_by(
        "doc_id", as_dict=True
    )
    plain = raw_documents.filter(~pl.col("is_markup"))
    for doc_id, text in plain.select("doc_id", "text").iter_rows():
        end = 0
        for _, first, last in of_document.get((doc_id,), segments.clear()).iter_rows():
            assert not text[end:first].strip()
            end = last
        assert not text[end:].strip()


def _check_kept_text_is_clean(raw_documents: pl.DataFrame, cut_segments: pl.DataFrame) -> None:
    """Make sure that cleaning the text that was kept of plain texts changes nothing."""
    plain = raw_documents.filter(~pl.col("is_markup"))
    kept = _kept_texts(cut_segments.join(plain, on="doc_id", how="semi"))
    cleaned = raw_documents.drop("text").join(kept, on="doc_id").with_columns(is_markup=False)
    again, _ = clean_documents(cleaned, SETTINGS.clean)
    assert _kept_texts(again).equals(kept)


def _kept_texts(segments: pl.DataFrame) -> pl.DataFrame:
    texts = segments.filter("kept").group_by("doc_id", maintain_order=True)
    return texts.agg(pl.col("text").str.join("\n"))


def test_there_is_a_sample_of_every_format() -> None:
    assert all(any(suffix in SAMPLES for suffix in known.suffixes) for known in FORMATS)


@pytest.mark.parametrize("suffix", sorted(SAMPLES))
def test_the_samples_themselves_are_read(tmp_path: Path, suffix: str) -> None:
    file = _written(tmp_path, 0, (f"a{suffix}", SAMPLES[suffix]))
    items = list(read_records(content_of(file, IngestSettings()), IngestSettings()))
    assert any(isinstance(item, Record) for item in items)


@settings(max_examples=60, deadline=None, suppress_health_check=_CHECKS)
@given(chance=_DRAWN)
def test_anything_is_read_or_rejected(
    tmp_path_factory: pytest.TempPathFactory, chance: Random
) -> None:
    _check_reading(_written(tmp_path_factory.getbasetemp(), 0, damaged_file(chance)))


@settings(max_examples=25, deadline=None, suppress_health_check=_CHECKS)
@given(chance=_DRAWN)
def test_all_that_is_read_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, chance: Random
) -> None:
    folder = tmp_path_factory.getbasetemp()
    _check_cleaning([_written(folder, number, file_of_text(chance)) for number in range(2)])


@pytest.mark.slow
@pytest.mark.timeout(0)
@settings(
    max_examples=max(1, _SLOW_INPUTS // _BATCH_FILES),
    deadline=None,
    suppress_health_check=_CHECKS,
    phases=[Phase.reuse, Phase.generate],  # A smaller seed makes nothing smaller.
)
@given(seed=st.integers(0, 2**64 - 1))
def test_very_many_files_are_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    folder, chance = tmp_path_factory.getbasetemp(), Random(seed)
    makers = chance.choices([damaged_file, file_of_text], k=_BATCH_FILES)
    _check_cleaning([_written(folder, n, make(chance)) for n, make in enumerate(makers)])
