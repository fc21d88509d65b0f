"""Measure how often text of some fifty languages comes back from encodings that nobody names.

    python -m benchmarks.encodings --data ../shared/data [--half 1 --model FILE] [--every N]

News of `language/sent` (NTREX-128) is written in every encoding that can hold it, as one sentence,
four sentences and a page of twenty, and decoded as a plain text file is. It is right if it comes
back as it was. The shipped letter pairs have learned from the same news: `--half 1` measures the
articles that a file of `training.write_letter_pairs --half 0` has not seen.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from tasks.reading import letter_model
from tasks.reading.encodings import decode
from tasks.reading.records import ReadError
from tasks.settings import IngestSettings
from training.write_letter_pairs import read_sentences, with_tones_apart

#: https://encoding.spec.whatwg.org/#names-and-labels, and what Python calls its other names.
OF_PAGES = (  # noqa: SIM905
    "cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp874 iso8859_1 iso8859_2 "
    "iso8859_3 iso8859_4 iso8859_5 iso8859_6 iso8859_7 iso8859_8 iso8859_9 iso8859_10 iso8859_13 "
    "iso8859_14 iso8859_15 iso8859_16 koi8_r koi8_u cp866 mac_roman mac_cyrillic tis_620"
).split()
OF_EAST_ASIA = "gb18030 gbk gb2312 big5 big5hkscs euc_kr cp949 cp932 shift_jis euc_jp".split()  # noqa: SIM905
#: Of DOS, Macintosh and single countries.
OLD = (  # noqa: SIM905
    "cp437 cp850 cp852 cp855 cp857 cp858 cp860 cp861 cp862 cp863 cp865 cp869 cp737 cp775 cp720 "
    "cp1125 mac_latin2 mac_turkish mac_iceland mac_greek mac_croatian mac_romanian koi8_t kz1048 "
    "hp_roman8"
).split()
#: Languages of East Asia have their own encodings; others were never written in these.
_EAST_ASIAN = ("zh", "zh-Hant", "ja", "ko")
#: What typists wrote where an encoding lacks a sign.
_PLAIN = str.maketrans(
    {"„": '"', "“": '"', "”": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'"}
    | {"–": "-", "—": "-", "…": "...", "\xa0": " ", "\u202f": " ", "€": "EUR", "\u200b": None}
    | dict.fromkeys("\u200c\u200e\u200f")
)
#: An encoding can hold a language if it can hold this share of its sentences.
_MIN_HELD_SHARE = 0.9
_SIZES = {"sentence": 1, "four sentences": 4, "page": 20}


class Case(NamedTuple):
    """A text in an encoding."""

    language: str
    codec: str
    size: str
    text: str
    data: bytes


def _encoded(text: str, codec: str) -> tuple[str, bytes] | None:
    for written in (text, text.translate(_PLAIN)):
        try:
            return written, written.encode(codec)
        except UnicodeEncodeError:
            continue
    return None


def cases(sentences: dict[str, list[str]], every: int) -> Iterator[Case]:
    """Yield each text in each encoding that holds its language and writes it with other bytes."""
    for language, lines in sorted(sentences.items()):
        named = OF_EAST_ASIA if language in _EAST_ASIAN else OF_PAGES + OLD
        for codec in named:
            written = (
                list(map(with_tones_apart, lines))
                if codec == "cp1258" and language == "vi"
                else lines
            )
            held = sum(_encoded(line, codec) is not None for line in written)
            if held < _MIN_HELD_SHARE * len(lines):
                continue
            for size, text in _texts(written, every):
                encoded = _encoded(text, codec)
                if encoded and not encoded[1].isascii():
                    yield Case(language, codec, size, *encoded)


def _texts(lines: list[str], every: int) -> Iterator[tuple[str, str]]:
    for size, count in _SIZES.items():
        starts = range(0, len(lines) - count + 1, count)
        for start in starts[:: every if count == 1 else 1]:
            yield size, (" " if count == 4 else "\n").join(lines[start : start + count])


def _answer(data: bytes) -> tuple[str, float]:
    try:
        text, encoding = decode(data, (), IngestSettings())
    except ReadError:
        return "", 0.0
    return text, encoding.confidence


def _print(answers: Iterable[tuple[Case, bool, float]]) -> None:
    total: Counter[tuple[str, str]] = Counter()
    right: Counter[tuple[str, str]] = Counter()
    wrong: Counter[tuple[str, str]] = Counter()
    by_confidence: dict[int, list[bool]] = defaultdict(list)
    languages: set[str] = set()
    for case, is_right, confidence in answers:
        group = "old" if case.codec in OLD else "of pages"
        total[group, case.size] += 1
        right[group, case.size] += is_right
        wrong[case.language, case.codec] += not is_right
        by_confidence[int(confidence * 10)].append(is_right)
        languages.add(case.language)
    print(f"{len(languages)} languages")
    for group, size in sorted(total):
        share = right[group, size] / total[group, size]
        print(f"encodings {group}, {size}: {share:.4f} right of {total[group, size]}")
    for tenth, found in sorted(by_confidence.items()):
        print(f"confidence from {tenth / 10:.1f}: {sum(found) / len(found):.3f} of {len(found)}")
    worst = ", ".join(
        f"{one} {two} {count}" for (one, two), count in wrong.most_common(12) if count
    )
    print(f"most often wrong: {worst}")


def main(
    data: Annotated[Path, typer.Option(exists=True, file_okay=False)] = Path("../shared/data"),
    every: Annotated[int, typer.Option(min=1, help="Of single sentences every n-th only.")] = 1,
    half: Annotated[int | None, typer.Option(help="Only articles of this half.")] = None,
    model: Annotated[Path, typer.Option(help="The letter pairs.")] = letter_model.FILE,
) -> None:
    """Measure."""
    letter_model.FILE = model
    known: dict[bytes, tuple[str, float]] = {}

    def answers() -> Iterator[tuple[Case, bool, float]]:
        for case in cases(read_sentences(data, half), every):
            if case.data not in known:
                known[case.data] = _answer(case.data)
            text, confidence = known[case.data]
            yield case, text == case.text, confidence

    _print(answers())


if __name__ == "__main__":
    typer.run(main)
