"""Draw the texts that the encoder learns from, change some, and label their units.

Drawn at random by weight (`training.selection.weights`); some are joined, cut, written in other
letters, or hold other names, so that the encoder reads what no corpus has: headlines, lines
that begin within a sentence, names of lists.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from tokenizers import Encoding, Tokenizer

from training.corpus import Example, Marked
from training.encoder_recipe import EncoderRecipe
from training.selection import Pools

#: O, then the first and further units of each label.
LABELS = ("PER", "ORG", "LOC", "MISC")
OUTSIDE = 0
#: Units that teach nothing: padding.
IGNORED = -100
#: Texts are drawn, changed and sorted by length so many batches at a time.
_POOL_BATCHES = 40
#: Languages that put no space between sentences.
_UNSPACED = frozenset({"ja", "zh", "th"})
#: Languages without capitals.
_CASELESS = frozenset({"ja", "zh", "th", "ko", "ar", "fa", "he", "hi", "bn"})
#: Texts into which names of lists are put, which of their names go, and how many persons of the
#: lists are called by the last part of their names.
_LISTED_SHARE, _LISTED_NAMES, _SURNAMES = 0.1, 0.6, 0.35
#: Texts drawn at once; spaces that a text must have to be cut.
_DRAWN, _LEAST_SPACES = 500, 6


def tag(label: str, *, first: bool) -> int:
    """Return the number of a label's first or further unit."""
    return 1 + 2 * LABELS.index(label) + (not first)


class Learnt(NamedTuple):
    """A text as the network sees it: ids of units, their tags, and whether MISC is marked."""

    ids: list[int]
    tags: list[int]
    has_misc: bool


class Drawer:
    """Draws texts for ever; the same seed draws the same."""

    def __init__(  # noqa: PLR0913, PLR0917 (a drawing depends on that much)
        self,
        examples: Sequence[Example],
        weights: Sequence[float],
        listed: Pools,
        tokenizer: Tokenizer,
        recipe: EncoderRecipe,
        seed: int,
    ) -> None:
        self._examples, self._listed, self._recipe = examples, listed, recipe
        self._tokenizer, self._random = tokenizer, random.Random(seed)
        self._with_misc = {
            (e.lang, e.source) for e in examples if any(s.label == "MISC" for s in e.spans)
        }
        self._totals: list[float] = []
        total = 0.0
        for weight in weights:
            total += weight
            self._totals.append(total)
        self._by_language = _by_language(examples, weights)
        self._traditional = _to_traditional()

    def batches(self) -> Iterator[list[Learnt]]:
        """Yield batches of at most `batch_units` with their padding, of texts alike in length."""
        while True:
            pool, units = list[Learnt](), 0
            while units < _POOL_BATCHES * self._recipe.batch_units:
                for learnt in self._drawn(_DRAWN):
                    pool.append(learnt)
                    units += len(learnt.ids)
            pool.sort(key=lambda learnt: len(learnt.ids))
            batches = list(_cut(pool, self._recipe.batch_units))
            self._random.shuffle(batches)
            yield from batches

    def _drawn(self, count: int) -> Iterable[Learnt]:
        chosen = self._random.choices(self._examples, cum_weights=self._totals, k=count)
        examples = [self._changed(example) for example in chosen]
        encodings = self._tokenizer.encode_batch(
            [example.text for example in examples], add_special_tokens=False
        )
        for example, encoding in zip(examples, encodings, strict=True):
            if encoding.ids:
                has_misc = (example.lang, example.source) in self._with_misc
                yield learnt(example, encoding, self._recipe.longest_units, has_misc=has_misc)

    def _changed(self, example: Example) -> Example:
        chance, recipe = self._random.random, self._recipe
        if chance() < _LISTED_SHARE:
            example = with_listed(example, self._listed, self._random)
        if chance() < recipe.joined_share:
            examples, totals = self._by_language[example.lang]
            (other,) = self._random.choices(examples, cum_weights=totals)
            if self._is_like(example, other):
                example = joined(example, other)
        if chance() < recipe.truncated_share:
            example = truncated(example, self._random)
        if example.lang == "zh" and chance() < recipe.traditional_share:
            return example.model_copy(update={"text": example.text.translate(self._traditional)})
        return self._recased(example)

    def _is_like(self, example: Example, other: Example) -> bool:
        pair = ((example.lang, example.source), (other.lang, other.source))
        return len({origin in self._with_misc for origin in pair}) == 1

    def _recased(self, example: Example) -> Example:
        if example.lang in _CASELESS:
            return example
        chance = self._random.random()
        if chance < self._recipe.recased_share:
            text = example.text.lower() if self._random.random() < 0.5 else example.text.upper()
        elif chance < self._recipe.recased_share + self._recipe.titled_share:
            text = example.text.title()
        else:
            return example
        # Some characters become two: their texts stay as they are.
        if len(text) != len(example.text):
            return example
        return example.model_copy(update={"text": text})


def learnt(example: Example, encoding: Encoding, longest: int, *, has_misc: bool) -> Learnt:
    """Return the units of a text with their tags: a unit of a name has a character in it."""
    tags, spans, at = [OUTSIDE] * len(encoding.ids), sorted(example.spans), 0
    for span in spans:
        first = True
        while at < len(tags) and encoding.offsets[at][1] <= span.start:
            at += 1
        index = at
        while index < len(tags) and encoding.offsets[index][0] < span.end:
            start, end = encoding.offsets[index]
            if end > start and tags[index] == OUTSIDE:
                tags[index] = tag(span.label, first=first)
                first = False
            index += 1
    return Learnt(encoding.ids[:longest], tags[:longest], has_misc)


def joined(example: Example, other: Example) -> Example:
    """Return a text with another after it."""
    gap = "" if example.lang in _UNSPACED else " "
    shift = len(example.text) + len(gap)
    moved = tuple(Marked(s.start + shift, s.end + shift, s.label) for s in other.spans)
    return example.model_copy(
        update={"text": example.text + gap + other.text, "spans": (*example.spans, *moved)}
    )


def truncated(example: Example, generator: random.Random) -> Example:
    """Return a part of a text, cut before a word at its first and after one at its last half."""
    text = example.text
    gaps = [i for i, character in enumerate(text) if character == " "]
    if len(gaps) < _LEAST_SPACES:
        return example
    start = generator.choice([0, *(gap + 1 for gap in gaps if gap < len(text) // 2)])
    end = generator.choice([*(gap for gap in gaps if gap > len(text) // 2), len(text)])
    if any(s.start < start < s.end or s.start < end < s.end for s in example.spans):
        return example
    spans = tuple(
        Marked(s.start - start, s.end - start, s.label)
        for s in example.spans
        if s.start >= start and s.end <= end
    )
    return example.model_copy(update={"text": text[start:end], "spans": spans})


def with_listed(example: Example, listed: Pools, generator: random.Random) -> Example:
    """Return a text in which names of lists stand for its own, of the same label and language."""
    text, last, spans = "", 0, list[Marked]()
    for start, end, label in sorted(example.spans):
        pool = listed.get((example.lang, label), [])
        name = example.text[start:end]
        if pool and generator.random() < _LISTED_NAMES:
            name = generator.choice(pool)
            if label == "PER" and generator.random() < _SURNAMES:
                name = name.split()[-1]
        text += example.text[last:start]
        spans.append(Marked(len(text), len(text) + len(name), label))
        text, last = text + name, end
    return example.model_copy(update={"text": text + example.text[last:], "spans": tuple(spans)})


def _cut(pool: Sequence[Learnt], units: int) -> Iterator[list[Learnt]]:
    batch: list[Learnt] = []
    for learnt_text in pool:
        if batch and (len(batch) + 1) * (len(learnt_text.ids) + 2) > units:
            yield batch
            batch = []
        batch.append(learnt_text)
    yield batch


def _by_language(
    examples: Sequence[Example], weights: Sequence[float]
) -> dict[str, tuple[list[Example], list[float]]]:
    found: dict[str, tuple[list[Example], list[float]]] = {}
    for example, weight in zip(examples, weights, strict=True):
        members, totals = found.setdefault(example.lang, ([], []))
        members.append(example)
        totals.append((totals[-1] if totals else 0) + weight)
    return found


def _to_traditional() -> dict[int, str]:
    """Return OpenCC's table of characters, simplified to traditional: the likeliest of several."""
    from opencc import OpenCC

    converter = OpenCC("s2t")
    han = (chr(code) for code in range(0x4E00, 0xA000))
    pairs = ((character, converter.convert(character)) for character in han)
    return {ord(a): b for a, b in pairs if a != b and len(b) == 1}
