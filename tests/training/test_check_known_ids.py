"""No Wikidata id ships that was written from memory and that no source has."""

import lzma
from pathlib import Path

import pytest

from training.check_known_ids import (
    LISTS,
    SOURCE_FILE,
    Confirmed,
    confirmed,
    confirmed_by_lists,
    own_names,
    unconfirmed,
)

HEADER = "name\tlang\tscript\tlabel\tkind\twikidata\tsource\n"
DATA = Path(__file__).parents[3] / "shared" / "data"


def lists(folder: Path, *rows: str) -> Path:
    """Write a list with some rows, and the other lists empty."""
    for stem in LISTS:
        text = HEADER + "".join(row + "\n" for row in rows if stem == "org_ror")
        (folder / f"{stem}.tsv.xz").write_bytes(lzma.compress(text.encode()))
    return folder


def test_every_id_that_this_project_wrote_is_confirmed_by_a_source() -> None:
    own, rows = own_names(), confirmed()
    assert unconfirmed(own, rows) == []
    assert {row.wikidata_id for row in rows} == set(own)
    assert rows == sorted(rows)
    assert all(row.name and row.source for row in rows)


def test_an_id_counts_as_confirmed_only_beside_a_name_that_it_has_here(tmp_path: Path) -> None:
    folder = lists(
        tmp_path,
        "iOS\ten\tLatn\tORG\tcompany\tQ48493\tror",
        "OpenAI\ten\tLatn\tORG\tcompany\tQ21708200\tror",
    )
    own = {"Q48493": {"al jazeera"}, "Q21708200": {"openai"}}
    rows = list(confirmed_by_lists(own, folder))
    assert rows == [Confirmed("Q21708200", "OpenAI", "org_ror")]
    assert unconfirmed(own, rows) == ["Q48493"]


@pytest.mark.slow
@pytest.mark.skipif(not DATA.exists(), reason="the lists are not in the repository")
def test_what_the_lists_confirm_is_what_the_table_says() -> None:
    rows = [row for row in confirmed() if not row.source.startswith(SOURCE_FILE)]
    assert sorted(confirmed_by_lists(own_names(), DATA / "names")) == rows
