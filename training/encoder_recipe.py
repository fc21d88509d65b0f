"""Say how the encoder is trained: everything that its scores depend on besides the corpora."""

from pydantic import BaseModel, ConfigDict, Field

from training.recipe import ModelRecipe, Recipe

#: Percent of each language in what the encoder sees. Those with a human corpus have most of it;
#: larger languages more.
_SHARES = {
    "en": 13.0,
    "de": 9,
    "fr": 8,
    "es": 6,
    "pt": 5,
    "it": 5,
    "nl": 5,
    "pl": 5,
    "tr": 5,
    "sv": 4,
    "no": 2,
    "nn": 0.5,
    "da": 1,
    "fi": 2,
    "hu": 2,
    "ro": 2,
    "cs": 1,
    "hr": 1,
    "sr": 0.5,
    "sk": 1,
    "sl": 0.5,
    "id": 1,
    "ru": 8,
    "uk": 4,
    "ar": 10,
    "fa": 4,
    "he": 2,
    "hi": 2,
    "th": 2,
    "ja": 10,
    "zh": 10,
    "ko": 8,
}


class EncoderRecipe(BaseModel):
    """One encoder: its size, what it reads, and how it is trained."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seed: int = 0
    layers: int = Field(8, ge=1, le=12, description="Of the pretrained ones, the lowest.")
    frozen_layers: int = Field(2, ge=0, description="Which are not trained; embeddings never are.")
    units: int = Field(120_000, gt=0, description="Sub-words of the vocabulary.")
    learn_rate: float = Field(2e-4, gt=0)
    head_learn_rate: float = Field(1e-3, gt=0)
    warm_up_steps: int = Field(50, ge=0)
    weight_decay: float = 0.01
    dropout: float = Field(0.1, ge=0, lt=1)
    batch_units: int = Field(1600, gt=0, description="Sub-words of a step, with padding.")
    longest_units: int = Field(160, gt=0, description="Of a text; what is beyond is cut off.")
    nameless_weight: float = Field(0.4, description="Factor for texts without any name.")
    joined_share: float = Field(0.2, description="Texts with another of the language after them.")
    truncated_share: float = Field(0.1, description="Texts that begin or end within a sentence.")
    recased_share: float = Field(0.08, description="Texts in small or capital letters throughout.")
    titled_share: float = Field(0.03, description="Texts in which every word has a capital.")
    traditional_share: float = Field(0.4, description="Chinese texts in traditional characters.")
    texts: ModelRecipe = ModelRecipe(
        name="babelmill_encoder",
        shares=_SHARES,
        unread=("sr",),
        scripts=("Latin",),
        million_tokens=6,
        rows=(),
        switched_share=0.05,
        kind_weights={
            "news": 4,
            "replaced": 2,
            "switched": 1,
            "human": 2,
            "distilled": 0,
            "silver": 0.4,
            "noisy": 0.05,
        },
    )
    corpora: Recipe = Recipe(
        source_weights={
            "btc": 0.4,
            "wnut17": 0.4,
            "mobie": 0.2,
            "parstwiner": 0.7,
            "kyoto_wiki": 0.5,
            "weibo": 0.6,
            "ehri": 0.15,
            "newseye_ocr": 0.15,
            "europeana_ocr": 0.1,
            "klue_train_silver": 0.6,
        }
    )
