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
    max_decompressed_bytes: int = Field(
        2**40,
        ge=1,
        description="How much a file may grow to, all its layers and members together: ten times "
        "the largest WARC file of Common Crawl's news, decompressed a hundredfold.",
    )
    max_archive_members: int = Field(
        1_000_000,
        ge=1,
        description="Members of a zip or tar archive; a zip of so many takes 1 GB to list.",
    )
    max_archive_depth: int = Field(
        3, ge=1, le=16, description="Archives within one another; people nest two."
    )
    max_spooled_bytes: int = Field(
        4 * 2**30,
        ge=1,
        description="Size of a zip, Parquet or Arrow file inside another: it is read from its end, "
        "hence from a temporary copy.",
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

    Of bodies that stand twice in sixteen ways, in ten languages, .997 of the second copy is dropped
    and less than .001 of anything else; natural repetition of thirteen kinds (songs, tables,
    quotations) stays. Re-run `benchmarks.doubled` if a value changes.
    """

    chrome_max_width: int = Field(
        60, ge=1, description="A wider line is never taken for page chrome by its look alone."
    )
    chrome_min_score: float = Field(
        0.5,
        gt=0,
        le=1,
        description="Least learned score, 0 to 1, at which a line of a flattened page is chrome "
        "(`benchmarks.plain_text`).",
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
    min_contained_share: float = Field(
        0.6,
        gt=0,
        le=1,
        description="Share of a document's shingles that stand in a longer one, from which it is "
        "contained there: a tenth of the tokens changed leaves .9³ = .73, and unrelated texts "
        "share less than .2.",
    )


class EntitySettings(Group):
    """Which model reads which language."""

    places: ClassVar[set[str]] = {"backends", "models"}

    backends: dict[str, str | None] = Field(
        {},
        description="Language tag to an installed spaCy package (`fr: fr_core_news_md`), to "
        "`natasha` (ru), to `own` or the name of a model in `entities.models`, or to null: not "
        "analysed. Other languages: the best that there is (`tasks/models/backends.py`).",
    )
    models: str | None = Field(
        "tasks/models/shipped",
        description="Folder that holds models of our own (`babelmill train entities`), each in a "
        "directory, relative to the project's root; null: none.",
    )
    document_consistency: bool = Field(
        True,
        description="Whether a name that a model saw in one place of a document is marked, with "
        "the label it has most often, wherever it stands (`benchmarks/entities.py`).",
    )
    label_map: dict[str, Literal["PER", "ORG", "LOC", "MISC", "dropped"]] = Field(
        {},
        description="What labels of a model mean, beyond and before `tasks/models/label_maps.json`",
    )


class ResolveSettings(Group):
    """How mentions become entities and documents become stories."""

    places: ClassVar[set[str]] = {"alias_table", "knowledge_base"}

    entities: bool = Field(
        True, description="Whether names are joined; if not, each surface is its own entity."
    )
    alias_table: str | None = Field(
        "seeds/reference/aliases.csv",
        description="CSV of names known beforehand (seeds/reference/README.md), relative to the "
        "project's root; null: none.",
    )
    knowledge_base: str | None = Field(
        None,
        description="JSON Lines of entities that you know, with their names per language "
        "(seeds/reference/README.md), relative to the project's root; null: none.",
    )
    gazetteer: bool = Field(
        True, description="Whether places are known by `tasks/names/places.tsv.xz`."
    )
    min_word_likeness: float = Field(
        0.4,
        gt=0,
        le=1,
        description="How alike names of one word in two scripts must be to be one "
        "(`python -m benchmarks.names`: precision and recall at several values).",
    )
    min_name_likeness: float = Field(
        0.3,
        gt=0,
        le=1,
        description="The same for names of more words, which are less often alike by chance.",
    )
    min_part_likeness: float = Field(
        0.1,
        gt=0,
        le=1,
        description="The same for each word of such a name (Elon and ايلون .13, Jane and Джон "
        ".07), and for a surname and the full name of its document.",
    )
    min_shared_entities: int = Field(
        2,
        ge=1,
        description="Other persons and organisations that two documents must share for a "
        "surname, or another single word of a person's name, to mean one person in both.",
    )


class StorySettings(Group):
    """How translations of one text are found.

    `python -m benchmarks.stories` measures what a changed value does.
    """

    translations: bool = Field(
        True, description="Whether they are looked for; if not, only duplicates share a story."
    )
    max_compared_chars: int = Field(
        50_000, ge=1000, description="A text is compared by so much of its beginning."
    )
    max_features: int = Field(
        5000, ge=1, description="Features of a document that are kept, from its beginning."
    )
    max_postings: int = Field(
        64,
        ge=2,
        description="A feature of more documents is too common to find a translation by (it "
        "still counts when two are compared): twice the translations of most stories.",
    )
    rare_features: int = Field(
        96, ge=1, description="So many features of a document, the rarest, find translations."
    )
    max_candidates: int = Field(
        32, ge=1, description="A document is compared with so many others, the likeliest."
    )
    min_translation_score: float = Field(
        0.5, gt=0, lt=1, description="Least mean likeness of the documents of one story."
    )


class PartSettings(Group):
    """How tables are cut into parts."""

    part_documents: int = Field(
        1024,
        ge=1,
        description="Documents in a part: what a worker holds at once.",
    )
