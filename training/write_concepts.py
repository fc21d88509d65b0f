"""Write `concepts.zip` from CLDR's annotations.

    npm pack cldr-annotations-full@48.2.0 && tar xzf cldr-annotations-full-48.2.0.tgz
    python -m training.write_concepts package/annotations

The data are Unicode's (Unicode License v3, `docs/stories.md`). Members have a fixed date, so
the same input gives the same bytes.
"""

import json
import sys
import zipfile
from pathlib import Path

from tasks.copies.concepts import CONCEPTS, MAX_WORD_CHARS
from tasks.copies.words import stem
from tasks.writing.vocabulary import UNSPACED_LANGUAGES

#: A word for more things than that is a class (`animal`), which says little of a story.
MAX_EMOJI = 6
#: Shorter stems are too often something else.
MIN_STEM_LETTERS = 3
#: CLDR's tags that the vocabulary of `tasks.writing.languages` writes otherwise.
_TAGS = {"no": "nb"}
_FIRST_EMOJI = "\u2600"


def concept_words(annotations: dict[str, dict[str, list[str]]], language: str) -> dict[str, str]:
    """Return a language's words with the emoji that each may mean, sorted.

    Args:
        annotations: CLDR's `annotations`: keywords (`default`) and name (`tts`) by character.
        language: Its tag, by which words are stemmed or not.
    """
    emoji_of: dict[str, set[str]] = {}
    for emoji, texts in annotations.items():
        if len(emoji) == 1 and emoji >= _FIRST_EMOJI:
            for text in (*texts.get("default", ()), *texts.get("tts", ())):
                emoji_of.setdefault(_form(text.casefold(), language), set()).add(emoji)
    known = sorted((form, "".join(sorted(emoji))) for form, emoji in emoji_of.items() if form)
    return {form: emoji for form, emoji in known if len(emoji) <= MAX_EMOJI}


def _form(word: str, language: str) -> str:
    if " " in word or any(char.isdecimal() for char in word):
        return ""
    if language in UNSPACED_LANGUAGES:
        return word if 2 <= len(word) <= MAX_WORD_CHARS else ""
    form = stem(word)
    return form if len(form) >= MIN_STEM_LETTERS else ""


def main(folder: Path) -> None:
    """Write the archive from a folder of `<language>/annotations.json`."""
    with zipfile.ZipFile(CONCEPTS, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in sorted(folder.glob("*/annotations.json")):
            language = file.parent.name
            annotations = json.loads(file.read_text("utf-8"))["annotations"].get("annotations", {})
            words = concept_words(annotations, language)
            if words and "-" not in language and language != "nb":
                lines = "".join(f"{word}\t{emoji}\n" for word, emoji in words.items())
                member = zipfile.ZipInfo(_TAGS.get(language, language))
                member.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(member, lines)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
