"""The words of a name, as they are compared: without titles of respect, legal forms, initials."""

from functools import lru_cache

import regex

from tasks.entities.inflection import without_honorific, without_possessive
from tasks.writing.forms import comparable_form

_BREAK = regex.compile(r"[\s·・･‧•∙.,=゠_/()\"“”„«»「」『』\p{Pd}]+")
#: Forms of companies, as they are written beside names (source: common knowledge; ISO 20275
#: lists thousands more that hardly occur in news).
_LEGAL = frozenset(
    """inc incorporated corp corporation co company ltd limited llc llp plc lp gmbh ag kg kgaa ohg
    se sa sas sarl spa srl bv nv ab asa oy oyj aps kft zrt doo sl slu sro spzoo pty pte bhd tbk pt
    jsc pjsc ojsc cjsc ооо оао зао пао ао ип нко гк тоо тов пат ват
    株式会社 有限会社 合同会社 有限公司 股份有限公司 集团 주식회사 유한회사 شركة""".split()  # noqa: SIM905
)
_ATTACHED = regex.compile(
    r"^(?:株式会社|有限会社|\(株\)|주식회사)|(?:株式会社|股份有限公司|有限公司|주식회사|(?<=[ァ-ヺー])社)$"
)


@lru_cache(maxsize=2**17)
def words_of(surface: str, label: str, language: str) -> tuple[str, ...]:
    """Return the words of a name in comparable form; never none.

    Gone are possessives, titles of respect that are written onto a person's name, and the legal
    form of an organisation unless nothing else is left.
    """
    text = comparable_form(_ATTACHED.sub("", surface) or surface) if label == "ORG" else surface
    parts = [comparable_form(part) for part in _BREAK.split(text) if part]
    words = [without_possessive(part, language) for part in _initials_joined(parts)]
    if label in {"PER", "MISC"}:
        words = [without_honorific(word, language) for word in words]
    if label in {"ORG", "MISC"}:
        words = [word for word in words if word not in _LEGAL] or words
    return tuple(words) or (comparable_form(surface),)


def _initials_joined(parts: list[str]) -> list[str]:
    """Return the words; letters that stand alone side by side are one: U. S., J. K."""
    words: list[str] = []
    was_initial = False
    for part in parts:
        if was_initial and _is_initial(part):
            words[-1] += part
        else:
            words.append(part)
        was_initial = _is_initial(part)
    return words


def _is_initial(part: str) -> bool:
    return len(part) == 1 and part.lower() != part.upper()
