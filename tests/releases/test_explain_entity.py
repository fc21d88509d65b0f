"""Check how an entity is explained, and shown on a terminal."""

import pytest
from rich.console import Console

from flows.views.explain_entity_view import render_entity
from tasks.releases.explain_entity import UnknownEntity, explain_entity
from tests.making.release_records import RECORDS
from tests.making.release_tables import release_tables


def test_an_entity_is_explained_by_id_or_by_a_name() -> None:
    tables = release_tables()
    openai = explain_entity(tables, "OpenAI")
    assert openai == explain_entity(tables, openai["entity_id"])
    assert openai["mention_count"] == sum(name["count"] for name in openai["names"])
    assert set(openai["source_uris"]) <= {record.source_uri for record in RECORDS}
    assert len(openai["source_uris"]) == openai["document_count"]


def test_an_unknown_entity_is_named() -> None:
    with pytest.raises(UnknownEntity, match="no entity 'Nobody'"):
        explain_entity(release_tables(), "Nobody")


def test_the_names_are_shown_by_script_with_their_evidence() -> None:
    console = Console(width=100, force_terminal=False, color_system=None)
    with console.capture() as capture:
        console.print(render_entity(explain_entity(release_tables(), "OpenAI")))
    shown = capture.get()
    assert "alias_table 1.00" in shown
    assert "Latn" in shown
    assert RECORDS[0].source_uri in shown
