"""Make the corpora that the shipped models are trained on beside those of `data/ner`.

`python -m benchmarks.entity_corpora --data ../shared/data --out DIR` writes two corpora:

- `DIR/news`: texts of `stories/` and `language/` with the names of `seeds/annotations/`;
- `DIR/distilled`: Russian texts as natasha marks them (its F1 is 88 on factRuEval).
"""

import argparse
import json
import lzma
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import regex

from tasks.mentions.natasha_ner import NatashaModel
from training.corpus import Example, read_examples

ANNOTATIONS = Path(__file__).parents[1] / "seeds" / "annotations"
#: Of this many documents the last is kept for testing.
TEST_EVERY = 4
#: A longer "word" is a line that lost its spaces (they are in NTREX's Arabic).
MAX_WORD_CHARS = 40
#: Turkish corpora count the case ending after the apostrophe to the name.
ENDINGS = {"tr": r"(?:['’]\p{L}+)?"}
#: Languages that write without spaces: a name is looked for anywhere.
UNSPACED = {"ja"}
RUSSIAN_TEXTS = (
    "train_silver/ru/wikiann.jsonl.xz",
    "train_noisy/ru/multiconer1_truecased.jsonl.xz",
)
BATCH_TEXTS = 64


def main() -> None:
    """Write the corpora."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    for annotated in sorted(ANNOTATIONS.glob("*.tsv")):
        write_news(annotated, arguments.data, arguments.out / "news")
    write_distilled(arguments.data / "ner", arguments.out / "distilled")


def write_news(annotated: Path, data: Path, out: Path) -> None:
    """Write the training and test texts of one language."""
    documents = news_documents(annotated, data)
    for split in ("train", "dev"):
        is_test = split == "dev"
        examples = [line for test, lines in documents if test == is_test for line in lines]
        _write(out / split / annotated.stem / "babelmill_news.jsonl", examples)


def news_documents(annotated: Path, data: Path) -> list[tuple[bool, list[Example]]]:
    """Return the marked lines of each document of a language, and whether it is for testing."""
    language, names = annotated.stem, defaultdict(list)
    for line in annotated.read_text(encoding="utf-8").splitlines()[1:]:
        document, name, label = line.split("\t")
        names[document].append((name, label))
    texts = dict(_stories(data, language) or _pieces(data, language))
    documents = sorted({record["story"] for record in _records(data / "stories/stories.jsonl.xz")})
    return [
        (
            index % TEST_EVERY == TEST_EVERY - 1,
            [
                marked(line, names[document], language)
                for line in texts.get(document, "").splitlines()
                if line.strip() and (language in UNSPACED or not _lost_spaces(line))
            ],
        )
        for index, document in enumerate(documents)
    ]


def _lost_spaces(line: str) -> bool:
    return max(map(len, line.split())) > MAX_WORD_CHARS and "http" not in line


def marked(text: str, names: Iterable[tuple[str, str]], language: str) -> Example:
    """Return a text with the given names marked wherever they stand, the longest first."""
    covered, spans = [False] * len(text), []
    for name, label in sorted(names, key=lambda pair: (-len(pair[0]), pair)):
        for match in regex.finditer(_pattern(name, language), text):
            start, end = match.span()
            if not any(covered[start:end]):
                covered[start:end] = [True] * (end - start)
                spans.append((start, end, label))
    record = {"text": text, "spans": sorted(spans), "lang": language, "source": "babelmill_news"}
    return Example.model_validate(record)


def _pattern(name: str, language: str) -> str:
    if language in UNSPACED:
        return regex.escape(name)
    ending = ENDINGS.get(language, "")
    return rf"(?<![\w-]){regex.escape(name)}{ending}(?![\w-])"


def _stories(data: Path, language: str) -> list[tuple[str, str]]:
    records = _records(data / "stories/stories.jsonl.xz")
    return [(r["story"], r["text"]) for r in records if r["lang"] == language]


def _pieces(data: Path, language: str) -> Iterator[tuple[str, str]]:
    """Yield the paragraphs and sentences of each document that stand in no earlier piece."""
    pieces: dict[str, list[str]] = defaultdict(list)
    for file in ("para", "sent"):
        for record in _records(data / f"language/{file}.jsonl.xz"):
            kept = pieces[record["doc"]] if record["lang"] == language else None
            if kept is not None and not any(record["text"] in piece for piece in kept):
                kept.append(record["text"])
    yield from ((document, "\n".join(kept)) for document, kept in pieces.items())


def _records(file: Path) -> Iterator[dict[str, str]]:
    with lzma.open(file, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def write_distilled(corpus: Path, out: Path) -> None:
    """Write Russian texts with the names that natasha finds in them."""
    model = NatashaModel()
    files = [corpus / file for file in RUSSIAN_TEXTS]
    texts = list(dict.fromkeys(e.text for file in files for e in read_examples(file)))
    examples = []
    for first in range(0, len(texts), BATCH_TEXTS):
        batch = texts[first : first + BATCH_TEXTS]
        for text, spans in zip(batch, model.find(batch), strict=True):
            plain = [(span.start, span.end, span.label) for span in spans]
            record = {"text": text, "spans": plain, "lang": "ru", "source": "distilled_natasha"}
            examples.append(Example.model_validate(record))
    _write(out / "train" / "ru" / "distilled_natasha.jsonl", examples)


def _write(file: Path, examples: list[Example]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(e.model_dump_json() + "\n" for e in examples), encoding="utf-8")
    print(f"{file}: {len(examples):,} texts, {sum(len(e.spans) for e in examples):,} names")


if __name__ == "__main__":
    main()
