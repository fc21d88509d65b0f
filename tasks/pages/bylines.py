"""Read the lines beside a headline: who wrote a text, and when it was published."""

from collections.abc import Iterator

import regex

from tasks.reading.dates import parse_date

#: What stands before a name in a byline; before a name of a byline only, what may begin a name.
_BY = regex.compile(
    r"^(?:(?:(?:written|posted|published|words|story|text|reported|article|photos?) )?by|par|por|"
    r"door|autor(?:in|e|a)?|author|автор|текст|автори|كتب|بقلم|الكاتب|نویسنده|yazar|tác giả|oleh|"
    r"penulis|yazan|haber|auteur|skribent|kirjoittaja|toimittaja|szerző|συντάκτης|reporter)\b"
    r"\s*[:：]?\s+|^(?:作者|记者|記者|文|著者|執筆者?|取材|撰文|글)\s*[:：/／・＝=]\s*",
    regex.IGNORECASE,
)
#: What stands behind a name in a byline: a Korean or Japanese reporter, often with an address.
_REPORTER = regex.compile(r"^(\p{Lo}{2,8}) ?(?:기자|특파원|논설위원|記者)(?:\s+\S+@\S+)?$")
_FROM = regex.compile(r"^(?i:von|di|da|av|af|de)\s+(?=\p{Lu})")
#: Words with a capital, or in a script without, and what joins them.
_NAMES = regex.compile(
    r"(?:[\p{Lu}\p{Lo}][\p{L}\p{M}.'’-]*(?:\s*[,&/、·]\s*|\s+|$)"
    r"|(?:de|da|di|van|von|der|den|bin|al|and|und|et|y|e|og|och|en|и|ve|dan|và)\s+){1,8}"
)
#: A name: one word, or words with a capital or in a script without, and small ones between them.
_WORDS_OF_NAME = regex.compile(
    r"[^\p{L}\p{Nd}\s]*+\p{L}\S*|(?:(?:[^\p{L}\p{Nd}\s]*(?:[\p{Lu}\p{Lt}\p{Lo}]|[dlo]['’])\S*|[\p{P}\p{S}]+"
    r"|(?:de|da|di|do|dos|das|del|della|la|le|van|von|der|den|ter|ten|zu|zum|bin|ibn|ben|al|el|af|av"
    r"|and|und|et|y|e|i|og|och|en|и|ve|dan|và|of|for|the|editors|staff|team))(?:\s+|$))++"
)
#: What pages have in the place of a name that they do not know, and words beside names.
_NO_NAMES = {
    "undefined", "null", "none", "unknown", "via", "post", "posts", "reply", "review", "reviews",
    "search", "share", "shop", "menu",
}  # fmt: skip
_NO_NAME = regex.compile(r"https?://|www\.|[@{}<>]|^\W*$|\d{3}")
MAX_AUTHOR_CHARS = 200
#: A name in a byline has up to so many characters; more is a text about its author.
_MAX_BYLINE_CHARS = 60
#: A line that tells a date holds little else.
MAX_DATELINE_CHARS = 80
HAS_DIGIT = regex.compile(r"\d")
#: A date that is not that of the first publication.
CHANGED = regex.compile(
    r"updat|modif|chang|edit|review|expir|aktuali|actuali|обновл|измен|更新|修改|수정|تحديث"
    r"|mis à jour|aggiornat|atualiz|bijgewerkt|uppdater|oppdater|opdater|päivitet|frissít|güncel"
    r"|оновлен|змінен|ενημερ|cập nhật|diperbarui|बदल|अपडेट|\bstand:|最終",
    regex.IGNORECASE,
)
#: Since when somebody is a member, which stands beside what he writes.
JOINED = regex.compile(
    r"\b(?:joined|registered|member since|mitglied seit|inscrit)\b", regex.IGNORECASE
)
_DATE_PARTS = regex.compile(r"\s*[|•·⋅–—»]\s*|\s{2,}|\s[-/]\s|: ")


def author_name(text: str) -> str | None:
    """Return the name of an author in a text of one line, without a word such as *by*."""
    reporter = _REPORTER.search(text)
    name = _BY.sub("", f"{reporter[1] if reporter else text} ").strip(" ,;|·•-–—:")
    return name if name and len(name) <= MAX_AUTHOR_CHARS and not _NO_NAME.search(name) else None


def name_in_byline(text: str) -> str | None:
    """Return the name in a line that stands where authors are named; None in a longer one."""
    name = author_name(_FROM.sub("", _BY.sub("", text)))
    return name if name and len(name) <= _MAX_BYLINE_CHARS else None


def may_name(text: str) -> bool:
    """Return whether a short text may be a name: not `Skip to main content`, nor `undefined`."""
    return text.lower() not in _NO_NAMES and _WORDS_OF_NAME.fullmatch(text) is not None


def is_byline(text: str) -> bool:
    """Return whether a line names its author by a word such as *by*: `Por qué` names none."""
    if len(text) > _MAX_BYLINE_CHARS:
        return False
    if _REPORTER.search(text):
        return True
    by = _BY.match(text)
    return by is not None and _NAMES.fullmatch(text, by.end()) is not None


def dateline_parts(text: str) -> Iterator[str]:
    """Yield a line that may tell a date, whole and in parts."""
    yield text
    yield from _DATE_PARTS.split(text)


def is_dateline(text: str) -> bool:
    """Return whether a line tells a date, and little else."""
    if len(text) > MAX_DATELINE_CHARS or not HAS_DIGIT.search(text):
        return False
    return any(map(parse_date, dateline_parts(text)))
