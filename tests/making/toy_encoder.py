"""Make a tiny encoder with weights drawn at random: it finds names in words it happens upon."""

from pathlib import Path

import numpy as np

from tasks.mentions.own_model import EMBEDDINGS, NETWORK, TOKENIZER, Manifest, write_manifest
from training.encoder_graph import Weights, make_graph
from training.encoder_vocabulary import make_tokenizer
from training.export_encoder import save_tables, write_directory

WIDTH, HEADS, TAGS, POSITIONS = 128, 4, 9, 300
_SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
_WORDS = "▁ ▁Marie ▁Paris ▁vit ▁à . , 中国 在 ▁U N ▁Lyon ▁et s ▁der ▁Bank".split()  # noqa: SIM905


def toy_weights(layers: int = 1, seed: int = 0) -> dict[str, np.ndarray]:
    """Return weights by the names of `training.encoder_network.Tagger`."""
    generator = np.random.default_rng(seed)
    shapes = {
        "attention_in": (3 * WIDTH, WIDTH),
        "attention_out": (WIDTH, WIDTH),
        "inner_in": (WIDTH, WIDTH),
        "inner_out": (WIDTH, WIDTH),
    }
    weights: dict[str, np.ndarray] = {}

    def norm(name: str) -> None:
        weights[f"{name}.weight"] = np.ones(WIDTH, dtype=np.float32)
        weights[f"{name}.bias"] = np.zeros(WIDTH, dtype=np.float32)

    def linear(name: str, rows: int, columns: int) -> None:
        values = generator.normal(0, 0.2, (rows, columns))
        weights[f"{name}.weight"] = values.astype(np.float32)
        weights[f"{name}.bias"] = np.zeros(rows, dtype=np.float32)

    norm("norm")
    for number in range(layers):
        for part, shape in shapes.items():
            linear(f"layers.{number}.{part}", *shape)
        norm(f"layers.{number}.attention_norm")
        norm(f"layers.{number}.inner_norm")
    linear("head", TAGS, WIDTH)
    return weights


def write_files(folder: Path, weights: Weights | None = None, bits: int = 8) -> Path:
    """Write the files of a tagger to a folder; return it."""
    folder.mkdir(parents=True, exist_ok=True)
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    scored = [(piece, -3.0) for piece in _WORDS] + [(letter, -8.0) for letter in letters]
    pieces = [(piece, 0.0) for piece in _SPECIAL] + scored
    make_tokenizer(pieces, 3).save(str(folder / TOKENIZER))
    generator = np.random.default_rng(1)
    words = generator.integers(0, 256, (len(pieces), WIDTH // 32, 18)).astype(np.uint8)
    words[..., :2] = np.frombuffer(np.float16(0.1).tobytes(), np.uint8)
    positions = generator.normal(0, 0.1, (POSITIONS, WIDTH)).astype(np.float32)
    save_tables(folder / EMBEDDINGS, words, positions)
    graph = make_graph(weights or toy_weights(), 1, HEADS, 1e-12, bits=bits)
    (folder / NETWORK).write_bytes(graph.SerializeToString(deterministic=True))
    return folder


def write_encoder(
    folder: Path, languages: tuple[str, ...] = ("fr", "de"), name: str = "toy_encoder"
) -> Manifest:
    """Write an accurate model to `folder/name`."""
    folder.mkdir(parents=True, exist_ok=True)
    files = write_files(folder.parent / f"{folder.name}_files")
    write_directory(folder / name, files, name)
    return write_manifest(folder / name, name, "1", languages, "accurate")
