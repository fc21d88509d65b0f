"""Join full names of one script: another label, an inflected form, a middle name."""

from collections import defaultdict
from collections.abc import Container, Iterator, Sequence

from tasks.entities.graph import Join
from tasks.entities.inflection import word_bases
from tasks.entities.nodes import MAX_ERROR_SHARE, MISCELLANEOUS, PERSON, PLACE, Name

#: MISC is what a model says that has no label for what it sees.
MISC_SCORE = 0.9
#: Two other labels: one of the models errs, or two things have one name.
OTHER_LABEL_SCORE = 0.7
#: An ending may belong to another name (Валентина: a woman, or a man's genitive).
INFLECTION_SCORE = 0.95
#: George Bush and George W. Bush are two, but only if both are written so.
MIDDLE_NAME_SCORE = 0.9
_GENERATIONS = frozenset(
    ("jr", "sr", "junior", "senior", "ii", "iii", "iv", "мл", "ст", "младший", "старший")
)


def same_script_joins(full: Sequence[Name], known: Container[int]) -> Iterator[Join]:
    """Yield the joins among the full names of each script; `known` are those that have an id."""
    yield from _label_joins(full, known)
    yield from _inflection_joins(full)
    yield from _middle_name_joins(full)


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


def _inflection_joins(full: Sequence[Name]) -> Iterator[Join]:
    first: dict[tuple[str, str, tuple[str, ...]], int] = {}
    for index, name in enumerate(full):
        for language in sorted(name.languages):
            for base in word_bases(name.words, language):
                key = (name.label, language, base)
                if first.setdefault(key, index) != index:
                    yield Join(INFLECTION_SCORE, "inflected", first[key], index)


def _middle_name_joins(full: Sequence[Name]) -> Iterator[Join]:
    by_ends: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, name in enumerate(full):
        if name.label == PERSON and len(name.words) > 1 and name.words[-1] not in _GENERATIONS:
            by_ends[name.words[0], name.words[-1]].append(index)
    for alike in by_ends.values():
        middles = {tuple(word[0] for word in full[i].words[1:-1]) for i in alike} - {()}
        if len(middles) == 1:
            for index in alike[1:]:
                yield Join(MIDDLE_NAME_SCORE, "middle_name", alike[0], index)
