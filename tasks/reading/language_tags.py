"""The language that a record or page says it is in, as a BCP-47 tag."""

import re

from babel.core import get_global

_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?:[-_](?P<script>[a-z]{4}))?(?:[-_](?P<region>[a-z]{2}|\d{3}))?"
    r"(?:[-_.@][\w.@-]{1,40})?",
    re.IGNORECASE | re.ASCII,
)


def language_tag(value: object) -> str | None:
    """Return language, script and region of a tag or a locale: `en_us.UTF-8` is `en-US`.

    None for what is neither, and for a list of several languages.
    """
    found = _TAG.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return None
    language = found["language"].lower()
    parts = [get_global("language_aliases").get(language, language)]
    parts += [found["script"].title()] if found["script"] else []
    parts += [found["region"].upper()] if found["region"] else []
    return "-".join(parts)
