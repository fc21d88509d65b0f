"""Lay out the explanation of an entity for a terminal: its names by script, and why each."""

from itertools import groupby

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from flows.views.terminal_text import isolated_text, shown_text
from tasks.releases.explain import Row
from tasks.writing.counts import counted

_NAME_CELLS = 40


def render_entity(entity: Row) -> RenderableType:
    """Return the entity: what it is, its names by script with the reasons, its documents."""
    headline = Text(isolated_text(entity["canonical_name"]), style="bold")
    headline.append(f"  {entity['label']}  {isolated_text(entity['entity_id'])}", style="default")
    mentions, documents = entity["mention_count"], entity["document_count"]
    counts = f"{counted(mentions, 'mention')} in {counted(documents, 'document')}"
    sure = f"least sure join: {entity['evidence']} {entity['score']:.2f}"
    link = f", Wikidata {entity['wikidata_id']}" if entity["wikidata_id"] else ""
    if entity["wikidata_candidates"]:
        link = f", maybe Wikidata {', '.join(entity['wikidata_candidates'])}"
    by_script = sorted(entity["names"], key=lambda name: name["script"])
    scripts = [
        _script(script, list(names)) for script, names in groupby(by_script, lambda n: n["script"])
    ]
    uris = Text("\n".join(isolated_text(uri) for uri in entity["source_uris"]))
    return Group(
        headline,
        Text(f"{counts}, {sure}{link}"),
        *scripts,
        _title("Documents"),
        Padding(uris, (0, 0, 0, 2), expand=False),
    )


def _title(words: str) -> Text:
    return Text(f"\n{words}", style="bold cyan")


def _script(script: str, names: list[Row]) -> RenderableType:
    lines = [_name(name) for name in names]
    return Group(_title(script), *(Padding(line, (0, 0, 0, 2), expand=False) for line in lines))


def _name(name: Row) -> Text:
    line = Text(shown_text(name["name"], _NAME_CELLS))
    line.append(f"  {name['language']} ×{name['count']:,}  ", style="dim")
    line.append(f"{name['evidence']} {name['score']:.2f}")
    if name["joined_to"] is not None:
        line.append(f" → {shown_text(name['joined_to'], _NAME_CELLS)}")
    return line
