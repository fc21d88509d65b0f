"""Check the measuring of speed: corpora are the same each time, commands are measured whole."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import polars as pl
import pytest

from benchmarks.bare_models import dealt, texts_by_language
from benchmarks.builds import Build, Builds, write_readable
from benchmarks.corpus import Record, records, write_corpus
from benchmarks.news_chains import NewsChains
from benchmarks.news_texts import NewsText
from benchmarks.process_tree import LEADER, OTHER, CommandFailed, Run, measure
from benchmarks.prose import write_article
from benchmarks.speed import ROWS, Bench, arguments, chosen_rows, measured_rows
from benchmarks.speed_tables import (
    Row,
    process_table,
    rows_table,
    share,
    slope_table,
    step_table,
    times,
)
from benchmarks.stages import stage_seconds
from tasks.pipeline import PIPELINE
from tasks.settings import Settings
from tasks.steps.build import StepSummary

DOCUMENTS = 60
NEWS = (
    NewsText("a", "de", "Titel", ("Anna Weiß sprach in Bonn.", "In Bonn sprach auch Karl Maier.")),
    NewsText("b", "ja", "題", ("東京で大きな会議が開かれた。", "会議は東京で閉じた。")),
)


def step(name: str, seconds: float) -> StepSummary:
    return StepSummary(step=name, documents=10, computed=10, reused=0, elapsed_seconds=seconds)


def made(seed: int) -> list[Record]:
    return list(records(DOCUMENTS, seed, write=NewsChains(NEWS)))


def test_chains_give_the_same_corpus_for_a_seed_and_another_for_another() -> None:
    assert made(1) == made(1)
    assert made(1) != made(2)


def test_chains_say_nothing_that_the_news_does_not_and_yet_say_it_anew() -> None:
    article = NewsChains(NEWS)("de", Random(3))
    known = {word for text in NEWS for sentence in text.sentences for word in sentence.split()}
    assert set(article.text.split()) <= known
    assert not set(article.paragraphs) <= set(NEWS[0].sentences)


def test_a_language_without_news_has_templates() -> None:
    assert NewsChains(NEWS)("fr", Random(3)) == write_article("fr", Random(3))


def test_other_tools_get_every_readable_record_and_no_markup(tmp_path: Path) -> None:
    write_readable(tmp_path, 520, 1, write_article)
    lines = [line for path in sorted(tmp_path.iterdir()) for line in path.open(encoding="utf-8")]
    rows = [json.loads(line) for line in lines]
    assert [path.name for path in sorted(tmp_path.iterdir())] == [
        "part-00000.jsonl",
        "part-00001.jsonl",
    ]
    assert [row["id"] for row in rows] == [r.id for r in records(520, 1) if r.is_readable]
    assert not any("<html" in row["text"] for row in rows)


def test_every_text_that_a_model_read_is_dealt_out_once() -> None:
    segments = pl.DataFrame(
        {
            "text": [f"text {number}" for number in range(7)],
            "language": ["de", "en", "de", "und", "de", "en", "de"],
            "entity_model": ["m", "n", "m", None, "m", "n", "m"],
        }
    )
    texts = texts_by_language(segments.lazy())
    hands = dealt(texts, 2)
    assert [len(hand["de"]) for hand in hands] == [2, 2]
    assert sorted(text for hand in hands for group in hand.values() for text in group) == [
        f"text {number}" for number in range(7) if number != 3
    ]


def test_a_command_is_measured_with_the_processes_that_it_starts(tmp_path: Path) -> None:
    burn = "import time; a = bytearray(50 << 20); e = time.time() + 1\nwhile time.time() < e: pass"
    code = (
        f"import subprocess, sys; print('done'); subprocess.run([sys.executable, '-c', {burn!r}])"
    )
    run = measure([sys.executable, "-c", code], tmp_path / "log")
    assert run.output == "done\n"
    assert run.seconds > 1
    assert run.cpu_seconds[OTHER] > 0.1
    assert run.peak_mebibytes(OTHER) > 50 > run.peak_mebibytes(LEADER) > 1


def test_a_command_that_fails_says_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="no such thing"):
        measure([sys.executable, "-c", "raise SystemExit('no such thing')"], tmp_path / "log")


def test_ratios_are_of_the_clock_and_of_processors() -> None:
    one = Run(6.0, {LEADER: 2.0, OTHER: 6.0}, {})
    other = Run(3.0, {LEADER: 2.0}, {})
    assert times(one, other) == "2.00 × (6.0 / 3.0 s); processor 4.00 ×"
    assert share(other, one) == "50.0% (3.0 / 6.0 s); processor 25.0%"


def test_tables_are_markdown() -> None:
    assert rows_table([Row("seeds", "9 s", "≤ 10 s", "6 s")]).splitlines() == [
        "| what | figure | must | goal |",
        "| --- | --- | --- | --- |",
        "| seeds | 9 s | ≤ 10 s | 6 s |",
    ]
    assert process_table({"5": Run(6.0, {LEADER: 2.0, OTHER: 6.5}, {})}).splitlines()[2:] == [
        "| 5 | 6.0 | 2.0 | 0.0 | 6.5 |"
    ]
    steps = step_table({"4,000": [step("a", 1.0), step("b", 2.0)], "5": [step("b", 0.5)]})
    assert steps.splitlines()[2:] == [
        "| a | 1.00 | – |",
        "| b | 2.00 | 0.50 |",
        "| together | 3.00 | 0.50 |",
    ]


def test_a_slope_is_1_where_time_grows_with_the_documents() -> None:
    small = [step("linear", 2.0), step("quadratic", 1.0), step("short", 0.01)]
    large = [step("linear", 8.0), step("quadratic", 16.0), step("short", 0.05)]
    assert slope_table(small, large, 4).splitlines()[2:5] == [
        "| linear | 2.00 | 8.00 | 1.00 |",
        "| quadratic | 1.00 | 16.00 | 2.00 |",
        "| short | 0.01 | 0.05 | – |",
    ]


def test_rows_are_chosen_by_name() -> None:
    assert chosen_rows("all", None) == list(ROWS.values())
    assert chosen_rows("seeds,changes", None) == [Bench.seeds, Bench.changes]
    assert chosen_rows("none", 100_000) == [Bench.once]
    with pytest.raises(SystemExit, match="no row sedes"):
        chosen_rows("sedes", None)
    assert arguments(["--large", "50"]).large == 50


def test_a_row_whose_command_fails_does_not_take_the_others_along() -> None:
    def fails(_: Bench) -> Iterator[Row]:
        yield Row("before", "1")
        raise CommandFailed

    def works(_: Bench) -> Iterator[Row]:
        yield Row("after", "2")

    bench = Bench.__new__(Bench)
    assert list(measured_rows(bench, [fails, works])) == [
        Row("before", "1"),
        Row("fails", "a command failed"),
        Row("after", "2"),
    ]


def test_stages_of_every_full_build_are_set_against_the_small_one(tmp_path: Path) -> None:
    builds = Builds(tmp_path, workers=1, seed=1, write=write_article)
    bench = Bench(builds, arguments(["--small", "60", "--large", "120"]))
    run = Run(1.0, {}, {})
    bench.shown["60"] = Build(run, tmp_path, (step("a", 1.0),))
    assert list(bench.slopes()) == []
    bench.shown["120"] = Build(run, tmp_path, (step("a", 2.0),))
    ((title, table),) = bench.slopes()
    assert title == "120 documents against 60"
    assert "| a | 1.00 | 2.00 | 1.00 |" in table


def test_every_stage_is_measured_on_what_those_before_it_made(tmp_path: Path) -> None:
    write_corpus(tmp_path, DOCUMENTS, 1)
    without = {"entities": {"enabled": False}, "stories": {"enabled": False}}
    found = list(stage_seconds(tmp_path / "source", Settings.model_validate(without), set()))
    stages = [stage.name for step in PIPELINE for stage in step.stages]
    assert [measured.stage for measured in found] == ["ingest", *stages]
    assert all(measured.first >= 0 and measured.again >= 0 for measured in found)
