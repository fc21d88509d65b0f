"""Make a model directory of a trained encoder.

`python -m training.export_encoder --weights e5-small-q4.bin --trained encoder-work/finished.npz
--out models/babelmill_encoder --languages "de en fr"` writes what `spacy.load` and
`entities.models` read. With `--mean-with FOLDER` its weights are the mean of those that were
trained and those of a model that was exported, which they began with: such means know more of other
texts than either (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
"""

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import spacy
from numpy.typing import NDArray

from tasks.mentions.encoder_pipe import FACTORY, EncoderPipe
from tasks.mentions.own_model import EMBEDDINGS, NETWORK, TOKENIZER, write_manifest
from tasks.mentions.spacy_packages import ENTITY_PIPE
from training.encoder_graph import Weights, make_graph, read_graph
from training.encoder_recipe import EncoderRecipe
from training.encoder_texts import LABELS
from training.encoder_vocabulary import UNITS, make_tokenizer
from training.encoder_weights import Encoder, Floats


def main() -> None:
    """Write a model directory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--trained", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--languages", required=True, help="tags of those that it is to read")
    parser.add_argument("--version", default="1.0")
    parser.add_argument("--mean-with", type=Path, help="an exported model")
    parser.add_argument("--bits", type=int, default=8, choices=(8, 32))
    arguments = parser.parse_args()
    encoder = Encoder(arguments.weights)
    weights = dict(np.load(arguments.trained))
    recipe = EncoderRecipe.model_validate_json(str(weights.pop("recipe")))
    if arguments.mean_with:
        weights = _mean(weights, arguments.mean_with)
    units = json.loads((arguments.trained.parent / UNITS).read_text(encoding="utf-8"))
    files = arguments.out.with_suffix(".files")
    write_files(files, encoder, units, weights, recipe.layers, bits=arguments.bits)
    write_directory(arguments.out, files, recipe.texts.name)
    languages = tuple(arguments.languages.split())
    write_manifest(arguments.out, recipe.texts.name, arguments.version, languages, "accurate")
    shutil.rmtree(files)


def _mean(weights: Weights, model: Path) -> dict[str, Floats]:
    known = read_graph(onnx.load(model / ENTITY_PIPE / NETWORK))
    half = np.float32(0.5)
    return {name: values * half + known[name] * half for name, values in weights.items()}


def write_files(  # noqa: PLR0913 (a model consists of that much)
    folder: Path,
    encoder: Encoder,
    units: list[int],
    weights: Weights,
    layers: int,
    *,
    bits: int = 8,
) -> None:
    """Write what `tasks.mentions.unit_tagger` reads.

    Args:
        folder: Is made.
        encoder: The pretrained weights, of which the embeddings are taken.
        units: Ids of the units of the vocabulary.
        weights: What was trained, by the names of `training.encoder_network.Tagger`.
        layers: How many layers were.
        bits: Of the weights: 8 or 32.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pieces = [encoder.pieces[unit] for unit in units]
    make_tokenizer(pieces, units.index(encoder.special.unknown)).save(
        str(folder / TOKENIZER), pretty=False
    )
    shape = encoder.shape
    kind = encoder.vector("emb.type").reshape(shape.kinds, shape.width)[0]
    positions = encoder.vector("emb.pos").reshape(shape.positions, shape.width) + kind
    words = encoder.packed("emb.word", shape.units)[units]
    save_tables(folder / EMBEDDINGS, words, positions)
    graph = make_graph(weights, layers, shape.heads, shape.epsilon, bits=bits)
    (folder / NETWORK).write_bytes(graph.SerializeToString(deterministic=True))


def save_tables(file: Path, words: NDArray[np.uint8], positions: NDArray[np.float32]) -> None:
    """Write the embeddings and the names of the labels."""
    np.savez(file, words=words, positions=positions, labels=np.array(LABELS))


def write_directory(folder: Path, files: Path, name: str) -> None:
    """Write the directory of a pipeline of spaCy whose one pipe reads the files."""
    nlp = spacy.blank("xx")
    pipe = nlp.add_pipe(FACTORY, name=ENTITY_PIPE)
    assert isinstance(pipe, EncoderPipe)  # noqa: S101 (what its factory makes)
    pipe.read(files)
    nlp.meta["name"] = name
    if folder.exists():
        shutil.rmtree(folder)
    nlp.to_disk(folder)


if __name__ == "__main__":
    main()
