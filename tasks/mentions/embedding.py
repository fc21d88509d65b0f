"""The embedding of our models as they read: once for each different token of a batch."""

from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import Model

Rows = npt.NDArray[np.uint64]

#: The component of a pipeline that finds names.
RECOGNISER = "ner"


class _Tokens:
    """The features of some tokens, where a model's first layer expects a document."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def to_array(self, _: object) -> Rows:
        return self._rows


def embed_once(nlp: Language) -> None:
    """Let a trained recogniser embed repeated tokens of a batch once.

    What it embeds depends on the token alone; it cannot be trained any more.
    """
    recogniser: Any = nlp.get_pipe(RECOGNISER)
    for node in list(recogniser.model.walk()):
        if node.has_ref("embed"):
            embed = node.get_ref("embed")
            (extractor,) = [n for n in embed.walk() if n.name == "extract_features"]
            once = Model[Any, Any]("embed_once", _forward, layers=[embed], attrs=extractor.attrs)
            recogniser.model.replace_node(embed, once)


def _forward(
    model: Any,  # noqa: ANN401
    docs: list[Doc],
    is_train: bool,  # noqa: ARG001 (thinc's protocol)
) -> tuple[list[Any], None]:
    rows = [doc.to_array(model.attrs["columns"]) for doc in docs]
    tokens, places = np.unique(np.concatenate(rows), axis=0, return_inverse=True)
    (vectors,) = model.layers[0].predict([_Tokens(tokens)])
    return np.split(vectors[places], np.cumsum([len(row) for row in rows])[:-1]), None
