"""Nothing that comes in stops a release: each expectation is met by whatever a source holds, or
has a limit that most of the source must reach."""

import json
from pathlib import Path

import polars as pl
import pytest

from expectations.results import ExpectationResult
from expectations.suites.expectation import Expectation
from expectations.tables import TABLES
from tasks.build import ChecksFailed
from tasks.releases.check import suites_of
from tasks.releases.releases import read_release
from tasks.settings import CheckSettings
from tasks.steps.store import Store
from tests.making.hostile_expectation import story
from tests.making.release_breakers import BLANK_LINES, breaking_files
from tests.making.small_releases import PLAIN, built, rows_of, sound_files

Key = tuple[str, str]
#: A tenth of the time of the encoder, which the fuzz of `make test-slow` reads with.
FAST: dict[str, object] = {"entities": {"model": "fast"}}
EXPECTATIONS: dict[Key, Expectation] = {
    (suite.table, expectation.name): expectation
    for suite in suites_of(CheckSettings())
    for expectation in suite.expectations
}
#: They need more documents, or more in the release before; `test_expectations_release.py` and
#: `test_changes.py` try them.
NOT_JUDGED = {"entity_density_is_plausible"} | {
    name for (_, name), expectation in EXPECTATIONS.items() if expectation.accepted_as
}
#: Tables whose rows belong to a document.
OF_DOCUMENTS = sorted(set(TABLES) - {"entities", "stories", "rejects"})


def _texts(*texts: str) -> bytes:
    return b"".join(json.dumps({"text": text}).encode() + b"\n" for text in texts)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("release")


@pytest.fixture(scope="module")
def alone(folder: Path) -> dict[str, pl.DataFrame]:
    """The rows of sound documents when there are no others."""
    built(sound_files(), folder, FAST)
    return {table: rows_of(folder, table, list(sound_files())) for table in OF_DOCUMENTS}


@pytest.fixture(scope="module")
def company(folder: Path, alone: dict[str, pl.DataFrame]) -> Path:
    """The next release, in which they are among files that try to break it."""
    built(breaking_files(), folder, FAST)
    return folder


@pytest.fixture(scope="module")
def results(company: Path) -> dict[Key, ExpectationResult]:
    verdict = read_release(Store(company / "store")).verdict
    return {(result.table, result.expectation): result for result in verdict.results}


@pytest.mark.parametrize("case", EXPECTATIONS, ids=": ".join)
def test_no_input_breaks_it(case: Key, results: dict[Key, ExpectationResult]) -> None:
    result = results[case]
    assert not result.stops, result.examples
    assert result.checked_count or case[1] in NOT_JUDGED, "nothing tried to break it"
    if EXPECTATIONS[case].guards == "our code":
        assert result.unexpected_count == 0, result.examples


@pytest.mark.parametrize("table", OF_DOCUMENTS)
def test_sound_rows_are_the_same_in_any_company(
    table: str, alone: dict[str, pl.DataFrame], company: Path
) -> None:
    assert alone[table].height or table == "personal_data"
    assert rows_of(company, table, list(sound_files())).equals(alone[table])


@pytest.mark.parametrize("line", BLANK_LINES, ids=ascii)
def test_a_blank_line_alone_is_dropped_with_its_reason(line: str, company: Path) -> None:
    number = BLANK_LINES.index(line)
    segments = rows_of(company, "segments", [f"blank-lines.jsonl#{3 * number + 1}"])
    assert segments["text"].str.contains(r"\S").all()
    assert set(segments.filter(~pl.col("kept"))["reason"]) <= {"blank"}
    assert segments.filter("kept").height >= 2


def test_redaction_breaks_nothing(tmp_path: Path) -> None:
    files = {name: data for name, data in breaking_files().items() if name.endswith(".jsonl")}
    settings = {**PLAIN, "personal_data": {"redact": True}}
    assert built(files, tmp_path, settings).passed


@pytest.mark.long
def test_one_file_however_large_moves_no_rate(tmp_path: Path) -> None:
    refrain = "Privet, kak dela? Segodnya v Moskve otkrylas novaya vystavka kart i pisem. "
    songs = ["\n".join(f"{refrain * 3}{n} {k}" for k in range(20)) for n in range(30)]
    files = {
        **{f"{n}.jsonl": _texts(*(story(10 * n + i) for i in range(10))) for n in range(100, 130)},
        "broken.jsonl": b"{\n" * 10_000,
        "numbers.jsonl": _texts(*(f"{n} {n * n} {n**3} {n**5}" for n in range(5000, 8000))),
        "lines.txt": b"The same line stands here again and again, without an end.\n" * 10_000,
        "damaged.jsonl": b'{"text": "' + b"\\ud800" * 50_000 + b'"}\n',
        "songs.jsonl": _texts(*songs),
    }
    verdict = built(files, tmp_path, PLAIN)
    told = {warning.expectation for warning in verdict.warnings}
    assert told <= {"repeated_share_is_low"}


def test_a_source_that_is_poor_throughout_stops_until_its_limit_is_raised(tmp_path: Path) -> None:
    numbers = [f"{n} {n * n} {n**3} {n**5}" for n in range(5000, 5250)]
    broken = [("\ud800 " * 30 + story(n)) for n in range(3000, 3010)]
    files = {
        "poor.jsonl": _texts(*numbers, *broken),
        **{f"bad{n}.jsonl": b"{\n" * 1000 for n in range(3)},
    }
    with pytest.raises(ChecksFailed) as failed:
        built(files, tmp_path, PLAIN)
    stopped = {
        (failure.table, failure.expectation): EXPECTATIONS[failure.table, failure.expectation]
        for failure in failed.value.verdict.failures
    }
    assert {name for _, name in stopped} == {"rejected_share_is_low", "undetermined_share_is_low"}
    assert {expectation.guards for expectation in stopped.values()} == {"the source"}
    raised = {"max_rejected_share": 1, "max_undetermined_share": 1}
    assert built({}, tmp_path, {**PLAIN, "checks": raised}).passed


def test_a_source_of_which_nothing_is_left_replaces_no_release(tmp_path: Path) -> None:
    built({"a.txt": story(1).encode()}, tmp_path, PLAIN)
    (tmp_path / "source" / "a.txt").unlink()
    blank = {f"{n}.txt": line.encode() for n, line in enumerate(BLANK_LINES)}
    with pytest.raises(ChecksFailed) as failed:
        built({**blank, "b.jsonl": b"{\n[]\n"}, tmp_path, PLAIN)
    names = [failure.expectation for failure in failed.value.verdict.failures]
    assert names == ["something_is_published"]
    assert read_release(Store(tmp_path / "store")).tables["documents"].rows == 1
