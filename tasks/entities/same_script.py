"""Join full names of one script: another label, diacritics, an ending, a middle name or article."""

from collections import defaultdict
from collections.abc import Container, Iterator, Sequence

from tasks.entities.given_names import is_surname_first
from tasks.entities.graph import Join
from tasks.entities.inflection import word_bases
from tasks.entities.nodes import BODY, MAX_ERROR_SHARE, MISCELLANEOUS, PERSON, PLACE, Name, Nodes
from tasks.entities.person_words import (
    GENERATIONS,
    SURNAME_FIRST,
    is_patronymic,
    without_patronymic,
)
from tasks.writing.romanize import romanized

#: MISC is what a model says that has no label for what it sees.
MISC_SCORE = 0.9
#: Two other labels: one of the models errs, or two things have one name.
OTHER_LABEL_SCORE = 0.7
#: An ending may belong to another name (Валентина: a woman, or a man's genitive).
INFLECTION_SCORE = 0.95
#: Orban and Orbán; short words differ in nothing else (Mori, Móri).
DIACRITICS_SCORE = 0.95
#: George Bush and George W. Bush are two, but only if both are written so.
MIDDLE_NAME_SCORE = 0.9
#: Two people may be called Thomas James and James Thomas, but not in Hungarian and in English, nor
#: if one word is a given name and the other is none (Путин Владимир).
SURNAME_FIRST_SCORE = 0.9
#: The Boston Globe and Boston Globe; of one word (The Times, Times) two may be called so.
ARTICLE_SCORE = 0.9
#: Articles that names of bodies and works begin with, by language.
_ARTICLES = {
    "en": ("the",), "de": ("der", "die", "das"), "fr": ("le", "la", "les"), "nl": ("de", "het"),
    "es": ("el", "la", "los", "las"), "it": ("il", "lo", "la", "i", "gli", "le"),
    "pt": ("o", "a", "os", "as"),
}  # fmt: skip
#: Labels of what may be called with an article and without.
_NOT_PLACES_NOR_PERSONS = frozenset({BODY, MISCELLANEOUS})
#: A name of one word has this many letters, if diacritics may be left out.
_MIN_LETTERS = 6
#: Two patronymics that begin alike are forms of one.
_PATRONYMIC_LETTERS = 4
#: A rotation of as many words is no chance: Kim Jong Un, Jong Un Kim.
_CERTAIN_WORDS = 3


def same_script_joins(nodes: Nodes, known: Container[int]) -> Iterator[Join]:
    """Yield the joins among the full names of each script; `known` are those that have an id."""
    full = nodes.names[: nodes.full]
    yield from _label_joins(full, known)
    yield from _diacritics_joins(full)
    yield from _article_joins(full)
    yield from _inflection_joins(full)
    yield from _patronymic_joins(full)
    yield from _middle_name_joins(full, nodes)
    yield from _surname_first_joins(full)


def _label_joins(full: Sequence[Name], known: Container[int]) -> Iterator[Join]:
    """Yield joins of one name's labels with the known or commonest one, MISC last."""
    by_words: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, name in enumerate(full):
        by_words[name.words].append(index)
    for alike in by_words.values():
        labelled = [i for i in alike if full[i].label != MISCELLANEOUS]
        ranked = sorted(labelled, key=lambda i: (i not in known, -full[i].mentions, full[i].label))
        apart = [i for i in ranked[1:] if not _is_mistaken(full, ranked[0], i, known)]
        for index in ranked[1:]:
            if index not in apart:
                yield Join(OTHER_LABEL_SCORE, "same_name_other_label", ranked[0], index)
        if ranked and not apart and len(alike) > len(labelled):
            (unlabelled,) = set(alike) - set(labelled)
            yield Join(MISC_SCORE, "same_name_other_label", ranked[0], unlabelled)


def _is_mistaken(full: Sequence[Name], leader: int, other: int, known: Container[int]) -> bool:
    """Whether a label must be a mistake: a known thing is itself, a city is not its club."""
    if other in known or (leader in known and full[leader].label == PLACE):
        return False
    if PERSON in {full[leader].label, full[other].label}:
        return full[other].mentions <= MAX_ERROR_SHARE * full[leader].mentions
    return True


def _diacritics_joins(full: Sequence[Name]) -> Iterator[Join]:
    first: dict[tuple[str, str], int] = {}
    for index, name in enumerate(full):
        if name.script == "Latn" and (len(name.words) > 1 or len(name.text) >= _MIN_LETTERS):
            key = (name.label, romanized(name.text))
            if first.setdefault(key, index) != index:
                yield Join(DIACRITICS_SCORE, "diacritics", first[key], index)


def _article_joins(full: Sequence[Name]) -> Iterator[Join]:
    """Yield joins of bodies and works with and without an article, if two words are left."""
    index_of = {(name.label, name.words): index for index, name in enumerate(full)}
    for index, name in enumerate(full):
        first, *rest = name.words
        other = index_of.get((name.label, tuple(rest)))
        # Names in Latin letters come into texts of all languages as they are in English.
        is_article = first in _ARTICLES["en"] or any(
            first in _ARTICLES.get(language, ()) for language in name.languages
        )
        may_have_one = name.label in _NOT_PLACES_NOR_PERSONS and len(rest) > 1
        if is_article and may_have_one and other is not None:
            yield Join(ARTICLE_SCORE, "without_article", *sorted((index, other)))


def _inflection_joins(full: Sequence[Name]) -> Iterator[Join]:
    first: dict[tuple[str, str, tuple[str, ...]], int] = {}
    for index, name in enumerate(full):
        for language in sorted(name.languages):
            for base in word_bases(name.words, language):
                key = (name.label, language, base)
                if first.setdefault(key, index) != index:
                    yield Join(INFLECTION_SCORE, "inflected", first[key], index)


def _patronymic_joins(full: Sequence[Name]) -> Iterator[Join]:
    """Yield joins of persons with and without a patronymic, where they have one at most."""
    by_base: dict[tuple[str, tuple[str, ...]], list[int]] = defaultdict(list)
    patronymics: dict[int, str] = {}
    for index, name in enumerate(full):
        words = without_patronymic(name.words)
        if name.label != PERSON or len(words) != 2:
            continue
        if words != name.words:
            patronymics[index] = name.words[1][:_PATRONYMIC_LETTERS]
        for language in sorted(name.languages):
            for base in word_bases(words, language):
                by_base[language, base].append(index)
    for alike in by_base.values():
        found = {patronymics[index] for index in alike if index in patronymics}
        if len(found) == 1:
            for index in alike[1:]:
                yield Join(MIDDLE_NAME_SCORE, "middle_name", alike[0], index)


def _middle_name_joins(full: Sequence[Name], nodes: Nodes) -> Iterator[Join]:
    """Yield joins of persons with and without a middle name; side by side they are two."""
    by_ends: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, name in enumerate(full):
        if name.label == PERSON and len(name.words) > 1 and name.words[-1] not in GENERATIONS:
            by_ends[name.words[0], name.words[-1]].append(index)
    groups = [alike for alike in by_ends.values() if len(alike) > 1]
    documents = nodes.documents_of({index for alike in groups for index in alike})
    for alike in groups:
        middles = {tuple(word[0] for word in full[i].words[1:-1]) for i in alike} - {()}
        if len(middles) != 1:
            continue
        longer = [i for i in alike if len(full[i].words) > 2]
        telling = [i for i in longer if not is_patronymic(full[i].words[1])]
        beside = {document for i in telling for document in documents[i]}
        plain = [i for i in alike if i not in longer and beside.isdisjoint(documents[i])]
        first, *others = sorted([*plain, *longer])
        for index in others:
            yield Join(MIDDLE_NAME_SCORE, "middle_name", first, index)


def _surname_first_joins(full: Sequence[Name]) -> Iterator[Join]:
    """Yield joins of persons whose surname stands first with those where it stands last."""
    persons: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, name in enumerate(full):
        if name.label == PERSON and len(name.words) > 1:
            persons[_plain(name.words)].append(index)
    for words, indices in list(persons.items()):
        for other in persons.get(words[1:] + words[:1], ()):
            for index in indices:
                is_marked = not SURNAME_FIRST.isdisjoint(full[index].languages)
                is_marked |= is_surname_first(full[index].words)
                if other != index and (is_marked or len(words) >= _CERTAIN_WORDS):
                    yield Join(SURNAME_FIRST_SCORE, "surname_first", *sorted((index, other)))


def _plain(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(romanized(word) for word in words)
