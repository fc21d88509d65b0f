"""Make up news prose in ten languages, from the phrases in `benchmarks/phrases/`.

A sentence is a template with slots (`{person}`, `{n}` …) and alternatives (`[rose|fell]`),
often with a lead before it or a tail after it. An article has a cast of its own (people,
organisations, places, topics), so its sentences belong together. Every phrase was written
for this project; all names are invented.
"""

import functools
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

PHRASES = Path(__file__).parent / "phrases"
LANGUAGES = ("ar", "de", "en", "es", "fr", "hi", "it", "ja", "ru", "zh")

# Shares of sentences with a lead and with a tail; the sentences of a paragraph.
LEAD_SHARE, TAIL_SHARE = 0.2, 0.4
# How many of a language's sentences, leads and tails an article draws from: with all of
# them, long articles come to resemble each other (see tests/benchmarks/test_corpus.py).
SENTENCES_OF_AN_ARTICLE, TURNS_OF_AN_ARTICLE = 20, 4
PARAGRAPH_SENTENCES = (2, 5)
# Log-normal length of a body in characters, as news has it: a median, a long right tail.
MEDIAN_CHARS, LENGTH_SIGMA = 1500, 0.5
SHORTEST_CHARS, LONGEST_CHARS = 200, 12_000
# Han and kana say in one character what takes two or more letters.
UNSPACED_LENGTH = 0.45

# The literal pieces and alternatives of a sentence, in order.
Pattern = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Language:
    """The phrases of one language."""

    tag: str
    full_stop: str
    space: str
    people: tuple[str, ...]
    organisations: tuple[str, ...]
    places: tuple[str, ...]
    topics: tuple[str, ...]
    leads: tuple[str, ...]
    tails: tuple[str, ...]
    sentences: tuple[Pattern, ...]
    chrome: tuple[str, ...]
    vocabulary: tuple[str, ...]


@dataclass(frozen=True)
class Article:
    """A title and a body."""

    language: Language
    title: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """The body, one paragraph per line."""
        return "\n".join(self.paragraphs)


@functools.cache
def language(tag: str) -> Language:
    """Read the phrases of a language, one of `LANGUAGES`."""
    phrases: dict[str, Any] = tomllib.loads((PHRASES / f"{tag}.toml").read_text("utf-8"))
    space = phrases["space"]
    sentences = phrases["sentences"]
    literal = re.sub(r"\{\w+\}|[\[\]|«»\"]", " ", " ".join(sentences))
    return Language(
        tag=tag,
        full_stop=phrases["full_stop"],
        space=space,
        people=tuple(
            f"{given} {family}" if space else f"{family}{given}"
            for given in phrases["given"]
            for family in phrases["family"]
        ),
        organisations=tuple(phrases["organisations"]),
        places=tuple(phrases["places"]),
        topics=tuple(phrases["topics"]),
        leads=tuple(phrases["leads"]),
        tails=tuple(phrases["tails"]),
        sentences=tuple(_pattern(sentence) for sentence in sentences),
        chrome=tuple(phrases["chrome"]),
        vocabulary=tuple(sorted(set(literal.split() if space else "".join(literal.split())))),
    )


@functools.cache
def foreign_boilerplate() -> str:
    """Return the English disclaimer that stands under articles in other languages."""
    phrases = tomllib.loads((PHRASES / "en.toml").read_text("utf-8"))
    return str(phrases["boilerplate"])


def write_article(tag: str, rng: Random) -> Article:
    """Write an article in a language."""
    spoken = language(tag)
    length = min(rng.lognormvariate(0, LENGTH_SIGMA) * MEDIAN_CHARS, LONGEST_CHARS)
    length = max(length, SHORTEST_CHARS) * (1 if spoken.space else UNSPACED_LENGTH)
    sentences = _sentences(spoken, rng)
    title = next(sentences).removesuffix(spoken.full_stop)
    paragraphs: list[str] = []
    while length > 0:
        size = rng.randint(*PARAGRAPH_SENTENCES)
        paragraphs.append(spoken.space.join(next(sentences) for _ in range(size)))
        length -= len(paragraphs[-1])
    return Article(spoken, title, tuple(paragraphs))


def edited(article: Article, share: float, rng: Random) -> Article:
    """Return the article with that share of its tokens replaced, dropped or added to.

    Tokens are words, or characters where words are not spaced; at least one is changed.
    """
    joiner = article.language.space
    tokens = [
        (list(paragraph) if not joiner else paragraph.split(joiner))
        for paragraph in article.paragraphs
    ]
    places = [(row, column) for row, line in enumerate(tokens) for column in range(len(line))]
    for row, column in rng.sample(places, max(1, round(share * len(places)))):
        other = _pick(article.language.vocabulary, rng)
        kept = tokens[row][column]
        tokens[row][column] = _pick((other, other, other, "", f"{kept}{joiner}{other}"), rng)
    paragraphs = tuple(joiner.join(token for token in line if token) for line in tokens)
    return Article(article.language, article.title, tuple(line for line in paragraphs if line))


def _pattern(sentence: str) -> Pattern:
    pieces = re.split(r"\[([^\]]*)\]", sentence)
    return tuple(
        tuple(piece.split("|")) if place % 2 else (piece,) for place, piece in enumerate(pieces)
    )


def _sentences(spoken: Language, rng: Random) -> Iterator[str]:
    """Yield sentences without end: a choice of templates, then the same in another order."""
    cast = _cast(spoken, rng)
    patterns = rng.sample(spoken.sentences, SENTENCES_OF_AN_ARTICLE)
    leads = rng.sample(spoken.leads, TURNS_OF_AN_ARTICLE)
    tails = rng.sample(spoken.tails, TURNS_OF_AN_ARTICLE)
    while True:
        rng.shuffle(patterns)
        for pattern in patterns:
            lead = _pick(leads, rng) if rng.random() < LEAD_SHARE else ""
            tail = _pick(tails, rng) if rng.random() < TAIL_SHARE else ""
            body = "".join(_pick(choices, rng) for choices in pattern)
            text = f"{lead}{body}{tail}{spoken.full_stop}".format_map(_slots(cast, rng))
            yield text[0].upper() + text[1:]


def _cast(spoken: Language, rng: Random) -> dict[str, list[str]]:
    people = rng.sample(spoken.people, 6)
    organisations = rng.sample(spoken.organisations, 4)
    places = rng.sample(spoken.places, 6)
    return {
        "person": people[:3],
        "other": people[3:],
        "org": organisations[:2],
        "rival": organisations[2:],
        "place": places[:3],
        "town": places[3:],
        "topic": rng.sample(spoken.topics, 2),
    }


def _slots(cast: dict[str, list[str]], rng: Random) -> dict[str, str]:
    slots = {role: _pick(names, rng) for role, names in cast.items()}
    slots["n"] = str(int(2 + rng.random() * 9000))
    slots["p"] = str(int(2 + rng.random() * 70))
    slots["year"] = str(int(1950 + rng.random() * 75))
    return slots


def _pick(choices: Sequence[str], rng: Random) -> str:
    return choices[int(rng.random() * len(choices))]  # faster than `rng.choice`
