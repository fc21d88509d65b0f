"""Write how languages write dates, from CLDR: `python -m training.write_date_words`.

Names of months with their number, those of them that name a weekday, too (*mar.* is March and
*mardi*), and halves of the day.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from babel import Locale

from tasks.reading.dates import WORDS_FILE, folded

#: Of these languages and regions. A name that means several months (*listopad* is November in
#: Czech and Polish, October in Croatian) is kept with its languages.
TAGS = [
    "en",
    "zh",
    "es",
    "ar",
    "hi",
    "pt",
    "bn",
    "ru",
    "ja",
    "de",
    "fr",
    "ko",
    "tr",
    "it",
    "vi",
    "pl",
    "uk",
    "fa",
    "id",
    "nl",
    "ro",
    "el",
    "cs",
    "hu",
    "sv",
    "he",
    "th",
    "ca",
    "da",
    "fi",
    "nb",
    "sk",
    "bg",
    "sr",
    "hr",
    "lt",
    "sl",
    "et",
    "lv",
    "ur",
    "ta",
    "te",
    "mr",
    "gu",
    "ms",
    "sq",
    "mk",
    "az",
    "ka",
    "hy",
    "kk",
    "uz",
    "gl",
    "eu",
    "is",
    "sw",
    "af",
    "kn",
    "ml",
    "pa",
    "ar-LB",
    "ar-DZ",
    "ar-TN",
    "ar-MA",
    "de-AT",
    "es-MX",
    "pt-PT",
    "zh-Hant",
    "sr-Latn",
    "uz-Cyrl",
    "fr-CA",
]
_WIDTHS = ("wide", "abbreviated")
#: English beside CLDR's: usual in feeds.
_MORE_WEEKDAYS = [
    "mo",
    "tu",
    "tue",
    "tues",
    "we",
    "weds",
    "th",
    "thu",
    "thur",
    "thurs",
    "fr",
    "sa",
    "su",
]
#: Beside CLDR's halves of the day.
_MORE_HALVES = {"ص": "am", "م": "pm", "晚上": "pm", "早上": "am", "凌晨": "am"}
#: Abbreviations that are words of another language, too.
_OTHER_WORDS = frozenset({"de", "to", "em", "sa", "du"})
_MORE_MONTHS = {"sept": 9}


def _locales() -> Iterator[tuple[str, Locale]]:
    for tag in TAGS:
        yield tag.partition("-")[0], Locale.parse(tag, sep="-")


def _names(named: Mapping[str, Any]) -> Iterator[tuple[Any, str]]:
    """Yield the names by number or key that a locale has in any context and width."""
    for context in named.values():
        for width in _WIDTHS:
            for number, name in context.get(width, {}).items():
                yield number, folded(name)


def date_words() -> dict[str, Any]:
    """Return the words: of months by name and language, of others as sorted lists."""
    months = defaultdict[str, dict[str, int]](dict)
    weekdays = set[str](_MORE_WEEKDAYS)
    halves = dict(_MORE_HALVES)
    for tag, locale in _locales():
        for number, name in _names(locale.months):
            if not any(char.isdigit() for char in name):
                months[name][tag] = number
                if tag == "he":  # "on" is written onto the name
                    months["ב" + name][tag] = number
        weekdays.update(name for _, name in _names(locale.days))
        named = _names(locale.day_periods)
        halves |= {
            name.replace(" ", ""): str(half)
            for half, name in named
            if half in {"am", "pm"} and len(name) > 1 and name not in _OTHER_WORDS
        }
    for name, number in _MORE_MONTHS.items():
        months[name]["en"] = number
    return {
        "months": {
            name: numbers if len(set(numbers.values())) > 1 else min(numbers.values())
            for name, numbers in sorted(months.items())
        },
        "weekdays": sorted(weekdays & months.keys()),
        "halves": dict(sorted(halves.items())),
    }


def main() -> None:
    """Write the file that ships."""
    text = json.dumps(date_words(), ensure_ascii=False, indent=0, sort_keys=True)
    WORDS_FILE.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
