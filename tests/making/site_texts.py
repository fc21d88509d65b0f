"""Make up documents of one site, and show what becomes of their lines."""

from random import Random

import polars as pl

from tasks.clean.clean_documents import clean_documents
from tasks.clean.drop_site_lines import drop_site_lines
from tasks.clean.find_site_lines import find_site_lines
from tasks.clean.trace_site_lines import trace_site_lines
from tasks.settings import CleanSettings, SiteSettings
from tests.making.raw_documents import raw_documents
from tests.making.texts_in_many_scripts import PARAGRAPHS

#: No page by its look: what is dropped here is dropped for recurring.
CLEAN = CleanSettings(chrome_min_lines=10_000)
SITES = SiteSettings()
MENU = ("Harbour Gazette", "All pages of today", "Regions and towns")
FOOTER = ("Our reporters and how to reach them", "Printed in Harbour Lane")
DISCLAIMER = (
    "The Gazette is an independent newspaper that belongs to its readers, none of whom answers "
    "for what stands on other pages."
)
STATEMENT = "We have never been asked, and we shall not be silent, said the harbour master aloud."


def judged_site(texts: dict[str, str], url: str = "https://gazette.example/{}") -> pl.DataFrame:
    """Return the segments of plain texts of one site, judged."""
    raw = raw_documents(texts).with_columns(url=pl.format(url, "doc_id"))
    cut, metadata = clean_documents(raw, CLEAN)
    found = find_site_lines(trace_site_lines(raw, metadata, cut).lazy(), SITES)
    return drop_site_lines(cut, found, CLEAN, SITES)


def dropped_lines(texts: dict[str, str]) -> list[str]:
    """Return the distinct lines that go for recurring."""
    judged = judged_site(texts).filter(detail="recurs over the site")
    return sorted(set(judged["text"]))


def body_lines(number: int, script: str = "Latn", lines: int = 3) -> list[str]:
    """Return lines of running text that no other number gives."""
    rng = Random(f"{script}{number}")
    letters = "".join(PARAGRAPHS[script])
    words = letters.split() if letters.count(" ") > 20 else [letters[i : i + 2] for i in range(90)]
    return [" ".join(rng.choices(words, k=24)) + "." for _ in range(lines)]


def site_texts(count: int, before: tuple[str, ...], after: tuple[str, ...]) -> dict[str, str]:
    """Return this many documents between the same lines."""
    return {
        f"{number:03}": "\n".join([*before, f"Title {number} of it", *body_lines(number), *after])
        for number in range(count)
    }
