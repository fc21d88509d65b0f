"""Measure how well bodies that stand twice are found, on made documents with known answers.

    python -m benchmarks.doubled --data ../shared/data --seed 1

Every news text of the development data is doubled in each of the ways of `DOUBLINGS`, and set
in each of the ways of `NATURAL`, in which what repeats belongs there. A character is right to
go if it belongs to a second copy. Deterministic by seed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from benchmarks.doublings import DOUBLINGS, Line, first_copy
from benchmarks.news_texts import Case, NewsText, case_of, read_news_texts
from benchmarks.repetition import NATURAL
from tasks.clean.cut import cut_text
from tasks.clean.judge import judged
from tasks.settings import CleanSettings


@dataclass(frozen=True)
class Score:
    """Characters (spaces aside) by what should and what did become of them."""

    right: int
    wrong: int
    missed: int

    @property
    def is_exact(self) -> bool:
        """Whether all that should go went, and nothing else."""
        return not self.wrong and not self.missed


def score(lines: Sequence[Line], settings: CleanSettings) -> Score:
    """Judge a document and compare what was dropped as repeated with its second copies."""
    text = "\n".join("".join(piece for piece, _ in line) for line in lines)
    wanted: set[int] = set()
    position = 0
    for line in lines:
        for piece, is_second in line:
            wanted.update(range(position, position + len(piece)) if is_second else ())
            position += len(piece)
        position += 1
    found = {
        position
        for segment in judged(cut_text(text), settings)
        if segment.reason == "repeated"
        for position in range(segment.start_char or 0, segment.end_char or 0)
    }
    return Score(
        *(
            sum(not text[position].isspace() for position in positions)
            for positions in (wanted & found, found - wanted, wanted - found)
        )
    )


def measure(
    texts: Sequence[NewsText], seed: int, settings: CleanSettings
) -> dict[tuple[str, str], list[Score]]:
    """Score every text in every way; keys are the way and the language."""
    scores: dict[tuple[str, str], list[Score]] = {}
    for text in track(texts, "Judging"):
        for name in (*DOUBLINGS, *NATURAL):
            lines = document(name, case_of(text, f"{seed} {text.id} {name}"))
            scores.setdefault((name, text.language), []).append(score(lines, settings))
    return scores


def document(name: str, case: Case) -> list[Line]:
    """Return the lines of a case in one of the ways of `DOUBLINGS` or `NATURAL`."""
    return DOUBLINGS[name](case) if name in DOUBLINGS else first_copy(NATURAL[name](case))


def summary(scores: Sequence[Score]) -> str:
    """Return precision and recall over characters and the share of exact documents."""
    right, wrong, missed = (
        sum(getattr(each, name) for each in scores) for name in ("right", "wrong", "missed")
    )
    precision, recall = right / max(right + wrong, 1), right / max(right + missed, 1)
    exact = sum(each.is_exact for each in scores) / len(scores)
    return f"precision {precision:.4f}  recall {recall:.4f}  exact {exact:.4f}"


def main(
    data: Annotated[Path, typer.Option(help="The development data.")] = Path("../shared/data"),
    seed: Annotated[int, typer.Option(help="How texts are cut and where.")] = 1,
    every: Annotated[int, typer.Option(min=1, help="Take every n-th text.")] = 1,
) -> None:
    """Print precision and recall of each way of doubling, and what natural repetition lost."""
    scores = measure(read_news_texts(data)[::every], seed, CleanSettings())
    by_name: dict[str, list[Score]] = {}
    by_language: dict[str, list[Score]] = {}
    for (name, language), each in scores.items():
        by_name.setdefault(name, []).extend(each)
        by_language.setdefault(language, []).extend(each)
    for name in DOUBLINGS:
        print(f"{name:34s} {summary(by_name[name])}")
    for name in NATURAL:
        untouched = sum(each.is_exact for each in by_name[name])
        print(f"{name:34s} {untouched} of {len(by_name[name])} kept whole")
    for language in sorted(by_language):
        print(f"{language:34s} {summary(by_language[language])}")
    print(f"{'all':34s} {summary([each for found in scores.values() for each in found])}")


if __name__ == "__main__":
    typer.run(main)
