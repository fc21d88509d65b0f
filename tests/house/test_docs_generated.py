"""Check that the generated pages say what the code says."""

from pathlib import Path

import pytest

from docs import generate
from expectations.reasons import REASONS
from expectations.tables import TABLES
from tasks.settings import Settings


def test_generated_pages_are_up_to_date() -> None:
    assert generate.main(["--check"]) == 0


def test_a_stale_page_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate, "FOLDER", tmp_path)
    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0
    (tmp_path / "reasons.md").write_text("old", encoding="utf-8")
    assert generate.main(["--check"]) == 1
    assert "docs/reasons.md" in capsys.readouterr().err
    assert (tmp_path / "reasons.md").read_text("utf-8") == "old"


def test_every_column_reason_and_setting_is_explained() -> None:
    pages = generate.pages()
    columns = [column.name for table in TABLES.values() for column in table.columns]
    assert all(f"| `{name}` |" in pages["tables.md"] for name in columns)
    assert all(f"| `{name}` |" in pages["reasons.md"] for name in REASONS)
    groups = Settings().model_dump()
    keys = [f"{group}.{name}" for group, fields in groups.items() for name in fields]
    assert all(f"| `{key}` |" in pages["settings.md"] for key in keys)


def test_every_setting_has_a_description() -> None:
    groups = [type(getattr(Settings(), name)) for name in Settings.model_fields]
    undescribed = [
        f"{group.__name__}.{name}"
        for group in groups
        for name, field in group.model_fields.items()
        if not field.description
    ]
    assert not undescribed


def test_no_line_of_a_page_names_a_place_on_this_machine() -> None:
    assert not any(str(Path.home()) in page for page in generate.pages().values())
