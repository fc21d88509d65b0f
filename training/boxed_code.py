"""Make up blocks of code, marked up as pages have them.

Few of the pages to learn from show code, and code looks like no other text: short lines, hardly a
sentence, in elements of many names, with numbers of lines and buttons beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

#: Pieces of code, of one language each; `{a}` to `{c}` are names, `{n}` a number.
_PIECES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("python", (
        "import {a}\nfrom {b} import {c}",
        "def {a}({b}):\n    for {c} in {b}:\n        print({c}[{n}])",
        "class {a}:\n\n    def {b}(self, {c}={n}):\n        return self.{c} + 1",
        ">>> {a} = {b}({n})\n>>> {a}.{c}()\n[1, 2, {n}]",
    )),
    ("javascript", (
        "const {a} = require('{b}');",
        "function {a}({b}) {{\n  if ({b} > {n}) {{\n    return {b}.{c};\n  }}\n}}",
        "{a}.{b}('{c}', () => {{\n  console.log({n});\n}});",
    )),
    ("c", (
        "#include <{a}.h>",
        "int {a}(int {b}) {{\n    return {b} * {n};\n}}",
        "struct {a} {{\n    char *{b};\n    int {c}[{n}];\n}};",
    )),
    ("bash", (
        "$ {a} install {b}",
        "{a} --{b}={n} /{c}/{a}",
        "for {a} in *.{b}; do\n  {c} \"${a}\"\ndone",
        "sudo {a} update && sudo {a} install -y {b}",
    )),
    ("sql", (
        "SELECT {a}, {b} FROM {c} WHERE {a} = {n};",
        "CREATE TABLE {a} (\n  {b} INTEGER,\n  {c} TEXT\n);",
    )),
    ("html", (
        "<div class=\"{a}\">\n  <p>{b}</p>\n</div>",
        "<a href=\"/{a}/{n}\">{b}</a>",
    )),
    ("yaml", ("{a}:\n  {b}: {n}\n  {c}: true", "- {a}: {b}\n- {c}: {n}")),
    ("json", ("{{\n  \"{a}\": {n},\n  \"{b}\": [\"{c}\"]\n}}",)),
    ("text", (
        "Error: {a} not found in {b}:{n}",
        "2021-03-{n} INFO {a}.{b}: {c}",
        "+-----+-----+\n| {a} | {b} |\n+-----+-----+",
    )),
)  # fmt: skip
#: `{said}` is the code, `{name}` a name that says nothing, `{button}` what copies it.
_FRAMES = (
    "<pre>{said}</pre>", "<pre class='{name}'>{said}</pre>", "<pre>{button}{said}</pre>",
    "<pre><code>{said}</code></pre>", "<pre><code class='language-{language}'>{said}</code></pre>",
    "<pre class='brush: {language}'>{said}</pre>", "<pre class=prettyprint>{said}</pre>",
    "<div class=highlight><pre>{said}</pre></div>",
    "<div class=highlight><pre>{button}<code>{said}</code></pre></div>",
    "<div class='highlight-{language}'><div class=highlight><pre>{button}{said}</pre></div></div>",
    "<figure class=highlight><pre><code>{said}</code></pre></figure>",
    "<div class=codehilite>{button}<pre>{said}</pre></div>",
    "<div class='code-block'><span>{language}</span>{button}<pre><code>{said}</code></pre></div>",
    "<div class='{name}'><div class='{name}'>{language}</div><pre>{said}</pre>{button}</div>",
    "<div class='{name}'>{button}<pre class=code>{said}</pre></div>",
    "<div class='{name}'><div class='{name}'><pre><code>{said}</code></pre></div></div>",
    "<table class=highlighttable><tr><td class=linenos><pre>{numbers}</pre></td>"
    "<td class=code><div class=highlight><pre>{said}</pre></div></td></tr></table>",
    "<div class=code style='white-space: pre'>{said}</div>",
)  # fmt: skip
#: How a line of code stands there, from the plainest on.
_ROWS = (
    "{row}\n", "{row}\n", "<span>{row}</span>\n", "<span class=line>{row}\n</span>",
    "<span class=line><span class=lineno>{number}</span>{row}\n</span>",
    "<span class=line-number>{number}</span><span>{row}</span>\n",
)  # fmt: skip
_BUTTONS = ("", "<button>Copy</button>", "<button class=copy>Copy code</button>")
_MAX_PIECES = 4


@dataclass(frozen=True)
class BoxedCode:
    """Code: its markup, and what may be read of it, the whole and its paragraphs, in one line."""

    html: str
    lines: tuple[str, ...]


def boxed_code(chooser: np.random.Generator) -> BoxedCode:
    """Return some code in an element of any kind.

    Args:
        chooser: Decides on the code, its language and its markup.
    """
    language, pieces = _PIECES[int(chooser.integers(len(_PIECES)))]
    count = int(chooser.integers(1, _MAX_PIECES + 1))
    code = "\n".join(_named(_any(pieces, chooser), chooser) for _ in range(count))
    rows, form = code.split("\n"), _any(_ROWS, chooser)
    said = "".join(
        form.format(row=escape(row), number=number) for number, row in enumerate(rows, 1)
    )
    html = _any(_FRAMES, chooser).format(
        said=said,
        language=language,
        name=random_name(chooser),
        button=_any(_BUTTONS, chooser),
        numbers="\n".join(str(number) for number in range(1, len(rows) + 1)),
    )
    return BoxedCode(html, tuple(" ".join(part.split()) for part in [code, *code.split("\n\n")]))


def random_name(chooser: np.random.Generator, letters: int = 5) -> str:
    """Return a name that says nothing, of small Latin letters."""
    return "".join(chr(ord("a") + int(letter)) for letter in chooser.integers(26, size=letters))


def _named(piece: str, chooser: np.random.Generator) -> str:
    a, b, c = (random_name(chooser, int(chooser.integers(2, 9))) for _ in range(3))
    return piece.format(a=a, b=b, c=c, n=int(chooser.integers(1, 99)))


def _any(choices: Sequence[str], chooser: np.random.Generator) -> str:
    return choices[int(chooser.integers(len(choices)))]
