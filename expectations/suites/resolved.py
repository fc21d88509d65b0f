"""Say what must be true of every row of `entities` and of `stories`."""

import polars as pl

from expectations.suites import columns
from expectations.suites.expectation import (
    Languages,
    Suite,
    holds,
    matches,
    one_of,
    rows_of,
    within,
)


def entities_suite(languages: Languages) -> Suite:
    """Return the expectations on `entities`."""
    names = pl.col("names").list
    counts = names.eval(pl.element().struct.field("count")).list.sum()
    tags = names.eval(pl.element().struct.field("language"))
    return Suite(
        "entities",
        ("entity_id",),
        rows_of("entities"),
        (
            columns.key_is_present("entities"),
            columns.label_is_known(),
            matches("canonical_name_is_not_blank", "canonical_name", r"\S", "It has a name."),
            within("is_mentioned", "mention_count", 1, None, "It exists because it is mentioned."),
            holds(
                "names_are_sound",
                columns.are_known_languages(tags, languages) & (counts == pl.col("mention_count")),
                "Each name has a known language, and their counts add up to the mentions.",
                "mention_count",
            ),
            columns.document_count_is_right(),
            within("score_is_a_share", "score", 0, 1, "It says how sure its joins are."),
            within("confidence_is_in_range", "confidence", 0, 1, "It says how sure its names are."),
            matches("wikidata_id_is_well_formed", "wikidata_id", r"^Q[1-9]\d*$", "It is a link."),
            holds(
                "candidates_are_sound",
                _candidates_are_sound(),
                "What a name may mean is told by Wikidata ids, sorted, once, and only where its "
                "meaning is open.",
                "wikidata_candidates",
            ),
        ),
    )


def _candidates_are_sound() -> pl.Expr:
    ids = pl.col("wikidata_candidates")
    is_set = ids == ids.list.unique().list.sort()
    are_ids = ids.list.eval(pl.element().str.contains(r"^Q[1-9]\d*$")).list.all()
    return is_set & are_ids & (pl.col("wikidata_id").is_null() | (ids.list.len() == 0))


def stories_suite(languages: Languages) -> Suite:
    """Return the expectations on `stories`."""
    tags = pl.col("languages")
    is_sorted = tags == tags.list.unique().list.sort()
    return Suite(
        "stories",
        ("story_id",),
        rows_of("stories"),
        (
            columns.key_is_present("stories"),
            holds(
                "representative_tells_it",
                pl.col("documents").list.contains(pl.col("representative")),
                "What stands for a story is one of its documents.",
                "representative",
            ),
            columns.document_count_is_right(),
            holds(
                "languages_are_known",
                columns.are_known_languages(tags, languages) & is_sorted,
                "Each is a tag of the vocabulary, sorted, once.",
            ),
            one_of(
                "evidence_is_known",
                "evidence",
                columns.STORY_EVIDENCE,
                "Readers filter stories by what joined their documents.",
            ),
            holds(
                "links_fit_evidence",
                _links_fit(),
                "Translations are joined by links, each of two of the story's documents and with "
                "a score from 0 to 1; others have none.",
                "evidence",
            ),
        ),
    )


def _links_fit() -> pl.Expr:
    links, documents = pl.col("links"), pl.col("documents")
    each = pl.element().struct
    score = each.field("score")
    names = [
        links.list.eval(each.field(name)).list.set_difference(documents).list.len() == 0
        for name in ("doc_id", "linked_doc_id")
    ]
    in_range = links.list.eval((score >= 0) & (score <= 1)).list.all()
    is_linked = pl.col("evidence").is_in(["translations", "both"])
    return pl.all_horizontal(*names, in_range, is_linked == (links.list.len() > 0))
