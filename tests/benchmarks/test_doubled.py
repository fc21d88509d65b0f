"""Check that doubled documents are restored and natural repetition kept, in ten languages."""

from random import Random

import pytest

from benchmarks.doubled import document, score
from benchmarks.doublings import DOUBLINGS
from benchmarks.news_texts import NewsText, case_of
from benchmarks.prose import LANGUAGES, write_article
from benchmarks.repetition import NATURAL
from tasks.settings import CleanSettings


def _text(tag: str) -> NewsText:
    article = write_article(tag, Random(f"doubled {tag}"))
    sentences = (
        " ".join(article.paragraphs) if article.language.space else "".join(article.paragraphs)
    )
    stop = article.language.full_stop
    parts = tuple(f"{part.strip()}{stop}" for part in sentences.split(stop) if part.strip())
    return NewsText(tag, tag, article.title, parts)


@pytest.mark.parametrize("way", DOUBLINGS)
@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_doubled_text_is_restored(tag: str, way: str) -> None:
    text = _text(tag)
    result = score(document(way, case_of(text, way)), CleanSettings())
    assert result.right > 0
    assert result.wrong == 0
    # A short line of it may be taken for page furniture, and what is beside it be kept.
    assert result.missed <= 0.1 * result.right


@pytest.mark.parametrize("way", NATURAL)
@pytest.mark.parametrize("tag", LANGUAGES)
def test_natural_repetition_is_kept(tag: str, way: str) -> None:
    text = _text(tag)
    assert score(document(way, case_of(text, way)), CleanSettings()).is_exact


def test_the_score_tells_right_wrong_and_missed_characters_apart() -> None:
    body = _text("en").paragraphs(Random(1))
    whole = [[(line, False)] for line in body]
    assert score([*whole, *([[(line, False)] for line in body])], CleanSettings()).wrong > 0
    assert score([[(body[0], True)], *whole[1:]], CleanSettings()).missed > 0
