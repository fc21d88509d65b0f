"""Measure how well languages are identified, on development sets, by both libraries and by each.

    python -m benchmarks.language FOLDER [--every N]

The folder holds `sent`, `para`, `short`, `hard`, `noisy`, `junk` and `mixed`, each as
`.jsonl.xz` with `text` and `lang` per line; `mixed` has `spans`: start, end, language. Romanised
sentences are beside this file, written for it: those of the set `read` were looked at when the
words that tell them were chosen, those of `unread` were not.
"""

import csv
import json
import lzma
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, TypeVar

import polars as pl
import py3langid
import typer

from expectations.working_tables import CUT_SEGMENTS
from tasks.clean.identification import Evidence, examined, gather_evidence, judge
from tasks.clean.language_identifier import cld2_guess
from tasks.clean.tag_language import tag_language
from tasks.settings import LanguageSettings
from tasks.writing.languages import CLD2_TAGS, PY3LANGID_TAGS, UNDETERMINED

T = TypeVar("T")
SETS = ("sent", "para", "short", "hard", "noisy", "junk")
#: The languages of the mixed documents: the twenty with most speakers in the sets.
TOP_20 = frozenset(["ar", "cs", "de", "el", "en", "es", "fa", "fr", "hi", "it", "ja", "ko", "nl"])
TOP_20 |= {"pl", "pt", "ru", "tr", "uk", "vi", "zh"}
ROMANISED = Path(__file__).with_name("romanised.tsv")
Row = dict[str, object]
Answer = tuple[str, float]


def _by_both(evidence: Evidence, _text: str) -> Answer:
    found = judge(evidence)
    return found.language, found.confidence


def _by_py3langid(evidence: Evidence, text: str) -> Answer:
    return _by_both(replace(evidence, cld2=None), text)


def _by_cld2(_evidence: Evidence, text: str) -> Answer:
    guess = cld2_guess(examined(text))
    return (guess.language, guess.share) if guess else (UNDETERMINED, 0.0)


IDENTIFIERS: dict[str, Callable[[Evidence, str], Answer]] = {
    "both": _by_both,
    "py3langid alone": _by_py3langid,
    "CLD2 alone": _by_cld2,
}


@dataclass
class Tally:
    """Right answers out of all, by set, and by confidence for the shipped identifier."""

    right: Counter[tuple[str, str]] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    by_confidence: dict[int, list[bool]] = field(default_factory=lambda: defaultdict(list))

    def add(self, name: str, row: Row, evidence: Evidence) -> None:
        """Count the answers of all identifiers to one row."""
        groups = [name, *_groups(name, str(row["lang"]))]
        self.rows.update(groups)
        for identifier, answer in IDENTIFIERS.items():
            language, confidence = answer(evidence, str(row["text"]))
            is_right = language == row["lang"]
            self.right.update({(identifier, group): int(is_right) for group in groups})
            if identifier == "both" and language != UNDETERMINED and row["lang"] in PY3LANGID_TAGS:
                self.by_confidence[int(confidence * 10)].append(is_right)

    def print(self) -> None:
        """Print accuracy by set and identifier, then accuracy by confidence."""
        print(f"{'set':32}{'rows':>7}" + "".join(f"{name:>18}" for name in IDENTIFIERS))
        for group, rows in sorted(self.rows.items()):
            shares = [self.right[identifier, group] / rows for identifier in IDENTIFIERS]
            print(f"{group:32}{rows:7}" + "".join(f"{share:18.3f}" for share in shares))
        for tenth, answers in sorted(self.by_confidence.items()):
            share = sum(answers) / len(answers)
            print(f"confidence from {tenth / 10:.1f}: {share:.3f} right of {len(answers)}")


def _groups(name: str, language: str) -> list[str]:
    groups = [f"{name}, top 20"] if language in TOP_20 else []
    if language in (PY3LANGID_TAGS & CLD2_TAGS) - {UNDETERMINED}:
        groups.append(f"{name}, known to both")
    return groups


def _rows(folder: Path, name: str, every: int) -> Iterator[Row]:
    """Yield every n-th row."""
    # Not splitlines(): U+2028 and U+0085 stand inside rows.
    with lzma.open(folder / f"{name}.jsonl.xz", "rt", encoding="utf-8", newline="\n") as lines:
        for index, line in enumerate(lines):
            if index % every == 0:
                yield json.loads(line)


def _cut_segments(documents: list[Row]) -> pl.DataFrame:
    """Return the spans of mixed documents as cut_segments, all kept."""
    rows: list[dict[str, object]] = []
    for document in documents:
        text = str(document["text"])
        for index, (start, end, _language) in enumerate(_spans(document)):
            rows.append(
                {
                    "doc_id": str(document["id"]),
                    "segment_index": index,
                    "text": text[start:end],
                    "text_chars": end - start,
                    "kept": True,
                    "is_repaired": False,
                    "debris_count": 0,
                }
            )
    return CUT_SEGMENTS.frame(rows)


def _spans(document: Row) -> list[tuple[int, int, str]]:
    return document["spans"]  # type: ignore[return-value]


def _print_mixed(documents: list[Row]) -> None:
    """Print how often the stage names the spans and the main language of mixed documents."""
    tagged = tag_language(_cut_segments(documents), LanguageSettings())
    right: Counter[str] = Counter()
    rows: Counter[str] = Counter()
    for document in documents:
        found = tagged.filter(pl.col("doc_id") == str(document["id"]))
        chars = found.group_by("language").agg(pl.col("text_chars").sum())
        main = chars.sort("text_chars", "language", descending=[True, False])["language"][0]
        kind = f"mixed, {document['kind']}: main language"
        rows[kind] += 1
        right[kind] += main == document["lang"]
        for language, (_start, _end, truth) in zip(
            found["language"], _spans(document), strict=True
        ):
            rows["mixed: paragraphs"] += 1
            right["mixed: paragraphs"] += language == truth
    for name, count in sorted(rows.items()):
        print(f"{name:32}{count:7}{right[name] / count:18.3f}")


def _print_lines(documents: list[Row]) -> None:
    """Print how much of lines in two languages is in the right one, each being one segment."""
    inline = [document for document in documents if document["kind"] == "inline"]
    whole = [{**row, "spans": [(0, len(str(row["text"])), row["lang"])]} for row in inline]
    tagged = tag_language(_cut_segments(whole), LanguageSettings())
    right = chars = 0
    for document in inline:
        text, place = str(document["text"]), 0
        for part, language in (
            tagged.filter(pl.col("doc_id") == str(document["id"]))
            .select("text", "language")
            .iter_rows()
        ):
            start = text.index(part, place)
            place = start + len(part)
            chars += len(part)
            right += sum(
                max(0, min(place, end) - max(start, begin))
                for begin, end, truth in _spans(document)
                if truth == language
            )
    print(f"{'lines in two languages: letters':32}{chars:7}{right / chars:18.3f}")


def _print_romanised() -> None:
    """Print how many romanised sentences are in no bystander's language."""
    with ROMANISED.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    evidence = gather_evidence([row["text"] for row in rows])
    counts = Counter((row["set"], row["language"]) for row in rows)
    right = Counter(
        (row["set"], row["language"])
        for row, found in zip(rows, map(judge, evidence), strict=True)
        if found.language == UNDETERMINED
    )
    for (name, language), count in sorted(counts.items()):
        group = f"romanised {language}, {name}: und"
        print(f"{group:32}{count:7}{right[name, language] / count:18.3f}")


def main(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False)],
    every: Annotated[int, typer.Option(min=1, help="Look at every n-th row only.")] = 1,
) -> None:
    """Measure accuracy per set, and speed on one core beside py3langid's by itself."""
    tally = Tally()
    _identified(["Load the models before the clock starts."])
    py3langid.classify("And those of the library.")
    for name in SETS:
        rows = list(_rows(folder, name, every))
        texts = [str(row["text"]) for row in rows]
        evidence, seconds = _timed(_identified, texts)
        _, seconds_alone = _timed(_classified, texts)
        megabytes = sum(len(text.encode()) for text in texts) / 1e6
        print(
            f"{name}: {megabytes / seconds:.2f} MB per second of processor time, "
            f"py3langid alone {megabytes / seconds_alone:.2f}"
        )
        for row, found in zip(rows, evidence, strict=True):
            tally.add(name, row, found)
    tally.print()
    mixed = list(_rows(folder, "mixed", every))
    _print_mixed(mixed)
    _print_lines(mixed)
    _print_romanised()


def _identified(texts: list[str]) -> list[Evidence]:
    """Return what is known of each text, having judged it too."""
    evidence = gather_evidence(texts)
    for found in evidence:
        judge(found)
    return evidence


def _classified(texts: list[str]) -> list[Answer]:
    return [py3langid.classify(text) for text in texts]


def _timed(ask: Callable[[list[str]], list[T]], texts: list[str]) -> tuple[list[T], float]:
    """Return what is said of each text, and the seconds of processor time that took."""
    started = time.process_time()
    answers = ask(texts)
    return answers, time.process_time() - started


if __name__ == "__main__":
    typer.run(main)
