"""The site of the docs is built strictly: no dead link, no page that is nowhere, no network."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs.site_links import on_page_markdown
from tests.conftest import ROOT


def test_a_link_out_of_the_docs_becomes_a_name() -> None:
    class File:
        src_uri = "decisions/x.md"

    class Page:
        file = File()

    text = "See [the seeds](../../seeds/README.md#a) and [tables](../tables.md) and [web](https://x.org)."
    assert on_page_markdown(text, Page()) == (
        "See the seeds (`seeds/README.md` in the repository) and [tables](../tables.md) "
        "and [web](https://x.org)."
    )


@pytest.mark.slow
def test_the_site_is_built_strictly_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    pytest.importorskip("material", reason="needs the extra `site`")
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", tmp_path],
        cwd=ROOT, check=True,
    )  # fmt: skip
    for page in tmp_path.rglob("*.html"):
        loaded = re.findall(
            r'<(?:script|img|link)[^>]+(?:src|href)="(https?:[^"]+)"', page.read_text("utf-8")
        )
        assert not loaded
    assert (tmp_path / "tutorial.html").is_file()
    assert (tmp_path / "python.html").is_file()
