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
from tasks.entities.places import ANY_LANGUAGE, PLACE_ID_PREFIX

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
#: A country's id: `place-` and its code in ISO 3166-1.
_COUNTRY_ID_CHARS = len(PLACE_ID_PREFIX) + 2
#: Things with a higher id in Wikidata are too little known for an inflected form to mean them.
_MAX_INFLECTED_ID = 20_000
#: Shorter names mean something else in other languages: AB, IS.
_MIN_FOREIGN_CHARS = 4


class Thing(NamedTuple):
    """A known thing, as `known_entities.parquet` has it.

    Attributes:
        entity_id: Its id: one of the gazetteer, of Wikidata, or `org-…`.
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
        is_country = self.label == "LOC" and len(self.entity_id) == _COUNTRY_ID_CHARS
        acts = is_country or (self.label == "ORG" and self.is_written)
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
    return [
        _meant(sought[i], [
            _Row(language, in_context, known[entity_id])
            for language, in_context, entity_id in exact.get(i, inflected.get(i, []))
            if i in exact or known[entity_id].is_well_known
        ])
        for i in range(len(sought))
    ]  # fmt: skip


_Found = dict[int, list[tuple[str, bool, str]]]


def _meant(sought: Sought, rows: Sequence[_Row]) -> Meant:
    """Return what a name means: in its own language first, else what it means in all others."""
    fitting = [row for row in rows if row.thing.may_be(sought.label, sought.is_acronym)]
    own = [row for row in fitting if row.language in {sought.language, ANY_LANGUAGE}]
    for chosen in (own, fitting if len(sought.form) >= _MIN_FOREIGN_CHARS else []):
        certain = {row.thing for row in chosen if not row.in_context}
        if len(certain) == 1:
            return Meant(certain.pop(), ())
        in_context = {row.thing for row in chosen}
        if in_context:
            return Meant(None, tuple(sorted(in_context, key=lambda thing: thing.entity_id)))
    return Meant(None, ())


def _exact(sought: Sequence[Sought]) -> _Found:
    """Return language, whether in context, and id of the names that are written so."""
    keys = [(i, key) for i, s in enumerate(sought) for key in sorted({s.form, s.words})]
    asked = pl.DataFrame(keys, schema={"index": pl.UInt32, "form": pl.String}, orient="row")
    found = pl.scan_parquet(NAMES_FILE).join(asked.lazy(), on="form").collect()
    return _by_index(found)


def _inflected(sought: Sequence[Sought], indices: Sequence[int]) -> _Found:
    """Return the same for names that are inflected forms of known ones in their language."""
    by_language: dict[str, list[int]] = defaultdict(list)
    for index in indices:
        by_language[sought[index].language].append(index)
    found: _Found = {}
    for language, asked in sorted(by_language.items()):
        rows = pl.DataFrame(
            [(i, sought[i].words) for i in asked],
            schema={"index": pl.UInt32, "own": pl.String},
            orient="row",
        )
        near = _near(rows, language)
        keep = [
            not set(word_bases(tuple(own.split(" ")), language)).isdisjoint(
                word_bases(tuple(words.split(" ")), language)
            )
            for own, words in near.select("own", "words").iter_rows()
        ]
        found |= _by_index(near.filter(pl.Series(keep, dtype=pl.Boolean)))
    return found


def _near(asked: pl.DataFrame, language: str) -> pl.DataFrame:
    """Return the known names of a language that begin or end as others do, with as many words."""
    words = pl.coalesce("words", "form").alias("words")
    kept, own_kept = (kept_letters(pl.col(text), language) for text in ("words", "own"))
    return (
        pl.scan_parquet(NAMES_FILE)
        .filter(pl.col("language") == language)
        .with_columns(words)
        .with_columns(kept.alias("kept"), pl.col("words").str.count_matches(" ").alias("breaks"))
        .join(
            asked.lazy().with_columns(
                own_kept.alias("kept"), pl.col("own").str.count_matches(" ").alias("breaks")
            ),
            on=["kept", "breaks"],
        )
        .collect()
    )


def _by_index(rows: pl.DataFrame) -> _Found:
    found: _Found = defaultdict(list)
    columns = ["index", "language", "in_context", "entity_id"]
    for index, *row in rows.select(columns).unique().sort(columns).iter_rows():
        found[index].append((row[0], row[1], row[2]))
    return dict(found)
