"""Make a folder with everything that can be wrong with a source, and say what must become of it."""

from pathlib import Path

from tests.making import hostile_files, hostile_records
from tests.making.hostile_expectation import HostileExpectation


def make_hostile_folder(folder: Path) -> HostileExpectation:
    """Fill a folder, which is made, and return what to expect of it.

    One link leads to a file that is made beside the folder.
    """
    folder.mkdir(parents=True)
    expected = HostileExpectation()
    for add in (
        hostile_files.add_empty,
        hostile_files.add_binary,
        hostile_files.add_encodings,
        hostile_files.add_scripts,
        hostile_files.add_names,
        hostile_files.add_links,
        hostile_records.add_compressed,
        hostile_files.add_html,
        hostile_records.add_jsonl,
        hostile_records.add_large,
        hostile_records.add_csv,
        hostile_records.add_parquet,
        hostile_records.add_archives,
        hostile_records.add_warc,
    ):
        add(folder, expected)
    return expected
