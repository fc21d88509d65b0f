"""Say how text is cleaned, its language identified, its quality and personal data judged."""

from typing import ClassVar, Literal

from pydantic import Field

from tasks.settings.group import Group

Share = float | None


class CleanSettings(Group):
    """How text is judged; widths are in letters, an ideograph counting as two.

    Of bodies that stand twice in sixteen ways, in ten languages, .997 of the second copy is dropped
    and less than .001 of anything else; natural repetition of thirteen kinds (songs, tables,
    quotations) stays. Re-run `benchmarks.doubled` if a value changes.
    """

    key: ClassVar[str] = "clean"

    list_left_out: bool = Field(
        True,
        description="Whether `segments` lists what is no main text of a page, with its reason "
        "(docs/reasons.md): menus, comments, consent, what is hidden.",
    )
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
    chrome_max_lines: int = Field(
        20_000,
        ge=1,
        description="A text of more lines is a list or a log: flattened pages have hundreds. To "
        "judge a line as part of a page takes 3 KB.",
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

    key: ClassVar[str] = "sites"

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

    key: ClassVar[str] = "languages"

    min_prior_share: float = Field(
        0.15,
        gt=0,
        le=1,
        description="Share of a document's kept characters from which a certain language is its "
        "own: the uncertain segments are likelier to be in it.",
    )


class QualityLimits(Group):
    """What a document may be like; null: no limit. A signal that is null breaks none.

    From the literature where it judges news text rightly in every language (`Gopher`: Rae et
    al. 2021, table A1; `FineWeb`: Penedo et al. 2024), else from `python -m
    benchmarks.quality`, the extremes of news and other prose in 118 languages with room.
    """

    min_letter_share: Share = Field(
        0.6, ge=0, le=1, description="Letters and marks among visible characters; prose has .7."
    )
    max_digit_share: Share = Field(
        0.2, ge=0, le=1, description="Digits among visible characters; prose has .13 at most."
    )
    max_symbol_share: Share = Field(
        0.1, ge=0, le=1, description="Symbols among visible characters (`Gopher`: per word)."
    )
    min_word_count: int | None = Field(
        None, ge=0, description="Words, in scripts with spaces (`Gopher`: 50); none: news is short."
    )
    max_word_count: int | None = Field(
        None, ge=0, description="Words, in scripts with spaces (`Gopher`: 100,000)."
    )
    min_mean_word_chars: float | None = Field(
        2.0, ge=0, description="Mean length of words; `Gopher`'s 3 holds for English."
    )
    max_mean_word_chars: float | None = Field(
        14.0, ge=0, description="Mean length of words; `Gopher`'s 10 holds for English."
    )
    min_stop_word_share: Share = Field(
        0.02,
        ge=0,
        le=1,
        description="Stop words among words (`Gopher`: two words); prose has .07 and more.",
    )
    min_terminal_line_share: Share = Field(
        0.12, ge=0, le=1, description="Lines that end as sentences do, in any script (`FineWeb`)."
    )
    max_bullet_line_share: Share = Field(
        0.9, ge=0, le=1, description="Lines that begin with a bullet (`Gopher`)."
    )
    max_ellipsis_line_share: Share = Field(
        0.3, ge=0, le=1, description="Lines that end in an ellipsis (`Gopher`)."
    )
    max_repeated_line_share: Share = Field(
        0.3, ge=0, le=1, description="Lines that stand earlier in the text (`Gopher`)."
    )
    max_repeated_line_chars_share: Share = Field(
        0.2, ge=0, le=1, description="The same, weighted by length (`Gopher`)."
    )
    max_repeated_run_share: Share = Field(
        0.4,
        ge=0,
        le=1,
        description="Runs of five words (in unspaced scripts, letters) that stand earlier in the "
        "text; `Gopher` has .15 for words. Prose has .15 in words, .26 in kana.",
    )
    max_top_run_share: Share = Field(
        0.1, ge=0, le=1, description="Runs of five that are the commonest one; prose has .03."
    )


class QualitySettings(QualityLimits):
    """Which documents are rejected for the quality of their text: none, unless asked for."""

    key: ClassVar[str] = "quality"

    profile: Literal["none", "strict"] = Field(
        "none",
        description="`strict`: a document beyond a limit is rejected as `low_quality`. `none`: "
        "signals are measured and nothing is dropped.",
    )
    languages: dict[str, QualityLimits] = Field(
        {},
        description="Limits of single languages, by tag: those given there go before the limits "
        "for all.",
    )

    def limits(self, language: str) -> dict[str, float | None]:
        """Return the limits of a language by name."""
        own = self.languages.get(language, QualityLimits())
        return {
            name: getattr(own if name in own.model_fields_set else self, name)
            for name in QualityLimits.model_fields
        }


PersonalDataKind = Literal["email", "phone", "iban", "card", "ip_address"]


class PersonalDataSettings(Group):
    """Which personal data is looked for, and whether it is taken out of the text."""

    key: ClassVar[str] = "personal_data"

    kinds: tuple[PersonalDataKind, ...] = Field(
        ("email", "phone", "iban", "card", "ip_address"),
        description="What `personal_data` lists; empty: nothing is looked for.",
    )
    redact: bool = Field(
        False,
        description="Whether it is replaced by `[email]`, `[phone]` and so on in the text, before "
        "names are looked for, and in titles, authors, addresses and names of records. "
        "`raw_documents` stays as it came, and out of the release's folder (docs/security.md).",
    )
