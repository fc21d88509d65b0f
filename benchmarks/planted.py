"""Plant copies and excerpts of real news texts in ten languages.

Of every text: the original, an exact copy, near copies with 1 to 10 % of the tokens changed,
plain, between boilerplate, with its paragraphs in another order, and all of that at once; and
excerpts, which are contained in the original and are no copies of it. Deterministic by seed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.news_texts import NewsText

#: Share of tokens changed in a near copy.
CHANGED_TOKENS = (0.01, 0.10)
#: Sites of a language, each with boilerplate of its own around all its copies; its sentences
#: before and after a copy.
SITES, BOILERPLATE_SENTENCES = 4, (1, 3)
#: Boilerplate is at most this much of a text: a site says as much around each of its pages.
MAX_BOILERPLATE_SHARE = 0.3
#: Sentences of an excerpt: a teaser, a quotation.
EXCERPT_SENTENCES = 2
#: Characters at which a teaser breaks off.
TEASER_CHARS = 160


@dataclass(frozen=True)
class Planted:
    """A document, and the id of the one whose text it has or is taken from."""

    id: str
    kind: str
    cluster: str
    language: str
    text: str


@dataclass(frozen=True)
class _Source:
    text: NewsText
    paragraphs: list[str]
    site: Sequence[str]
    rng: Random


def _exact(source: _Source) -> list[str]:
    return source.paragraphs


def _changed(source: _Source) -> list[str]:
    space, rng = source.text.space, source.rng
    lines = [line.split(space) if space else list(line) for line in source.paragraphs]
    positions = [(row, column) for row, line in enumerate(lines) for column in range(len(line))]
    words = [lines[row][column] for row, column in positions]
    share = rng.uniform(*CHANGED_TOKENS)
    for row, column in rng.sample(positions, max(1, round(share * len(positions)))):
        lines[row][column] = rng.choice(words)[::-1] if space else rng.choice(words)
    return [space.join(line) for line in lines]


def _with_boilerplate(source: _Source) -> list[str]:
    return _boilerplate(source) + source.paragraphs + _boilerplate(source)


def _reordered(source: _Source) -> list[str]:
    return source.rng.sample(source.paragraphs, len(source.paragraphs))


def _all_at_once(source: _Source) -> list[str]:
    changed = _changed(source)
    shuffled = source.rng.sample(changed, len(changed))
    return _boilerplate(source) + shuffled + _boilerplate(source)


def _excerpt(source: _Source) -> list[str]:
    sentences = source.text.sentences
    start = source.rng.randrange(max(1, len(sentences) - EXCERPT_SENTENCES))
    return [source.text.space.join(sentences[start : start + EXCERPT_SENTENCES])]


def _half(source: _Source) -> list[str]:
    text = source.text.space.join(source.text.sentences)
    return [text[: len(text) // 2]]


def _teaser(source: _Source) -> list[str]:
    limit = TEASER_CHARS if source.text.space else TEASER_CHARS // 2
    beginning = source.text.space.join(source.text.sentences)[:limit]
    whole = beginning.rpartition(source.text.space)[0] if source.text.space else beginning
    return [f"{whole} …"]


COPIES: dict[str, Callable[[_Source], list[str]]] = {
    "exact": _exact,
    "near": _changed,
    "boilerplate around": _with_boilerplate,
    "reordered": _reordered,
    "near, reordered, boilerplate": _all_at_once,
}
EXCERPTS: dict[str, Callable[[_Source], list[str]]] = {
    "excerpt": _excerpt,
    "teaser": _teaser,
    "half": _half,
}


def planted(texts: Sequence[NewsText], seed: int) -> list[Planted]:
    """Return an original, its copies and its excerpts for every text."""
    sites = _sites(texts)
    made = []
    for text in texts:
        paragraphs = text.paragraphs(Random(f"{seed} {text.id}"))
        made.append(Planted(text.id, "original", text.id, text.language, "\n".join(paragraphs)))
        for kind, make in {**COPIES, **EXCERPTS}.items():
            doc_id = f"{text.id} {kind}"
            rng = Random(f"{seed} {doc_id}")
            source = _Source(text, paragraphs, rng.choice(sites[text.language]), rng)
            made.append(Planted(doc_id, kind, text.id, text.language, "\n".join(make(source))))
    return made


def _sites(texts: Sequence[NewsText]) -> dict[str, list[list[str]]]:
    """Return the boilerplate of each site by language: sentences read backwards, of no text."""
    sites: dict[str, list[list[str]]] = {}
    for text in texts:
        of_language = sites.setdefault(text.language, [])
        if len(of_language) < SITES:
            of_language.append([sentence[::-1] for sentence in text.sentences])
    return sites


def _boilerplate(source: _Source) -> list[str]:
    """Return some of what the site says, as much as half of the share that it may have."""
    left = int(MAX_BOILERPLATE_SHARE / 2 * sum(map(len, source.paragraphs)))
    lines = []
    for sentence in source.site[: source.rng.randint(*BOILERPLATE_SENTENCES)]:
        lines.append(sentence[:left])
        left -= len(lines[-1])
    return [line for line in lines if line]
