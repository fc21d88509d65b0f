"""Describe the parameters of a flow for the form that a person fills in."""

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prefect import Flow

#: How a value was measured is for who changes a default, and stands in docs/settings.md.
_MEASURED = re.compile(r"benchmarks|tests/|test_", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)")
_SENTENCE_END = re.compile(r"(?<=[.;])\s+")


def form_of(flow: "Flow[Any, Any]") -> dict[str, Any]:
    """Return the schema of a flow's parameters, without what tells how values were measured."""
    from prefect.utilities.callables import parameter_schema

    schema: dict[str, Any] = _plain(parameter_schema(flow.fn).model_dump_for_openapi())
    return schema


def plain_description(text: str) -> str:
    """Return a description without the brackets and sentences that name benchmarks or tests."""
    without = _IN_BRACKETS.sub(
        lambda found: "" if _MEASURED.search(found[0]) else found[0], " ".join(text.split())
    )
    kept = [part for part in _SENTENCE_END.split(without) if not _MEASURED.search(part)]
    return re.sub(r";$", ".", " ".join(kept))


def _plain(schema: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(schema, list):
        return [_plain(value) for value in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: plain_description(value)
        if key == "description" and isinstance(value, str)
        else _plain(value)
        for key, value in schema.items()
    }
