"""Say what a run came to in its name, its state, a line of its log and its artifacts.

A source that is not there, or a check that failed, is a verdict and not a crash: the run ends in
a failed state whose message is a sentence.
"""

import logging
from pathlib import Path, PurePath
from typing import Any
from uuid import UUID

from prefect import State, get_client
from prefect.events import emit_event
from prefect.logging import get_run_logger
from prefect.runtime import flow_run
from prefect.states import Failed

from flows.artifacts import show_failures, show_refusal
from flows.failures import exit_code_of, sentence_of
from tasks.build import ChecksFailed
from tasks.reading.places import shown

#: Name of the state of a run that made a release which did not pass its checks.
NOT_PUBLISHED = "NotPublished"
#: An event: automations wait for it.
RELEASE_PUBLISHED = "babelmill.release.published"
_MAX_NAME_CHARS = 120


def run_name() -> str:
    """Return how a run is called until it has ended: its flow, and what it works on."""
    return f"{flow_run.get_flow_name()} {_what()}"


def _what() -> str:
    """Return the last part of the name of a source, a list of sources, or a store."""
    parameters = flow_run.get_parameters()
    given = [parameters.get(name) for name in ("source", "sources", "store")]
    name = shown(str(next(filter(None, given), "")))
    is_glob = any(character in name for character in "*?[")
    return name if is_glob else PurePath(name).name or name


def conclude(result: str) -> None:
    """Write what a run came to into its log and its name."""
    get_run_logger().info(result)
    _rename(result)


def announce_release(store: Path | str, release_id: str) -> None:
    """Tell whoever waits for it that a store has a new release."""
    emit_event(
        RELEASE_PUBLISHED,
        resource={
            "prefect.resource.id": f"babelmill.release.{release_id}",
            "prefect.resource.name": release_id,
            "babelmill.store": str(store),
        },
    )


def failed_state(error: Exception) -> State[Any]:
    """Return the state of a run that an error has ended, with an artifact that explains it.

    A flow that returns it raises the error to whom has called it.

    Raises:
        Exception: The error itself, if it is one of ours: it keeps its traceback; and where no
            run is.
    """
    if flow_run.get_id() is None:
        raise error
    if isinstance(error, ChecksFailed):
        show_failures(error.verdict)
        return _state(error, str(error), NOT_PUBLISHED)
    if exit_code_of(error) is None:
        raise error
    sentence = sentence_of(error)
    show_refusal(sentence)
    return _state(error, sentence, "Failed")


def _state(error: Exception, sentence: str, name: str) -> State[Any]:
    get_run_logger().error(sentence)
    _log_no_traceback_of(error)
    _rename("not published" if name == NOT_PUBLISHED else "failed")
    return Failed(name=name, message=sentence, data=error)


def _log_no_traceback_of(error: Exception) -> None:
    """Have Prefect log no traceback of an error that a sentence has told: it looks like a crash."""

    def is_other(record: logging.LogRecord) -> bool:
        raised = record.exc_info[1] if record.exc_info else None
        return (type(raised), str(raised)) != (type(error), str(error))

    for name in ("prefect.flow_runs", "prefect.engine"):
        logging.getLogger(name).addFilter(is_other)


def _rename(result: str) -> None:
    name = f"{run_name()} → {result}"
    short = name if len(name) <= _MAX_NAME_CHARS else f"{name[: _MAX_NAME_CHARS - 1]}…"
    with get_client(sync_client=True) as client:
        client.update_flow_run(UUID(flow_run.get_id()), name=short)
