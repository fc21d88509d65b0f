"""Part what a text glues together: names of the document that a model marked as one.

Pages and machine translation lose spaces (`Sam AltmanOpenAI`, `テスライーロンマスク`), and put
articles of another language (`Le マスク`) and abbreviations (`AI DeepMind`) before names.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import regex

from expectations.labels import LABELS
from tasks.entities.known_names import Sought, meanings
from tasks.mentions.common_words import is_abbreviation
from tasks.mentions.entity_model import Span
from tasks.mentions.neighbours import PARTS, PERSON, folded
from tasks.writing.forms import comparable_form

ORGANISATION = LABELS[1]
#: Shorter names stand by chance in others.
MIN_PART_CHARS = 3
#: Between two letters of a glued name: a new name begins with a capital, or in another script.
#: Within kana it may begin anywhere, if all parts are names.
_SEAM = regex.compile(
    r"(?<=\p{Ll})(?=\p{Lu})|(?<=[\p{Latin}\p{Cyrillic}\p{Nd}])(?=[\p{Katakana}\p{Han}\p{Hangul}])"
    r"|(?<=[\p{Katakana}ー\p{Han}\p{Hangul}])(?=[\p{Latin}\p{Cyrillic}])"
)
_KANA_SEAM = regex.compile(r"(?<=[\p{Katakana}ー])(?=\p{Katakana})")
_ARTICLE = regex.compile(
    r"(?:le|la|les|l['’]|el|los|las|il|lo|gli|the|der|die|das|os)\s*"
    r"(?=[\p{L}--[\p{Latin}]])",
    regex.IGNORECASE | regex.VERSION1,
)
_SPACE = regex.compile(r"\s++")


class _Known(NamedTuple):
    """The names of a document, in compact form.

    Attributes:
        language: The tag of its language.
        labels: What each is called most often, last parts of persons' names included.
        persons: Persons' names of several parts.
    """

    language: str
    labels: Mapping[str, str]
    persons: frozenset[str]


def unglued(
    texts: Sequence[str], found: Sequence[Sequence[Span]], language: str
) -> list[list[Span]]:
    """Return the names of a document, those that it glues together apart.

    Args:
        texts: The texts of a document in one language.
        found: The names in each.
        language: The tag of the language.
    """
    known = _known(texts, found, language)
    return [
        [part for span in spans for part in _parts(text, span, known)]
        for text, spans in zip(texts, found, strict=True)
    ]


def _compact(name: str) -> str:
    """Return a name without what may stand between its parts: イーロンマスク, イーロン・マスク."""
    return PARTS.sub("", folded(name))


def _known(texts: Sequence[str], found: Sequence[Sequence[Span]], language: str) -> _Known:
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    persons = set[str]()
    for text, spans in zip(texts, found, strict=True):
        for span in spans:
            name = text[span.start : span.end]
            votes[_compact(name)][span.label] += 1
            *others, last = PARTS.split(name)
            if span.label == PERSON and others:
                votes[_compact(last)][PERSON] += 1
                persons.add(_compact(name))
    labels = {
        name: min(counts, key=lambda label: (-counts[label], LABELS.index(label)))
        for name, counts in votes.items()
        if len(name) >= MIN_PART_CHARS
    }
    return _Known(language, labels, frozenset(persons))


def _parts(text: str, span: Span, known: _Known) -> list[Span]:
    """Return the names of a span, or the span as it is."""
    bare = _without_prefix(text, span, known)
    for seam in _seams(text, bare):
        sides = text[bare.start : seam], text[seam : bare.end]
        one, other = (known.labels.get(_compact(side)) for side in sides)
        # Beside a person's full name, what ships as known is enough.
        if other is None and _compact(sides[0]) in known.persons:
            other = _listed(sides[1], known.language)
        if one is None and _compact(sides[1]) in known.persons:
            one = _listed(sides[0], known.language)
        # Companies and what they make are written as one on purpose (MicrosoftTeams).
        if one and other and PERSON in (one, other):
            return [bare._replace(end=seam, label=one), bare._replace(start=seam, label=other)]
        # A person's full name before something else: `Sam AltmanOpenAI`, not `Douglas MacArthur`.
        if other and bare.label == PERSON != other and _SPACE.search(sides[0]):
            return [bare._replace(end=seam), bare._replace(start=seam, label=other)]
    return [bare]


def _seams(text: str, span: Span) -> Iterator[int]:
    """Yield where a name may end and another begin without a space between."""
    for pattern in (_SEAM, _KANA_SEAM):
        for seam in pattern.finditer(text, span.start + 1, span.end):
            yield seam.start()


def _without_prefix(text: str, span: Span, known: _Known) -> Span:
    """Return a name without an article of another script, or an abbreviation, before it.

    An abbreviation may be a name's first word (AI Now Institute), unless the rest is known.
    """
    if span.label == PERSON and (article := _ARTICLE.match(text, span.start, span.end)):
        return span._replace(start=article.end())
    gap = _SPACE.search(text, span.start, span.end)
    if gap is None or not is_abbreviation(text[span.start : gap.start()]):
        return span
    rest = text[gap.end() : span.end]
    label = known.labels.get(_compact(rest)) or _listed(rest, known.language)
    return span._replace(start=gap.end(), label=label) if label else span


@lru_cache(maxsize=1 << 12)
def _listed(name: str, language: str) -> str | None:
    """Return the label of the one organisation that ships as known by a name; None: none does."""
    form = comparable_form(name)
    (meant,) = meanings([Sought(language, ORGANISATION, form, form)])
    return None if meant.certain is None else meant.certain.label
