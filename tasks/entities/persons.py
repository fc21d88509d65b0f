"""Say who is meant by one word of a person's name, within its document.

It means the one person whose full name in the document has the word; where two have it (father
and son), it means neither. Nor does a country's name, unless the document says it more often
than the full name. Beyond the document: `tasks.entities.beyond_document`.
"""

from collections.abc import Sequence

import polars as pl

from tasks.entities.graph import Groups, Join
from tasks.entities.inflection import is_form_of, may_be_forms
from tasks.entities.name_scores import NameScores
from tasks.entities.nodes import PERSON, THOUSANDTHS, Name, Nodes
from tasks.entities.person_words import particles_before
from tasks.entities.places import country_names
from tasks.settings import ResolveSettings
from tasks.writing.romanize import name_script

#: The full name stands in the document: nearly always meant, as the style books have it.
DOCUMENT_SCORE = 0.95
_FUSED = ["Hani", "Hang"]
#: Which of a longer name's words a bare one may be: is it the last, and how sure it is.
_MATCH = ["is_last", "score"]
_MATCHED = ["document", "node", "other", *_MATCH]
#: A full name that is less sure to be one says nothing of a word that a surer one has
#: (`ألتمان فيميل`, *Altman tends*, beside سام ألتمان); both are mean confidences.
_LEAST_SURE, _SURE = 0.7, 0.85
#: Pairs of a bare and a full name of a document that are compared at once: 300 MB.
_PAIRS_AT_ONCE = 2**20


def full_persons(nodes: Nodes, groups: Groups) -> list[int]:
    """Return the full names of persons, those included that some model takes for another thing."""
    full = [index for index in range(nodes.full) if len(nodes.names[index].words) > 1]
    roots = {groups.root(index) for index in full if nodes.names[index].label == PERSON}
    return [index for index in full if groups.root(index) in roots]


def document_joins(
    nodes: Nodes, groups: Groups, scores: NameScores, settings: ResolveSettings
) -> tuple[list[Join], set[int]]:
    """Return joins of bare names with full names of their document, and the ambiguous ones."""
    persons = pl.DataFrame({"other": full_persons(nodes, groups)}, schema={"other": pl.UInt32})
    full = nodes.by_document.rename({"node": "other"}).join(persons, on="other", how="semi")
    found = [_within_longer(nodes)]
    for bare in _slices(nodes.bare, full):
        pairs = bare.join(full, on="document")
        kinds = pairs.select("name", "languages", "other").unique()
        matches = _matches(nodes.names, kinds, scores, settings)
        matched = pairs.join(matches, on=["name", "languages", "other"])
        found.append(matched.select(_MATCHED))
    meant = _meant(_of_sure(pl.concat(found), nodes), groups)
    countries = _countries(nodes, meant)
    joins = [
        Join(score, "full_name_in_document", bearer, node)
        for node, bearer, persons_meant, score in meant.iter_rows()
        if persons_meant == 1 and node not in countries
    ]
    return joins, countries.union(meant.filter(pl.col("persons") > 1)["node"])


def _of_sure(matches: pl.DataFrame, nodes: Nodes) -> pl.DataFrame:
    """Leave out full names that are hardly names, where a surer one matches."""
    sums = nodes.found.group_by("node").agg(pl.col("sure").sum(), pl.col("count").sum())
    confidence = pl.col("sure") / (THOUSANDTHS * pl.col("count"))
    told = sums.select(pl.col("node").alias("other"), confidence.alias("confidence"))
    known = matches.join(told, on="other", how="left")
    has_sure = (pl.col("confidence") >= _SURE).any().over("node")
    return known.filter(~has_sure | (pl.col("confidence") >= _LEAST_SURE)).drop("confidence")


def _countries(nodes: Nodes, meant: pl.DataFrame) -> set[int]:
    """Return the bare names of countries that a document has no oftener than the full name."""
    names = country_names()
    maybe = [
        (node, bearer)
        for node, bearer, _, _ in meant.iter_rows()
        if nodes.names[nodes.name_of[node]].text in names
    ]
    pairs = pl.DataFrame(maybe, schema={"node": pl.UInt32, "bearer": pl.UInt32}, orient="row")
    counts = nodes.found.group_by("document", "node").agg(pl.col("count").sum())
    bare = pairs.join(counts, on="node")
    full = bare.join(counts.rename({"node": "bearer", "count": "full"}), on=["document", "bearer"])
    return set(full.filter(pl.col("count") <= pl.col("full"))["node"])


def _slices(bare: pl.DataFrame, full: pl.DataFrame) -> list[pl.DataFrame]:
    """Cut bare names so that memory is bounded: a list of people has thousands of pairs each."""
    sizes = bare.join(full.group_by("document").len("size"), on="document", maintain_order="left")
    part = (pl.col("size").cum_sum() // _PAIRS_AT_ONCE).alias("part")
    return sizes.with_columns(part).drop("size").partition_by("part", include_key=False)


def _meant(matches: pl.DataFrame, groups: Groups) -> pl.DataFrame:
    """Return `node, bearer, persons, score` of each bare name, by document.

    Those whose last word matches come before all others. What is written in the script of the
    full name is surer than what is spelt alike: if there is such a match, nothing else counts.
    """
    person = pl.Series("person", groups.roots(), pl.UInt32)
    surest = pl.col("score").max().over("node") == DOCUMENT_SCORE
    sure = matches.filter(~surest | (pl.col("score") == DOCUMENT_SCORE))
    chosen = sure.filter(pl.col("is_last") | ~pl.col("is_last").any().over("node"))
    bearers = (
        chosen.with_columns(person.gather(chosen["other"]))
        .group_by("document", "node")
        .agg(pl.col("other").min().alias("bearer"), pl.col("person").n_unique().alias("persons"))
    )
    scores = sure.group_by("node", "other").agg(pl.col("score").max())
    return (
        bearers.join(scores, left_on=["node", "bearer"], right_on=["node", "other"])
        .sort("document", "node")
        .select("node", "bearer", "persons", "score")
    )


def _matches(
    names: Sequence[Name], kinds: pl.DataFrame, scores: NameScores, settings: ResolveSettings
) -> pl.DataFrame:
    """Return which words of full names may be bare ones.

    Args:
        names: The names by index.
        kinds: `name` (a bare one), `languages` (of its document), `other` (a full name); distinct.
        scores: How alike words of two scripts are.
        settings: How alike they must be.

    Returns:
        `kinds` with `is_last, score`, a row per word that matches.
    """
    words = _words(names, sorted({*kinds["name"], *kinds["other"]}))
    bare = words.filter("is_last").select("name", "script", "word", "lead")
    full = words.rename(
        {"name": "other", "word": "part", "word_script": "part_script", "lead": "part_lead"}
    )
    both = kinds.join(bare, on="name").join(full, on="other", suffix="_other")
    has_lead, lead = pl.col("lead") != "", pl.col("part_lead")
    same = both.filter(
        (pl.col("script") == pl.col("script_other"))
        & (~has_lead | lead.str.ends_with(pl.col("lead")))
    )
    across = both.filter(
        (pl.col("script") != pl.col("script_other"))
        & (pl.col("script") != pl.col("part_script"))
        & (~has_lead | (lead != ""))
    )
    frames = [_same_script(names, same), _across_scripts(across, scores, settings)]
    return pl.concat([frame.select("name", "languages", "other", *_MATCH) for frame in frames])


def _words(names: Sequence[Name], used: Sequence[int]) -> pl.DataFrame:
    """Return the words of some names.

    Returns:
        `name, script, word, word_script`, `lead` (the particles before the word: ` van`, ` de la`)
        and `is_last`.
    """
    parts = [
        (
            index,
            name_script("".join(words)),
            word,
            name_script(word),
            "".join(f" {particle}" for particle in particles_before(words, i)),
            i == len(words) - 1,
        )
        for index in used
        for words in (names[index].words,)
        for i, word in enumerate(words)
    ]
    columns = ["script", "word", "word_script", "lead"]
    schema = {"name": pl.UInt32, **dict.fromkeys(columns, pl.String), "is_last": pl.Boolean}
    return pl.DataFrame(parts, schema=schema, orient="row")


def _same_script(names: Sequence[Name], words: pl.DataFrame) -> pl.DataFrame:
    """Keep the words that are one but for inflection."""
    maybe = words.filter(may_be_forms(pl.col("word"), pl.col("part")))
    asked = maybe.select("word", "part", "languages", "other").iter_rows()
    is_form = [
        word == part or is_form_of(word, part, _spoken(languages, names[other].languages))
        for word, part, languages, other in asked
    ]
    return maybe.filter(pl.Series(is_form, dtype=pl.Boolean)).with_columns(score=DOCUMENT_SCORE)


def _spoken(languages: str, others: frozenset[str]) -> frozenset[str]:
    """Return the languages that two names have in common, else those of the first."""
    own = frozenset(languages.split(","))
    return own & others or own


def _across_scripts(
    words: pl.DataFrame, scores: NameScores, settings: ResolveSettings
) -> pl.DataFrame:
    """Keep the words that are spelt alike in two scripts."""
    likely = pl.col("likeness") >= settings.min_part_likeness
    scored = scores.parts(words.select("word", "part").unique())
    rows = [
        (word, part, round(DOCUMENT_SCORE * score, 4))
        for word, part, score in scored.filter(likely).iter_rows()
    ]
    schema = {"word": pl.String, "part": pl.String, "score": pl.Float64}
    return words.join(pl.DataFrame(rows, schema=schema, orient="row"), on=["word", "part"])


def _within_longer(nodes: Nodes) -> pl.DataFrame:
    """Return the bare names that begin or end a longer one without spaces: 安倍 and 安倍晋三."""
    fused = [
        (index, name.script, name.words[-1])
        for index, name in enumerate(nodes.names[nodes.full :], nodes.full)
        if name.script in _FUSED
    ]
    schema = {"name": pl.UInt32, "script": pl.String, "word": pl.String}
    words = pl.DataFrame(fused, schema=schema, orient="row")
    bare = nodes.bare.select("document", "node", "name").join(words, on="name").drop("name")
    longer = bare.rename({"node": "other"})
    word = pl.col("word")
    ends = [
        longer.filter(word.str.len_chars() > length).with_columns(end)
        for length in words["word"].str.len_chars().unique()
        for end in (word.str.head(length), word.str.tail(length))
    ]
    return (
        bare.join(pl.concat([longer.clear(), *ends]).unique(), on=["document", "script", "word"])
        .with_columns(is_last=True, score=DOCUMENT_SCORE)
        .select(_MATCHED)
    )


def bearers(persons: Sequence[int], groups: Groups) -> list[int]:
    """Return one node per person of some nodes of persons, the least; sorted."""
    least: dict[int, int] = {}
    for node in sorted(persons):
        least.setdefault(groups.root(node), node)
    return list(least.values())
