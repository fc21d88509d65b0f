"""Name languages and scripts in English, from the Unicode CLDR (through Babel)."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cache, lru_cache

from babel import Locale

# CLDR calls these "unknown language" and "Common"; here they mean something narrower.
_OWN_NAMES = {"und": "not a language", "Zyyy": "no letters"}
# Scripts in use whose letters are of bidirectional class R or AL (Unicode 16, Scripts.txt).
_RIGHT_TO_LEFT_SCRIPTS = frozenset(
    {"Adlm", "Arab", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa", "Yezi"}
)


@cache
def _english() -> Locale:
    return Locale("en")


@lru_cache(maxsize=4096)  # asked of each name and each document
def language_name(tag: str) -> str:
    """Return the English name of a BCP-47 tag; the tag itself where CLDR has none."""
    primary, _, rest = tag.partition("-")
    known = _OWN_NAMES.get(tag) or _english().languages.get(tag.replace("-", "_"))
    name = known or _english().languages.get(primary, tag)
    return f"{name} ({rest})" if rest and not known and name != tag else str(name)


@lru_cache(maxsize=512)
def script_name(code: str) -> str:
    """Return the English name of an ISO 15924 code; the code itself where CLDR has none."""
    return str(_OWN_NAMES.get(code) or _english().scripts.get(code, code))


def script_direction(code: str) -> str:
    """Return the `dir` attribute for text in a script: rtl, or auto for all others."""
    return "rtl" if code in _RIGHT_TO_LEFT_SCRIPTS else "auto"


def models_with_languages(models: Sequence[str]) -> list[str]:
    """Return each model once, with the languages that it reads, from `language=model` each."""
    languages: dict[str, list[str]] = defaultdict(list)
    for entry in models:
        language, model = entry.split("=", 1)
        languages[model].append(language)
    return [f"{model} ({' '.join(tags)})" for model, tags in languages.items()]
