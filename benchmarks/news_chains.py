"""Make up news from real news: chains of words that follow one another in real sentences.

Templates (`benchmarks.prose`) have few words and few names, which makes reading them again and
again cheaper than news is. A chain has the words and names of its source, and puts them together
in new ways: a thousand articles hold many thousand different names. Languages without news
in the source, and menus and such, are those of the templates.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from benchmarks.news_texts import UNSPACED, NewsText
from benchmarks.prose import (
    LENGTH_SIGMA,
    LONGEST_CHARS,
    MEDIAN_CHARS,
    PARAGRAPH_SENTENCES,
    SHORTEST_CHARS,
    UNSPACED_LENGTH,
    Article,
    language,
    write_article,
)

#: The longest sentence, in words or in characters where these are not spaced.
_LONGEST_SENTENCE, _LONGEST_UNSPACED_SENTENCE = 40, 100
#: What a step looks back at: a word, or this many characters where words are not spaced.
_UNSPACED_MEMORY = 2


@dataclass
class _Chain:
    """What follows what in the sentences of a language; an empty token ends a sentence."""

    space: str
    followers: dict[tuple[str, ...], list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def _memory(self) -> int:
        return 1 if self.space else _UNSPACED_MEMORY

    def learn(self, sentence: str) -> None:
        """Add a sentence."""
        tokens = [*(sentence.split() if self.space else sentence), ""]
        before: tuple[str, ...] = ()
        for token in tokens:
            self.followers[before].append(token)
            before = (*before, token)[-self._memory :]

    def sentence(self, rng: Random) -> str:
        """Make up a sentence."""
        tokens = list[str]()
        before: tuple[str, ...] = ()
        longest = _LONGEST_SENTENCE if self.space else _LONGEST_UNSPACED_SENTENCE
        while len(tokens) < longest:
            choices = self.followers[before]
            token = choices[int(rng.random() * len(choices))]
            if not token:
                break
            tokens.append(token)
            before = (*before, token)[-self._memory :]
        return self.space.join(tokens)


class NewsChains:
    """Write articles in the languages of news texts."""

    def __init__(self, texts: Iterable[NewsText]) -> None:
        self._chains: dict[str, _Chain] = {}
        for text in texts:
            space = "" if text.language in UNSPACED else " "
            chain = self._chains.setdefault(text.language, _Chain(space))
            for sentence in text.sentences:
                chain.learn(sentence)

    def __call__(self, tag: str, rng: Random) -> Article:
        """Write an article in a language, as long as those of the templates."""
        if tag not in self._chains:
            return write_article(tag, rng)
        chain = self._chains[tag]
        length = min(rng.lognormvariate(0, LENGTH_SIGMA) * MEDIAN_CHARS, LONGEST_CHARS)
        length = max(length, SHORTEST_CHARS) * (1 if chain.space else UNSPACED_LENGTH)
        title, paragraphs = chain.sentence(rng), list[str]()
        while length > 0:
            size = rng.randint(*PARAGRAPH_SENTENCES)
            paragraphs.append(chain.space.join(chain.sentence(rng) for _ in range(size)))
            length -= len(paragraphs[-1])
        return Article(language(tag), title, tuple(paragraphs))
