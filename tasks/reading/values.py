"""Read the language that a field of a record declares, as a BCP-47 tag."""

import re
from functools import lru_cache

from babel.core import get_global

_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?:[-_](?P<script>[a-z]{4}))?(?:[-_](?P<region>[a-z]{2}|\d{3}))?"
    r"(?:[-_.@][\w.@-]{1,40})?",
    re.IGNORECASE | re.ASCII,
)

#: No tag is longer.
_MAX_CHARS = 64


def language_tag(value: object) -> str | None:
    """Return language, script and region of a tag or a locale: `en_us.UTF-8` is `en-US`.

    None for what is neither, and for a list of several languages.
    """
    tag = value.strip() if isinstance(value, str) else ""
    return _read(tag) if len(tag) <= _MAX_CHARS else None


@lru_cache(maxsize=1024)
def _read(tag: str) -> str | None:
    found = _TAG.fullmatch(tag)
    if found is None:
        return None
    language = found["language"].lower()
    # Some aliases name a script or a region, too: Serbo-Croatian is `sr_Latn`, Dari `fa_AF`.
    meant = _TAG.fullmatch(get_global("language_aliases").get(language, language)) or found
    script, region = (found[part] or meant[part] for part in ("script", "region"))
    parts = [meant["language"].lower()]
    parts += [script.title()] if script else []
    parts += [region.upper()] if region else []
    return "-".join(parts)
