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

import pytest

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
