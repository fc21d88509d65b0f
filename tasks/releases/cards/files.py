"""Write what describes a release, as files beside its tables.

README.md is the card, for people and for Hugging Face; croissant.json is for catalogues of data
sets, datapackage.json for Frictionless; babelmill.duckdb.sql makes a view of each table, and
questions into macros; with SHA256SUMS `sha256sum --check` compares every file.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from tasks.releases.cards.card import Card, files_of
from tasks.releases.cards.croissant import render_croissant
from tasks.releases.cards.datapackage import render_datapackage
from tasks.releases.cards.readme import render_readme

CHECKSUMS = "SHA256SUMS"
_QUESTIONS = Path(__file__).with_name("questions.sql")


def describing_files(card: Card, report: Mapping[str, str]) -> dict[str, str]:
    """Return the text of each file of a release's folder that is no table, by name.

    Args:
        card: The release.
        report: The files of its report, which the checksums cover, too.
    """
    files = {
        **report,
        "README.md": render_readme(card),
        "croissant.json": render_croissant(card),
        "datapackage.json": render_datapackage(card),
        "babelmill.duckdb.sql": render_queries(card),
    }
    return {**files, CHECKSUMS: _checksums(card, files)}


def render_queries(card: Card) -> str:
    """Return SQL that makes a view of each table, and questions of the tables that there are."""
    views = [
        f"CREATE OR REPLACE VIEW {name} AS FROM read_parquet('{name}/*.parquet');"
        for name in card.tables
    ]
    return "\n".join([*_HOW_TO_USE, *views, "", _QUESTIONS.read_text(encoding="utf-8")])


_HOW_TO_USE = (
    "-- In the release's folder: duckdb -init babelmill.duckdb.sql",
    "-- From elsewhere, first: SET file_search_path = '<the release''s folder>';",
    "-- For example: FROM organisations_in_both('ar', 'ja');",
    "",
)


def _checksums(card: Card, files: Mapping[str, str]) -> str:
    """List hashes as `sha256sum` does, in the order of the names."""
    hashes = {path: sha256 for path, (sha256, _) in files_of(card).items()}
    hashes |= {name: hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()}
    return "".join(f"{sha256}  {path}\n" for path, sha256 in sorted(hashes.items()))
