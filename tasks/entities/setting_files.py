"""Files that settings name, relative to the project's root, as whole bytes."""

import hashlib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def read_setting_file(
    setting: str, path: str | None, what: str, failure: type[ValueError]
) -> bytes | None:
    """Return the content of the file that a setting names; None: it names none.

    Args:
        setting: The setting's key.
        path: Its value.
        what: What file it may name.
        failure: The error to raise: there is no such file.
    """
    if path is None:
        return None
    try:
        return (ROOT / path).read_bytes()
    except OSError as error:
        raise failure(
            f"{setting}: {path} cannot be read ({error.strerror}); name {what} as "
            "seeds/reference/README.md describes it, or null for none"
        ) from error


def content_digest(content: bytes | None) -> str:
    """Return the SHA-256 of such a content; none: an empty string."""
    return "" if content is None else hashlib.sha256(content).hexdigest()
