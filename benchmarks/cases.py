"""Build small inputs that each show a kind of fault, and say which come out as expected.

    python -m benchmarks.cases FOLDER [--store FOLDER]

`FOLDER` has a folder per kind with an `expected.json`, whose checks name a document (a file, or
`file#3` for a record of one) and what must stand in its rows. All inputs are built at once, with
default settings.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import polars as pl
import typer

from benchmarks.hostile import PlainRunner
from tasks.build import build
from tasks.settings import Settings

Row = dict[str, Any]
_TABLES = ("documents", "mentions", "personal_data", "rejects")


class Built:
    """The rows of a release, to be asked by the folder of a kind and case.

    Attributes:
        rows: Rows of the tables that the checks ask.
    """

    def __init__(self, release: Path) -> None:
        self.rows = {name: pl.read_parquet(release / name / "*.parquet") for name in _TABLES}
        documents = self.rows["documents"].to_dicts()
        self._by_uri = {row["source_uri"]: row for row in documents}
        self._of_document: dict[str, dict[str, list[Row]]] = {}
        for table in ("mentions", "personal_data"):
            self._of_document[table] = defaultdict(list)
            for row in self.rows[table].iter_rows(named=True):
                self._of_document[table][row["doc_id"]].append(row)

    def document(self, uri: str) -> Row | None:
        """Return the document of a `source_uri`."""
        return self._by_uri.get(uri)

    def documents(self, prefix: str) -> list[Row]:
        """Return the documents whose `source_uri` begins so."""
        return [row for uri, row in self._by_uri.items() if uri.startswith(prefix)]

    def of(self, table: str, document: Row) -> list[Row]:
        """Return a document's rows of a table."""
        return self._of_document[table][document["doc_id"]]

    def entities(self, folder: str, surface: str) -> set[str]:
        """Return the entities that a name stands for in the documents of a folder."""
        return {
            mention["entity_id"]
            for document in self.documents(folder)
            for mention in self.of("mentions", document)
            if mention["surface"] == surface
        }

    def rejects(self, prefix: str) -> list[Row]:
        """Return the rejects whose `source_uri` begins so."""
        return [r for r in self.rows["rejects"].to_dicts() if r["source_uri"].startswith(prefix)]


def _text_faults(check: Row, text: str) -> Iterator[str]:
    yield from (f"lacks {part!r}" for part in check.get("contains", ()) if part not in text)
    yield from (f"has {part!r}" for part in check.get("lacks", ()) if part in text)
    groups = check.get("contains_any")
    if groups and not any(all(part in text for part in group) for group in groups):
        yield f"lacks any of {groups}"
    for part, count in check.get("count", {}).items():
        if text.count(part) != count:
            yield f"{part!r} stands {text.count(part)} times, not {count}"


def _field_faults(check: Row, document: Row) -> Iterator[str]:
    for name, value in check.get("field", {}).items():
        found = _written(document[name])
        if found is None or not (found.startswith(value) if _is_date(name) else found == value):
            yield f"{name} is {found!r}, not {value!r}"
    for name, value in check.get("not_field", {}).items():
        found = _written(document[name])
        if found is not None and found.startswith(value):
            yield f"{name} is {found!r}"
    languages = check.get("language_in", [document["language"]])
    if document["language"] not in languages or document["language"] in check.get(
        "language_not", []
    ):
        yield f"language {document['language']} ({document['language_confidence']:.2f})"


def _is_date(name: str) -> bool:
    return name == "published_at"


def _written(value: object) -> str | None:
    if isinstance(value, datetime):
        return value.isoformat()
    return None if value is None else str(value)


def _mention_faults(check: Row, mentions: list[Row]) -> Iterator[str]:
    have = {(row["surface"], row["label"]) for row in mentions}
    surfaces = {" ".join(surface.split()) for surface, _ in have}
    for wanted in check.get("mentions", ()):
        if tuple(wanted) not in have:
            yield f"no mention {wanted}; has {sorted(have)[:12]}"
    for part in check.get("no_mention", ()):
        if any(part in surface for surface in surfaces):
            yield f"mention of {part}"
    for surface in check.get("mentions_any_space", ()):
        if surface not in surfaces:
            yield f"no mention {surface}; has {sorted(surfaces)[:12]}"


def _document_faults(built: Built, folder: str, check: Row) -> Iterator[str]:
    document = built.document(f"{folder}/{check['doc']}")
    if document is None:
        rejects = built.rejects(f"{folder}/{check['doc']}")
        reasons = [f"{row['reason']} ({row['detail']})" for row in rejects[:3]]
        yield f"no document {check['doc']}: {'; '.join(reasons) or 'no row'}"
        return
    yield from _text_faults(check, document["text"])
    yield from _field_faults(check, document)
    yield from _mention_faults(check, built.of("mentions", document))


def _personal_data_faults(built: Built, folder: str, check: Row) -> Iterator[str]:
    document = built.document(f"{folder}/{check['pii']}")
    rows = built.of("personal_data", document) if document else []
    found = [row for row in rows if row["kind"] == check["kind"]]
    if len(found) < check["n_min"]:
        yield f"{check['pii']}: {len(found)} of {check['n_min']} {check['kind']}"


def _reject_faults(built: Built, folder: str, check: Row) -> Iterator[str]:
    reasons = [row["reason"] for row in built.rejects(f"{folder}/{check['reject']}")]
    if not reasons or check.get("reason", reasons[0]) not in reasons:
        yield f"{check['reject']}: rejects {reasons}"


def _uri_faults(built: Built, folder: str, check: Row) -> Iterator[str]:
    if built.document(f"{folder}/{check['uri']}") is None:
        yield f"no {check['uri']}; has {[d['source_uri'] for d in built.documents(folder)]}"


def _same_faults(built: Built, folder: str, names: list[str]) -> Iterator[str]:
    found = [built.entities(folder, name) for name in names]
    if not all(found):
        yield f"not all found: {names}"
    elif not set.intersection(*found):
        yield f"not one entity: {names}"


def _same_entity_faults(built: Built, folder: str, check: Row) -> Iterator[str]:
    yield from _same_faults(built, folder, check["same_entity"])


def _same_pairs_faults(built: Built, folder: str, check: Row) -> Iterator[str]:
    for pair in check["same_entity_if_found"]:
        yield from _same_faults(built, folder, pair)


def _different_faults(built: Built, folder: str, check: Row) -> Iterator[str]:
    first, second = (built.entities(folder, name) for name in check["different"])
    if not first or not second:
        yield f"not all found: {check['different']}"
    elif first & second:
        yield f"joined: {check['different']}"


def _duplicate_faults(built: Built, folder: str, check: Row) -> Iterator[str]:
    for document in built.documents(f"{folder}/{check['no_duplicates']}"):
        if document["duplicate_of"]:
            yield f"{document['source_uri']} is called a {document['duplicate_kind']} copy"


#: What a check asks, by the key that says so.
_ASKED: dict[str, Callable[[Built, str, Row], Iterable[str]]] = {
    "doc": _document_faults,
    "pii": _personal_data_faults,
    "reject": _reject_faults,
    "uri": _uri_faults,
    "same_entity": _same_entity_faults,
    "same_entity_if_found": _same_pairs_faults,
    "different": _different_faults,
    "no_duplicates": _duplicate_faults,
}


def faults(built: Built, folder: str, check: Row) -> list[str]:
    """Return how the rows of a case differ from what a check expects; none if they do not.

    Raises:
        ValueError: If the check asks nothing that is known.
    """
    asked = [ask for key, ask in _ASKED.items() if key in check]
    if len(asked) != 1:
        raise ValueError(f"{sorted(check)}: a check must have one of {sorted(_ASKED)}")
    return list(asked[0](built, folder, check))


def run(cases: Path, store: Path) -> Iterator[tuple[str, list[str]]]:
    """Build the cases into a store; yield each check's folder and its faults."""
    build(str(cases), store, Settings(), PlainRunner({}))
    built = Built(store / "latest")
    for path in sorted(cases.glob("*/expected.json")):
        for check in json.loads(path.read_text(encoding="utf-8"))["expected"]:
            folder = f"{path.parent.name}/{check['folder']}"
            yield folder, faults(built, folder, check)


def main(cases: Path, store: Annotated[Path | None, typer.Option()] = None) -> None:
    """Print each check that fails, and the count by kind."""
    passed, total = defaultdict[str, int](int), defaultdict[str, int](int)
    with TemporaryDirectory() as scratch:
        for folder, found in run(cases, store or Path(scratch) / "store"):
            kind = folder.partition("/")[0]
            total[kind] += 1
            passed[kind] += not found
            if found:
                print(f"FAIL {folder}: {'; '.join(found)[:300]}")
    for kind, checks in total.items():
        print(f"{kind:45} {passed[kind]:3} of {checks:3}")
    print(f"{sum(passed.values())} of {sum(total.values())} checks pass")


if __name__ == "__main__":
    typer.run(main)
