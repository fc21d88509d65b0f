"""Check models of our own: what a directory must hold, which reads what, and offsets."""

import json
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.pipeline import EntityRecognizer
from typer.testing import CliRunner

from flows.cli import app
from flows.failures import EXIT_USAGE, exit_code_of
from tasks.mentions import backends, spacy_pipelines
from tasks.mentions.backends import check_backends, model_context, model_for
from tasks.mentions.entity_model import ModelError
from tasks.mentions.extract_entities import extract_entities
from tasks.mentions.name_search import NameSearch
from tasks.mentions.own_model import MANIFEST, check_files, own_models, write_manifest
from tasks.mentions.spacy_pipelines import SpacyModel, _searched, load_own, load_pipeline
from tasks.settings import EntitySettings
from tests.conftest import SEEDS
from tests.making.found_names import places
from tests.making.language_segments import assert_offsets_hold, corpus
from tests.making.toy_models import TEXT, trained, write_model


@pytest.fixture(autouse=True)
def forget_models() -> Iterator[None]:
    yield
    own_models.cache_clear()
    check_files.cache_clear()


def chosen(models: Path, **groups: object) -> EntitySettings:
    own_models.cache_clear()
    return EntitySettings.model_validate({"models": str(models), **groups})


def test_a_model_reads_the_languages_that_it_says(tmp_path: Path) -> None:
    write_model(tmp_path, ("fr", "it", "ru"), version="7")
    models = [model_for(tag, chosen(tmp_path)) for tag in ("fr", "it", "de", "ru")]
    assert [model and model.name for model in models] == ["toy", "toy", None, "natasha"]
    assert models[0] is not None
    assert models[0].title == "toy 7"


def test_names_are_found_in_documents_and_say_which_model_found_them(tmp_path: Path) -> None:
    write_model(tmp_path)
    frames = corpus([("fr", "😀 Oui."), ("fr", TEXT), ("de", TEXT)])
    segments, mentions = extract_entities(*frames, chosen(tmp_path))
    assert_offsets_hold(frames[0], mentions)
    assert mentions.select("surface", "label").rows() == [
        ("Paul", "PER"),
        ("Paris", "LOC"),
        ("Marie", "PER"),
    ]
    assert set(mentions["model"]) == {"toy 1"}
    assert segments["analysis"].to_list() == ["analysed", "analysed", "no_model"]


@pytest.mark.parametrize("name", ["own", "toy"])
def test_the_settings_may_put_our_own_model_first(tmp_path: Path, name: str) -> None:
    write_model(tmp_path, ("ru",))
    model = model_for("ru", chosen(tmp_path, backends={"ru": name}))
    assert model is not None
    assert model.name == "toy"


def test_a_moved_model_is_the_same_and_a_changed_one_is_another(tmp_path: Path) -> None:
    write_model(tmp_path / "here")
    write_model(tmp_path / "there")
    write_model(tmp_path / "changed", labels=("PERSON", "GPE"))
    here, there, changed = (
        model_for("fr", chosen(tmp_path / name)) for name in ("here", "there", "changed")
    )
    assert here == there != changed
    assert here is not None
    assert str(tmp_path) not in here.described


def test_a_new_model_changes_the_context_of_its_languages_only(tmp_path: Path) -> None:
    write_model(tmp_path / "old", ("fr",), "latin")
    write_model(tmp_path / "old", ("ko",), "korean")
    write_model(tmp_path / "new", ("fr",), "latin", version="2")
    write_model(tmp_path / "new", ("ko",), "korean")
    frames = corpus([("fr", "Oui.")], [("ko", "네.")], [("ru", "Да."), ("fr", "Oui.")])
    old, new = (
        dict(model_context(*frames, chosen(tmp_path / name)).iter_rows()) for name in ("old", "new")
    )
    assert [doc for doc in old if old[doc] != new[doc]] == ["d0", "d2"]


def _edit(directory: Path, **values: object) -> None:
    """Change what the manifest says."""
    path = directory / MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **values}), "utf-8")


def _truncate(directory: Path) -> None:
    weights = directory / "ner" / "model"
    weights.write_bytes(weights.read_bytes()[:-9])


def _garble(directory: Path) -> None:
    (directory / "config.cfg").write_text("[nlp", "utf-8")


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda d: (d / MANIFEST).unlink(), r"toy has no babelmill.json: restore it, or train"),
        (
            lambda d: (d / MANIFEST).write_text("{", "utf-8"),
            r"toy has a damaged babelmill.json \(Invalid",
        ),
        (lambda d: _edit(d, name=None), r"damaged babelmill.json \(name Input should be"),
        (_garble, r"toy is damaged: its file config.cfg is not what babelmill.json recorded"),
        (_truncate, r"toy is damaged: its file ner/model is not what .* recorded; restore it"),
        (lambda d: (d / "ner" / "model").unlink(), r"its file ner/model is missing; restore it"),
        (lambda d: (d / "vocab" / "new").touch(), r"vocab/new does not belong to it; delete"),
        (lambda d: _edit(d, spacy_version=">=2,<3"), r"toy is made for spaCy >=2,<3, not for 3"),
        (lambda d: _edit(d, spacy_version="new"), r"toy is made for no version of spaCy"),
        (lambda d: _edit(d, languages=["xq"]), r"toy is said to read 'xq', which is not"),
        (lambda d: _edit(d, labels=["GENE"]), r"toy gives the label 'GENE'.*entities.label_map"),
    ],
)
def test_a_model_that_cannot_be_used_stops_the_run_with_a_sentence(
    tmp_path: Path, damage: Callable[[Path], object], sentence: str
) -> None:
    damage(write_model(tmp_path))
    with pytest.raises(ModelError, match=sentence) as error:
        check_backends(chosen(tmp_path))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ({"backends": {"de": "toy"}}, "'de' names 'toy', which does not read it but only fr"),
        ({"backends": {"de": "own"}}, "'de' names 'own', which does not read it but only fr"),
        ({"backends": {"fr": "tuy"}}, "'tuy', which is not installed.* name one of .*toy"),
        ({"models": "no/such/folder"}, "no model directory in .*no/such/folder: name a folder"),
        ({"models": None, "backends": {"fr": "own"}}, "does not read it but only nothing"),
    ],
)
def test_a_wrong_setting_stops_the_run_with_a_sentence(
    tmp_path: Path, choice: dict[str, object], sentence: str
) -> None:
    write_model(tmp_path)
    with pytest.raises(ModelError, match=sentence):
        check_backends(EntitySettings.model_validate({"models": str(tmp_path), **choice}))


def test_two_models_of_one_language_stop_the_run(tmp_path: Path) -> None:
    write_model(tmp_path, ("fr", "it"), "one")
    write_model(tmp_path, ("de", "it"), "other")
    with pytest.raises(ModelError, match=r"one and .*other both read 'it': keep one"):
        check_backends(chosen(tmp_path))


def test_what_spacy_cannot_read_is_named_when_it_is_loaded(tmp_path: Path) -> None:
    directory = write_model(tmp_path)
    _garble(directory)
    write_manifest(directory, "toy", "1", ("fr",))
    model = model_for("fr", chosen(tmp_path))
    assert model is not None
    with pytest.raises(ModelError, match=r"toy cannot be loaded .* train it anew"):
        backends.load(model)


def test_a_model_of_our_own_reads_step_by_step_what_spacy_reads(tmp_path: Path) -> None:
    directory = write_model(tmp_path)
    model = SpacyModel(load_pipeline(directory))
    assert model._search is not None
    expected = [(e.start_char, e.end_char, e.label_) for e in trained()(TEXT).ents]
    assert places(model.find([TEXT, "Non."])[0]) == expected
    assert expected


def test_repeated_words_and_many_texts_change_no_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spacy_pipelines, "BATCH_CHARS", 60)
    monkeypatch.setattr(spacy_pipelines, "KEPT_STRINGS", 3)
    model = load_own(write_model(tmp_path))
    texts = [TEXT, "Non.", f"Oui. {TEXT}"]
    alone = [places(names) for text in texts for names in model.find([text])]
    assert list(map(places, model.find(texts * 3))) == alone * 3
    assert model.find([]) == []


def test_words_of_texts_are_forgotten_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spacy_pipelines, "KEPT_STRINGS", 50)
    nlp = load_pipeline(write_model(tmp_path))
    model, sizes = SpacyModel(nlp), set[int]()
    for number in range(100):
        model.find([" ".join(f"mot{number}x{place}" for place in range(20))])
        sizes.add(len(nlp.vocab.strings))
    assert max(sizes) < min(sizes) + 200


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    write_model(folder)
    return folder


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
NAMES = st.sampled_from(
    ["Marie ", "Paul", " Paris", "Lyon.", "😀", "\u0301", "\u200f", "ﷺ", "𠮷", "\n"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(NAMES | ANY_TEXT, min_size=1, max_size=30).map("".join))
def test_the_search_finds_in_any_text_what_spacy_finds(text: str) -> None:
    nlp = trained()
    expected = [(e.start_char, e.end_char, e.label_) for e in nlp(text).ents]
    recogniser = cast("EntityRecognizer", nlp.get_pipe("ner"))
    with nlp.select_pipes(disable="ner"):
        docs = [nlp("Paul"), nlp(text), nlp("")]
    found = _searched(docs, recogniser, NameSearch(recogniser))
    assert list(map(places, found))[1:] == [expected, []]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(st.lists(NAMES | ANY_TEXT, min_size=1, max_size=8).map("".join), max_size=3))
def test_offsets_hold_for_any_unicode_and_mentions_do_not_overlap(
    toy: Path, texts: list[str]
) -> None:
    frames = corpus([("fr", text) for text in texts])
    _, mentions = extract_entities(*frames, EntitySettings(models=str(toy)))
    assert_offsets_hold(frames[0], mentions)
    places = mentions.select("start_char", "end_char").rows()
    assert all(one[1] <= other[0] for one, other in pairwise(places))


def test_a_build_stops_before_it_reads_anything(prefect_server: str, tmp_path: Path) -> None:
    _truncate(write_model(tmp_path / "models"))
    options = tmp_path / "settings.toml"
    options.write_text(f'[entities]\nmodels = "{tmp_path / "models"}"\n', "utf-8")
    call = ["build", str(SEEDS), "--store", str(tmp_path / "store"), "--settings", str(options)]
    result = CliRunner().invoke(app, call)
    assert isinstance(result.exception, ModelError)
    assert "its file ner/model is not what babelmill.json recorded" in str(result.exception)
    assert exit_code_of(result.exception) == EXIT_USAGE
    assert not (tmp_path / "store").exists()
