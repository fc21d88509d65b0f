"""The door to py3langid and pycld2: what each says of a text, in our vocabulary.

Both carry their model in the package. py3langid is a pure Python automaton that holds the
GIL (use processes, not threads) and takes about 120 MB.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from types import ModuleType
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from tasks.writing.languages import UNDETERMINED, from_cld2, from_py3langid

#: The model's feature counts are summed in 32-bit floats: digits beyond these may differ
#: between processors.
PROBABILITY_DIGITS = 4
_LEAST_PROBABILITY = 0.5 * 10**-PROBABILITY_DIGITS


@dataclass(frozen=True)
class Cld2Guess:
    """CLD2's first language.

    Attributes:
        language: A tag of the vocabulary.
        share: Which share of the text it is in, 0 to 1.
        score: CLD2's normalised score; running text has about 1,000, gibberish under 300.
    """

    language: str
    share: float
    score: float


@lru_cache(maxsize=1)
def _py3langid() -> Any:  # noqa: ANN401 (the library has no types)
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@lru_cache(maxsize=1)
def _pycld2() -> ModuleType | None:
    """Return pycld2, or None where there is no wheel for it.

    Not a silent change: the fingerprint of every table names the installed packages.
    """
    try:
        import pycld2  # noqa: PLC0415
    except ImportError:
        return None
    module: ModuleType = pycld2
    return module


def py3langid_probabilities(text: str) -> dict[str, float]:
    """Return py3langid's probability of each tag, the likeliest first (ties: by tag).

    Tags whose probability rounds to nothing are left out; one is always there.
    """
    ranked = _py3langid().rank(text)
    folded: dict[str, float] = {}
    for code, probability in takewhile(lambda pair: pair[1] >= _LEAST_PROBABILITY, ranked):
        tag = from_py3langid(code)
        folded[tag] = folded.get(tag, 0.0) + probability
    rounded = [(tag, round(value, PROBABILITY_DIGITS)) for tag, value in folded.items()]
    return dict(sorted(rounded, key=lambda pair: (-pair[1], pair[0])))


def cld2_guess(text: str) -> Cld2Guess | None:
    """Return CLD2's guess; None if it has none or is not installed.

    Args:
        text: Without controls, surrogates or noncharacters, at which CLD2 raises.
    """
    cld2 = _pycld2()
    if cld2 is None:
        return None
    _reliable, _bytes, languages = cld2.detect(text, isPlainText=True, bestEffort=True)
    _name, code, percent, score = languages[0]
    language = from_cld2(code)
    return None if language == UNDETERMINED else Cld2Guess(language, percent / 100, score)
