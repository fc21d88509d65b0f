"""Nothing in a record becomes markup or script, in the report or in the artifacts of Prefect."""

import base64
import hashlib
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from expectations.results import ExpectationResult, Verdict
from flows import artifacts
from tasks.releases.diff import diff_releases
from tasks.releases.report.summary import escaped
from tests.making.release_tables import release_tables
from tests.making.reports import files_on, report_on, summary_of

Tables = dict[str, pl.LazyFrame]

#: Each would run, were it markup, a script, an attribute or an address of the page.
RUNS = "document.title=`run`"
ATTACKS = (
    f"<script>{RUNS}</script>",
    f"</script><script>{RUNS}</script>",
    f"</style></title></textarea></svg><script>{RUNS}</script>",
    f"<img src=x onerror={RUNS}>",
    f"<svg onload={RUNS}><animate onbegin={RUNS} attributeName=x dur=1s>",
    f"\"' autofocus tabindex=1 onfocus={RUNS} x='",
    f"<iframe srcdoc='<script>parent.{RUNS}</script>'></iframe>",
    f"<a href='javascript:{RUNS}'>x</a><meta http-equiv=refresh content='0;javascript:{RUNS}'>",
    "<base href='https://evil.example/'><form action='https://evil.example/'><input>",
    f"javascript:{RUNS}",
    f"data:text/html,<script>{RUNS}</script>",
    f"<!--><script>{RUNS}</script>--> ]]> \u2028{RUNS}\u2029 \u202e{{{{ 7*7 }}}}{{% raw %}}",
)
HOSTILE = " ".join(ATTACKS)
#: What records decide; the rest is ours, and checked.
_TOLD = {
    "raw_documents": ("source_uri", "source_id", "url", "title", "author", "site"),
    "documents": ("source_uri", "source_id", "url", "canonical_url", "title", "author", "site"),
    "segments": ("detail", "entity_model"),
    "mentions": ("model",),
    "entities": ("canonical_name",),
    "stories": ("title",),
    "rejects": ("source_uri", "detail"),
    "ledger": ("source_uri",),
}


def _hostile(tables: Tables) -> Tables:
    """Return the tables with an attack after each value that a record decides, text first."""
    changed = {
        name: table.with_columns(
            pl.col(column).fill_null("") + HOSTILE for column in _TOLD.get(name, ())
        )
        for name, table in tables.items()
    }
    text = pl.lit(HOSTILE) + pl.col("text")
    names = pl.col("names").list.eval(
        pl.element().struct.with_fields(
            *(pl.field(field).fill_null("") + HOSTILE for field in ("name", "joined_to"))
        )
    )
    changed["documents"] = changed["documents"].with_columns(text=text)
    changed["segments"] = changed["segments"].with_columns(
        text=text, text_chars=pl.col("text_chars") + len(HOSTILE)
    )
    changed["entities"] = changed["entities"].with_columns(names=names)
    return changed


def _failed(**fields: Any) -> ExpectationResult:
    return ExpectationResult(
        table="ledger", expectation=HOSTILE, reason=HOSTILE, passed=False,
        examples=[{HOSTILE: HOSTILE}], **fields,
    )  # fmt: skip


VERDICT = Verdict(results=[_failed(), _failed(error=HOSTILE), _failed(warns=True)])


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    tables = _hostile(release_tables())
    diff = diff_releases(release_tables(), tables, 9)
    return files_on(tables, diff, source=HOSTILE, models=[f"xx={HOSTILE}"], verdict=VERDICT)


@pytest.fixture(scope="module")
def html(files: dict[str, str]) -> str:
    return files["report.html"]


class _Page(HTMLParser):
    """Counts the elements of a page and gathers their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: dict[str, int] = {}
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] = self.tags.get(tag, 0) + 1
        self.attributes += attrs


def test_no_element_and_no_attribute_comes_of_a_record(html: str) -> None:
    page, plain = _Page(html), _Page(report_on(release_tables()))
    assert html.count("&lt;script&gt;") > 50
    assert (page.tags["script"], page.tags["style"], page.tags["meta"]) == (1, 1, 3)
    assert not page.tags.keys() & {"iframe", "img", "base", "form", "object", "embed", "animate"}
    names = {name for name, _ in page.attributes}
    assert not [name for name in names if name.startswith("on") or name in {"src", "srcdoc"}]
    assert names <= {name for name, _ in plain.attributes} | {"data-label", "open"}
    ours = re.compile(r"#[a-z]+|report/(entities|stories)-\d{3}\.html")
    assert all(ours.fullmatch(str(v)) for name, v in page.attributes if name == "href")


#: Files that a page loads as frames.
_DATA = re.compile(r"report/(search|further)-")


def test_no_element_of_a_page_beside_the_report_comes_of_a_record(files: dict[str, str]) -> None:
    plain = files_on(release_tables())
    assert files.keys() == plain.keys() > {
        "report/entities-000.html", "report/search-000.html", "report/further-000.html",
    }  # fmt: skip
    for name in files.keys() - {"report.html"}:
        page, known = _Page(files[name]), _Page(plain[name])
        assert page.tags.get("script", 0) == (1 if _DATA.match(name) else 0)
        assert page.tags.keys() == known.tags.keys()
        assert {n for n, _ in page.attributes} <= {n for n, _ in known.attributes}
        assert "&lt;script&gt;" in files[name]


def test_the_policy_of_a_page_beside_the_report_lets_nothing_load(files: dict[str, str]) -> None:
    for name in files.keys() - {"report.html"}:
        [policy] = re.findall(
            r'http-equiv="Content-Security-Policy" content="([^"]+)"', files[name]
        )
        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
        own = {"script-src"} if _DATA.match(name) else {"style-src"}
        assert rules.keys() == {"default-src", "base-uri", "form-action"} | own
        assert rules["default-src"] == "'none'"


def test_the_content_policy_lets_one_script_run_and_frames_of_its_own_load(html: str) -> None:
    policy = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    assert len(policy) == 1
    assert html.index("Content-Security-Policy") < html.index("<title>")
    rules = dict(rule.strip().split(" ", 1) for rule in policy[0].split(";"))
    assert rules.keys() == {
        "default-src", "base-uri", "form-action", "style-src", "script-src", "frame-src",
    }  # fmt: skip
    assert rules["frame-src"] == "'self'"
    assert {rules[name] for name in ("default-src", "base-uri", "form-action")} == {"'none'"}
    assert re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", rules["script-src"])


def _opened_in_chromium(html: str, folder: Path) -> str:
    """Open a page, wait two seconds of its time, and return its document with what ran."""
    path = folder / "page.html"
    path.write_text(html, encoding="utf-8")
    shown = subprocess.run(
        [
            *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"),
            *(f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=2000"),
            path.as_uri(),
        ],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=True,
    )
    return shown.stdout


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Debian's chromium")
def test_no_script_of_a_record_runs_in_a_browser(html: str, tmp_path: Path) -> None:
    title = "<title>Babelmill release r-1</title>"
    shown = _opened_in_chromium(html, tmp_path)
    assert title in shown
    assert '<label hidden=""' not in shown  # our own script ran
    # Were the escaping to fail, the policy would hold; without it, these attacks would work.
    injected = html.replace("<body>", f"<body>{HOSTILE}")
    assert title in _opened_in_chromium(injected, tmp_path)
    unguarded = re.sub(r"<meta http-equiv[^>]+>", "", injected)
    assert "<title>run</title>" in _opened_in_chromium(unguarded, tmp_path)


_SEARCH = """
const field = document.querySelector('[name="words"]');
field.value = "script";
field.dispatchEvent(new Event("input", { bubbles: true }));
setInterval(() => {
  for (const entry of document.querySelectorAll("#hits details")) entry.open = true;
}, 200);
"""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Debian's chromium")
def test_what_a_search_finds_in_its_frames_is_text(files: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(_SEARCH.encode()).digest()).decode()
    searching = files["report.html"].replace("script-src ", f"script-src 'sha256-{digest}' ")
    searching = searching.replace("</body>", f"<script>{_SEARCH}</script></body>")
    shown = _opened_in_chromium(searching, tmp_path)
    assert "8 found" in shown
    hits = shown.split('<ol id="hits"')[1].split("</ol>")[0]
    assert hits.count("&lt;script&gt;") > 8
    assert "<script" not in hits
    assert '<div class="body"><div class="scroll"' in hits  # unfolded
    assert "<title>Babelmill release r-1</title>" in shown


def test_markdown_shows_what_a_record_says(monkeypatch: pytest.MonkeyPatch) -> None:
    line = escaped(f"{HOSTILE}\n# x\r[a](javascript:{RUNS})")
    assert not re.search(r"(?<!\\)[<\[`#|]|[\r\n]", line)
    written: list[str] = []
    monkeypatch.setattr(
        artifacts, "create_markdown_artifact", lambda markdown, **_: written.append(markdown)
    )
    artifacts.show_failures(VERDICT)
    summary = summary_of(_hostile(release_tables()), source=HOSTILE, verdict=VERDICT)
    for markdown in (*written, summary):
        assert "script" in markdown
        assert not re.search(r"(?<!\\)<", markdown)
        assert not re.search(r"(?<!\\)\[", markdown)
