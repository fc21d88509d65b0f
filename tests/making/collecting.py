"""Make collections of a server that misbehaves, and read what was kept."""

from pathlib import Path

from tasks.reading.collect.collect import PAGES, Collected, collect
from tasks.reading.collect.source_list import SourceList
from tests.making.misbehaving_server import Sites
from tests.making.reading import rows

A, B = "a.example.org", "b.example.org"
QUICK: dict[str, object] = {
    "name": "news", "contact": "https://example.org/bot", "allow_private": True, "delay_seconds": 0,
    "revisit_hours": 0, "max_seconds": 20, "timeout_seconds": 20, "max_delay_seconds": 0.2,
}  # fmt: skip


def source_list(**changes: object) -> SourceList:
    return SourceList.model_validate({**QUICK, **changes})


def collect_from(web: Sites, folder: Path, **changes: object) -> Collected:
    return collect(source_list(**changes), folder, resolve=web.resolve)


def texts_by_address(folder: Path) -> dict[str, list[str]]:
    """Return what a build would read: texts by address."""
    found: dict[str, list[str]] = {}
    for row in rows(folder / PAGES) if (folder / PAGES).exists() else []:
        found.setdefault(str(row["url"]), []).append(str(row["text"]))
    return found
