"""Cut the encoder's vocabulary to what our languages use, and make its tokenizer.

A SentencePiece unigram model (Kudo 2018) reads a text as its likeliest sequence of units. Units
that no text of ours uses are left out: they take no room, and other texts are read as smaller
units that remain. Units that join a name with what is none (在中国, 日本人, 스는) are left out,
too: labels stand on whole units, so that such a name could not be found.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from tokenizers import Encoding, Regex, Tokenizer, models, normalizers, pre_tokenizers

from training.corpus import Example
from training.encoder_weights import Encoder

#: What SentencePiece's `nmt_nfkc` reads as a space, besides what NFKC makes of characters.
INVISIBLE = "[\u200b-\u200f\u2028\u2029\ufeff\ufffd]"
SPACE = "▁"
#: The file of a training that holds the ids of the units.
UNITS = "units.json"
#: Languages whose words are not set apart, or have particles at their ends or beginnings.
JOINING_LANGUAGES = frozenset({"he", "ja", "ko", "th", "zh"})
#: Rounds of leaving out units that join: without one, another may join.
_ROUNDS = 2
_BATCH = 1000


def make_tokenizer(pieces: Sequence[tuple[str, float]], unknown: int) -> Tokenizer:
    """Return the tokenizer of a vocabulary; it gives offsets in the text as it is."""
    tokenizer = Tokenizer(models.Unigram(list(pieces), unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Replace(Regex(INVISIBLE), " "), normalizers.NFKC()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(SPACE, "always")]
    )
    return tokenizer


def kept_units(
    encoder: Encoder, marked: Sequence[Example], plain: Sequence[str], most: int
) -> list[int]:
    """Return the ids of the units to keep, rising: special ones, single characters, frequent ones.

    Args:
        encoder: The whole vocabulary.
        marked: Texts whose names no unit may join with what is none.
        plain: Further texts that must be readable.
        most: How many units to keep; of equally frequent ones those that the encoder saw more.
    """
    left_out = _joining_units(encoder, [e for e in marked if e.lang in JOINING_LANGUAGES])
    tokenizer = _without(encoder, left_out)
    used: Counter[int] = Counter()
    for encoding in _encoded(tokenizer, [*(e.text for e in marked), *plain]):
        used.update(encoding.ids)
    single = {i for i, (piece, _) in enumerate(encoder.pieces) if len(piece.strip(SPACE)) <= 1}
    kept = (single | set(encoder.special)) - left_out
    # Ids rise as units get rarer in what the encoder was pretrained on.
    for unit in sorted(set(used) - kept, key=lambda unit: (-used[unit], unit)):
        if len(kept) == most:
            break
        kept.add(unit)
    return sorted(kept)


def known_units(encoder: Encoder, file: Path) -> list[int]:
    """Return the ids of the units of a vocabulary, in the order of its tokenizer's file."""
    ids = {piece: unit for unit, (piece, _) in enumerate(encoder.pieces)}
    known = json.loads(file.read_text(encoding="utf-8"))
    return [ids[piece] for piece, _ in known["model"]["vocab"]]


def _joining_units(encoder: Encoder, marked: Sequence[Example]) -> set[int]:
    found: set[int] = set()
    for _ in range(_ROUNDS):
        encodings = _encoded(_without(encoder, found), [example.text for example in marked])
        for example, encoding in zip(marked, encodings, strict=True):
            found |= set(_joining(example, encoding))
    return found


def _joining(example: Example, encoding: Encoding) -> Iterable[int]:
    """Yield the ids of the units in which a name begins or ends, but neither they nor a space."""
    bounds = {bound for start, end, _ in example.spans for bound in (start, end)}
    for unit, (start, end) in zip(encoding.ids, encoding.offsets, strict=True):
        text = example.text
        for inner in range(start + 1, end):
            if inner in bounds and text[start:inner].strip() and _is_text(text[inner:end]):
                yield unit


def _is_text(part: str) -> bool:
    return any(character.isalnum() for character in part)


def _without(encoder: Encoder, left_out: set[int]) -> Tokenizer:
    """Return the tokenizer in which some units are too unlikely to be chosen."""
    never = min(score for _, score in encoder.pieces) * 100
    pieces = [
        (piece, never if index in left_out else score)
        for index, (piece, score) in enumerate(encoder.pieces)
    ]
    return make_tokenizer(pieces, encoder.special.unknown)


def _encoded(tokenizer: Tokenizer, texts: Sequence[str]) -> Iterable[Encoding]:
    for first in range(0, len(texts), _BATCH):
        yield from tokenizer.encode_batch(
            list(texts[first : first + _BATCH]), add_special_tokens=False
        )
