"""Run the flow that trains models of our own and says how well they read."""

from collections.abc import Sequence
from pathlib import Path

from prefect import flow
from prefect.artifacts import create_table_artifact
from prefect.logging import get_run_logger
from pydantic import BaseModel

from flows.errors import BadSettings
from flows.lost_server import told
from flows.views.terminal_text import SafeConsole
from tasks.reading.confinement import refuse_outside
from training.corpus import CorpusError, survey_corpus
from training.make_gazetteer import make_lists
from training.recipe import Recipe, Scores
from training.train_entities import train_models


@flow(name="train entities", flow_run_name="train entities into {out}", persist_result=False)
def train_entities(
    corpora: list[str],
    out: str,
    names: str | None = None,
    recipe: Recipe = Recipe(),  # noqa: B008 - immutable
) -> list[Scores]:
    """Train models that find names, and measure them.

    Args:
        corpora: Folders of texts with marked names (`training/corpus.py`).
        out: The folder that gets a directory for each model; `entities.models` may name it.
        names: A folder with `person_parts_*.tsv.xz`, for the lists of names that a model
            knows (`training/make_gazetteer.py`); none: it knows no lists.
        recipe: Everything else that a score depends on.

    Raises:
        CorpusError: A corpus or the folder of names is missing or damaged.
        BadSettings: The recipe has no model of a name that it is to train.
        NotAllowed: A folder lies outside of the roots (`tasks.reading.confinement`).
    """
    with told() as tell:
        scores = _train(corpora, out, names, recipe)
        tell(scores)
    create_table_artifact(
        rows_of(scores), key="entity-scores", description="Exact-span scores by test set"
    )
    return scores


def _train(corpora: list[str], out: str, names: str | None, recipe: Recipe) -> list[Scores]:
    refuse_unknown_models(recipe)
    _refuse_folders(*corpora, out, names)
    files = [file for corpus in corpora for file in survey_corpus(Path(corpus))]
    create_table_artifact(
        [file._asdict() for file in files], key="corpus", description="What the models learn from"
    )
    lists = {} if names is None else make_lists(_checked_names(Path(names)))
    Path(out).mkdir(parents=True, exist_ok=True)
    logger, terminal = get_run_logger(), SafeConsole(stderr=True)

    def report(line: str) -> None:
        logger.info(line)
        terminal.print(line, markup=False, highlight=False)

    report(f"{len(files)} files, {sum(file.texts for file in files):,} texts")
    return train_models([Path(corpus) for corpus in corpora], Path(out), recipe, lists, report)


def _refuse_folders(*folders: str | None) -> None:
    for folder in folders:
        if folder is not None:
            refuse_outside(folder, "folder")


def refuse_unknown_models(recipe: Recipe) -> None:
    """Make sure that the recipe has the models that it is to train.

    Raises:
        BadSettings: It has not.
    """
    known = [model.name for model in recipe.models]
    unknown = sorted(set(recipe.only) - set(known))
    if unknown:
        raise BadSettings(f"--models: the recipe has no {unknown[0]}, but {', '.join(known)}")


def _checked_names(folder: Path) -> Path:
    if not any(folder.glob("person_parts_*.tsv.xz")):
        raise CorpusError(f"the folder of names {folder} holds no person_parts_*.tsv.xz")
    return folder


def rows_of(records: Sequence[BaseModel]) -> list[dict[str, object]]:
    """Return records as rows of a table, fractions with three decimals."""
    rows = [record.model_dump(mode="json") for record in records]
    return [{k: round(v, 3) if isinstance(v, float) else v for k, v in row.items()} for row in rows]
