"""Check what the encoder learns from: units and their tags, changed texts, the vocabulary."""

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.mentions.unit_tagger import unpacked
from tests.making.toy_encoder import HEADS, toy_weights
from training.corpus import Example, Marked
from training.encoder_graph import make_graph, read_graph
from training.encoder_recipe import EncoderRecipe
from training.encoder_texts import (
    LABELS,
    OUTSIDE,
    Drawer,
    joined,
    learnt,
    tag,
    truncated,
    with_listed,
)
from training.encoder_vocabulary import _joining, kept_units, known_units, make_tokenizer
from training.encoder_weights import BLOCK_BYTES, Encoder, Special, WeightsError

_SPECIAL = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
_UNITS = "▁ ▁Marie ▁Paris ▁in 在 中国 在中国 是 的 a r i s M e".split()  # noqa: SIM905
PIECES = [*_SPECIAL, *((unit, -3.0 - index / 100) for index, unit in enumerate(_UNITS))]


def example(text: str, *spans: tuple[int, int, str], lang: str = "en") -> Example:
    marked = tuple(Marked(start, end, label) for start, end, label in spans)  # type: ignore[arg-type]
    return Example(text=text, spans=marked, lang=lang, source="toy")


def tags_of(text: Example) -> list[int]:
    encoding = make_tokenizer(PIECES, 3).encode(text.text, add_special_tokens=False)
    return learnt(text, encoding, 99, has_misc=True).tags


def test_the_units_of_a_name_are_tagged_first_and_further() -> None:
    text = example("Marie in Paris", (0, 5, "PER"), (9, 14, "LOC"))
    assert tags_of(text) == [tag("PER", first=True), OUTSIDE, tag("LOC", first=True)]
    # ▁ is a unit of the first character, so that the name begins with it.
    chinese = example("中国", (0, 2, "LOC"), lang="zh")
    assert tags_of(chinese) == [tag("LOC", first=True), tag("LOC", first=False)]
    assert len({tag(label, first=first) for label in LABELS for first in (True, False)}) == 8


def test_neighbouring_names_are_two() -> None:
    text = example("Paris Paris", (0, 5, "LOC"), (6, 11, "LOC"))
    assert tags_of(text) == [tag("LOC", first=True)] * 2


WORDS = st.lists(st.sampled_from(["Marie", "Paris", "in", "x"]), min_size=1, max_size=15)


@given(WORDS, st.integers(0, 9))
def test_changed_texts_keep_their_names(words: list[str], seed: int) -> None:
    spans, at = [], 0
    for word in words:
        if word[0].isupper():
            spans.append((at, at + len(word), "PER" if word == "Marie" else "LOC"))
        at += len(word) + 1
    text, generator = example(" ".join(words), *spans), random.Random(seed)
    for changed in (truncated(text, generator), joined(text, text)):
        assert Example.model_validate(changed.model_dump()) == changed
        for start, end, label in changed.spans:
            assert changed.text[start:end] == {"PER": "Marie", "LOC": "Paris"}[label]
    other = with_listed(text, {("en", "LOC"): ["New York"]}, generator)
    assert Example.model_validate(other.model_dump()) == other
    named = {(s.label, other.text[s.start : s.end]) for s in other.spans}
    assert named <= {("PER", "Marie"), ("LOC", "Paris"), ("LOC", "New York")}


def test_the_same_seed_draws_the_same_texts_and_batches_are_within_their_size() -> None:
    texts = [example("Marie in Paris", (0, 5, "PER")), example("在中国", (1, 3, "LOC"), lang="zh")]
    recipe = EncoderRecipe(batch_units=60)

    def drawn() -> list[list[tuple[int, ...]]]:
        drawer = Drawer(texts, [1, 1], {}, make_tokenizer(PIECES, 3), recipe, seed=0)
        batches = drawer.batches()
        return [[tuple(text.ids) for text in next(batches)] for _ in range(9)]

    first = drawn()
    assert first == drawn()
    for batch in first:
        assert len(batch) * (max(map(len, batch)) + 2) <= 60


class Toy(Encoder):
    """An encoder that is only a vocabulary."""

    def __init__(self) -> None:
        self.pieces, self.special = PIECES, Special(0, 2, 1, 3)


def test_units_that_join_a_name_with_what_is_none_are_left_out_of_the_vocabulary() -> None:
    text = example("在中国", (1, 3, "LOC"), lang="zh")
    encoding = make_tokenizer(PIECES, 3).encode(text.text, add_special_tokens=False)
    joining = PIECES.index(("在中国", -3.06))
    assert list(_joining(text, encoding)) == [joining]
    kept = kept_units(Toy(), [text, example("Paris")], ["Marie"], most=99)
    assert joining not in kept
    assert {0, 1, 2, 3, PIECES.index(("中国", -3.05))} <= set(kept)
    tokens = make_tokenizer([PIECES[unit] for unit in kept], 3).encode("在中国").tokens
    assert tokens == ["▁", "在", "中国"]


def test_a_vocabulary_that_was_written_is_read_as_the_units_it_was_made_of(tmp_path: Path) -> None:
    kept = [0, 1, 2, 3, 6, 9]
    make_tokenizer([PIECES[unit] for unit in kept], 3).save(str(tmp_path / "tokenizer.json"))
    assert known_units(Toy(), tmp_path / "tokenizer.json") == kept


def test_weights_are_read_back_as_they_were_written() -> None:
    for bits in (8, 32):
        graph = make_graph(toy_weights(), 1, HEADS, 1e-12, bits=bits)
        weights = read_graph(graph)
        assert weights.keys() == toy_weights().keys()
        assert make_graph(weights, 1, HEADS, 1e-12, bits=bits) == graph
        for name, values in toy_weights().items():
            np.testing.assert_allclose(weights[name], values, atol=np.abs(values).max() / 127)


def test_rare_units_are_left_out_of_a_small_vocabulary() -> None:
    texts = [example("Paris Paris Marie")]
    kept = kept_units(Toy(), texts, [], most=15)
    assert len(kept) == 15
    assert {PIECES[unit][0] for unit in kept} >= {"▁Paris", "a", "▁"}


def test_four_bits_are_read_as_numbers_from_minus_eight_to_seven_times_their_scale() -> None:
    blocks = np.random.default_rng(0).integers(0, 256, (5, 3, BLOCK_BYTES)).astype(np.uint8)
    blocks[..., :2] = np.frombuffer(np.float16(0.5).tobytes(), np.uint8)
    weights = unpacked(blocks)
    assert weights.shape == (5, 96)
    assert weights.min() >= -4
    assert weights.max() <= 3.5
    assert weights[0, 0] == 0.5 * ((blocks[0, 0, 2] & 15) - 8.0)
    assert weights[0, 16] == 0.5 * ((blocks[0, 0, 2] >> 4) - 8.0)


def test_another_file_is_no_encoder(tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(b"PK")
    with pytest.raises(WeightsError, match=r"e5-small-q4\.bin"):
        Encoder(tmp_path / "x.bin")
