"""The fields that stand above a text in YAML or TOML are the record's, and not its text."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.reading.front_matter import with_front_matter
from tasks.reading.records import Encoding, Record
from tasks.settings import IngestSettings
from tests.making.reading import rows

BODY = "# New ferry\n\nThe ferry has crossed the river since Friday.\n"
YAML = """---
title: "New ferry: every ten minutes"
author: [राजेश शर्मा, Anna Öz]
date: 2022-07-08
lang: en
tags:
  - harbour
---
"""
TOML = """+++
title = "New ferry"
date = 2022-07-08T10:00:00+02:00
+++
"""


def _record(text: str) -> Record:
    return Record(None, text.encode(), text, False, Encoding("utf_8", "utf-8"), 0)


def _read(text: str) -> Record:
    return with_front_matter(_record(text), IngestSettings())


def test_fields_in_yaml_are_the_records_and_others_are_kept() -> None:
    found = _read(f"{YAML}\n{BODY}")
    assert found.text == f"\n{BODY}"
    assert (found.number, found.is_markup) == (None, False)
    assert found.title == "New ferry: every ten minutes"
    assert found.author == "राजेश शर्मा; Anna Öz"
    assert found.published_at == datetime(2022, 7, 8, tzinfo=UTC)
    assert found.declared_language == "en"
    assert json.loads(found.record_fields or "") == {"tags": ["harbour"]}


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_fields_in_toml_are_the_records(line_end: str) -> None:
    found = _read(f"\ufeff{TOML}{BODY}".replace("\n", line_end))
    assert found.text == BODY.replace("\n", line_end)
    assert (found.title, found.published_at) == (
        "New ferry",
        datetime(2022, 7, 8, 8, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    "text",
    [
        f"---\nA line between rules.\n---\n{BODY}",
        f"---\nAnna: Is it late?\nBen: It is.\n---\n{BODY}",
        f"---\ntitle: never closed\n{BODY}",
        f"---\ntitle: a: b: c\n---\n{BODY}",
        f"---\n1: one\ntitle: numbers are no names\n---\n{BODY}",
        "---\ntitle: nothing below\n---\n\n",
        f"+++\ntitle = no quotes\n+++\n{BODY}",
        f"Above.\n{YAML}{BODY}",
        "---\na: &a [x, x]\nb: &b [*a, *a]\ntitle: *b\n---\n" + BODY,
        "---\ntitle: x\ndeep: " + "[" * 5000 + "\n---\n" + BODY,
        "---\ntitle: x\nlong: " + "y" * 20_000 + "\n---\n" + BODY,
        "---\ntitle: x\ndate: 2022-13-45\n---\n" + BODY,
    ],
)
def test_what_is_no_front_matter_stays_text(text: str) -> None:
    assert _read(text) == _record(text)


@given(st.text(), st.sampled_from(["---", "+++"]))
def test_any_block_is_read_or_stays(block: str, mark: str) -> None:
    text = f"{mark}\ntitle: x\n{block}\n{mark}\nbody"
    assert _read(text).text in {"body", text, text.partition(f"\n{mark}\n")[2]}


def test_the_text_field_that_is_named_for_tables_changes_nothing() -> None:
    named = IngestSettings(text_field="content")
    text = f"---\ntitle: New ferry\ncontent: of the lead\n---\n{BODY}"
    found = with_front_matter(_record(text), named)
    assert (found.text, found.title) == (BODY, "New ferry")
    assert json.loads(found.record_fields or "") == {"content": "of the lead"}


def test_a_text_file_with_front_matter_is_published_with_its_title(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(YAML + BODY, encoding="utf-8")
    (tmp_path / "b.txt").write_text("Nothing stands above this text.", encoding="utf-8")
    titles = [row["title"] for row in rows(tmp_path)]
    assert titles == ["New ferry: every ten minutes", None]
