"""Turn links of a page to files outside of `docs/` into their names: the site has no such pages.

A hook of MkDocs (`mkdocs.yml`). On a page in the repository the links work as they are.
"""

import re
from pathlib import Path
from typing import Any

_DOCS = Path(__file__).parent
_LINK = re.compile(r"\[([^\]]+)\]\(((?:\.\./)+[^)#]+)(#[^)]*)?\)")


def on_page_markdown(markdown: str, page: Any, **_: object) -> str:  # noqa: ANN401 - a page of MkDocs
    """Return a page's text without links that lead out of `docs/`."""
    folder = (_DOCS / page.file.src_uri).parent

    def named(link: re.Match[str]) -> str:
        target = (folder / link[2]).resolve()
        if target.is_relative_to(_DOCS):
            return link[0]
        return f"{link[1]} (`{target.relative_to(_DOCS.parent)}` in the repository)"

    return _LINK.sub(named, markdown)
