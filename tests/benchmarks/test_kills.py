"""A build that is stopped in any way is completed by the same command, and readers see no half."""

from random import Random

import pytest

from benchmarks.kills import KINDS, Kind, Scene, kill_one, prepare


@pytest.fixture(scope="module")
def scene(prefect_server: str, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return prepare(tmp_path_factory.mktemp("kills"), prefect_server)


def _problems(scene: Scene, kind: Kind, server: str) -> tuple[str, ...]:
    """Stop a build, later again if it had ended before; what was not as promised."""
    for seed in range(5):
        killed = kill_one(scene, kind, Random(seed), server)
        if killed is not None:
            return killed.problems
    raise AssertionError("no build was stopped before it ended")


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_build_is_completed_after_it_was_stopped_in_any_way(
    scene: Scene, kind: Kind, prefect_server: str
) -> None:
    assert _problems(scene, kind, prefect_server) == ()
