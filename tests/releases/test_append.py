"""Adding a day's file to a source costs that day: nothing else is read or computed again."""

import json
from pathlib import Path

from tasks.build import build
from tasks.releases.releases import read_release
from tasks.settings import Settings
from tasks.steps.store import Store
from tests.making.hostile_expectation import story
from tests.making.pipeline import PlainRunner
from tests.making.small_releases import PLAIN

#: Steps whose parts see some documents at a time: rows of others are reused.
PER_DOCUMENT = ("ingest", "clean", "compose", "extract_entities", "assemble_documents")
A_DAY = 6


def _days(folder: Path, days: range) -> list[str]:
    paths = []
    for day in days:
        path = folder / f"2026-11-{day:02}.jsonl"
        lines = [json.dumps({"text": story(100 * day + n)}) for n in range(A_DAY)]
        path.write_text("\n".join(lines), "utf-8")
        paths.append(str(path))
    return paths


def _computed(places: list[str], store: Path) -> dict[str, tuple[int, int]]:
    build("\n".join(places), store, Settings.model_validate(PLAIN), PlainRunner())
    steps = read_release(Store(store)).steps
    return {step.step: (step.computed, step.reused) for step in steps if step.step in PER_DOCUMENT}


def test_a_day_more_computes_the_rows_of_that_day(tmp_path: Path) -> None:
    store = tmp_path / "store"
    _computed(_days(tmp_path, range(1, 6)), store)
    again = _computed(_days(tmp_path, range(1, 7)), store)
    assert set(again) == set(PER_DOCUMENT)
    assert again == dict.fromkeys(again, (A_DAY, 5 * A_DAY)) | {"ingest": again["ingest"]}
    assert _computed([str(tmp_path / "*.jsonl")], tmp_path / "other")["clean"] == (6 * A_DAY, 0)
    names = [read_release(Store(folder)).content for folder in (store, tmp_path / "other")]
    assert names[0] == names[1]
