"""Quality signals are defined in every script, or null where they have no meaning."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.signals import QUALITY_SIGNALS
from tasks.clean.quality import STOP_WORDS_FILE, measure_quality, stop_words
from tasks.clean.quality_limits import UnknownQualityLanguage, broken_limits
from tasks.settings import QualitySettings
from tasks.settings.clean import QualityLimits
from tasks.writing.scripts import script_of
from tasks.writing.vocabulary import STOPLESS_SCRIPTS, UNSPACED_SCRIPTS
from tests.making.texts_in_many_scripts import PARAGRAPHS, SCRIPTS, documents
from training.write_stop_words import written

_NAMES = [signal.name for signal in QUALITY_SIGNALS]


def _documents(*texts: str, language: str = "und", script: str | None = None) -> pl.DataFrame:
    rows = [(f"{i:03}", text, language, script or script_of(text)) for i, text in enumerate(texts)]
    return pl.DataFrame(rows, schema=["doc_id", "text", "language", "script"], orient="row")


def _signals(text: str, language: str = "und", script: str | None = None) -> dict[str, float]:
    return measure_quality(_documents(text, language=language, script=script)).row(0, named=True)


def _broken(settings: QualitySettings, text: str, language: str = "und") -> str | None:
    texts = _documents(text, language=language)
    found = broken_limits(measure_quality(texts).join(texts, on="doc_id"), settings)
    return found["detail"].item() if found.height else None


def test_the_columns_are_the_declared_signals() -> None:
    measured = measure_quality(_documents("One line."))
    assert measured.columns == ["doc_id", *_NAMES]
    empty = measure_quality(_documents("x").clear())
    assert empty.is_empty()
    assert empty.schema == measured.schema


@pytest.mark.parametrize("script", SCRIPTS)
def test_prose_in_every_script_is_of_high_quality(script: str) -> None:
    text = "\n".join(PARAGRAPHS[script])
    found = _signals(text, script=script)
    assert found["letter_share"] > 0.9
    assert found["repeated_line_share"] == found["repeated_run_share"] == 0
    assert found["terminal_line_share"] == (None if script in STOPLESS_SCRIPTS else 1)
    assert (found["mean_word_chars"] is None) == (script in UNSPACED_SCRIPTS)
    assert _broken(QualitySettings(profile="strict"), text) is None


@pytest.mark.parametrize("script", SCRIPTS)
def test_repeated_lines_are_counted_in_every_script(script: str) -> None:
    first, second, third = PARAGRAPHS[script]
    found = _signals("\n".join((first, second, third, first)), script=script)
    assert found["repeated_line_share"] == 0.25
    assert 0.2 < found["repeated_line_chars_share"] < 0.3
    assert 0.1 < found["repeated_run_share"] < 0.4


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("digit_share", "٣٤ ab", 0.5),
        ("digit_share", "２０ 二〇", 0.5),
        ("symbol_share", "a # € |", 0.75),
        ("letter_share", "की 12", 0.5),
        ("bullet_line_share", "• one\n— Нет, — сказал он.\n- two\n・三", 0.5),
        ("ellipsis_line_share", "Weiter …\nMore...\n続く……」\nEnd.", 0.75),
        ("terminal_line_share", "انتهى؟\nखत्म।\n終わり。」\nMenu", 0.75),
        ("terminal_line_share", "བཀྲ་ཤིས།", 1.0),
        ("terminal_line_share", "Մեզ ոչ ոք չի հարցրել:", 1.0),
        ("word_count", "na\u200cma l'homme 12", 4),
        ("mean_word_chars", "ab cdef", 3.0),
        ("top_run_share", "a b c d e a b c d e", 2 / 6),
        ("top_run_share", "a b c d e f", 0),
    ],
)
def test_a_signal_is_what_its_column_says(name: str, text: str, expected: float) -> None:
    assert _signals(text)[name] == pytest.approx(expected)


def test_stop_words_are_counted_where_there_is_a_list_of_the_script() -> None:
    assert _signals("The dog and the cat", "en")["stop_word_share"] == 0.6
    assert _signals("Пас и мачка", "sr")["stop_word_share"] == pytest.approx(1 / 3)
    assert _signals("Pas i mačka", "sr")["stop_word_share"] is None
    assert _signals("Ní hé", "zu")["stop_word_share"] is None
    assert stop_words("ko", "Kore") == frozenset()


def test_a_text_of_no_words_has_no_signals_of_words() -> None:
    found = _signals("☎ ☎")
    assert found["word_count"] == 0
    assert found["mean_word_chars"] is None
    assert found["repeated_run_share"] is None


def test_nothing_is_dropped_unless_a_profile_is_asked_for() -> None:
    junk = "#### $$$$ ||||"
    assert _broken(QualitySettings(), junk) is None
    assert "symbol_share 1.0 > 0.1" in str(_broken(QualitySettings(profile="strict"), junk))


def test_the_limits_of_a_language_go_before_those_for_all() -> None:
    text = "\n".join(PARAGRAPHS["Cyrl"])
    own = QualitySettings(profile="strict", languages={"ru": QualityLimits(max_mean_word_chars=3)})
    assert str(_broken(own, text, "ru")).startswith("mean_word_chars ")
    assert _broken(own, text, "uk") is None
    lifted = QualitySettings(
        profile="strict",
        max_mean_word_chars=3,
        languages={"ru": QualityLimits(max_mean_word_chars=None)},
    )
    assert _broken(lifted, text, "ru") is None
    assert _broken(lifted, text, "bg") is not None


def test_limits_of_an_unknown_language_raise() -> None:
    settings = QualitySettings(languages={"xx-klingon": QualityLimits()})
    with pytest.raises(UnknownQualityLanguage, match="xx-klingon"):
        _broken(settings, "text")


@given(st.lists(documents(), min_size=1, max_size=3))
@settings(max_examples=10, deadline=None)
def test_signals_of_any_text_are_in_range_and_independent_of_company(texts: list[str]) -> None:
    frame = _documents(*texts)
    measured = measure_quality(frame)
    assert measured["doc_id"].to_list() == frame["doc_id"].to_list()
    for name in _NAMES:
        if name.endswith("_share"):
            assert measured[name].drop_nulls().is_between(0, 1).all(), name
    for doc_id in frame["doc_id"]:
        alone = measure_quality(frame.filter(doc_id=doc_id))
        assert alone.equals(measured.filter(doc_id=doc_id))


def test_the_stop_words_are_those_of_the_installed_spacy() -> None:
    assert STOP_WORDS_FILE.read_text(encoding="utf-8") == written()
