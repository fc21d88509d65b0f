"""Check the command that trains: what it is given, what it shows, and what a corpus must be."""

import json
import lzma
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks.prose import language
from flows import train
from flows.cli import app
from flows.errors import BadSettings
from flows.failures import EXIT_USAGE, exit_code_of
from tasks.mentions.backends import load, model_for
from tasks.settings import EntitySettings
from tests.making.found_names import places
from training.corpus import CorpusError, Example, corpus_files, read_examples, survey_corpus
from training.recipe import ModelRecipe, Recipe, Scores
from training.train_entities import train_models

LINE = {"text": "😀 Marie dort.", "spans": [[2, 7, "PER"]], "lang": "fr", "source": "toy"}


def write_corpus(folder: Path, *lines: object) -> Path:
    """Write a corpus of one compressed file and one plain one."""
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    for split, name in (("train", "toy.jsonl.xz"), ("dev", "toy.jsonl")):
        (folder / split / "fr").mkdir(parents=True)
        content = text.encode("utf-8", "surrogatepass")
        data = lzma.compress(content) if name.endswith("xz") else content
        (folder / split / "fr" / name).write_bytes(data)
    return folder


def test_a_corpus_is_read_in_a_fixed_order_with_offsets_in_code_points(tmp_path: Path) -> None:
    write_corpus(tmp_path, LINE, {**LINE, "spans": []})
    files = corpus_files(tmp_path)
    assert [file.parent.parent.name for file in files] == ["dev", "train"]
    first = next(read_examples(files[0]))
    ((start, end, label),) = first.spans
    assert (first.text[start:end], label) == ("Marie", "PER")
    assert survey_corpus(tmp_path)[1] == ("train/fr/toy.jsonl.xz", 2, 1)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "Invalid JSON"),
        ("", "Invalid JSON"),
        ({"text": "Marie"}, "spans Field required"),
        ({**LINE, "text": ""}, "text String should have at least 1 character"),
        ({**LINE, "spans": [[2, 99, "PER"]]}, r"\[2, 99, 'PER'\] does not lie in the text"),
        ({**LINE, "spans": [[-1, 2, "PER"]]}, "does not lie in the text of 13"),
        ({**LINE, "spans": [[2, 2, "PER"]]}, "does not lie in the text"),
        ({**LINE, "spans": [[2, 7, "PER"], [3, 9, "ORG"]]}, r"'ORG'\] overlaps the span before"),
        ({**LINE, "spans": [[2, 7, "person"]]}, "spans.0.2 Input should be 'PER', 'ORG', 'LOC'"),
        ('{"text": "\ud800"}', "Invalid JSON"),
    ],
)
def test_a_bad_line_is_named_with_its_file_and_number(
    tmp_path: Path, line: object, problem: str
) -> None:
    write_corpus(tmp_path, LINE, line, LINE)
    with pytest.raises(CorpusError, match=rf"dev/fr/toy.jsonl, line 2: .*{problem}") as error:
        survey_corpus(tmp_path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("damage", [lambda data: data[:-20], lambda data: b"no" + data])
def test_a_damaged_file_is_named(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    write_corpus(tmp_path, LINE)
    file = tmp_path / "train" / "fr" / "toy.jsonl.xz"
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(CorpusError, match=r"toy.jsonl.xz, after line \d: cannot be read"):
        survey_corpus(tmp_path)


@pytest.mark.parametrize(("name", "problem"), [("no", "is not a folder"), (".", "no examples")])
def test_a_corpus_that_is_none_is_named(tmp_path: Path, name: str, problem: str) -> None:
    with pytest.raises(CorpusError, match=problem) as error:
        corpus_files(tmp_path / name)
    assert exit_code_of(error.value) == EXIT_USAGE


def test_an_example_keeps_its_own_offsets() -> None:
    assert Example.model_validate(LINE).spans[0].end == 7


def fake_training(
    corpora: Sequence[Path],
    out: Path,
    recipe: Recipe,
    lists: dict[str, str],
    report: Callable[[str], None],
) -> list[Scores]:
    """Report once and score what it was told."""
    report(f"step 1 of 1 [seed {recipe.seed}, {len(lists)} lists]")
    return [
        Scores(
            model=recipe.only[0],
            language="fr",
            test_set=corpora[0].name,
            names=8,
            precision=0.5,
            recall=0.25,
            f1=1 / 3,
        )
    ]


def test_training_shows_its_progress_and_the_scores(
    prefect_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "train_models", fake_training)
    corpus = write_corpus(tmp_path / "corpus", LINE)
    recipe = tmp_path / "recipe.toml"
    recipe.write_text("seed = 3\n", "utf-8")
    call = ["train", "entities", "--corpus", str(corpus), "--out", str(tmp_path / "models")]
    options = ["--recipe", str(recipe), "--seed", "7", "--models", "babelmill_latin"]
    result = CliRunner().invoke(app, [*call, *options])
    assert result.exit_code == 0, result.output
    assert "2 files, 2 texts" in result.output
    assert "step 1 of 1 [seed 7, 0 lists]" in result.output
    assert "babelmill_latin  fr        corpus    8      0.5        0.25    0.333" in result.output
    assert (tmp_path / "models").is_dir()


def test_a_model_that_the_recipe_lacks_is_named_with_those_that_it_has() -> None:
    with pytest.raises(BadSettings, match=r"the recipe has no latin, but babelmill_latin, "):
        train.refuse_unknown_models(Recipe(only=("latin",)))


def test_a_misspelt_key_of_a_recipe_is_named_with_those_that_are_allowed(tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.toml"
    recipe.write_text("seeds = 3\n", "utf-8")
    call = ["train", "entities", "--corpus", str(tmp_path), "--out", str(tmp_path)]
    result = CliRunner().invoke(app, [*call, "--recipe", str(recipe)])
    assert isinstance(result.exception, BadSettings)
    assert "setting seeds does not exist; allowed here: " in str(result.exception)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sentences of the generated news in which a person stands, to train and to measure on."""
    lines = []
    for number, person in enumerate(language("fr").people[:40]):
        text = f"Hier, {person} a parlé du rapport {number}."
        lines.append({**LINE, "text": text, "spans": [[6, 6 + len(person), "PER"]]})
    return write_corpus(tmp_path_factory.mktemp("corpus"), *lines)


def test_training_twice_gives_the_same_model_which_a_build_can_read(
    corpus: Path, tmp_path: Path
) -> None:
    toy = ModelRecipe(
        name="toy", shares={"fr": 1}, scripts=("Latin",), million_tokens=0.0015, rows=(200,) * 6
    )
    recipe = Recipe(models=(toy,), seed=3, batch_tokens=(50, 50), learn_rate=0.01)
    runs = []
    for run in ("one", "other"):
        (tmp_path / run).mkdir()
        scores = train_models([corpus], tmp_path / run, recipe, {"paris": "city"}, lambda _: None)
        model = model_for("fr", EntitySettings(models=str(tmp_path / run)))
        runs.append((scores, model))
    assert runs[0] == runs[1]
    (score,) = runs[0][0]
    assert (score.language, score.test_set, score.names) == ("fr", "toy", 40)
    assert score.f1 > 0.5
    text = next(read_examples(corpus / "dev" / "fr" / "toy.jsonl")).text
    assert runs[0][1] is not None
    assert places(load(runs[0][1]).find([text])[0]) == [(6, 18, "PER")]
