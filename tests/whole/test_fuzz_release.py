"""Whatever a source holds beside sound documents, a release of it is published, and their rows
are the same.

Some hundred damaged files are built at once, up to publication. BABELMILL_FUZZ_INPUTS sets how
many the slow test tries.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from random import Random

import polars as pl
import pytest

from tasks.reading.formats import FORMATS, read_records
from tasks.reading.recognised import COMPRESSION_SUFFIXES
from tasks.reading.records import Flaw
from tasks.reading.source import SourceFile, content_of
from tasks.settings import IngestSettings
from tests.making.damage import DAMAGES, Damage
from tests.making.formats_of_rows import WRITERS
from tests.making.fuzz_documents import damaged_document, mutated_file
from tests.making.fuzz_files import damaged_file, file_of_text
from tests.making.small_releases import built, rows_of, sound_files
from tests.making.story_in_languages import FERRY
from tests.making.texts_in_many_scripts import PARAGRAPHS
from tests.making.varied_files import varied_files, varied_rows, varied_texts

pytestmark = pytest.mark.long

_SLOW_INPUTS = int(os.environ.get("BABELMILL_FUZZ_INPUTS", "100000"))
_SOURCE_FILES = 400
#: More at once take less time each.
_SLOW_SOURCE_FILES = 1000
#: Other names for what has the same reader as one that is written.
_SAME_READER = {".text", ".mht", ".ipc", ".txz", ".docm", ".ott", ".mbx"}
#: What documents are made of before they are damaged: not of the sound ones, or these were copies.
_TEXTS = [*FERRY.values(), *("\n".join(paragraphs) for paragraphs in PARAGRAPHS.values())]
#: Limits on what most of a source may be like (docs/expectations.md): here most of it is noise.
_LIMITS = {"max_rejected_share": 1, "max_undetermined_share": 1, "max_undecodable_share": 1}
SETTINGS: dict[str, object] = {"checks": {**_LIMITS, "max_dropped_share": 1, "tolerated_share": 1}}
#: A tenth of the time of the encoder, which the slow test reads with.
FAST = {**SETTINGS, "entities": {"model": "fast"}}
_TABLES = ("raw_documents", "documents", "segments", "mentions", "personal_data", "ledger")


def _alone(settings: Mapping[str, object], folder: Path) -> dict[str, pl.DataFrame]:
    built(sound_files(), folder, settings)
    return {table: rows_of(folder, table, list(sound_files())) for table in _TABLES}


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    return _alone(SETTINGS, tmp_path_factory.mktemp("alone"))


def _drawn(chance: Random) -> tuple[str, bytes]:
    kind = chance.randrange(6)
    if kind < 3:
        return mutated_file(chance)
    if kind == 3:
        return damaged_document(chance, _TEXTS)
    return chance.choice([damaged_file, file_of_text])(chance)


def _check_source(
    drawn: list[tuple[str, bytes]],
    settings: Mapping[str, object],
    folder: Path,
    alone: dict[str, pl.DataFrame],
) -> None:
    noise = {f"{number:04}{suffix}": content for number, (suffix, content) in enumerate(drawn)}
    built({**noise, **sound_files()}, folder, settings)
    for table in _TABLES:
        assert rows_of(folder, table, list(sound_files())).equals(alone[table])


def test_there_is_a_sound_file_of_every_format_and_suffix() -> None:
    known = {suffix for found in FORMATS for suffix in found.suffixes}
    assert known - _SAME_READER <= {f".{part}" for suffix in WRITERS for part in suffix.split(".")}
    assert {suffix for suffix in COMPRESSION_SUFFIXES if any(suffix in w for w in WRITERS)} == set(
        COMPRESSION_SUFFIXES
    )


@pytest.mark.parametrize("suffix", WRITERS)
def test_all_of_a_sound_file_is_read(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(WRITERS[suffix](varied_rows(varied_texts()[:4], 0)))
    source = SourceFile(path.name, str(path), path.stat().st_size)
    items = list(read_records(content_of(source, IngestSettings()), IngestSettings()))
    assert items
    assert [item for item in items if isinstance(item, Flaw)] == []


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damage_changes_most_files_and_is_the_same_for_a_seed(damage: Damage) -> None:
    files = [content for content in varied_files().values() if len(content) > 100][:100]
    damaged = [damage(Random(number), content) for number, content in enumerate(files)]
    assert damaged == [damage(Random(number), content) for number, content in enumerate(files)]
    assert sum(one != other for one, other in zip(files, damaged, strict=True)) > 70
    assert damage(Random(1), b"") is not None


def test_a_source_of_damaged_files_is_published(tmp_path: Path) -> None:
    chance = Random(12)
    drawn = [_drawn(chance) for _ in range(_SOURCE_FILES)]
    _check_source(drawn, FAST, tmp_path / "release", _alone(FAST, tmp_path / "alone"))


@pytest.mark.slow
@pytest.mark.timeout(0)
@pytest.mark.parametrize("seed", range(max(1, _SLOW_INPUTS // _SLOW_SOURCE_FILES)))
def test_very_many_damaged_files_are_published(
    seed: int, tmp_path: Path, alone: dict[str, pl.DataFrame]
) -> None:
    chance = Random(f"source {seed}")
    drawn = [_drawn(chance) for _ in range(_SLOW_SOURCE_FILES)]
    _check_source(drawn, SETTINGS, tmp_path, alone)
