"""natasha's slovnet NER for Russian: tokens by razdel, a small CNN in NumPy, no spaCy.

Source: https://github.com/natasha/slovnet (MIT); F1 88 on factRuEval, 71 on UD-PUD news
(`notes/entities.md`). Morphology and syntax, which `natasha.Doc` offers, are not needed.
"""

from natasha.emb import NewsEmbedding
from natasha.ner import NewsNERTagger

from tasks.mentions.entity_model import Span


class NatashaModel:
    """The model of natasha's news NER."""

    #: What NumPy and slovnet raise at arrays of a shape that they do not expect.
    failures: tuple[type[Exception], ...] = (IndexError, ValueError)

    def __init__(self) -> None:
        self._tagger = NewsNERTagger(NewsEmbedding())

    def find(self, texts: list[str]) -> list[list[Span]]:
        """Return the names in each text; labels are PER, LOC and ORG."""
        markups = self._tagger.map(texts)
        return [[Span(s.start, s.stop, s.type) for s in markup.spans] for markup in markups]
