"""Names of files and of members of archives, as they stand in `source_uri`."""

import re
import unicodedata

#: Stands between a file, the members of archives in it, and the number of a record.
SEPARATOR = "#"
_AFTER_SUFFIX = re.compile(r"(\.\w{1,12})#")


def printable_uri(path: str) -> str:
    r"""Return a name in a form that is text, harmless to print, and no other name's.

    Backslashes are doubled; bytes that are not UTF-8 become `\xNN`, control characters
    `\uNNNN`; `#` after a suffix, where it would stand before what is inside a file, `\#`.
    """
    escaped = "".join(_escaped(character) for character in path)
    return _AFTER_SUFFIX.sub(r"\1\\#", escaped)


def joined_uri(file: str, within: tuple[str, ...], number: int | None) -> str:
    """Return the `source_uri` of a record: `file`, `file#member`, `file#number` and so on."""
    parts = [file, *within] if number is None else [file, *within, str(number)]
    return SEPARATOR.join(parts)


def _escaped(character: str) -> str:
    if character == "\\":
        return "\\\\"
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    hidden = unicodedata.category(character) in {"Cc", "Cs"}
    return f"\\u{ord(character):04x}" if hidden else character
