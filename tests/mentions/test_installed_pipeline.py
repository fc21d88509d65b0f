"""A spaCy pipeline that is built, packaged and installed reads the language it is named for."""

import importlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from spacy.cli.package import package as make_package

from tasks.mentions import spacy_packages
from tasks.mentions.backends import model_context
from tasks.mentions.entity_model import Span
from tasks.mentions.extract_entities import extract_entities
from tasks.mentions.spacy_pipelines import without_article
from tasks.pipeline import PIPELINE
from tasks.settings import EntitySettings, Settings
from tasks.steps.part import compute_parts
from tasks.steps.step import plan_step
from tasks.steps.store import Part, Store, TableVersion
from tests.making.language_segments import corpus, surfaces
from tests.making.pipeline import make_tables
from tests.making.toy_models import TEXT, trained

FRAMES = corpus([("fr", TEXT)], [("ru", "Илон Маск в Париже.")], [("ru", "Да."), ("fr", TEXT)])
NAMED = EntitySettings(backends={"fr": "fr_toy"})
FRENCH = "Hier, Paul a quitté Paris avec sa famille pour aller vivre à Lyon, dit le journal."
RUSSIAN = "Вчера Илон Маск встретился в Париже с руководителями нескольких крупных компаний."
#: Other sentences: a document that repeats another is not read.
MIXED = (
    "Правительство обсудило вчера новый закон о бюджете на следующий год в городе Казани.\n\n"
    "Le ministre a présenté mardi matin à Marseille son projet de réforme des retraites."
)


@pytest.fixture(scope="module")
def site_packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which pip installed the package that spaCy made of a trained pipeline."""
    folder = tmp_path_factory.mktemp("package")
    pipeline, packages, site = (folder / name for name in ("pipeline", "packages", "site"))
    trained("fr").to_disk(pipeline)
    packages.mkdir()
    make_package(pipeline, packages, name="toy", version="1.2.3", create_sdist=False)
    options = ["--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check"]
    source = packages / "fr_toy-1.2.3"
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(site), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    return site


@pytest.fixture
def install(site_packages: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """What makes the package an installed one, until the test ends."""

    def put_on_path() -> None:
        monkeypatch.syspath_prepend(str(site_packages))
        importlib.invalidate_caches()
        _forget()

    yield put_on_path
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    spacy_packages.installed_packages.cache_clear()
    spacy_packages._meta.cache_clear()


def test_an_installed_package_reads_the_segments_of_its_language(
    install: Callable[[], None],
) -> None:
    segments, _ = extract_entities(*FRAMES, EntitySettings())
    assert set(segments.filter(language="fr")["entity_model"]) == {"babelmill_encoder 1.2"}
    install()
    segments, mentions = extract_entities(*FRAMES, NAMED)
    assert set(segments["analysis"]) == {"analysed"}
    french = mentions.filter(language="fr", doc_id="d0")
    assert surfaces(french) == [("Paul", "PER"), ("Paris", "LOC"), ("Marie", "PER")]
    assert set(french["model"]) == {"fr_toy 1.2.3"}


def test_an_installed_package_changes_what_french_documents_depend_on_and_no_others(
    install: Callable[[], None],
) -> None:
    before = dict(model_context(*FRAMES, EntitySettings()).iter_rows())
    install()
    after = dict(model_context(*FRAMES, NAMED).iter_rows())
    assert [doc for doc in before if before[doc] != after[doc]] == ["d0", "d2"]
    assert after["d0"].startswith("fr=fr_toy 1.2.3 ")


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, dict[str, TableVersion]]:
    """Tables of a French, a Russian and a mixed document, made before the installation."""
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "source").mkdir()
    for name, text in {"fr": FRENCH, "ru": RUSSIAN, "mixed": MIXED}.items():
        (folder / "source" / f"{name}.txt").write_text(text, "utf-8")
    tables = make_tables(folder / "source", folder / "store", last="extract_entities")
    return Store(folder / "store"), tables


def test_only_documents_with_french_are_computed_again(
    tables: tuple[Store, dict[str, TableVersion]],
    install: Callable[[], None],
) -> None:
    install()
    store, versions = tables
    (step,) = [step for step in PIPELINE if step.name == "extract_entities"]
    (part,) = compute_parts(
        plan_step(store, step, versions, Settings(entities=NAMED)), [Part(0, 1)]
    )
    assert (part.computed, part.reused) == (2, 1)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("the White House", "White House"),
        ("The BBC", "BBC"),
        ("Theodore", "Theodore"),
        ("A", "A"),
        ("the", "the"),
    ],
)
def test_an_english_name_of_spacy_loses_its_article(text: str, name: str) -> None:
    span = without_article(f"x {text} y", Span(2, 2 + len(text), "ORG"))
    assert f"x {text} y"[span.start : span.end] == name
