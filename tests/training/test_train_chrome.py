"""Check the training of the chrome model: what a page teaches, and weights without chance."""

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.pages import GoldPage
from tasks.clean import chrome_model
from tasks.clean.line_features import COLUMNS
from tests.making.texts_in_many_scripts import PARAGRAPHS
from training.network_training import Sample
from training.train_chrome import MAX_POST_LINES, page_samples, train, written

_MENU = [f"Menu item {letter}" for letter in "abcdefgh"]


def _page(body: tuple[str, ...], wanted: tuple[str, ...]) -> GoldPage:
    menu = "".join(f"<li><a href='/{i}'>{item}</a></li>" for i, item in enumerate(_MENU))
    paragraphs = "".join(f"<p>{text}</p>" for text in body)
    html = f"<html><body><nav><ul>{menu}</ul></nav><article>{paragraphs}</article></body></html>"
    return GoldPage("page.html", "https://gazette.example/1", html, wanted, ("Menu item a",))


def test_a_page_teaches_as_it_lies_without_layout_as_its_article_and_as_a_post() -> None:
    body = PARAGRAPHS["Latn"] * 6
    samples = page_samples(_page(body, body[:1]))
    lines = [len(sample.targets) for sample in samples]
    whole, article, post = len(_MENU) + len(body), len(body), lines[3]
    assert lines == [whole, whole, article, post, whole, article, post]
    assert 0 < (samples[3].targets > 0.5).sum() <= MAX_POST_LINES < article
    laid_out = samples[0]
    assert laid_out.targets[: len(_MENU)].max() < 0.5 < laid_out.targets[len(_MENU) :].min()
    assert all(sample.features.shape[1] == len(COLUMNS) for sample in samples)


def test_a_page_that_no_extraction_gets_right_teaches_nothing() -> None:
    assert page_samples(_page(PARAGRAPHS["Latn"], ("not on the page", "nor this"))) == []


def test_what_a_page_teaches_does_not_depend_on_the_other_pages() -> None:
    body = PARAGRAPHS["Latn"] * 3
    first, again = (page_samples(_page(body, body[:1])) for _ in range(2))
    for one, other in zip(first, again, strict=True):
        assert np.array_equal(one.features, other.features)


@pytest.fixture
def samples() -> list[Sample]:
    chooser = np.random.default_rng(0)
    return [
        Sample(chooser.random((9, len(COLUMNS))), np.full(9, 50.0), np.ones(9), np.ones(9))
        for _ in range(20)
    ]


def test_the_same_samples_give_the_same_weights_and_the_model_reads_them(
    samples: list[Sample], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [[sample] for sample in samples]
    weights = written(train(texts))
    assert written(train(texts)) == weights
    assert set(json.loads(weights)) == {"first", "second"}
    (tmp_path / "model.json").write_text(weights, encoding="utf-8")
    monkeypatch.setattr(chrome_model, "FILE", tmp_path / "model.json")
    chrome_model.layers.cache_clear()
    scores = chrome_model.text_scores(samples[0].features, samples[0].widths)
    chrome_model.layers.cache_clear()
    assert scores.shape == (9,)
    assert np.all((scores >= 0) & (scores <= 1))
