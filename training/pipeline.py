"""Put together the pipeline of one of our models: tokenizer, lists of names, entity recogniser."""

from pathlib import Path

from spacy.language import Language
from spacy.util import load_config, load_model_from_config
from thinc.api import use_ops

from tasks.mentions.gazetteer import Gazetteer
from training.recipe import ModelRecipe

CONFIG = Path(__file__).with_name("config.cfg")
GAZETTEER = "babelmill_gazetteer"
#: Sudachi's tag, and the stem of an Arabic word: other models have no such features.
_SUDACHI_FEATURE, _ARABIC_FEATURE = "TAG", "LOWER"


def make_pipeline(model: ModelRecipe, features: tuple[str, ...], lists: dict[str, str]) -> Language:
    """Return an untrained pipeline.

    Args:
        model: Its tokenizer and the rows of its embeddings, one for each feature it can have.
        features: Token attributes; those that its tokenizer does not give are left out.
        lists: What the gazetteer knows.
    """
    config = load_config(CONFIG)
    attrs = [feature for feature in features if feature not in _missing(model)]
    if model.tokenizer == "sudachi":
        config["nlp"]["lang"] = "ja"
        # The shortest units: names of the corpora end inside longer ones twice as often.
        config["nlp"]["tokenizer"] = {
            "@tokenizers": "spacy.ja.JapaneseTokenizer",
            "split_mode": "A",
        }
    embed = config["components"]["ner"]["model"]["tok2vec"]["embed"]
    embed.update(attrs=attrs, rows=list(model.rows[: len(attrs)]))
    # OpenBLAS multiplies these matrices two to three times as fast as BLIS does.
    with use_ops("numpy", use_blis=False):
        nlp = load_model_from_config(config, auto_fill=True)
    gazetteer = nlp.get_pipe(GAZETTEER)
    assert isinstance(gazetteer, Gazetteer)  # noqa: S101 (what its factory makes)
    gazetteer.lists = lists
    return nlp


def _missing(model: ModelRecipe) -> set[str]:
    """Return the features that the tokens of a model do not have."""
    sudachi = set() if model.tokenizer == "sudachi" else {_SUDACHI_FEATURE}
    return sudachi | (set() if "Arabic" in model.scripts else {_ARABIC_FEATURE})
