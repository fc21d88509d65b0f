"""Measure how much planted personal data is found, and what in the news is mistaken for some.

    python -m benchmarks.personal_data [--data FOLDER] [--show]

What is planted: numbers with right check digits in the ways that people write them in many
countries, in sentences of ten languages, and decoys: dates, prices, ISBNs, article numbers,
versions. The news (`stories/` and `language/` of the folder) holds next to none: whatever is
found there is to be read, with `--show`.
"""

import json
import lzma
import time
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Annotated

import phonenumbers
import polars as pl
import typer

from benchmarks.prose import LANGUAGES
from tasks.clean.personal_data import KINDS, find_spans, hinted_kinds, mask, regions_of
from tasks.clean.personal_data.patterns import has_iban_check, has_luhn_check

#: A sentence around the value, by language; the second is for telephone numbers.
_FRAMES = {
    "ar": ("أرسل التفاصيل إلى {} قبل يوم الخميس.", "هاتف: {} يوميا."),
    "de": ("Die Angaben gehen bis Donnerstag an {}.", "Tel.: {} (werktags)."),
    "en": ("Please send the details to {} by Thursday.", "Phone: {} (weekdays)."),
    "es": ("Envíe los datos a {} antes del jueves.", "Teléfono: {} (laborables)."),
    "fr": ("Envoyez les détails à {} avant jeudi.", "Tél. : {} (en semaine)."),
    "hi": ("गुरुवार तक विवरण {} पर भेजें।", "फोन: {} (कार्यदिवस)।"),
    "it": ("Inviare i dati a {} entro giovedì.", "Telefono: {} (feriali)."),
    "ja": ("木曜日までに{}へお送りください。", "電話{}(平日)。"),
    "ru": ("Отправьте данные на {} до четверга.", "Тел.: {} (по будням)."),
    "zh": ("请在星期四之前发送到{}，谢谢。", "电话：{}（工作日）。"),
}
_COUNTRIES = {
    "ar": "SA EG AE", "de": "DE AT CH", "en": "US GB IN AU", "es": "ES MX AR", "fr": "FR BE",
    "hi": "IN", "it": "IT", "ja": "JP", "ru": "RU", "zh": "CN TW",
}  # fmt: skip
_DIGITS = {"ar": "٠١٢٣٤٥٦٧٨٩", "hi": "०१२३४५६७८९", "ja": "０１２３４５６７８９"}
_EMAILS = (
    "anna.schmidt@example.org", "j_doe+news@mail.example.co.uk", "INFO@EXAMPLE.COM",
    "анна@пример.рф", "o'neil@example.ie", "x1@a-b.example.museum", "anna [at] example [dot] org",
    "info(at)example.de",
)  # fmt: skip
_IBANS = ("DE", 18), ("GB", 18), ("FR", 23), ("SA", 20), ("NO", 11), ("CH", 17), ("ES", 20)
_CARDS = ("4", 16), ("51", 16), ("37", 15), ("6011", 16), ("3530", 16), ("62", 16), ("2200", 16)
_FORMS = (
    phonenumbers.PhoneNumberFormat.INTERNATIONAL,
    phonenumbers.PhoneNumberFormat.E164,
    phonenumbers.PhoneNumberFormat.NATIONAL,
)
_DECOYS = (
    "ISBN 978-3-16-148410-0", "2024-03-12 10:15:30", "12.03.2024", "1,234,567.89", "12 345 678 €",
    "№ 4512 7788 9011 2345", "v10.15.7.23", "1.2.3.4", "192.168.100.200", "10:15:30", "2019-2023",
    "+1.5%", "@anna", "logo@2x.png", "std::vector", "DE12 3456", "ISSN 2049-3630", "§ 12.3.4.5",
    "doi:10.1000/182.2024.12", "GTIN 4006381333931", "1000000000000000", "0:2 (0:1)",
    "3-2, 6-4, 7-5",
    "1 000 000 000", "$12,345,678,901", "2024/25", "1914–1918", "48.8566, 2.3522", "UTC+05:30",
)  # fmt: skip


def _iban(random: Random, country: str, length: int) -> str:
    bban = "".join(random.choice("0123456789") for _ in range(length))
    if country == "GB":
        bban = "NWBK" + bban[4:]
    checks = (f"{check:02}" for check in range(2, 99))
    whole = next(country + c + bban for c in checks if has_iban_check(country + c + bban))
    return " ".join(whole[i : i + 4] for i in range(0, len(whole), 4))


def _card(random: Random, prefix: str, length: int) -> str:
    body = prefix + "".join(random.choice("0123456789") for _ in range(length - len(prefix) - 1))
    digits = next(body + d for d in "0123456789" if has_luhn_check(body + d))
    separator = random.choice(["", " ", "-"])
    cuts = (4, 10) if length == 15 else (4, 8, 12)
    ends = (0, *cuts, length)
    return separator.join(digits[a:b] for a, b in pairwise(ends))


def _phones(random: Random, language: str) -> Iterator[str]:
    """Yield numbers of the language's countries, with and without the country's code."""
    kinds = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE)
    for region in _COUNTRIES[language].split():
        for kind in kinds:
            number = phonenumbers.example_number_for_type(region, kind)
            if number is None or number.national_number is None:
                continue
            number.national_number += random.randrange(10)
            if phonenumbers.is_valid_number(number):
                yield from (phonenumbers.format_number(number, form) for form in _FORMS)


def _ip_addresses(random: Random) -> Iterator[str]:
    for _ in range(4):
        yield ".".join(str(random.randrange(11, 224)) for _ in range(4))
    yield "2a02:8108:8ac0:1f00::4c"
    yield "2001:4860:4860::8888"


def planted(language: str, seed: int) -> Iterator[tuple[str, str | None, str]]:
    """Yield sentences, each with the kind that stands in it (None: a decoy) and the value."""
    random = Random(seed)
    plain, calling = _FRAMES[language]
    values: list[tuple[str | None, str]] = [("email", value) for value in _EMAILS]
    values += [("iban", _iban(random, *form)) for form in _IBANS]
    values += [("card", _card(random, *form)) for form in _CARDS]
    values += [("ip_address", value) for value in _ip_addresses(random)]
    values += [(None, value) for value in _DECOYS]
    for kind, value in values:
        yield plain.format(value), kind, value
    native = str.maketrans("0123456789", _DIGITS.get(language, "0123456789"))
    for value in _phones(random, language):
        yield calling.format(value), "phone", value
        yield calling.format(value.translate(native)), "phone", value.translate(native)


def _print_planted(*, show: bool) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    for seed, language in enumerate(LANGUAGES):
        for text, kind, value in planted(language, seed):
            found = {
                (span.kind, text[span.start : span.end])
                for span in find_spans(text, regions_of([language]))
            }
            outcome = "found" if (kind, value) in found else "missed"
            counts[kind or "decoys", outcome if kind else "false" if found else "left"] += 1
            counts["other kinds", "false"] += len(found - {(kind, value)}) if kind else 0
            if show and (outcome == "missed" if kind else found):
                print(f"    {language} {kind}: {text} → {sorted(found)}")
    for kind in (*KINDS, "decoys", "other kinds"):
        told = {outcome: n for (name, outcome), n in sorted(counts.items()) if name == kind}
        print(f"{kind:12}{told}")


def _texts(data: Path) -> pl.DataFrame:
    rows = []
    for path in (data / "stories" / "stories.jsonl.xz", data / "language" / "para.jsonl.xz"):
        with lzma.open(path, "rt", encoding="utf-8", newline="\n") as lines:
            for line in lines:
                row = json.loads(line)
                rows += [(part, row["lang"]) for part in row["text"].split("\n") if part]
    return pl.DataFrame(rows, schema=["text", "language"], orient="row")


def _print_news(data: Path, *, show: bool) -> None:
    texts = _texts(data)
    megabytes = sum(len(text.encode()) for text in texts["text"]) / 1e6
    started = time.process_time()
    hinted = texts.with_columns(hinted_kinds(pl.col("text"), KINDS))
    looked_at = hinted.filter(pl.any_horizontal(KINDS))
    found: Counter[str] = Counter()
    for row in looked_at.iter_rows(named=True):
        regions = regions_of([row["language"]]) if row["phone"] else ()
        spans = find_spans(row["text"], regions, [kind for kind in KINDS if row[kind]])
        found.update(span.kind for span in spans)
        if show and spans:
            print(f"    {row['language']}: {mask(row['text'], row['language'])}")
    speed = megabytes / (time.process_time() - started)
    print(f"news: {texts.height} lines, {looked_at.height} searched, found {dict(found)}")
    print(f"{speed:.1f} MB per second of processor time")


def main(
    data: Annotated[Path, typer.Option(exists=True, file_okay=False)] = Path("../shared/data"),
    show: Annotated[bool, typer.Option("--show", help="Print what was missed or found.")] = False,
) -> None:
    """Measure recall on planted data, false alarms on decoys and news, and speed."""
    _print_planted(show=show)
    _print_news(data, show=show)


if __name__ == "__main__":
    typer.run(main)
