"""Judge sums: the only door of Great Expectations and pandas.

They take 2 s of processor time to import, so they are imported in the process that judges, which
`expectations.judge` starts, and while others work. This module imports nothing of ours.
"""

import gc
import json
import os
import signal
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import LazyLoader, find_spec
from typing import Any

Counts = Mapping[str, list[int]]

#: Great Expectations imports these if they are there, for data that we do not give it.
_NOT_USED = ("boto3", "botocore", "sqlalchemy")
#: And these in any case, for expectations and pictures that we do not ask for.
_USED_SELDOM = ("altair", "scipy", "scipy.stats")


def serve() -> None:
    """Judge what standard input asks for, line by line, until whoever asks is gone.

    A line is a JSON list of the arguments of `judge_sums`, its answer what that returns.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asks is interrupted, too
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # whoever was killed while it asked wants nothing
    answers, sys.stdout = sys.stdout, sys.stderr  # nothing else may write among them
    _spare_imports()
    judge_sums({"rows": [0]}, {"rows": 0.0}, {})  # imported, and run once
    for line in sys.stdin:
        print(json.dumps(judge_sums(*json.loads(line))), file=answers, flush=True)


class _Lazy(MetaPathFinder):
    """Finds packages that are executed when something of them is asked for."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = set(names)

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:  # noqa: ARG002
        """Find a module, the first time that it is asked for."""
        if fullname not in self._names:
            return None
        self._names.discard(fullname)  # the other finders know where it is
        spec = find_spec(fullname)
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


def _spare_imports() -> None:
    """Have this process import nothing that judging does not use: 2 of 5 processor seconds."""
    sys.modules.update(dict.fromkeys(_NOT_USED))  # type: ignore[arg-type] # to import it fails
    sys.meta_path.insert(0, _Lazy(_USED_SELDOM))


@cache
def _batch_definition() -> Any:  # noqa: ANN401
    """Return what frames are handed to: an in-memory context that writes no files."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with _collector_paused():
        import great_expectations  # noqa: PLC0415
        from great_expectations.data_context.types.base import (  # noqa: PLC0415
            DataContextConfig,
            InMemoryStoreBackendDefaults,
            ProgressBarsConfig,
        )

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(),
        progress_bars=ProgressBarsConfig(globally=False),
    )
    context = great_expectations.get_context(mode="ephemeral", project_config=config)
    asset = context.data_sources.add_pandas("frames").add_dataframe_asset("counts")
    return asset.add_batch_definition_whole_dataframe("parts")


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Collect no garbage meanwhile: an import makes little, and looking takes a quarter of it."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@cache
def _sum_at_most() -> Any:  # noqa: ANN401
    """Return Great Expectations' expectation of a sum, of which each makes its description once.

    It makes it fifty times while it judges, which is half of the time that it takes.
    """
    from great_expectations.compatibility.pydantic import PrivateAttr  # noqa: PLC0415
    from great_expectations.expectations.core.expect_column_sum_to_be_between import (  # noqa: PLC0415
        ExpectColumnSumToBeBetween,
    )

    class ExpectColumnSumToBeAtMost(ExpectColumnSumToBeBetween):
        _described: Any = PrivateAttr(None)

        @property
        def configuration(self) -> Any:  # noqa: ANN401
            if self._described is None:
                self._described = super().configuration
            return self._described

    return ExpectColumnSumToBeAtMost


def judge_sums(
    counts: Counts, limits: Mapping[str, float], reasons: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """Say of each column whether its sum is too large.

    Args:
        counts: By column, how many rows of each part break an expectation.
        limits: By column, how many may.
        reasons: By column, why.

    Returns:
        By column, Great Expectations' result as plain JSON; nothing of no column.
    """
    if not limits:
        return {}
    definition = _batch_definition()
    import pandas as pd  # noqa: PLC0415
    from great_expectations import ExpectationSuite  # noqa: PLC0415

    sum_at_most = _sum_at_most()
    suite = ExpectationSuite(
        name="release",
        expectations=[
            sum_at_most(column=column, max_value=limit, notes=reasons.get(column))
            for column, limit in limits.items()
        ],
    )
    batch = definition.get_batch({"dataframe": pd.DataFrame(counts)})
    outcomes = [result.to_json_dict() for result in batch.validate(suite).results]
    return {found["expectation_config"]["kwargs"]["column"]: found for found in outcomes}
