"""What stages load when they are first called is loaded ahead, where this process will call them."""

from pathlib import Path

import pytest

from tasks import build, pipeline
from tasks.clean import language_identifier
from tasks.mentions import backends
from tasks.settings import EntitySettings, Settings


def test_a_rehearsal_loads_the_encoder_and_what_tells_languages() -> None:
    pipeline.rehearse(Settings())
    loads, reads = backends.load.cache_info, language_identifier._model.cache_info
    before = (loads().misses, reads().misses)
    assert before[1]
    identity = backends.model_for("en", EntitySettings())
    assert identity is not None
    backends.load(identity)
    language_identifier.py3langid_guesses(["A sentence in English."])
    assert (loads().misses, reads().misses) == before


@pytest.mark.parametrize(
    ("source_bytes", "release", "is_rehearsed"),
    [(1_000, None, True), (1_000_000, None, False), (1_000_000, "abc", True)],
)
def test_stages_are_rehearsed_for_a_small_source_and_where_there_is_a_release(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    source_bytes: int,
    release: str | None,
    is_rehearsed: bool,
) -> None:
    source, asked = tmp_path / "a.txt", list[Settings]()
    source.write_text("a" * source_bytes, encoding="utf-8")
    monkeypatch.setattr(build, "latest_id", lambda _: release)
    monkeypatch.setattr(build, "rehearse", asked.append)
    assert build.load_ahead(str(source), tmp_path / "store", Settings()) is is_rehearsed
    assert asked == [Settings()] * is_rehearsed
    assert not (tmp_path / "store").exists()
