"""Select the texts that a model is trained on, by kind, and weigh how often each is seen."""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from training.corpus import Example, Marked, corpus_files, read_examples
from training.recipe import Kind, ModelRecipe, Recipe

NEWS_SOURCE = "babelmill_news"
DISTILLED_PREFIX = "distilled_"
#: Bicameral languages, whose corpora in lower case (MultiCoNER as it came) teach what no text has.
_BICAMERAL = frozenset(
    "da de en es fi fr hr hu id it nl nn no pl pt ro ru sk sl sr sv tr uk".split()  # noqa: SIM905
)
_BY_PEOPLE = ("news", "human")
_SPLITS: dict[str, Kind] = {"train": "human", "train_silver": "silver", "train_noisy": "noisy"}
#: Names as long as this are mostly titles or mistakes: they replace no others.
_MAX_NAME_CHARS = 40
#: Share of the names of a copied text that are replaced: the rest keep their context real.
_REPLACED_SHARE = 0.7
#: And of those that are replaced by Latin ones.
_SWITCHED_SHARE = 0.5
#: Lists of places, and how many parts a person's name has: two mostly.
_PLACES = {"city", "metropolis", "country"}
_NAME_PARTS = (1, 2, 2, 2, 3)

#: Names by language and label.
Pools = dict[tuple[str, str], list[str]]


class Text(NamedTuple):
    """A text to learn from."""

    example: Example
    kind: Kind


def training_texts(
    corpora: Sequence[Path],
    model: ModelRecipe,
    recipe: Recipe,
    lists: dict[str, str],
    generator: random.Random,
) -> list[Text]:
    """Return the texts of a model's languages, in the corpora's order, and copies with other names.

    Args:
        corpora: Folders of `<split>/<language>/<source>.jsonl[.xz]`.
        model: Its languages and which copies it sees.
        recipe: What else is chosen.
        lists: The model's lists of names.
        generator: What draws texts and names.

    Raises:
        CorpusError: A corpus cannot be used.
    """
    texts = [
        text
        for corpus in corpora
        for file in corpus_files(corpus)
        for text in _texts_of(file)
        if text.example.lang in model.shares
    ]
    if recipe.text_share < 1:
        texts = generator.sample(texts, round(recipe.text_share * len(texts)))
    news = [text for text in texts if text.kind == "news"]
    by_people = [text for text in texts if text.kind in _BY_PEOPLE]
    pools = name_pools(texts)
    copies = with_other_names(news, pools, recipe.replaced_copies, generator)
    if model.listed_copies:
        listed = with_listed_names(pools, lists, generator)
        copies += with_other_names(by_people, listed, model.listed_copies, generator)
    if model.switched_share:
        latin, share = _latin_names(corpora), model.switched_share
        copies += with_latin_names(by_people, latin, share, generator)
    return [text for text in [*texts, *copies] if text.kind not in recipe.left_out]


def _texts_of(file: Path) -> Iterable[Text]:
    split, language, source = *file.parts[-3:-1], file.name.split(".")[0]
    lower_cased = source.startswith("multiconer") and "truecased" not in source
    if split not in _SPLITS or (lower_cased and language in _BICAMERAL):
        return ()
    kind = _kind(split, source)
    return (Text(example, kind) for example in read_examples(file))


def _kind(split: str, source: str) -> Kind:
    if source == NEWS_SOURCE:
        return "news"
    return "distilled" if source.startswith(DISTILLED_PREFIX) else _SPLITS[split]


def name_pools(texts: Sequence[Text]) -> Pools:
    """Return the different names of texts, by language and label; noisy texts are left out."""
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    for text in texts:
        if text.kind != "noisy":
            for span in text.example.spans:
                name = text.example.text[span.start : span.end]
                if len(name) < _MAX_NAME_CHARS and not re.search(r"\s{2}|\n", name):
                    names[text.example.lang, span.label].add(name)
    return {key: sorted(pool) for key, pool in sorted(names.items())}


def with_listed_names(pools: Pools, lists: dict[str, str], generator: random.Random) -> Pools:
    """Return the pools with as many listed places, and twice as many persons of listed parts."""
    persons = sorted(name for name, marks in lists.items() if "person" in marks)
    places = sorted(name for name, marks in lists.items() if _PLACES & set(marks.split()))
    wider = dict(pools)
    for (language, label), pool in pools.items():
        if label == "PER" and persons:
            counts = generator.choices(_NAME_PARTS, k=2 * len(pool))
            wider[language, label] = pool + [
                " ".join(generator.choices(persons, k=count)) for count in counts
            ]
        if label == "LOC" and places:
            wider[language, label] = pool + generator.choices(places, k=len(pool))
    return wider


def with_other_names(
    texts: Sequence[Text], pools: Pools, copies: int, generator: random.Random
) -> list[Text]:
    """Return copies of texts in which names of the same language and label stand.

    One name is replaced by the same other one throughout a text. MISC is left: titles of works
    rarely fit each other's place. After Dai and Adel 2020, "mention replacement".
    """
    return [
        Text(_replaced(text.example, pools, _REPLACED_SHARE, generator), "replaced")
        for text in texts
        if text.example.spans
        for _ in range(copies)
    ]


def with_latin_names(
    texts: Sequence[Text], names: dict[str, list[str]], share: float, generator: random.Random
) -> list[Text]:
    """Return copies of a share of texts, in which Latin names stand.

    Args:
        texts: Of languages that are not written in Latin letters.
        names: Latin names by label. Names of another label stay as they are.
        share: Of the texts with names, 0 to 1.
        generator: What draws texts and names.
    """
    named = [text.example for text in texts if text.example.spans]
    pools = {(text.lang, label): pool for text in named for label, pool in names.items()}
    return [
        Text(_replaced(example, pools, _SWITCHED_SHARE, generator), "switched")
        for example in generator.sample(named, round(share * len(named)))
    ]


def _latin_names(corpora: Sequence[Path]) -> dict[str, list[str]]:
    """Return the names of our English news, by label."""
    found: dict[str, set[str]] = defaultdict(set)
    for file in (file for corpus in corpora for file in corpus_files(corpus)):
        if file.parts[-3:-1] == ("train", "en") and file.name.split(".")[0] == NEWS_SOURCE:
            for example in read_examples(file):
                for start, end, label in example.spans:
                    found[label].add(example.text[start:end])
    return {label: sorted(names) for label, names in sorted(found.items())}


def _replaced(
    example: Example,
    pools: Pools,
    share: float,
    generator: random.Random,
) -> Example:
    text, last, chosen = "", 0, {}
    spans: list[Marked] = []
    for start, end, label in sorted(example.spans):
        name = example.text[start:end]
        if name not in chosen:
            pool = pools.get((example.lang, label), [])
            is_replaced = label != "MISC" and generator.random() < share and pool
            chosen[name] = generator.choice(pool) if is_replaced else name
        text += example.text[last:start]
        spans.append(Marked(len(text), len(text) + len(chosen[name]), label))
        text, last = text + chosen[name], end
    text += example.text[last:]
    return example.model_copy(update={"text": text, "spans": tuple(spans)})


def weights(
    texts: Sequence[Text], tokens: Sequence[int], model: ModelRecipe, recipe: Recipe
) -> list[float]:
    """Return how often each text is seen: languages have their shares of all tokens.

    Args:
        texts: What is learnt from.
        tokens: How many tokens each has.
        model: The shares of the languages, and the weights of kinds within a language.
        recipe: The weights of sources.
    """
    own = [
        model.kind_weights[text.kind] * recipe.source_weights.get(text.example.source, 1)
        for text in texts
    ]
    seen: Counter[str] = Counter()
    for text, weight, count in zip(texts, own, tokens, strict=True):
        seen[text.example.lang] += weight * count  # type: ignore[assignment]
    return [
        weight * model.shares[text.example.lang] / seen[text.example.lang]
        for text, weight in zip(texts, own, strict=True)
    ]
