"""The benchmark of cases tells what comes out as expected from what does not."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.cases import Built, faults, run

_TEXT = "The ferry to the island leaves at seven. Tickets are sold on board. Call +44 20 7946 0018."


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cases")
    (folder / "01-kind/case").mkdir(parents=True)
    (folder / "01-kind/case/a.txt").write_text(_TEXT, encoding="utf-8")
    (folder / "01-kind/case/b.bin").write_bytes(b"\x00\x01")
    return folder


@pytest.fixture(scope="module")
def built(cases: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    checks = [{"folder": "case", "doc": "a.txt", "contains": ["ferry"]}]
    text = json.dumps({"class": "A kind.", "expected": checks})
    (cases / "01-kind/expected.json").write_text(text, encoding="utf-8")
    store = tmp_path_factory.mktemp("store") / "store"
    assert list(run(cases, store)) == [("01-kind/case", [])]
    return Built(store / "latest")


@pytest.mark.parametrize(
    "check",
    [
        {"doc": "a.txt", "contains": ["island leaves"], "lacks": ["train"], "count": {"ferry": 1}},
        {"doc": "a.txt", "field": {"language": "en"}, "not_field": {"script": "Cyrl"}},
        {"doc": "a.txt", "language_in": ["en"], "no_mention": ["ferry"]},
        {"pii": "a.txt", "kind": "phone", "n_min": 1},
        {"reject": "b.bin", "reason": "unsupported_format"},
        {"uri": "a.txt"},
        {"no_duplicates": "a"},
    ],
)
def test_a_check_that_the_rows_meet_has_no_faults(built: Built, check: dict[str, Any]) -> None:
    assert faults(built, "01-kind/case", check) == []


@pytest.mark.parametrize(
    "check",
    [
        {"doc": "c.txt", "contains": ["ferry"]},
        {"doc": "a.txt", "contains": ["train"]},
        {"doc": "a.txt", "lacks": ["ferry"]},
        {"doc": "a.txt", "count": {"ferry": 2}},
        {"doc": "a.txt", "contains_any": [["ferry", "train"], ["bus"]]},
        {"doc": "a.txt", "field": {"language": "fr"}},
        {"doc": "a.txt", "not_field": {"language": "en"}},
        {"doc": "a.txt", "language_in": ["de"]},
        {"doc": "a.txt", "language_not": ["en"]},
        {"doc": "a.txt", "mentions": [["ferry", "PER"]]},
        {"pii": "a.txt", "kind": "phone", "n_min": 2},
        {"reject": "a.txt"},
        {"reject": "b.bin", "reason": "empty"},
        {"uri": "c.txt"},
        {"same_entity": ["ferry", "island"]},
        {"different": ["ferry", "island"]},
    ],
)
def test_a_check_that_the_rows_do_not_meet_says_how(built: Built, check: dict[str, Any]) -> None:
    assert faults(built, "01-kind/case", check)


def test_a_check_that_asks_nothing_known_is_refused(built: Built) -> None:
    with pytest.raises(ValueError, match="must have one of"):
        faults(built, "01-kind/case", {"documents": "a.txt"})
