"""Say what tables must be like to be published; no row depends on it."""

from typing import ClassVar

from pydantic import Field

from tasks.settings.group import Group


class CheckSettings(Group):
    """What a table must satisfy to be published.

    The bounds are wide on purpose: they find a broken stage, not a poor source. What must
    hold of each row (`docs/expectations.md`) has no setting.
    """

    key: ClassVar[str] = "checks"

    example_limit: int = Field(
        10, ge=1, le=1000, description="Failing rows that a result names, at most."
    )
    # The hostile folder (tests/making/hostile.py) has 4 such documents of 38 and must be published.
    tolerated_documents: int = Field(
        20, ge=0, description="Documents of poor quality that a release may have without a warning."
    )
    tolerated_segments: int = Field(
        100,
        ge=0,
        description="Segments of doubtful script that a release may have without a warning.",
    )
    # A judgement, not measured: one bad document in fifty is the source, more is a stage.
    tolerated_share: float = Field(
        0.02, ge=0, le=1, description="Share of rows that may be of poor quality without a warning."
    )
    # Every twentieth character unreadable: words of five letters lose one letter in four.
    max_replaced_share: float = Field(
        0.05, ge=0, le=1, description="U+FFFD per character from which a document is damaged."
    )
    # A page has one stray `Ã©` in a quotation; undecoded text has one in every word.
    max_mojibake_share: float = Field(
        0.01, ge=0, le=1, description="Mojibake per character from which a document is damaged."
    )
    # A body left in twice repeats half of its sentences; a song with a refrain mostly less.
    max_repeated_share: float = Field(
        0.45, ge=0, le=1, description="Characters in repeated sentences, from which it is doubled."
    )
    # Below it a sentence is a caption or a formula, which articles repeat.
    repeated_sentence_chars: int = Field(
        20, ge=1, description="Characters of a sentence that counts as repeated."
    )
    # One `<br>` in a page of 500 characters; a record of HTML has .1 and more.
    max_markup_share: float = Field(
        0.01, ge=0, le=1, description="Markup per character from which it was read as text."
    )
    min_menu_lines: int = Field(
        5, ge=2, description="Lines of a document from which on it may be a menu."
    )
    # A verse has five words and more, a label of a menu one or two.
    max_menu_words: float = Field(
        3.5, ge=0, description="Words per line below which such a document is a menu, or a list."
    )
    # Two sentences: a single word may be `und` with good reason.
    min_tagged_letters: int = Field(
        200, ge=1, description="Letters of a document from which on it must have a language."
    )
    # Below some hundreds, one strange file moves a rate by a per cent.
    min_documents: int = Field(
        200, ge=1, description="Documents or records from which on rates are judged."
    )
    min_documents_for_drift: int = Field(
        1000, ge=1, description="Documents that both releases need for a comparison of languages."
    )
    # A crawl may consist of refused pages mostly; nine in ten is a broken reader.
    max_rejected_share: float = Field(
        0.9, ge=0, le=1, description="Rejected records per record of the ledger."
    )
    max_undecodable_share: float = Field(
        0.01, ge=0, le=1, description="U+FFFD per character of a raw text, the median."
    )
    # All bodies twice would be 0.5, with chrome around it.
    max_dropped_share: float = Field(
        0.7, ge=0, le=1, description="Characters of a document that are dropped, the median share."
    )
    max_undetermined_share: float = Field(
        0.5, ge=0, le=1, description="Documents without a language, per document."
    )
    max_language_drift: float = Field(
        0.3, ge=0, le=1, description="Change of a language's share of the documents, absolute."
    )
    min_analysed_chars: int = Field(
        100_000, ge=1, description="Analysed characters of a language from which on it is judged."
    )
    # From one mention in ten pages to one in every second word; `benchmarks.corpus` has 14 in
    # Russian and 29 in Japanese.
    min_entity_density: float = Field(
        0.05, ge=0, description="Fewest mentions per 1,000 analysed characters of a language."
    )
    max_entity_density: float = Field(
        100.0, gt=0, description="Most mentions per 1,000 analysed characters of a language."
    )
    # What follows compares with the release that people read (`expectations/suites/changes.py`).
    # A source loses a part of its documents in a clean-up, most of them in a failure.
    max_document_loss: float = Field(
        0.5, ge=0, le=1, description="Documents that are lost, per document of the last release."
    )
    # Four in five: beyond it, what is left is a remainder. At least 37 documents show it surely.
    max_language_loss: float = Field(
        0.8,
        ge=0,
        le=1,
        description="Documents of a language, or a site, that are lost beyond what all lost.",
    )
    # Of ten feeds of a size two may end in a night.
    max_site_loss: float = Field(
        0.2, ge=0, le=1, description="Documents of sites that lost nearly all, per document."
    )
    # A week: a weekly source that repeats its last issue is not refused.
    max_freshness_loss: float = Field(
        7.0, ge=0, description="Days that the newest documents may be older than the last newest."
    )
    # Teasers are a fifth of their articles, pages with all their chrome twice as long and more.
    max_length_change: float = Field(
        2.0, ge=1, description="Times that the median text may be longer or shorter."
    )
    # Models and languages differ by a factor of two (`benchmarks.corpus`); one that fails, by ten.
    max_mention_change: float = Field(
        2.5, ge=1, description="Times that mentions per 1,000 characters may be more or fewer."
    )
    # One record in four that was read before: a format that is no longer understood.
    max_reject_rise: float = Field(
        0.25, ge=0, le=1, description="Rise of the share of rejected records, absolute."
    )
