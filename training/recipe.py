"""Say how our models are trained: everything that a score depends on besides the corpora."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

#: What a text's origin says of it (`training.selection`). `news`: our own
#: annotation of news; `replaced`: the same with other names in it; `human`, `silver`, `noisy`: as
#: the folders of the corpus say; `switched`: news and human texts with Latin names in them;
#: `distilled`: marked by another model.
Kind = Literal["news", "replaced", "switched", "human", "silver", "noisy", "distilled"]


_KIND_WEIGHTS: dict[Kind, float] = {
    "news": 4,
    "replaced": 2,
    "switched": 2,
    "human": 2,
    "distilled": 2,
    "silver": 1,
    "noisy": 0.4,
}


class ModelRecipe(BaseModel):
    """One model: what it reads and how large it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    version: str = "1.0"
    shares: dict[str, float] = Field(description="Share of each language in what it sees.")
    unread: tuple[str, ...] = Field(
        (), description="Languages that it learns from but is not given to read."
    )
    scripts: tuple[str, ...] = Field(description="Unicode scripts of its lists of names.")
    tokenizer: Literal["scripts", "sudachi"] = "scripts"
    million_tokens: float = Field(gt=0, description="How many tokens it sees, in millions.")
    rows: tuple[int, ...] = Field(description="Rows of the embedding of each feature.")
    switched_share: float = Field(
        0, ge=0, le=1, description="Share of the texts that it sees with Latin names, too."
    )
    listed_copies: int = Field(
        0,
        ge=0,
        description="Copies of news and human texts in which names of its lists stand, too. The "
        "lists are folded: for scripts without capitals only.",
    )
    kind_weights: dict[Kind, float] = Field(
        _KIND_WEIGHTS,
        description="Weight of a text within its language, by its kind.",
    )
    list_dropout: float = Field(0.25, ge=0, le=1, description="Share of texts seen without lists.")


#: The shipped models. News, and the languages that are weak without them, have larger shares;
#: rows so that all models together stay under 40 MB. Arabic and Japanese news write companies,
#: products and foreign persons in Latin letters, too: `switched_share`.
MODELS = (
    ModelRecipe(
        name="babelmill_latin",
        # The Serbian corpus is in Latin letters; Serbian texts may be in Cyrillic ones.
        unread=("sr",),
        scripts=("Latin",),
        million_tokens=9,
        rows=(8000, 4000, 4000, 2000, 500),
        shares={
            "en": 15,
            "de": 10,
            "fr": 11,
            "es": 11,
            "pt": 9,
            "it": 8,
            "nl": 5,
            "pl": 5,
            "tr": 5,
            "sv": 3,
            "no": 3,
            "fi": 3,
            "hu": 3,
            "da": 2,
            "ro": 2,
            "hr": 2,
            "id": 2,
            "nn": 1,
            "sr": 1,
            "sk": 1,
            "sl": 1,
        },
    ),
    ModelRecipe(
        name="babelmill_cyrillic",
        scripts=("Cyrillic",),
        million_tokens=2,
        rows=(5000, 2500, 2500, 1000, 500),
        shares={"ru": 85, "uk": 15},
    ),
    ModelRecipe(
        name="babelmill_arabic",
        version="1.1",
        scripts=("Arabic",),
        million_tokens=2,
        rows=(5000, 2500, 2500, 1000, 500, 2500),
        switched_share=0.2,
        listed_copies=1,
        shares={"ar": 70, "fa": 30},
    ),
    ModelRecipe(
        name="babelmill_japanese",
        version="1.1",
        scripts=("Han", "Hiragana", "Katakana", "Latin"),
        tokenizer="sudachi",
        million_tokens=2.5,
        rows=(5000, 2000, 2500, 1000, 500, 500),
        # With a fifth, as for Arabic, `babelmill train entities` gave 2 points of F1 less.
        switched_share=0.05,
        shares={"ja": 1},
    ),
    ModelRecipe(
        name="babelmill_asian",
        scripts=("Han", "Hangul", "Devanagari"),
        million_tokens=3,
        rows=(5000, 2500, 2500, 1000, 500),
        # Thai was tried, by grapheme clusters, and left out: it found next to nothing.
        shares={"zh": 50, "ko": 30, "hi": 20},
    ),
)


class Recipe(BaseModel):
    """What is trained, and how. What each choice brought is in `docs/model-card.md`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seed: int = Field(0, ge=0, description="Seed of everything random.")
    models: tuple[ModelRecipe, ...] = MODELS
    only: tuple[str, ...] = Field((), description="Names of the models to train; none: all.")
    features: tuple[str, ...] = Field(
        ("NORM", "PREFIX", "SUFFIX", "SHAPE", "LEMMA", "TAG", "LOWER"),
        description="Attributes of a token that the model sees. LEMMA: the lists of names that it "
        "stands in; TAG: Sudachi's part of speech; LOWER: an Arabic word without its proclitics.",
    )
    left_out: tuple[Kind, ...] = Field((), description="Kinds of texts that are not used.")
    text_share: float = Field(
        1, gt=0, le=1, description="Share of the texts that is used, drawn at random."
    )
    source_weights: dict[str, float] = Field(
        {"btc": 0.5, "wnut17": 0.5, "mobie": 0.3, "parstwiner": 0.7, "kyoto_wiki": 0.5},
        description="Factor for the texts of a source: tweets, traffic reports, first sentences.",
    )
    replaced_copies: int = Field(2, ge=0, description="Copies of news with other names in them.")
    dropout: float = Field(0.1, ge=0, lt=1)
    learn_rate: float = Field(0.001, gt=0, description="At its height; it falls linearly.")
    batch_tokens: tuple[int, int] = Field((300, 1500), description="At first, and later.")


class Scores(BaseModel):
    """Exact-span scores of a model on one test set, PER, ORG and LOC together, 0 to 1."""

    model_config = ConfigDict(frozen=True)

    model: str
    language: str
    test_set: str
    names: int
    precision: float
    recall: float
    f1: float
