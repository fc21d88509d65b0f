"""Read a source, or a file of one, and show what comes out."""

from pathlib import Path

from tasks.reading.formats import read_records
from tasks.reading.ingest import ingest_files
from tasks.reading.records import Flaw, Record
from tasks.reading.source import content_of, list_source
from tasks.settings import IngestSettings

Fates = dict[str, str]


def fates(source: Path | str, settings: IngestSettings | None = None) -> Fates:
    """Return by `source_uri` the text of each record of a source, or `!` and why there is none."""
    found: Fates = {}
    listing = list_source(str(source))
    for item in listing.rejections:
        found[item.source_uri] = f"!{item.reason}"
    for documents, rejects in ingest_files(listing.files, settings or IngestSettings()):
        pairs = [*documents.select("source_uri", "text").iter_rows()]
        pairs += [(uri, f"!{reason}") for uri, _, reason, *_ in rejects.iter_rows()]
        for uri, fate in pairs:
            assert uri not in found
            found[uri] = fate
    return found


def rows(source: Path) -> list[dict[str, object]]:
    """Return the raw documents of a source, in the order of their `source_uri`."""
    batches = ingest_files(list_source(str(source)).files, IngestSettings())
    found = [row for documents, _ in batches for row in documents.iter_rows(named=True)]
    return sorted(found, key=lambda row: str(row["source_uri"]))


def read_file(
    path: Path, content: bytes | None = None, settings: IngestSettings | None = None
) -> list[Record | Flaw]:
    """Return the records and flaws of a file, which is written if its content is given."""
    if content is not None:
        path.write_bytes(content)
    chosen = settings or IngestSettings()
    [file] = list_source(str(path)).files
    return list(read_records(content_of(file, chosen), chosen))


def numbered_fates(items: list[Record | Flaw]) -> list[tuple[int | None, str]]:
    """Return the text of each record of a file, or the reason why there is none."""
    return [(item.number, item.reason if isinstance(item, Flaw) else item.text) for item in items]
