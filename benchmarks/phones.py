"""Measure how many telephone numbers of all countries are found, and what is mistaken for one.

    python -m benchmarks.phones [--show]

The numbers are the examples that phonenumbers has for each country and kind, as its rules write
them. With their country's code, and after a word such as *Tel.*, every country's stand in texts
of ten languages; without either, as the line's only content or in a sentence, those of the
language's own countries. Beside them stand as many look-alikes: dates, prices, identifiers,
versions, coordinates, counts, results.
"""

from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Annotated, NamedTuple

import phonenumbers
import typer

from tasks.clean.personal_data import find_spans, regions_of

#: A sentence, labels and a line of its own, by language.
FRAMES = {
    "ar": ("أرسل التفاصيل إلى {} قبل يوم الخميس.", ("هاتف: {}", "فاكس {} يوميا")),
    "de": ("Man erreicht uns unter {} bis Donnerstag.", ("Tel.: {}", "Telefon {}, werktags")),
    "en": ("You can reach us on {} until Thursday.", ("Phone: {}", "Tel {} (weekdays)")),
    "es": ("Puede llamarnos al {} antes del jueves.", ("Teléfono: {}", "Tel. {} (laborables)")),
    "fr": ("On peut nous joindre au {} avant jeudi.", ("Tél. : {}", "Téléphone {}, en semaine")),
    "hi": ("गुरुवार तक {} पर बात करें।", ("फोन: {}", "टेलीफोन {} (कार्यदिवस)")),
    "ja": ("木曜日までに{}へご連絡ください。", ("電話:{}", "TEL {}(平日)")),
    "ru": ("Нам можно позвонить {} до четверга.", ("Тел.: {}", "телефон {} (будни)")),
    "tr": ("Bize perşembeye kadar {} ulaşabilirsiniz.", ("Telefon: {}", "Tel {} (hafta içi)")),
    "zh": ("请在星期四之前拨打{}，谢谢。", ("电话：{}", "传真 {}（工作日）")),
}
_KINDS = (phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE)
_FORMS = phonenumbers.PhoneNumberFormat
#: Found without its country's code from so many digits on (`tasks.clean.personal_data.phone`).
_MIN_DIGITS = 7


class Planted(NamedTuple):
    """A text, where a number stands in it and how, and the number: none in a look-alike."""

    text: str
    place: str
    language: str
    number: str | None


def numbers() -> Iterator[tuple[str, phonenumbers.PhoneNumber]]:
    """Yield each country's example numbers."""
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in _KINDS:
            number = phonenumbers.example_number_for_type(region, kind)
            if number is not None and phonenumbers.is_valid_number(number):
                yield region, number


def planted() -> Iterator[Planted]:
    """Yield texts with a number."""
    for language, (sentence, labels) in FRAMES.items():
        homes = set(regions_of([language]))
        for region, number in numbers():
            for form in (_FORMS.INTERNATIONAL, _FORMS.E164):
                written = phonenumbers.format_number(number, form)
                yield Planted(sentence.format(written), "sentence, code", language, written)
                yield Planted(written, "bare line, code", language, written)
            national = phonenumbers.format_number(number, _FORMS.NATIONAL)
            if sum(char.isdigit() for char in national) < _MIN_DIGITS:
                continue
            for label in labels:
                yield Planted(label.format(national), "label", language, national)
            if region in homes:
                yield Planted(sentence.format(national), "sentence", language, national)
                yield Planted(national, "bare line", language, national)


def _digits(random: Random, count: int) -> str:
    return "".join(random.choice("0123456789") for _ in range(count))


def look_alikes(random: Random) -> Iterator[str]:
    """Yield what is written in digits and no telephone number."""
    year, month, day = (
        random.randrange(1850, 2030),
        random.randrange(1, 13),
        random.randrange(1, 29),
    )
    hour, minute = random.randrange(24), random.randrange(60)
    yield f"{year}-{month:02}-{day:02}"
    yield f"{day:02}.{month:02}.{year}"
    yield f"{day}/{month}/{year}"
    yield f"{year}-{month:02}-{day:02} {hour:02}:{minute:02}:59"
    yield f"{year}{month:02}{day:02}"
    yield f"{year}–{year + random.randrange(1, 99)}"
    amount = random.randrange(10**6, 10**10)
    yield f"{amount:,}"
    yield f"{amount:,}".replace(",", ".") + " €"
    yield f"{amount:,}".replace(",", " ") + " ₽"
    yield f"${amount:,}.{random.randrange(100):02}"
    yield f"№ {_digits(random, 10)}"
    yield f"ISBN 978-{_digits(random, 1)}-{_digits(random, 4)}-{_digits(random, 4)}-{day % 10}"
    yield f"ID {_digits(random, 9)}"
    yield f"v{day}.{month}.{minute}.{_digits(random, 4)}"
    yield f"{random.uniform(-90, 90):.6f}, {random.uniform(-180, 180):.6f}"
    yield f"{day}:{month}, {hour}:{minute}, {day}:{hour}"
    yield f"{day % 7}-{month % 7}, 6-{hour % 5}, 7-6 (7-{month})"
    yield f"#{_digits(random, 8)}"
    yield f"{random.random():.9f}"
    yield f"{hour:02}:{minute:02}:{month:02}.{_digits(random, 3)}"


def decoys(count: int) -> Iterator[Planted]:
    """Yield so many texts with a look-alike, in the same sentences and lines, but no labels."""
    random = Random(1)
    made = 0
    while True:
        for language, (sentence, _) in FRAMES.items():
            for value in look_alikes(random):
                for place, text in (("sentence", sentence.format(value)), ("bare line", value)):
                    yield Planted(text, place, language, None)
                    made += 1
                    if made == count:
                        return


def main(
    show: Annotated[bool, typer.Option("--show", help="Print what was missed or found.")] = False,
    thorough: Annotated[bool, typer.Option("--thorough", help="As where it is redacted.")] = False,
) -> None:
    """Print recall by place, and precision over numbers and as many look-alikes."""
    wanted = list(planted())
    right, wrong, of_place = Counter[str](), 0, Counter(one.place for one in wanted)
    for one in [*wanted, *decoys(len(wanted))]:
        spans = find_spans(one.text, regions_of([one.language]), ["phone"], thorough=thorough)
        found = [one.text[span.start : span.end] for span in spans]
        right[one.place] += one.number in found
        wrong += len(found) - (one.number in found)
        if show and (one.number not in found if one.number else found):
            print(f"  {one.language} {one.place}: {one.text} → {found}")
    for place, count in of_place.items():
        print(f"{place:16} {right[place]:6} of {count:6} found: {right[place] / count:.3f}")
    total = right.total()
    print(f"recall {total / len(wanted):.3f}, precision {total / (total + wrong):.3f}")


if __name__ == "__main__":
    typer.run(main)
