"""The form of a run: a settings file, what goes before it, and the languages."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prefect import Flow

from flows.build import build
from flows.choices import LANGUAGES, chosen_settings
from flows.collect import collect
from flows.daily import daily
from flows.errors import BadSettings
from flows.prune import prune
from flows.serving.form import form_of, plain_description
from flows.verify import verify
from tasks.mentions.backends import models_in_use
from tasks.reading.confinement import NotAllowed
from tasks.settings import Settings

#: What tells how something was measured has no place where somebody starts a run.
_OUR_AFFAIRS = ("benchmarks", "tests/", "test_")
_MAX_FIELDS = 9


def _file(folder: Path, text: str) -> str:
    path = folder / "settings.toml"
    path.write_text(text, "utf-8")
    return str(path)


def test_nothing_chosen_is_the_defaults() -> None:
    assert chosen_settings("", None, [], entities=True) == Settings()


def test_a_file_is_read_and_what_the_form_changes_goes_before_it(tmp_path: Path) -> None:
    file = _file(tmp_path, '[quality]\nprofile = "strict"\n[parts]\npart_documents = 7\n')
    form = Settings.model_validate({"parts": {"part_documents": 9}})
    chosen = chosen_settings(file, form, [], entities=True)
    assert (chosen.quality.profile, chosen.parts.part_documents) == ("strict", 9)


@given(st.sets(st.sampled_from(sorted(LANGUAGES)), min_size=1))
def test_names_are_looked_for_in_the_chosen_languages_only(languages: set[str]) -> None:
    chosen = chosen_settings("", None, sorted(languages), entities=True)
    assert {model.partition("=")[0] for model in models_in_use(chosen)} == languages


def test_without_entities_none_are_looked_for(tmp_path: Path) -> None:
    assert not chosen_settings("", None, [], entities=False).entities.enabled
    file = _file(tmp_path, "[entities]\nenabled = false\n")
    assert not chosen_settings(file, None, [], entities=True).entities.enabled


def test_a_language_that_there_is_not_is_named() -> None:
    with pytest.raises(BadSettings, match="languages: english"):
        chosen_settings("", None, ["english"], entities=True)


def test_a_settings_file_outside_of_the_roots_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BABELMILL_ROOTS", str(tmp_path / "allowed"))
    with pytest.raises(NotAllowed):
        chosen_settings(_file(tmp_path, ""), None, [], entities=True)


def _described(schema: object) -> list[str]:
    if isinstance(schema, list):
        return [text for value in schema for text in _described(value)]
    if not isinstance(schema, dict):
        return []
    own = [schema["description"]] if isinstance(schema.get("description"), str) else []
    return own + [text for value in schema.values() for text in _described(value)]


@pytest.mark.parametrize(
    "flow", [build, collect, daily, verify, prune], ids=lambda flow: str(flow.name)
)
def test_a_form_has_few_fields_each_described_in_plain_words(flow: "Flow[Any, Any]") -> None:
    form = form_of(flow)
    assert len(form["properties"]) <= _MAX_FIELDS
    assert all(field.get("description") for field in form["properties"].values())
    assert [text for text in _described(form) if any(w in text.lower() for w in _OUR_AFFAIRS)] == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Least score; .5 loses more (`benchmarks.x --y`).", "Least score; .5 loses more."),
        ("Marked (`a`). Measured: re-run `benchmarks.b` then.", "Marked (`a`)."),
        ("Words are counted.\n    Twice.", "Words are counted. Twice."),
    ],
)
def test_a_description_loses_what_names_our_measurements(text: str, shown: str) -> None:
    assert plain_description(text) == shown
