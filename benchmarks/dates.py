"""Measure which dates are read: as CLDR writes them, and on pages.

    python -m benchmarks.dates [--data FOLDER] [--show]

Days and moments of a year are written by Babel in three lengths in 71 languages and regions and
read again. The pages are those of `html_types/` in the folder of development data, with title,
author and date as WCXB tells them. The date told is now and then what the page calls its last
change, which is never taken, or stands nowhere in it; these are counted apart. Days are compared
as UTC has them: what is told in a zone of its own may be a day apart.
"""

import json
import lzma
import re
import tarfile
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any

import typer
from babel.dates import format_date, format_datetime

from expectations.moments import LATEST
from tasks.pages.metadata import read_metadata
from tasks.reading.dates import parse_date
from training.write_date_words import TAGS

_LENGTHS = ("full", "long", "medium")
_HOURS = (9, 15, 22)
_MISTAKEN = frozenset({"wrong", "missed"})
_TOLD_OTHERWISE = frozenset({"last change told", "nowhere in the page"})
#: What a date is called stands so near before it, in the text or in the markup.
_LABEL_CHARS, _NAME_CHARS = 300, 40
_CHANGED = re.compile("modif|updat|review", re.IGNORECASE)


def written(tag: str) -> Iterator[tuple[str, datetime, bool]]:
    """Yield dates in a language, what they mean, and whether they have a time."""
    locale = tag.replace("-", "_")
    for month in range(1, 13):
        moment = datetime(2023, month, 3 + 2 * month, _HOURS[month % 3], 45)
        for length in _LENGTHS:
            yield format_date(moment, length, locale), moment, False
        for length in _LENGTHS[1:]:  # the full one ends in the name of a zone
            yield format_datetime(moment, length, None, locale), moment, True


def _print_written(*, show: bool) -> None:
    right, total = 0, 0
    for tag in TAGS:
        for text, moment, has_time in written(tag):
            found = parse_date(text, tag)
            wanted = moment if has_time else datetime.combine(moment.date(), time())
            is_right = found is not None and found.replace(tzinfo=None) == wanted
            right, total = right + is_right, total + 1
            if show and not is_right:
                print(f"    {tag}: {text} → {found}")
    print(f"as {len(TAGS)} languages and regions write them: {right} of {total} dates read")


def read_html_types(data: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the markup of the pages of `html_types/` and what is told of each."""
    folder = data / "html_types"
    with lzma.open(folder / "gold.jsonl.xz", "rt", encoding="utf-8") as lines:
        told = {row["file"]: row for row in map(json.loads, lines)}
    with tarfile.open(folder / "pages.tar.xz") as archive:
        for member in archive:
            content = archive.extractfile(member)
            name = Path(member.name).name
            if content is not None and name in told:
                yield content.read().decode("utf-8", errors="replace"), told[name]


def _outcome(told: str | None, found: str | None) -> str:
    if not told:
        return "not told, given" if found else "not told, null"
    if not found:
        return "missed"
    if told == found:
        return "right"
    return "a day apart" if _are_a_day_apart(told, found) else "wrong"


def _are_a_day_apart(told: str, found: str) -> bool:
    """Return whether two texts are days, one after the other."""
    try:
        days = date.fromisoformat(told), date.fromisoformat(found)
    except ValueError:
        return False
    return abs((days[1] - days[0]).days) == 1


def _plain(value: object) -> str:
    return re.sub(r"\W+", " ", value).casefold().strip() if isinstance(value, str) else ""


def _why_not(markup: str, told: date) -> str | None:
    """Return why a day that is told is not given: the page has it nowhere, or as a change only."""
    forms = {told.isoformat(), f"{told:%Y%m%d}", f"{told:%Y/%m/%d}", f"{told:%m/%d/%Y}"}
    forms |= {f"{told:%d/%m/%Y}", f"{told.month}/{told.day}/{told.year}", f"{told:%d.%m.%Y}"}
    forms |= {
        format_date(told, form, "en_US") for form in ("long", "medium", "d MMM y", "d MMMM y")
    }
    forms |= {format_date(told, form, "en") for form in ("MMM dd, y", "MMMM dd, y", "dd-MMM-y")}
    # Forums write `30th March 2025` and `Tue Aug 27, 2019`.
    days = rf"{told.day}(?:st|nd|rd|th) {told:%B} {told.year}"
    pattern = "|".join([*map(re.escape, sorted(forms)), days])
    places = [found.start() for found in re.finditer(pattern, markup, re.IGNORECASE)]
    if not places:
        return "nowhere in the page"
    before = (re.sub(r"<[^<>]*(?:>|$)", " ", markup[max(0, n - _LABEL_CHARS) : n]) for n in places)
    named = (re.sub(r".*[<>{}]|[\s\"']+", " ", label)[-_NAME_CHARS:] for label in before)
    attributes = (markup[max(0, n - _NAME_CHARS) : n] for n in places)
    is_change = any(_CHANGED.search(text) for text in (*named, *attributes))
    return "last change told" if is_change else None


def _print_pages(data: Path, *, show: bool) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    for markup, told in read_html_types(data):
        found = read_metadata(markup)
        day = found.published_at.date().isoformat() if found.published_at else None
        told_day = str(told["publish_date"] or "")[: len(date.min.isoformat())]
        for field, told_value, value in (
            ("date", told_day, day),
            ("title", _plain(told["title"]), _plain(found.title)),
            ("author", _plain(told["author"]), _plain(found.author)),
        ):
            outcome = _outcome(told_value, value)
            if field == "date" and outcome in _MISTAKEN:
                outcome = _why_not(markup, date.fromisoformat(told_day)) or outcome
            counts[field, outcome] += 1
            if show and outcome in {*_MISTAKEN, *_TOLD_OTHERWISE}:
                print(f"    {told['file']} {field} {outcome}: {told_value!r}, {value!r}")
        if found.published_at and found.published_at >= LATEST:
            counts["date", "in the future"] += 1
    for field in ("date", "title", "author"):
        print(field, {outcome: n for (name, outcome), n in sorted(counts.items()) if name == field})


def main(
    data: Annotated[Path, typer.Option(exists=True, file_okay=False)] = Path("../shared/data"),
    show: Annotated[bool, typer.Option("--show", help="Print what was missed or wrong.")] = False,
) -> None:
    """Print how many dates of each kind are read."""
    _print_written(show=show)
    _print_pages(data, show=show)


if __name__ == "__main__":
    typer.run(main)
