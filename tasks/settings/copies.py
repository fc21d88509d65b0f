"""Say how documents that say the same are found: duplicates and translations."""

from typing import ClassVar

from pydantic import Field

from tasks.settings.group import Group


class DuplicateSettings(Group):
    """How copies are found.

    A copy with a tenth of its tokens changed keeps .9³ of its three-token shingles: a Jaccard
    similarity of .57, and about .4 where paragraphs moved and foreign text came in, too. Of 610
    news texts in ten languages no two unrelated ones reach .1 (long Japanese ones: .15).
    Re-run `benchmarks.duplicates` if a value changes.
    """

    key: ClassVar[str] = "duplicates"

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
        1_000_000, ge=1000, description="Near copies are judged by this much of a text's beginning."
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
    min_length_ratio: float = Field(
        0.6,
        ge=0,
        le=1,
        description="Least length of a near copy as a share of the longer one's. A shorter text "
        "that is like it is an excerpt, contained there: of 610 halves of news texts none is taken "
        "for a copy. A copy among boilerplate of half its length again has .67.",
    )
    min_shared_facts: float = Field(
        0.4,
        ge=0,
        le=1,
        description="Two copies share so much of the numbers, and of the names, of the one with "
        "fewer; where they have less in common, they are two reports that fill in one template: "
        "those of `tests/copies/test_find_duplicates.py` share .33 at most but for one pair, of "
        "1,830 planted near copies less than one in a hundred does "
        "(`python -m benchmarks.duplicates --data`). 0: such reports may be copies.",
    )
    min_facts_and_similarity: float = Field(
        1.2,
        ge=0,
        description="The same share and `similarity_weight` times the similarity: what is hardly "
        "alike must state the same. Reports of one template are alike by .4 and more, planted near "
        "copies by .42. 0: such reports may be copies.",
    )
    similarity_weight: float = Field(
        1.6, ge=0, description="How much similarity counts beside a share of facts."
    )
    min_new_words: float = Field(
        2.0,
        ge=0,
        description="A near copy is searched for names, too, if so many words that may be part "
        "of a name stand nowhere in what it repeats: most names of persons are two. A word with a "
        "capital or in katakana counts 1, one of a script without capitals .5, each new run of "
        "four letters where words are not parted .25 (a name makes five or six). 0: all near "
        "copies are.",
    )
    min_contained_share: float = Field(
        0.6,
        gt=0,
        le=1,
        description="Share of a document's shingles that stand in a longer one, from which it is "
        "contained there: a tenth of the tokens changed leaves .9³ = .73, and unrelated texts "
        "share less than .2.",
    )


class StorySettings(Group):
    """How translations of one text are found.

    `python -m benchmarks.stories` measures what a changed value does.
    """

    key: ClassVar[str] = "stories"

    enabled: bool = Field(
        True,
        description="Whether documents are grouped into stories; if not, `stories` stays empty.",
    )
    translations: bool = Field(
        True, description="Whether they are looked for; if not, only duplicates share a story."
    )
    max_compared_chars: int = Field(
        50_000, ge=1000, description="A text is compared by this much of its beginning."
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
        96, ge=1, description="How many features of a document, the rarest, find translations."
    )
    max_candidates: int = Field(
        32, ge=1, description="How many others, the likeliest, a document is compared with."
    )
    min_translation_score: float = Field(
        0.5, gt=0, lt=1, description="Least mean likeness of the documents of one story."
    )
