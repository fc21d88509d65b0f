"""A build that is stopped in any way is completed by the same command, and readers see no half."""

import pytest

from benchmarks.kills import KINDS, Kind, Scene, Way, kill_in_a_row, prepare


@pytest.fixture(scope="module")
def scene(prefect_server: str, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return prepare(tmp_path_factory.mktemp("kills"), Way(prefect_server))


def _problems(scene: Scene, kind: Kind) -> tuple[str, ...]:
    """Stop a build, another if it had ended before; what was not as promised."""
    for attempt in range(5):
        number = KINDS.index(kind) + len(KINDS) * attempt
        for killed in kill_in_a_row(scene, [number], seed=attempt):
            return killed.problems
    raise AssertionError("no build was stopped before it ended")


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_build_is_completed_after_it_was_stopped_in_any_way(scene: Scene, kind: Kind) -> None:
    assert _problems(scene, kind) == ()
