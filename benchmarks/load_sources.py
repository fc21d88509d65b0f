"""Make sources that are large in one way each: many documents, deep folders, one long document."""

import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from benchmarks.prose import LANGUAGES, write_article

_SEED = 12
_FOLDERS_DEEP = 40
_MENU = (
    "Home",
    "News",
    "Sport",
    "Culture",
    "Contact us",
    "All rights reserved by the Daily Example",
)


class Load(NamedTuple):
    """A way to be large.

    Attributes:
        size: Of the full source: documents, files, segments, members or bytes.
        write: Fills an empty folder, given the size.
    """

    size: int
    write: Callable[[Path, int], object]


def _lines(folder: Path, records: Iterable[dict[str, str]]) -> None:
    with (folder / "a.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records)


def _texts(count: int) -> Iterator[str]:
    """Yield different articles, in ten languages by turns."""
    for number in range(count):
        yield write_article(LANGUAGES[number % len(LANGUAGES)], Random(_SEED + number)).text


def _tiny(folder: Path, count: int) -> None:
    texts = (f"In Hamburg the price of lot {n} rose to {7 * n} euros." for n in range(count))
    _lines(folder, ({"text": text} for text in texts))


def _large(folder: Path, size_bytes: int) -> None:
    text = "\n".join(_texts(1000)).encode()
    with (folder / "a.txt").open("wb") as file:
        for begin in range(0, size_bytes, len(text)):
            file.write(text[: size_bytes - begin])


def _deep(folder: Path, count: int) -> None:
    for number, text in enumerate(_texts(count)):
        below = folder.joinpath(*(f"{number % 7}{depth}" for depth in range(_FOLDERS_DEEP)))
        below.mkdir(parents=True, exist_ok=True)
        (below / f"{number}.txt").write_text(text, encoding="utf-8")


def _short_lines(folder: Path, count: int) -> None:
    lines = "".join(f"L{number}\n" for number in range(count))  # a record has 10 MiB at most
    (folder / "a.txt").write_text(lines, encoding="utf-8")


def _segments(folder: Path, count: int) -> None:
    # The shortest of which each is a segment, in no language: a model of names would take longest.
    lines = "".join(f"1000 2000 3000 4000 5000 60 {number:06}\n" for number in range(count))
    (folder / "a.txt").write_text(lines, encoding="utf-8")


def _copies(folder: Path, count: int) -> None:
    text = next(_texts(1))
    _lines(folder, ({"text": text, "id": str(number)} for number in range(count)))


def _site(folder: Path, count: int) -> None:
    def record(number: int) -> dict[str, str]:
        text = write_article("en", Random(_SEED + number)).text
        lines = "\n".join((*_MENU[:4], text, *_MENU[4:]))
        return {"url": f"https://news.example/{number}", "text": lines}

    _lines(folder, map(record, range(count)))


def _members(folder: Path, count: int) -> None:
    with zipfile.ZipFile(folder / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(count):
            archive.writestr(
                f"{number % 100}/{number}.txt", f"Lot {number} was sold in Hamburg on Monday."
            )


LOADS = {
    "tiny documents": Load(20_000, _tiny),
    "bytes of one document": Load(200 * 10**6, _large),
    "bytes of one document that is kept": Load(8 * 10**6, _large),
    "files in folders 40 deep": Load(5_000, _deep),
    "short lines of one document": Load(1_000_000, _short_lines),
    "segments of one document": Load(290_000, _segments),
    "copies of one text": Load(10_000, _copies),
    "documents of one site with one menu": Load(5_000, _site),
    "members of a zip": Load(100_000, _members),
}
