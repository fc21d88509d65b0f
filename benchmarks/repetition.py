"""Make texts in which repetition belongs, from news sentences in any language.

Songs, hymns, pantoums, litanies, tables, interviews, lists and quotations: no line of them is
a second copy of a body, so that nothing may be dropped as `repeated`.
"""

from collections.abc import Callable, Sequence

from benchmarks.news_texts import Case, NewsText

#: Words of a line of verse (characters, where words are not spaced).
VERSE_WORDS, VERSE_CHARS = 6, 12
#: Verses of a song, and how often a litany is answered.
VERSES, ANSWERS = 3, 24


def _untouched(case: Case) -> list[str]:
    return [case.text.title, *case.paragraphs]


def _refrain(case: Case) -> list[str]:
    lines = _verse_lines(case.text)
    chorus, verses = lines[:4], lines[4:]
    return [line for n in range(VERSES) for line in (*verses[4 * n : 4 * n + 4], *chorus)]


def _long_refrain(case: Case) -> list[str]:
    """A chorus twice as long as each verse, as pop songs have it."""
    lines = _verse_lines(case.text)
    chorus, verses = lines[:6], lines[6:]
    return [line for n in range(VERSES) for line in (*verses[3 * n : 3 * n + 3], *chorus)]


def _hymn(case: Case) -> list[str]:
    """The first verse again as the last."""
    lines = _verse_lines(case.text)[:16]
    return lines + lines[:4]


def _pantoum(case: Case) -> list[str]:
    """The second and fourth line of a verse are the first and third of the next."""
    lines = _verse_lines(case.text)[:10]
    first, second, third, fourth, *rest = lines
    made = []
    for n in range(0, len(rest) - 1, 2):
        made += [first, second, third, fourth]
        first, second, third, fourth = second, rest[n], fourth, rest[n + 1]
    return [*made, first, second, third, fourth]


def _litany(case: Case) -> list[str]:
    lines = _verse_lines(case.text)
    answer = lines[0]
    return [line for prayer in lines[1 : ANSWERS + 1] for line in (prayer, answer)]


def _table(case: Case) -> list[str]:
    """Blocks of rows, each under the same heading; most cells say the same."""
    cells = _verse_lines(case.text)[:4]
    heading = "\t".join(cells)
    rows = [f"{number}\t{cells[number % 2]}\t{cells[2]}\t{cells[2]}" for number in range(30)]
    return [line for n in range(0, 30, 10) for line in (heading, *rows[n : n + 10])]


def _interview(case: Case) -> list[str]:
    return [line for paragraph in case.paragraphs for line in (case.text.title, paragraph)]


def _same_remark(case: Case) -> list[str]:
    """A list whose every item ends with the same sentence."""
    remark, *others = case.text.sentences
    return [f"{sentence}{case.text.space}{remark}" for sentence in others]


def _quoted(case: Case) -> list[str]:
    """A paragraph of the middle is quoted in full further down."""
    quoted = case.paragraphs[len(case.paragraphs) // 2]
    return [*case.paragraphs, f"“{quoted}”", case.text.title, *_verse_lines(case.text)[:2]]


def _lead_again(case: Case) -> list[str]:
    """The text closes with the sentence that it began with."""
    return [*case.paragraphs, case.text.sentences[0]]


def _paragraph_again(case: Case) -> list[str]:
    """The text closes with the paragraph that it began with."""
    return [*case.paragraphs, case.paragraphs[0]]


def _summary(case: Case) -> list[str]:
    """A summary of single sentences from all over the text stands before it."""
    return [
        *sorted(case.rng.sample(case.text.sentences, max(1, len(case.text.sentences) // 5))),
        *case.paragraphs,
    ]


NATURAL: dict[str, Callable[[Case], Sequence[str]]] = {
    "no repetition": _untouched,
    "refrain": _refrain,
    "refrain longer than the verses": _long_refrain,
    "hymn, first verse again": _hymn,
    "pantoum": _pantoum,
    "litany": _litany,
    "table": _table,
    "interview with one question": _interview,
    "list with the same remark": _same_remark,
    "paragraph quoted": _quoted,
    "first sentence again at the end": _lead_again,
    "first paragraph again at the end": _paragraph_again,
    "summary before the text": _summary,
}


def _verse_lines(text: NewsText) -> list[str]:
    """Return the text in lines of verse, each another."""
    words = list("".join(text.sentences)) if not text.space else " ".join(text.sentences).split()
    size = VERSE_WORDS if text.space else VERSE_CHARS
    lines = [text.space.join(words[n : n + size]) for n in range(0, len(words), size)]
    return list(dict.fromkeys(lines))
