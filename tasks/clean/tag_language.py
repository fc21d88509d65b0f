"""Tag language: which language and script each segment is in, its document in mind.

Reads judged_segments; writes tagged_segments.

A long line that goes on in another language or script is cut there first (`tasks.clean.
language_turns`). A document lends its uncertain segments a prior: the languages of its certain kept
paragraphs, and English. Segments that are dropped are tagged but lend nothing. Then
foreign boilerplate is dropped, which can be recognised only now, and the positions of the kept
segments in `documents.text` are final. What was left out of a page is not looked at: it is `und`.
"""

import polars as pl

from expectations.working_tables import JUDGED_SEGMENTS, TAGGED_SEGMENTS
from tasks.clean.foreign import drop_foreign_boilerplate
from tasks.clean.identification import (
    CERTAIN_CONFIDENCE,
    Evidence,
    Identification,
    gather_evidence,
    judge,
    judge_within,
)
from tasks.clean.language_turns import may_turn, parts_by_language
from tasks.clean.segment import Segment, is_block, placed, segment_of, segment_rows
from tasks.settings import LanguageSettings
from tasks.steps.stage import stage
from tasks.writing.languages import UNDETERMINED
from tasks.writing.scripts import script_of

#: Likely in every document: pages of all languages talk of themselves in English.
ALWAYS_POSSIBLE = "en"


@stage(
    reads=[JUDGED_SEGMENTS],
    writes=[TAGGED_SEGMENTS],
    packages=["babel", "py3langid", "pycld2", "regex", "scipy"],
)
def tag_language(judged_segments: pl.DataFrame, settings: LanguageSettings) -> pl.DataFrame:
    """Tag each segment with its language.

    Args:
        judged_segments: All segments of some documents, in any order.
        settings: How a document's languages are found.

    Returns:
        tagged_segments, sorted by key: the same segments. A row depends on the rows of its
        document only.
    """
    seen = _Seen()
    judged_segments = _cut_at_turns(judged_segments, seen)
    blocks = _without_language(judged_segments.filter(is_block()))
    segments = judged_segments.filter(~is_block()).sort(TAGGED_SEGMENTS.key)
    seen.look_at(segments["text"])
    found = [seen[text] for text in segments["text"]]
    alone = [identification for _evidence, identification in found]
    priors = _document_languages(_with_languages(segments, alone), settings)
    tagged = [
        judge_within(evidence, identification, priors.get(doc_id, ()))
        for doc_id, (evidence, identification) in zip(segments["doc_id"], found, strict=True)
    ]
    judged = drop_foreign_boilerplate(_unplaced(_with_languages(segments, tagged)))
    return placed(pl.concat([judged, blocks])).select(TAGGED_SEGMENTS.column_names)


class _Seen(dict[str, tuple[Evidence, Identification]]):
    """What is known of each text, which is looked at once: menus, datelines and copies recur."""

    def look_at(self, texts: pl.Series) -> None:
        """Look at those texts that are not known yet."""
        new = [text for text in texts.unique() if text not in self]
        for text, evidence in zip(new, gather_evidence(new), strict=True):
            self[text] = evidence, judge(evidence)


def _cut_at_turns(judged_segments: pl.DataFrame, seen: _Seen) -> pl.DataFrame:
    """Return the segments, the kept ones that are in several languages cut where they turn.

    Of a repaired line of plain text it is not known where a part stands in the raw text: it stays.
    """
    is_at_hand = ~pl.col("is_repaired") | pl.col("start_char").is_null()
    kept = judged_segments.filter("kept", is_at_hand)
    seen.look_at(kept["text"])
    doubtful = [text for text in kept["text"].unique() if may_turn(text, seen[text][0])]
    cuts_of = zip(doubtful, parts_by_language(doubtful), strict=True)
    parts = {text: cuts for text, cuts in cuts_of if len(cuts) > 1}
    if not parts:
        return judged_segments
    turning = kept.filter(pl.col("text").is_in(list(parts))).select(TAGGED_SEGMENTS.key)
    keys = set(turning.iter_rows())
    concerned = judged_segments.join(turning, on="doc_id", how="semi").sort(TAGGED_SEGMENTS.key)
    documents: dict[str, list[Segment]] = {}
    for row in concerned.iter_rows(named=True):
        segment = segment_of(row)
        is_cut = (row["doc_id"], row["segment_index"]) in keys
        cuts = parts[segment.text] if is_cut else None
        documents.setdefault(row["doc_id"], []).extend(
            [_part(segment, *cut) for cut in cuts] if cuts else [segment]
        )
    others = judged_segments.join(turning, on="doc_id", how="anti")
    return pl.concat([others, segment_rows(documents.items())])


def _part(segment: Segment, start: int, end: int) -> Segment:
    begin = segment.start_char
    return segment._replace(
        text=segment.text[start:end],
        start_char=None if begin is None else begin + start,
        end_char=None if begin is None else begin + end,
    )


def _without_language(blocks: pl.DataFrame) -> pl.DataFrame:
    """Return what was left out of pages as tagged_segments: no language is looked for."""
    scripts = {text: script_of(text) for text in blocks["text"].unique()}
    written = [scripts[text] for text in blocks["text"]]
    return _unplaced(
        blocks.with_columns(
            language=pl.lit(UNDETERMINED),
            language_confidence=pl.lit(0.0),
            script=pl.Series(written, dtype=pl.String()),
        )
    )


def _with_languages(segments: pl.DataFrame, found: list[Identification]) -> pl.DataFrame:
    """Return the segments with `language, language_confidence, script`."""
    return segments.with_columns(
        pl.Series("language", [one.language for one in found], pl.String()),
        pl.Series("language_confidence", [one.confidence for one in found], pl.Float64()),
        pl.Series("script", [one.script for one in found], pl.String()),
    )


def _document_languages(
    segments: pl.DataFrame, settings: LanguageSettings
) -> dict[str, frozenset[str]]:
    """Return the languages that a document is sure of, by `doc_id`; none: no entry."""
    kept = segments.filter("kept")
    chars = kept.group_by("doc_id").agg(pl.col("text_chars").sum().alias("document_chars"))
    certain = kept.filter(pl.col("language_confidence") >= CERTAIN_CONFIDENCE)
    languages = (
        certain.group_by("doc_id", "language")
        .agg(pl.col("text_chars").sum())
        .join(chars, on="doc_id")
        .filter(pl.col("text_chars") >= settings.min_prior_share * pl.col("document_chars"))
        .group_by("doc_id")
        .agg("language")
    )
    return {doc_id: frozenset({*found, ALWAYS_POSSIBLE}) for doc_id, found in languages.iter_rows()}


def _unplaced(segments: pl.DataFrame) -> pl.DataFrame:
    """Return tagged_segments whose positions in `documents.text` are not known yet."""
    position = pl.lit(None, pl.Int64()).alias("document_start_char")
    return segments.with_columns(position).select(TAGGED_SEGMENTS.column_names)
