"""Double the body of a document in many ways, and keep track of what the second copy is.

For each piece of a line it is known whether it is part of a second copy.
"""

from collections.abc import Callable, Sequence

from benchmarks.news_texts import Case

#: A piece of a line, and whether it is part of a second copy.
Piece = tuple[str, bool]
Line = list[Piece]
#: How much of the first copy a truncated second copy has.
TRUNCATED = (0.3, 0.9)
#: Characters of a line of wrapped text: a mail, a terminal.
WRAPPED_CHARS = 72


def first_copy(lines: Sequence[str]) -> list[Line]:
    """Return lines that are no second copy."""
    return [[(line, False)] for line in lines]


def _second(lines: Sequence[str]) -> list[Line]:
    return [[(line, True)] for line in lines]


def _abab(case: Case) -> list[Line]:
    return first_copy(case.paragraphs) + _second(case.paragraphs)


def _aabb(case: Case) -> list[Line]:
    return [
        line
        for paragraph in case.paragraphs
        for line in (*first_copy([paragraph]), *_second([paragraph]))
    ]


def _aabb_reflowed(case: Case) -> list[Line]:
    return [
        line
        for paragraph in case.paragraphs
        for line in (*first_copy([paragraph]), *_second(_wrapped(paragraph, case.text.space)))
    ]


def _three(case: Case) -> list[Line]:
    return first_copy(case.paragraphs) + _second(case.paragraphs) + _second(case.paragraphs)


def _run_on(case: Case) -> list[Line]:
    return first_copy(case.paragraphs) + _second([case.text.space.join(case.paragraphs)])


def _run_on_first(case: Case) -> list[Line]:
    return first_copy([case.text.space.join(case.paragraphs)]) + _second(case.paragraphs)


def _one_line(case: Case) -> list[Line]:
    whole = case.text.space.join(case.paragraphs)
    return [[(whole, False), (" ", True), (whole, True)]]


def _wrapped_second(case: Case) -> list[Line]:
    return first_copy(case.paragraphs) + _second(
        [w for line in case.paragraphs for w in _wrapped(line, case.text.space)]
    )


def _other_paragraphs(case: Case) -> list[Line]:
    return first_copy(case.paragraphs) + _second(case.text.paragraphs(case.rng))


def _truncated(case: Case) -> list[Line]:
    left = int(case.rng.uniform(*TRUNCATED) * sum(map(len, case.paragraphs)))
    second = []
    for line in case.paragraphs:
        second.append(_cut_at_word(line, left, case.text.space))
        left -= len(line)
        if left <= 0:
            break
    return first_copy(case.paragraphs) + _second([line for line in second if line])


def _truncated_first(case: Case) -> list[Line]:
    """A teaser of two thirds, then all of it: what the teaser said goes from the second."""
    count = max(1, 2 * len(case.paragraphs) // 3)
    return (
        first_copy(case.paragraphs[:count])
        + _second(case.paragraphs[:count])
        + first_copy(case.paragraphs[count:])
    )


def _titled(case: Case) -> list[Line]:
    return first_copy([*case.paragraphs, case.text.title]) + _second(case.paragraphs)


def _titled_run_on(case: Case) -> list[Line]:
    title = f"{case.text.title} "
    return [
        *first_copy(case.paragraphs),
        [(title, False), (case.text.space.join(case.paragraphs), True)],
    ]


def _title_twice(case: Case) -> list[Line]:
    return first_copy([case.text.title, *case.paragraphs]) + _second(
        [case.text.title, *case.paragraphs]
    )


def _inserted(case: Case) -> list[Line]:
    """Two lines that are new stand before the second copy, one inside it."""
    half = len(case.paragraphs) // 2
    new = [
        f"{case.rng.randrange(10**9)}",
        f"{case.rng.randrange(2000, 2030)}-{case.rng.randrange(10, 13)}-11",
    ]
    return [
        *first_copy([*case.paragraphs, *new]),
        *_second(case.paragraphs[:half]),
        *first_copy([f"{case.rng.randrange(10**6)} / {case.rng.randrange(100)}"]),
        *_second(case.paragraphs[half:]),
    ]


def _other_quotes(case: Case) -> list[Line]:
    plain = str.maketrans("“”„«»「」’‘", '"""""""\'\'')
    return first_copy(case.paragraphs) + _second(
        [line.translate(plain).replace(" ", "  ") for line in case.paragraphs]
    )


DOUBLINGS: dict[str, Callable[[Case], list[Line]]] = {
    "p1 p2 p1 p2": _abab,
    "p1 p1 p2 p2": _aabb,
    "p1 p1 p2 p2, second reflowed": _aabb_reflowed,
    "three times": _three,
    "second run on": _run_on,
    "first run on": _run_on_first,
    "both in one line": _one_line,
    "second wrapped": _wrapped_second,
    "second in other paragraphs": _other_paragraphs,
    "second truncated": _truncated,
    "first truncated": _truncated_first,
    "title before the second": _titled,
    "title before, run on": _titled_run_on,
    "title and body twice": _title_twice,
    "new lines between and inside": _inserted,
    "other quotation marks and spaces": _other_quotes,
}


def _wrapped(text: str, space: str) -> list[str]:
    """Return the text in lines of about `WRAPPED_CHARS`, cut between words."""
    words = text.split(space) if space else list(text)
    limit = WRAPPED_CHARS if space else WRAPPED_CHARS // 2
    lines = [""]
    for word in words:
        joined = f"{lines[-1]}{space}{word}" if lines[-1] else word
        if len(joined) > limit and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = joined
    return lines


def _cut_at_word(text: str, chars: int, space: str) -> str:
    if len(text) <= chars:
        return text
    return text[: max(chars, 0)].rpartition(space)[0] if space else text[: max(chars, 0)]
