"""One name, one label, everywhere in a document.

A model that reads a name in one sentence may miss it in the next, or call it something else
there. Within a document a name nearly always means one thing (Gale, Church and Yarowsky 1992,
"one sense per discourse"), so what most of its occurrences say holds for all.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence

import regex

from tasks.mention_edges import without_overlaps
from tasks.models.entity_model import Span

#: Shorter names stand by chance in other words, or mean different things.
MIN_NAME_CHARS = 3
#: Letters of scripts that are written without spaces: a name may stand anywhere among them.
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")


def consistent(texts: Sequence[str], found: Sequence[Sequence[Span]]) -> list[list[Span]]:
    """Return the names of a document with those that the model saw elsewhere in it.

    Args:
        texts: The texts of a document in one language.
        found: The names in each, with offsets in their text.

    Returns:
        The names of each text, sorted, without overlaps. A name that the model found has the
        label that it has most often in the document; ties go to the label that sorts first.
    """
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for text, spans in zip(texts, found, strict=True):
        for span in spans:
            votes[text[span.start : span.end]][span.label] += 1
    labels = {name: _winner(counts) for name, counts in votes.items()}
    pattern = _pattern([name for name in labels if len(name) >= MIN_NAME_CHARS])
    return [
        _completed(text, spans, labels, pattern) for text, spans in zip(texts, found, strict=True)
    ]


def _winner(counts: Counter[str]) -> str:
    return min(counts, key=lambda label: (-counts[label], label))


def _pattern(names: list[str]) -> "regex.Pattern[str] | None":
    """Return what finds the names, the longest first; as whole words where words are spaced."""
    if not names:
        return None
    ordered = sorted(names, key=lambda name: (-len(name), name))
    return regex.compile("|".join(map(_whole, ordered)))


def _whole(name: str) -> str:
    before = "" if _UNSPACED.match(name[0]) else r"(?<!\w)"
    after = "" if _UNSPACED.match(name[-1]) else r"(?!\w)"
    return before + regex.escape(name) + after


def _completed(
    text: str,
    spans: Sequence[Span],
    labels: dict[str, str],
    pattern: "regex.Pattern[str] | None",
) -> list[Span]:
    """Return a text's own names, relabelled, and the others' that overlap none of them."""
    own = [span._replace(label=labels[text[span.start : span.end]]) for span in spans]
    if pattern is None:
        return without_overlaps(own)
    taken = set[int]().union(*(range(span.start, span.end) for span in own))
    others = [
        Span(match.start(), match.end(), labels[match.group()])
        for match in pattern.finditer(text)
        if taken.isdisjoint(range(match.start(), match.end()))
    ]
    return without_overlaps([*own, *others])
