"""Check which model reads which language, and what an installed package must be like."""

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
import spacy
from spacy.pipeline import EntityRecognizer

from tasks.mentions import backends, spacy_packages
from tasks.mentions.entity_model import ModelError, content_hash
from tasks.settings import EntitySettings, Settings


@pytest.fixture(autouse=True)
def forget_packages() -> Iterator[None]:
    yield
    spacy_packages.installed_packages.cache_clear()
    spacy_packages._meta.cache_clear()


def install(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, labels: tuple[str, ...] = ("PER",)
) -> None:
    """Lay a tiny spaCy pipeline package into a folder of `sys.path`, as pip would."""
    language, _, rest = name.partition("_")
    nlp = spacy.blank(language)
    recogniser = cast(EntityRecognizer, nlp.add_pipe("ner"))
    for label in labels:
        recogniser.add_label(label)
    nlp.initialize()
    nlp.meta.update(name=rest, version="1.0.0")
    package = folder / name
    package.mkdir()
    nlp.to_disk(package / f"{name}-1.0.0")
    meta = (package / f"{name}-1.0.0" / "meta.json").read_text("utf-8")
    (package / "meta.json").write_text(meta, "utf-8")
    (package / "__init__.py").write_text(
        "from spacy.util import load_model_from_init_py\n"
        "def load(**overrides):\n    return load_model_from_init_py(__file__, **overrides)\n",
        "utf-8",
    )
    info = folder / f"{name}-1.0.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0.0\n", "utf-8"
    )
    (info / "entry_points.txt").write_text(f"[spacy_models]\n{name} = {name}\n", "utf-8")
    (info / "RECORD").write_text(f"{name}/meta.json,sha256={abs(len(meta))},{len(meta)}\n", "utf-8")
    monkeypatch.syspath_prepend(str(folder))
    importlib.invalidate_caches()
    spacy_packages.installed_packages.cache_clear()


def backend(language: str, **groups: object) -> str | None:
    model = backends.model_for(language, EntitySettings.model_validate(groups))
    return None if model is None else model.name


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("ru", "natasha"),
        ("ja", "babelmill_encoder"),
        ("ar", "babelmill_encoder"),
        ("en", "babelmill_encoder"),
        ("zh", "babelmill_encoder"),
        ("th", "babelmill_encoder"),
        ("cs", "babelmill_encoder"),
        ("hi", "babelmill_encoder"),
        ("eo", None),
    ],
)
def test_a_language_is_read_by_its_own_model_or_by_none(language: str, name: str | None) -> None:
    assert backend(language) == name


def test_an_installed_pipeline_reads_if_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch, "pl_core_news_sm", ("PER", "LOC"))
    model = backends.model_for("pl", EntitySettings(backends={"pl": "pl_core_news_sm"}))
    assert model is not None
    assert model.title == "pl_core_news_sm 1.0.0"
    assert len(backends.load(model).find(["Marie vit à Paris.", "Oui."])) == 2


@pytest.mark.long
def test_a_package_that_nobody_named_is_neither_loaded_nor_looked_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pl_core_news_lg", "ru_core_news_sm", "fr_torn"):
        install(tmp_path, monkeypatch, name)
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('it was loaded')\n", "utf-8")
    (tmp_path / "fr_torn" / "meta.json").write_text("{", "utf-8")
    assert backend("pl") == "babelmill_encoder"
    assert backend("ru") == "natasha"
    assert backend("fr") == "babelmill_encoder"
    assert backend("fr", model="fast") == "babelmill_latin"
    assert backend("ru", backends={"ru": "ru_core_news_sm"}) == "ru_core_news_sm"
    assert backend("ru", backends={"ru": None}) is None
    assert backend("zh", model="fast") == "lac"
    assert backend("zh", backends={"zh": "lac"}) == "lac"
    assert backend("zh", backends={"zh": "own"}, model="fast") == "babelmill_asian"


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ({"pl": "pl_core_news_md"}, "'pl' names 'pl_core_news_md', which is not installed"),
        ({"pl": "natasha"}, "'natasha', which is not installed"),
        ({"ja": "lac"}, "'lac', which is not installed"),
        ({"french": "natasha"}, "'french' is not a language tag; allowed are"),
        ({"und": None}, "'und' is not a language tag"),
    ],
)
def test_a_wrong_setting_stops_the_run_with_a_sentence(
    choice: dict[str, str | None], sentence: str
) -> None:
    with pytest.raises(ModelError, match=sentence):
        backends.check_backends(EntitySettings(backends=choice))


def test_a_package_for_another_spacy_stops_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch, "pl_old")
    meta = tmp_path / "pl_old" / "meta.json"
    meta.write_text(
        json.dumps({**json.loads(meta.read_text("utf-8")), "spacy_version": ">=2,<3"}), "utf-8"
    )
    with pytest.raises(ModelError, match=r"pl_old 1.0.0 is made for spaCy >=2,<3"):
        backend("pl", backends={"pl": "pl_old"})


def test_a_damaged_package_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, "pl_torn")
    (tmp_path / "pl_torn" / "meta.json").write_text("{", "utf-8")
    with pytest.raises(ModelError, match="pl_torn is damaged"):
        backend("pl", backends={"pl": "pl_torn"})


def test_an_unknown_label_stops_the_run_until_the_settings_explain_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch, "pl_genes", ("GENE",))
    named = {"pl": "pl_genes"}
    with pytest.raises(ModelError, match=r"pl_genes gives the label 'GENE'.*entities.label_map"):
        backend("pl", backends=named)
    assert backend("pl", backends=named, label_map={"GENE": "MISC"}) == "pl_genes"


def test_another_build_of_the_same_version_is_another_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch, "pl_ours")
    distribution = spacy_packages.installed_packages()["pl_ours"]
    before = content_hash(distribution)
    record = tmp_path / "pl_ours-1.0.0.dist-info" / "RECORD"
    record.write_text("pl_ours/meta.json,sha256=other,1\n", "utf-8")
    assert content_hash(distribution) != before


def test_models_in_use_are_told_by_language() -> None:
    told = [model.split("=")[0] for model in backends.models_in_use(Settings())]
    asked = [
        "ar",
        "de",
        "en",
        "es",
        "fr",
        "it",
        "ja",
        "ko",
        "nl",
        "pl",
        "pt",
        "ru",
        "tr",
        "uk",
        "zh",
    ]
    assert set(asked) <= set(told)
    assert told == sorted(told)


@pytest.mark.parametrize(
    ("label", "meaning"),
    [("GPE", "LOC"), ("persName", "PER"), ("Company", "ORG"), ("Age", "dropped"), ("NORP", "MISC")],
)
def test_labels_mean_what_their_schemes_say(label: str, meaning: str) -> None:
    assert backends.meaning_of(label, "any", EntitySettings()) == meaning
