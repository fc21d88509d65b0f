"""Settings of the stages that make rows, and of the parts that tables are cut into."""

from typing import ClassVar, Literal

from pydantic import Field

from tasks.settings.group import Group


class IngestSettings(Group):
    """How records are found and decoded."""

    text_field: str | None = Field(
        None, description="The field that holds a record's text; null: the first usual name."
    )
    max_record_bytes: int = Field(
        10 * 2**20,
        ge=1,
        description="Larger records are rejected: three times War and Peace is no news article, "
        "and a worker holds several copies of a record.",
    )
    max_expansion: int = Field(
        250,
        ge=1,
        description="How many times its size a compressed file may grow, once beyond 1 GiB: text "
        "grows 3 to 30 times, a bomb 1,000 times (gzip) and more.",
    )
    max_control_share: float = Field(
        0.05,
        ge=0,
        le=1,
        description="Control characters among the bytes of a text; compressed data has .11, "
        "programs .3.",
    )
    max_damaged_share: float = Field(
        0.5,
        ge=0,
        le=1,
        description="Damaged sequences among the characters beyond ASCII for bytes to be taken as "
        "UTF-8; other encodings read so have .7 and more (`tests/test_readers_encodings.py`).",
    )
    max_replaced_share: float = Field(
        0.01,
        ge=0,
        le=1,
        description="Characters that the declared or detected encoding may fail to decode.",
    )
    min_encoding_confidence: float = Field(
        0.8, ge=0, le=1, description="1 - mess, as charset-normalizer measures it (its default)."
    )


class CleanSettings(Group):
    """How text is judged; widths are in letters, an ideograph counting as two.

    With the defaults not a line of 610 news texts in ten languages was dropped, and of 153 of
    them, doubled in seven ways, every one was brought back exactly (NTREX-128's documents;
    `tests/test_clean_repeats.py` has small cases of each in 14 scripts: re-run if changed).
    """

    chrome_max_width: int = Field(
        60, ge=1, description="A wider line is never taken for page chrome."
    )
    repeat_min_width: int = Field(
        120,
        ge=40,
        description="A shorter copy, spaces aside, is natural repetition: a refrain, an answer.",
    )
    repeat_min_share: float = Field(
        0.5, gt=0, le=1, description="Least share of the distinct text that a second copy repeats."
    )
    repeat_max_gap: float = Field(
        0.5, ge=0, description="Most new text between the copies, as a share of the copy."
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


class DuplicateSettings(Group):
    """How copies are found.

    A copy with a tenth of its tokens changed keeps .9³ of its three-token shingles: a Jaccard
    similarity of .57, and about .4 where paragraphs moved and foreign text came in, too. Of 610
    news texts in ten languages no two unrelated ones reach .1 (long Japanese ones: .15).
    Re-run `benchmarks.duplicates` if a value changes.
    """

    tokens_per_shingle: int = Field(
        3, ge=1, le=16, description="Words in a shingle; Han, kana or Yi characters likewise."
    )
    complex_letters_per_shingle: int = Field(
        6, ge=1, le=32, description="Characters in a shingle of Thai, Lao, Khmer, Myanmar, Tibetan."
    )
    min_shingles: int = Field(
        8, ge=1, description="A text of fewer shingles has exact copies only: too little to judge."
    )
    max_compared_chars: int = Field(
        1_000_000, ge=1000, description="Near copies are judged by so much of a text's beginning."
    )
    num_permutations: int = Field(
        256, ge=16, le=4096, description="Length of a signature: a byte each, error 1/(2·root)."
    )
    permutations_per_band: int = Field(
        3, ge=1, le=8, description="Bytes that must agree for two documents to be compared."
    )
    min_similarity: float = Field(
        0.33, gt=0, le=1, description="Estimated Jaccard similarity that links two documents."
    )
    min_representative_similarity: float = Field(
        0.2, gt=0, le=1, description="The same between a near copy and its representative."
    )


class EntitySettings(Group):
    """Which model reads which language."""

    backends: dict[str, str | None] = Field(
        {},
        description="Language tag to an installed spaCy package (`fr: fr_core_news_md`), to "
        "`natasha` (ru), or to null: not analysed. Other languages: the best that is installed.",
    )
    label_map: dict[str, Literal["PER", "ORG", "LOC", "MISC", "dropped"]] = Field(
        {},
        description="What labels of a model mean, beyond and before `tasks/models/label_maps.json`",
    )


class ResolveSettings(Group):
    """How mentions become entities and documents become stories."""

    places: ClassVar[set[str]] = {"alias_table"}

    entities: bool = Field(
        True, description="Whether names are joined; if not, each surface is its own entity."
    )
    alias_table: str | None = Field(
        "seeds/reference/aliases.csv",
        description="CSV of names known beforehand (seeds/reference/README.md), relative to the "
        "project's root; null: none.",
    )


class PartSettings(Group):
    """How tables are cut into parts."""

    part_documents: int = Field(
        1024,
        ge=1,
        description="Documents in a part: what a worker holds at once.",
    )
