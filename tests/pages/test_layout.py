"""Check that code keeps its layout from the page to the document's segments, and prose does not."""

from tasks.clean.cut import cut_lines
from tasks.clean.judge import judged
from tasks.pages.page import read_page
from tasks.settings import CleanSettings
from tests.pages.test_set_aside import HEADLINE, TEXT, page

_CODE = "def total(rows):\n    for row in rows:\n\n        print(row &lt; 2)"
_WRITTEN = _CODE.replace("&lt;", "<")


def _kept(body: str) -> list[str]:
    found = cut_lines(read_page(page(f"<main>{HEADLINE}{TEXT}{body}{TEXT}</main>")).lines)
    return [segment.text for segment in judged(found, CleanSettings()) if segment.is_kept]


def test_code_keeps_its_lines_and_leading_spaces() -> None:
    assert _WRITTEN in _kept(f"<pre><code>{_CODE}</code></pre>")


def test_numbers_of_lines_and_buttons_are_no_code() -> None:
    rows = "".join(
        f"<span class=line><span class=lineno>{n}</span>{row}\n</span>"
        for n, row in enumerate(_CODE.split("\n"))
    )
    assert _WRITTEN in _kept(f"<div class=highlight><pre><button>Copy</button>{rows}</pre></div>")


def test_a_column_of_numbers_of_lines_is_no_code() -> None:
    numbers = "<td class=linenos><pre>1\n2\n3\n4</pre></td>"
    code = f"<td class=code><pre>{_CODE}</pre></td>"
    kept = _kept(f"<table class=highlighttable><tr>{numbers}{code}</tr></table>")
    assert _WRITTEN in kept
    assert not any(text.startswith("1\n2") for text in kept)


def test_breaks_in_code_are_lines() -> None:
    assert "a = {\n  1}" in _kept("<pre class=code>a = {<br>  1}</pre>")


def test_wrapped_prose_in_pre_is_joined_by_paragraph() -> None:
    first = (
        "A letter was laid out by hand in those days, every line\nas long as the paper was wide."
    )
    second = (
        "Nobody has found the second page of it, though many\nhave looked for it in the archive."
    )
    kept = _kept(f"<pre>{first}\n\n{second}</pre>")
    assert {first.replace("\n", " "), second.replace("\n", " ")} <= set(kept)
