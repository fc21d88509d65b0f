"""What came of a run stands in its name, its state and its first artifact, in a sentence."""

import logging
import shutil
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl
import pytest
from prefect import State, get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId

from flows.build import build
from tasks import build as building
from tasks.reading.source import SourceNotFound
from tasks.releases.releases import latest_id
from tasks.steps.store import Store
from tests.conftest import SEEDS
from tests.flows.test_build_flow import with_broken_documents


def _run_of(state: State[Any]) -> UUID:
    found = state.state_details.flow_run_id
    assert found is not None
    return found


def _name(state: State[Any]) -> str:
    with get_client(sync_client=True) as client:
        return str(client.read_flow_run(_run_of(state)).name)


def _artifact(state: State[Any]) -> str:
    """The only artifact of a run."""
    ours = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[_run_of(state)]))
    with get_client(sync_client=True) as client:
        (artifact,) = client.read_artifacts(artifact_filter=ours)
    return str(artifact.data)


def _copied(seed_store: Path, folder: Path) -> Path:
    shutil.copytree(seed_store, folder / "store", symlinks=True)
    return folder / "store"


def test_a_run_is_called_by_its_source_and_what_came_out(seed_store: Path, tmp_path: Path) -> None:
    state = build(str(SEEDS), str(_copied(seed_store, tmp_path)), 1, return_state=True)
    release = str(latest_id(Store(seed_store)))
    assert _name(state) == f"build documents → {release[:8]} unchanged, 5 documents"


def test_checks_that_failed_are_a_verdict_and_no_crash(
    seed_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = with_broken_documents(lambda d: d.with_columns(language=pl.lit("xx")))
    monkeypatch.setattr(building, "PIPELINE", broken)
    state = build(str(SEEDS), str(_copied(seed_store, tmp_path)), 1, return_state=True)
    assert (state.name, state.is_failed()) == ("NotPublished", True)
    assert state.message is not None
    assert state.message.startswith("not published: documents: ")
    assert _name(state) == "build documents → not published"
    assert _artifact(state).startswith("# Not published")


def test_what_a_person_can_mend_is_a_sentence_and_no_traceback(
    prefect_server: str, tmp_path: Path
) -> None:
    state = build(str(tmp_path / "nothing"), str(tmp_path / "store"), 1, return_state=True)
    assert (state.name, state.is_failed()) == ("Failed", True)
    assert state.message is not None
    assert "nothing" in state.message
    assert "Traceback" not in state.message
    assert _name(state) == "build nothing → failed"
    assert _artifact(state).startswith("# Nothing was built")
    with pytest.raises(SourceNotFound) as raised:
        state.result()
    for error, is_logged in ((raised.value, False), (ValueError("ours"), True)):
        told = (type(error), error, None)
        record = logging.LogRecord("prefect.flow_runs", logging.ERROR, "", 0, "", (), told)
        assert bool(logging.getLogger("prefect.flow_runs").filter(record)) == is_logged
