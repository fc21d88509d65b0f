"""The facts about rows of `entities` and `stories` that their suites name."""

import polars as pl

from tasks.releases.check.facts import are_known_languages, with_facts


def entity_facts(entities: pl.DataFrame) -> pl.DataFrame:
    """Add facts to ENTITIES rows."""
    names = pl.col("names").list
    counts = names.eval(pl.element().struct.field("count")).list.sum()
    languages = names.eval(pl.element().struct.field("language"))
    return with_facts(
        "entities",
        entities,
        names_are_sound=are_known_languages(languages) & (counts == pl.col("mention_count")),
        document_count_is_right=_documents_are_counted(),
    )


def story_facts(stories: pl.DataFrame) -> pl.DataFrame:
    """Add facts to STORIES rows."""
    languages = pl.col("languages")
    return with_facts(
        "stories",
        stories,
        representative_tells_it=pl.col("documents").list.contains(pl.col("representative")),
        document_count_is_right=_documents_are_counted(),
        languages_are_known=are_known_languages(languages)
        & (languages == languages.list.unique().list.sort()),
        links_fit_evidence=_links_fit(),
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


def _documents_are_counted() -> pl.Expr:
    documents = pl.col("documents").list
    count = pl.col("document_count")
    return (count >= 1) & (count == documents.len()) & (count == documents.n_unique())
