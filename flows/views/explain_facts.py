"""Give the explanation of a record to programs, as plain values without personal data."""

from dataclasses import asdict
from typing import Any

from tasks.clean.personal_data import KINDS, mask
from tasks.clean.personal_data.record_names import redacted_address
from tasks.releases.explain import Explanation
from tasks.writing.languages import UNDETERMINED

_ADDRESSES = {"source_id", "url", "canonical_url", "site"}
#: What people wrote; other values are ours: ids, counts, names of rules.
_WRITTEN = {"title", "author", "text", "detail", "surface", "canonical_name"}


def explanation_facts(explanation: Explanation) -> dict[str, Any]:
    """Return all that is known of a record, masked as on the terminal, with whole segments."""
    facts: dict[str, Any] = _masked(asdict(explanation), UNDETERMINED)
    return {**facts, "quality": explanation.quality}


def _masked(value: Any, language: str) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        return [_masked(one, language) for one in value]
    if not isinstance(value, dict):
        return value
    language = value.get("language") or language
    return {name: _masked_field(name, one, language) for name, one in value.items()}


def _masked_field(name: str, value: Any, language: str) -> Any:  # noqa: ANN401 - JSON
    if not isinstance(value, str):
        return _masked(value, language)
    if name in _ADDRESSES:
        return redacted_address(value, KINDS)
    return mask(value, language) if name in _WRITTEN else value
