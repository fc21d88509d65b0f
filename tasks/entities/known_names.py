"""Look names up among what ships as known: organisations, places and their Wikidata ids.

`known_entities.parquet` and `known_names.parquet` are written by
`python -m training.write_known_names`; their sources and licences are in
`seeds/reference/README.md`. Only what is sought is read of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from tasks.entities.inflection import inflects, kept_letters, word_bases
from tasks.entities.places import ANY_LANGUAGE, is_country

ENTITIES_FILE = Path(__file__).parent / "known_entities.parquet"
NAMES_FILE = Path(__file__).parent / "known_names.parquet"
#: Labels that a mention of a thing may have: models call bodies places, and countries bodies.
_ACTING_LABELS = frozenset({"LOC", "ORG", "MISC"})
_LABELS = {
    "PER": frozenset({"PER"}),
    "LOC": frozenset({"LOC"}),
    "ORG": frozenset({"ORG", "MISC"}),
    "MISC": frozenset({"MISC", "ORG"}),
}
#: Ids of states of the past begin like this.
STATE_ID_PREFIX = "state-"
#: Things with a higher id in Wikidata are too little known for an inflected form to mean them.
_MAX_INFLECTED_ID = 20_000
#: Shorter names mean something else in other languages: AB, IS.
_MIN_FOREIGN_CHARS = 4


class Thing(NamedTuple):
    """A known thing, as `known_entities.parquet` has it.

    Attributes:
        entity_id: Its id: one of the gazetteer, of Wikidata, or `org-…`, `state-…`, `event-…`.
        wikidata_id: Its id in Wikidata, if known.
        label: PER, ORG, LOC or MISC.
        country: The code in ISO 3166-1 of its country, or `EU`, if known.
        canonical_name: What it is called; empty: not known.
        is_written: Whether this project wrote its names, and not a list of others.
    """

    entity_id: str
    wikidata_id: str | None
    label: str
    country: str | None
    canonical_name: str
    is_written: bool

    def may_be(self, label: str, is_acronym: bool) -> bool:
        """Whether a mention with a label may mean it; an acronym is no person, whatever it says."""
        is_state = is_country(self.entity_id)
        is_state |= self.entity_id.startswith(STATE_ID_PREFIX)
        acts = is_state or (self.label == "ORG" and self.is_written)
        is_mistaken = label == "PER" and is_acronym and acts
        return is_mistaken or label in (_ACTING_LABELS if acts else _LABELS[self.label])

    @property
    def is_well_known(self) -> bool:
        """Whether an inflected form may mean it."""
        if self.is_written or self.wikidata_id is None:
            return self.is_written
        return int(self.wikidata_id.removeprefix("Q")) <= _MAX_INFLECTED_ID


class Sought(NamedTuple):
    """A name as it is written in the texts of a language.

    Attributes:
        language, label: As FOUND_MENTIONS has them.
        form: Its comparable form.
        words: Its words in comparable form, joined.
        is_acronym: Whether it is one word in capitals.
    """

    language: str
    label: str
    form: str
    words: str
    is_acronym: bool = False


class Meant(NamedTuple):
    """What a name means.

    Attributes:
        certain: The one thing that it means wherever it stands; None: none, or several.
        in_context: The things that it means where the document speaks of their countries.
    """

    certain: Thing | None
    in_context: tuple[Thing, ...]


#: What a name means of which nothing is known.
NOTHING = Meant(None, ())


class _Row(NamedTuple):
    language: str
    in_context: bool
    thing: Thing


def things(entity_ids: Iterable[str]) -> dict[str, Thing]:
    """Return what is known of some ids."""
    asked = pl.LazyFrame({"entity_id": sorted(set(entity_ids))}, schema={"entity_id": pl.String})
    found = pl.scan_parquet(ENTITIES_FILE).join(asked, on="entity_id", how="semi").collect()
    return {row[0]: Thing(*row) for row in found.select(Thing._fields).iter_rows()}


def meanings(sought: Sequence[Sought]) -> list[Meant]:
    """Return what each of some names means, inflected ones included."""
    exact = _exact(sought)
    forms = [i for i, s in enumerate(sought) if i not in exact and inflects(s.language)]
    inflected = _inflected(sought, forms)
    known = things(
        entity_id for rows in (*exact.values(), *inflected.values()) for *_, entity_id in rows
    )
    found = [NOTHING] * len(sought)
    for i, rows in (inflected | exact).items():
        told = (_Row(language, is_told, known[entity]) for language, is_told, entity in rows)
        found[i] = _meant(sought[i], [r for r in told if i in exact or r.thing.is_well_known])
    return found


_Found = dict[int, list[tuple[str, bool, str]]]


def _meant(sought: Sought, rows: Sequence[_Row]) -> Meant:
    """Return what a name means: in its own language first, else what it means in all others."""
    fitting = [row for row in rows if row.thing.may_be(sought.label, sought.is_acronym)]
    own = [row for row in fitting if row.language in {sought.language, ANY_LANGUAGE}]
    for chosen in (own, fitting if len(sought.form) >= _MIN_FOREIGN_CHARS else []):
        certain = {row.thing.entity_id: row.thing for row in chosen if not row.in_context}
        if len(certain) == 1:
            return Meant(certain.popitem()[1], ())
        in_context = {row.thing.entity_id: row.thing for row in chosen}
        if in_context:
            return Meant(None, tuple(thing for _, thing in sorted(in_context.items())))
    return NOTHING


def _exact(sought: Sequence[Sought]) -> _Found:
    """Return language, whether in context, and id of the names that are written so."""
    keys = [(i, key) for i, s in enumerate(sought) for key in sorted({s.form, s.words})]
    asked = pl.DataFrame(keys, schema={"index": pl.UInt32, "form": pl.String}, orient="row")
    found = pl.scan_parquet(NAMES_FILE).join(asked.lazy(), on="form").collect()
    return _by_index(found)


def _inflected(sought: Sequence[Sought], indices: Sequence[int]) -> _Found:
    """Return the same for names that are inflected forms of known ones in their language."""
    asked = pl.DataFrame(
        [(i, sought[i].language, sought[i].words) for i in indices],
        schema={"index": pl.UInt32, "language": pl.String, "own": pl.String},
        orient="row",
    )
    near = _near(asked)
    keep = [
        not set(word_bases(tuple(own.split(" ")), language)).isdisjoint(
            word_bases(tuple(words.split(" ")), language)
        )
        for own, words, language in near.select("own", "words", "language").iter_rows()
    ]
    return _by_index(near.filter(pl.Series(keep, dtype=pl.Boolean)))


def _near(asked: pl.DataFrame) -> pl.DataFrame:
    """Return the known names that begin or end as others of their language, with as many words."""
    words = pl.coalesce("words", "form").alias("words")
    own, known = (
        [
            kept_letters(pl.col(text), pl.col("language")).alias("kept"),
            pl.col(text).str.count_matches(" ", literal=True).alias("breaks"),
        ]
        for text in ("own", "words")
    )
    return (
        pl.scan_parquet(NAMES_FILE)
        .filter(pl.col("language").is_in(asked["language"].unique().to_list()))
        .with_columns(words)
        .with_columns(known)
        .join(asked.lazy().with_columns(own), on=["language", "kept", "breaks"])
        .collect()
    )


def _by_index(rows: pl.DataFrame) -> _Found:
    found: _Found = defaultdict(list)
    columns = ["index", "language", "in_context", "entity_id"]
    for index, *row in rows.select(columns).unique().sort(columns).iter_rows():
        found[index].append((row[0], row[1], row[2]))
    return dict(found)
