"""Settings of how text is cleaned and its language told."""

from pydantic import Field

from tasks.settings.group import Group


class CleanSettings(Group):
    """How text is judged; widths are in letters, an ideograph counting as two.

    Of bodies that stand twice in sixteen ways, in ten languages, .997 of the second copy is dropped
    and less than .001 of anything else; natural repetition of thirteen kinds (songs, tables,
    quotations) stays. Re-run `benchmarks.doubled` if a value changes.
    """

    chrome_max_width: int = Field(
        60, ge=1, description="A wider line is never taken for page chrome by its look alone."
    )
    chrome_min_score: float = Field(
        0.6,
        gt=0,
        le=1,
        description="Least learned score, 0 to 1, at which a line of a flattened page is chrome; "
        "0.5 has the same F1 and loses more (`benchmarks.plain_text --min-score`).",
    )
    chrome_min_lines: int = Field(
        6,
        ge=1,
        description="Short lines without a sentence's end from which a text may be a flattened "
        "page; a news text has few, a page dozens.",
    )
    repeat_min_width: int = Field(
        120,
        ge=40,
        description="A shorter copy, spaces aside, is natural repetition: a refrain, an answer.",
    )
    repeat_min_share: float = Field(
        0.5, gt=0, le=1, description="Least share of the distinct text that a second copy repeats."
    )
    repeat_min_share_of_beginning: float = Field(
        0.3,
        gt=0,
        le=1,
        description="The same for a teaser before the whole text and a second copy that breaks "
        "off (`benchmarks.doubled`).",
    )
    repeat_max_gap: float = Field(
        0.5, ge=0, description="Most new text between the copies, as a share of the copy."
    )


class SiteSettings(Group):
    """How lines that recur over a site are found; copies of a document count as one.

    Measured on made-up sites of 8 to 100 documents with known chrome: re-run
    `benchmarks.site_lines` if a value changes.
    """

    min_documents: int = Field(
        10,
        ge=2,
        description="Documents of a site in which a line must stand: a statement, a refrain or a "
        "lead that nine tell is theirs.",
    )
    min_share: float = Field(
        0.1,
        gt=0,
        le=1,
        description="The same as a share of the site's documents: a menu of one of ten sections "
        "or languages.",
    )
    min_usual_share: float = Field(
        0.5,
        gt=0,
        le=1,
        description="The same for running text and for what may be a title: losing a sentence is "
        "worse than leaving a disclaimer.",
    )
    max_dropped_share: float = Field(
        0.5,
        gt=0,
        lt=1,
        description="A document of which more would go, by width, is an index or a copy, and is "
        "kept whole.",
    )


class LanguageSettings(Group):
    """How languages are told apart."""

    min_prior_share: float = Field(
        0.15,
        gt=0,
        le=1,
        description="Share of a document's kept characters from which a certain language is its "
        "own: the uncertain segments are likelier to be in it.",
    )
