"""Write the card of a release: a README with the front matter that Hugging Face reads.

`datasets.load_dataset(folder, "documents")` finds each table by it, without the network.
"""

import json
from collections.abc import Iterable, Iterator

from expectations.tables import TABLES
from tasks.releases.cards.card import Card
from tasks.releases.report.names import language_name, script_name
from tasks.releases.report.summary import escaped, markdown_table

# Named, since the library takes the first row group's length for it, and fails where that is 0.
_BATCH_ROWS = 1024
# https://huggingface.co/docs/hub/datasets-cards: the classes that the Hub knows.
_SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
)
_LARGEST = "n>10M"
#: Who reads a card looks at the largest languages; the tables have the rest.
_LANGUAGES = 100


def render_readme(card: Card) -> str:
    """Return the README of a release; the same record and figures give the same text."""
    parts = [
        "\n".join(["---", *_front_matter(card), "---"]),
        f"# {escaped(card.title)}",
        *([escaped(card.told.description)] if card.told.description else []),
        card.summary,
        "## Tables",
        _tables(card),
        "## Open it",
        _OPENING,
        "## Languages, and how far each was read",
        _languages(card),
        "## How it was made",
        _making(card),
        "## Limits",
        "\n".join(f"- {limit}" for limit in card.limits),
        "## Personal data and licence",
        _rights(card),
    ]
    return "\n\n".join(parts) + "\n"


def _front_matter(card: Card) -> Iterator[str]:
    """Write YAML; every value is a JSON text, which YAML reads the same."""
    documents = card.figures.documents
    yield f"pretty_name: {_quoted(card.title)}"
    yield f"license: {_quoted(card.told.licence.lower())}"
    if card.told.licence == "other":
        yield 'license_name: "of-each-source"'
    primary = dict.fromkeys(tag.split("-")[0] for tag in card.languages)
    yield f"language: {_quoted(list(primary))}"
    yield f"language_bcp47: {_quoted(card.languages)}"
    size = next((name for bound, name in _SIZES if documents < bound), _LARGEST)
    yield f"size_categories: {_quoted([size])}"
    yield 'annotations_creators: ["machine-generated"]'
    yield 'tags: ["babelmill", "multilingual", "named-entities"]'
    filled = [name for name, table in card.tables.items() if table.rows]
    yield "configs:" if filled else "configs: []"
    for name in filled:
        yield f"- config_name: {name}"
        yield f"  data_files: {name}/*.parquet"
        yield f"  batch_size: {_BATCH_ROWS}"
        if name == "documents":
            yield "  default: true"


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=True)


def _tables(card: Card) -> str:
    rows = [
        (f"`{name}`", TABLES[name].row, f"{table.rows:,}", _size(card, name))
        for name, table in card.tables.items()
    ]
    return _grid(("Table", "A row", "Rows", "Parquet"), rows)


def _size(card: Card, name: str) -> str:
    return f"{sum(file.size_bytes for file in card.tables[name].files) / 2**10:,.0f} KiB"


def _grid(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Lay out a Markdown table of cells that are ours."""
    ruler = ["---"] * len(header)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (header, ruler, *rows))


_OPENING = """\
```python
import polars as pl                      # any tool that reads Parquet does
documents = pl.read_parquet("documents/*.parquet")

import datasets                          # Hugging Face, without the network
documents = datasets.load_dataset(".", "documents")["train"]
```

```sh
duckdb -init babelmill.duckdb.sql        # a view for each table, and five questions as macros
sha256sum --check SHA256SUMS             # every file is what was published
```

Tables without rows have no configuration of Hugging Face: its library cannot load them.
`report.html` shows the release to people, `croissant.json` and `datapackage.json` describe each
column to tools."""


def _languages(card: Card) -> str:
    rows = [
        (
            f"{language_name(row['language'])} ({row['language']})",
            script_name(row["script"]),
            f"{row['documents']:,}",
            f"{row['chars']:,}",
            f"{row['confidence']:.2f}",
            card.models.get(row["language"], "none"),
            f"{row['analysed']:.0%}",
        )
        for row in card.figures.languages[:_LANGUAGES]
    ]
    header = (
        "Language", "Script", "Documents", "Characters", "Confidence", "Entity model", "Read by it",
    )  # fmt: skip
    more = len(card.figures.languages) - _LANGUAGES
    note = f"\n\nand {more:,} more" if more > 0 else ""
    return markdown_table(header, rows) + note


def _making(card: Card) -> str:
    """Tell versions and digests, and nothing of the machine or of where the source lies."""
    release = card.release
    rows = [
        ("Release", release.release_id),
        ("Made", release.created_at),
        ("Babelmill", release.environment.get("babelmill", "unknown")),
        ("Python", release.environment.get("python", "unknown")),
        ("Packages, a digest", release.environment.get("packages", "unknown")),
        ("Checks", f"{met_of(card)} expectations met"),
    ]
    steps = ", ".join(step.step.replace("_", " ") for step in release.steps)
    return (
        f"{markdown_table(('What', 'Which'), rows)}\n\n"
        f"Steps: {escaped(steps) or 'none had to run'}. The same source, settings and packages "
        "give the same bytes; the ledger counts every record once, with the rule that decided."
    )


def met_of(card: Card) -> str:
    """Say how many expectations were met, of how many."""
    results = card.release.verdict.results
    return f"{sum(result.passed for result in results):,} of {len(results):,}"


def _rights(card: Card) -> str:
    found = card.tables["personal_data"].rows
    redaction = (
        "What was found of e-mail addresses, telephone, card and account numbers is replaced."
        if card.is_redacted
        else f"`personal_data` names {found:,} e-mail addresses, telephone, card and account "
        "numbers in the texts by their position; they stand in the texts."
    )
    licence = (
        "The texts are under the licences of their sources, which Babelmill does not know."
        if card.told.licence == "other"
        else f"Licence: {escaped(card.told.licence)}."
    )
    creator = f" Published by {escaped(card.told.creator)}." if card.told.creator else ""
    return f"{redaction}\n\n{licence}{creator}"
