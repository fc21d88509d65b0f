"""Run every block of docs/recipes.md; SQL, Polars and pandas must give the same answers."""

import ast
import json
import math
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest

from babelmill import open_release
from tests.conftest import ROOT
from tests.making.published import published
from tests.making.release_records import OPENAI, RECORDS, REFUSALS, Piece, Record
from tests.making.release_tables import release_tables

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^## (.+\?)$", re.MULTILINE)
PAGE = (ROOT / "docs" / "recipes.md").read_text("utf-8")
QUESTIONS = _HEADING.findall(PAGE)
#: What the page calls `page.txt`: pages of several kinds.
SOURCE_URIS = [record.source_uri for record in RECORDS] + [r.source_uri for r in REFUSALS]
SECOND_JAPANESE = Record(
    "ja/openai.txt", (Piece("OpenAIは新しいモデルを公開した。", "ja", "Jpan"),), {"OpenAI": OPENAI}
)
_DAYS = {"fr/procès.txt": 9, "fr/copie.txt": 3, "ru/maск.txt": 5}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recipes")
    tables = release_tables((*RECORDS, SECOND_JAPANESE))
    dates = {uri: datetime(2026, 1, day, tzinfo=UTC) for uri, day in _DAYS.items()}
    published_at = pl.col("source_uri").replace_strict(
        dates, default=None, return_dtype=pl.Datetime("us", "UTC")
    )
    tables["documents"] = tables["documents"].with_columns(published_at=published_at)
    published(folder / "data", tables)
    return folder


@pytest.fixture(autouse=True)
def _in_place(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)


def _recipes(question: str) -> dict[str, str]:
    """Return the blocks below a question, by language."""
    section = PAGE.split(f"## {question}\n", 1)[1].split("\n## ", 1)[0]
    return dict(_BLOCK.findall(section))


def _rows(frame: pl.DataFrame | pd.DataFrame) -> list[tuple[Any, ...]]:
    rows = frame.rows() if isinstance(frame, pl.DataFrame) else frame.itertuples(index=False)
    return [tuple(_plain(value) for value in row) for row in rows]


def _plain(value: Any) -> Any:
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    return value.item() if hasattr(value, "item") else value


def _run(code: str) -> list[tuple[Any, ...]]:
    names: dict[str, Any] = {"pl": pl, "pd": pd, "release": open_release("data")}
    exec(compile(code, "docs/recipes.md", "exec"), names)
    return _rows(names["answer"])


def _asked(sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        connection.execute("SET file_search_path = 'data/latest'; SET TimeZone = 'UTC'")
        connection.execute(Path("data/latest/babelmill.duckdb.sql").read_text("utf-8"))
        return connection.execute(sql).fetchall()


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_question_has_one_answer_in_three_languages(question: str) -> None:
    recipes = _recipes(question)
    assert recipes.keys() == {"sql", "polars", "pandas"}
    pages = SOURCE_URIS if "page.txt" in recipes["sql"] else ["page.txt"]
    answers = []
    for page in pages:
        sql, polars, pandas = (
            recipes[name].replace("page.txt", page) for name in ("sql", "polars", "pandas")
        )
        answers.append(_asked(sql))
        assert _run(polars) == answers[-1]
        assert _run(pandas) == answers[-1]
    assert any(answers)


def test_five_questions_are_answered() -> None:
    assert len(QUESTIONS) == 5


def test_the_answers_are_those_of_the_records() -> None:
    assert _asked("FROM organisations_in_both('ar', 'ja')") == [("Q21708200", "OpenAI", 1, 1)]
    assert _asked("FROM named_with('ماسك')") == [
        ("Q21708200", "OpenAI", "ORG", 3),
        ("Q7407093", "Sam Altman", "PER", 3),
        ("san-francisco", "San Francisco", "LOC", 1),
    ]
    reasons = _asked("SELECT reason FROM dropped_from('ru/maск.txt')")
    assert reasons == [("chrome",), ("repeated",)]
    assert _asked("SELECT reason FROM dropped_from('bad/menu.html')") == [("nothing_kept",)]
    scripts = _asked("SELECT DISTINCT script FROM names_by_script('Q317521') ORDER BY ALL")
    assert scripts == [("Arab",), ("Cyrl",), ("Jpan",), ("Latn",)]
    copies = _asked("SELECT source_uri, is_copy FROM story_timeline('fr/copie.txt')")
    assert copies == [("fr/copie.txt", True), ("fr/procès.txt", False)]


def test_a_release_is_opened_as_the_page_says() -> None:
    opening = PAGE.split("## Open a release", 1)[1].split("\n## ", 1)[0]
    names: dict[str, Any] = {}
    for language, code in _BLOCK.findall(opening):
        if language == "python":
            exec(compile(code, "docs/recipes.md", "exec"), names)
    counted = names["connection"].execute("SELECT count(*) FROM documents").fetchall()
    assert counted == [(names["release"].documents.select(pl.len()).collect().item(),)]
    names["connection"].close()


def test_the_notebook_runs_from_top_to_bottom_and_asks_all_questions(place: Path) -> None:
    notebook = json.loads((ROOT / "docs" / "five-questions.ipynb").read_text("utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    cells = notebook["cells"]
    assert len({cell["id"] for cell in cells}) == len(cells)
    names: dict[str, Any] = {}
    answers, headings = [], []
    for cell in cells:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            headings += _HEADING.findall(text)
            continue
        assert cell["outputs"] == []
        *before, last = ast.parse(text.replace("000_df01b2b724b5794d.txt", "ru/maск.txt")).body
        assert isinstance(last, ast.Expr)
        exec(compile(ast.Module(before, []), "notebook", "exec"), names)
        shown = eval(compile(ast.Expression(last.value), "notebook", "eval"), names)
        answers.append(shown.pl() if isinstance(shown, duckdb.DuckDBPyRelation) else shown)
    names["connection"].close()
    assert headings == QUESTIONS
    opened, *asked = answers
    assert opened.height == len(RECORDS) + 1
    for sql, polars in zip(asked[::2], asked[1::2], strict=True):
        assert _rows(sql) == _rows(polars) != []
