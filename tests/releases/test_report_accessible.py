"""The report is right for who cannot see, by the rules of axe-core, in both themes, wide or narrow.

    AXE_CORE=node_modules/axe-core/axe.min.js python -m pytest tests/releases/test_report_accessible.py

axe-core is a package of npm, which no lock file of ours has; it looks for what a machine can find.
"""

import html
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import ViewportSize, sync_playwright

from tasks.releases.report import detail_pages
from tests.making.release_tables import release_tables
from tests.making.reports import files_on

_AXE = os.environ.get("AXE_CORE", "")
_RUN = """
document.querySelectorAll("details").forEach((entry) => { entry.open = true; });
axe.run().then(({ violations, passes }) => {
  const told = document.createElement("pre");
  told.id = "axe";
  told.textContent = JSON.stringify({ passes: passes.length, violations });
  document.body.append(told);
});
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path(_AXE).is_file(), reason="AXE_CORE does not name axe.min.js")
@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Debian's chromium")
@pytest.mark.parametrize("width", [390, 1400])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "name", ["report.html", "report/entities-000.html", "report/stories-000.html"]
)
def test_axe_core_finds_nothing(name: str, theme: str, width: int, tmp_path: Path) -> None:
    page = re.sub(r'<meta http-equiv="Content-[^>]+>', "", files_on(release_tables())[name])
    if theme == "dark":
        page = page.replace("(prefers-color-scheme: dark)", "all")
    axe = Path(_AXE).read_text("utf-8").replace("</script", "<\\/script")
    page = page.replace("</body>", f"<script>{axe}</script><script>{_RUN}</script></body>")
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    shown = subprocess.run(
        [
            *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"),
            *(f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=20000"),
            *(f"--window-size={width},2000", (tmp_path / "page.html").as_uri()),
        ],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=True,
    ).stdout
    [told] = re.findall(r'<pre id="axe">(.*?)</pre>', shown, re.DOTALL)
    found = json.loads(html.unescape(told))
    assert found["passes"] > 10
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found["violations"]] == []


@pytest.mark.browser
@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Debian's chromium")
@pytest.mark.parametrize("width", [390, 1400])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["entity", "story"])
def test_what_has_no_page_unfolds_by_the_keyboard_and_fits(
    kind: str,
    theme: Literal["light", "dark"],
    width: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(detail_pages, "PAGED_ENTITIES", 0)
    monkeypatch.setattr(detail_pages, "PAGED_STORIES", 0)
    for name, text in files_on(release_tables()).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        size: ViewportSize = {"width": width, "height": 1600}
        context = browser.new_context(color_scheme=theme, viewport=size, bypass_csp=True)
        page = context.new_page()
        page.goto((tmp_path / "report.html").as_uri())
        page.locator('[name="kind"]').select_option(str(["entity", "story"].index(kind)))
        page.locator("#hits > li details > summary").first.focus()
        page.keyboard.press("Enter")
        shown = {"entity": "table td bdi", "story": "article b"}[kind]
        page.locator(f"#hits details[open] {shown}").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") == width
        if Path(_AXE).is_file():
            page.evaluate(Path(_AXE).read_text("utf-8"))
            found = page.evaluate("axe.run().then(({ violations }) => violations.map((v) => v.id))")
            assert found == []
        browser.close()
