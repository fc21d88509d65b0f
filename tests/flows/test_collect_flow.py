"""A list of feeds becomes a dataset: collected, built and published, again the next day."""

from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from flows.build import build
from flows.cli import app
from flows.collect import collect
from flows.daily import daily
from flows.errors import NothingCollected
from flows.failures import EXIT_USAGE
from tasks.reading.collect.errors import BadSourceList
from tests.making.hostile_expectation import story
from tests.making.misbehaving_server import Reply, served

HOST = "127.0.0.1"
PLAIN = "[entities]\nenabled = false\n[stories]\nenabled = false\n"


def _list(folder: Path, feeds: list[str]) -> str:
    lines = [
        'contact = "me@example.org"', "allow_private = true", "delay_seconds = 0",
        f"feeds = {feeds}",
    ]  # fmt: skip
    path = folder / "news.toml"
    path.write_text("\n".join(lines), "utf-8")
    return str(path)


@pytest.mark.usefixtures("prefect_server")
def test_three_feeds_become_a_dataset_that_grows_and_a_dead_feed_is_told(tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text(PLAIN, "utf-8")
    into, store = str(tmp_path / "collected"), tmp_path / "store"

    def day() -> list[str]:
        daily(sources, into, str(store), workers=1, settings_file=str(settings))
        documents = pl.read_parquet(store / "latest" / "documents" / "*.parquet")
        assert documents["fetched_at"].null_count() == 0
        return sorted(documents["url"])

    with served() as sites:
        links = [sites.page(HOST, f"/{n}", story(n)) for n in range(6)]
        feeds = [sites.feed(HOST, f"/feed{n}", links[2 * n : 2 * n + 2]) for n in range(3)]
        sources = _list(tmp_path, feeds)
        assert day() == links
        links.append(sites.page(HOST, "/new", story(7)))
        sites.feed(HOST, "/feed0", [links[-1]])
        sites.pages[HOST, "/feed1"] = Reply(status=410)
        asked = len(sites.asked())
        assert day() == sorted(links)
        assert sorted(sites.asked()[asked:]) == ["/feed0", "/feed1", "/feed2", "/new"]
        found = collect(sources, into)
    assert [(told["address"], told["outcome"]) for told in found.troubles] == [(feeds[1], "gone")]


@pytest.mark.usefixtures("prefect_server")
def test_a_page_that_changed_is_a_new_version_and_says_so_in_any_rebuild(tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text(PLAIN, "utf-8")
    into = tmp_path / "collected"
    with served() as sites:
        article, other = story(1), sites.page(HOST, "/other", story(2))
        page = sites.page(HOST, "/1", article)
        sources = _list(tmp_path, [sites.feed(HOST, "/feed", [page, other])])
        with Path(sources).open("a", encoding="utf-8") as more:
            more.write("\nrevisit_hours = 0\n")
        daily(sources, str(into), str(tmp_path / "store"), settings_file=str(settings))
        sites.page(HOST, "/1", f"{article} Corrected: it was a Friday.")
        daily(sources, str(into), str(tmp_path / "store"), settings_file=str(settings))
    build(str(into / "pages"), str(tmp_path / "again"), 1, str(settings))
    grown, again = (
        pl.read_parquet(tmp_path / store / "latest" / "documents" / "*.parquet")
        for store in ("store", "again")
    )
    assert grown.equals(again), "fetched_at and first_fetched_at, too"
    old, new = grown.filter(url=page).sort("fetched_at").to_dicts()
    assert (old["version_of"], old["superseded_by"]) == (None, new["doc_id"])
    assert (new["version_of"], new["superseded_by"]) == (old["doc_id"], None)
    assert new["first_fetched_at"] == old["first_fetched_at"] == old["fetched_at"]
    assert grown["duplicate_of"].null_count() == 3
    ledger = pl.read_parquet(tmp_path / "store" / "latest" / "ledger" / "*.parquet")
    assert sorted(ledger["fate"]) == ["published", "published", "superseded"]
    store = ["--store", str(tmp_path / "store")]
    said = CliRunner().invoke(app, ["explain", old["source_uri"], *store]).stdout
    assert "superseded by find_versions: superseded" in said
    assert f"{new['source_uri']} (current)" in said


@pytest.mark.usefixtures("prefect_server")
def test_where_nothing_was_collected_nothing_is_built(tmp_path: Path) -> None:
    with served() as sites:
        sources = _list(tmp_path, [sites.url(HOST, "/gone")])
        with pytest.raises(NothingCollected, match="no page was collected"):
            daily(sources, str(tmp_path / "collected"), str(tmp_path / "store"))
    assert not (tmp_path / "store").exists()


def test_a_list_that_cannot_be_used_ends_before_a_server_is_started(tmp_path: Path) -> None:
    sources = _list(tmp_path, ["gopher://x"])
    found = CliRunner().invoke(app, ["collect", sources, "--into", str(tmp_path / "into")])
    assert isinstance(found.exception, BadSourceList)
    from flows.failures import exit_code_of

    assert exit_code_of(found.exception) == EXIT_USAGE
