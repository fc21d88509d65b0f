"""Print what a build came to, and what the checks found."""

from rich.table import Table
from rich.text import Text

from expectations.results import Verdict
from expectations.tables import TABLES
from flows.console import out, show_json
from flows.shown import BuildFacts, build_facts, checks_of
from flows.talk import Talk
from flows.views.terminal_text import isolated_text
from tasks.reading.confinement import is_address
from tasks.releases.at_address.opening import released_at
from tasks.releases.releases import read_release
from tasks.stores import built_store

_REASONS_SHOWN = 4


def show_verdict(verdict: Verdict) -> None:
    """Print how many expectations were met, and those that were not, with failing rows."""
    met = sum(result.passed for result in verdict.results)
    style = "green" if verdict.passed else "red"
    out.print(f"checks: {met} of {len(verdict.results)} expectations met", style=style)
    for result in (*verdict.failures, *verdict.warnings):
        style = "bold red" if result.stops else "bold yellow"
        warning = "" if result.stops else ", accepted" if result.accepted else ", a warning"
        out.print(Text(f"  {result.table}: {result.expectation}{warning}", style=style))
        if result.error is not None:
            out.print(Text(f"    could not run, an error of ours: {result.error}"))
            continue
        out.print(Text(f"    {result.reason}"))
        out.print(Text(f"    {result.unexpected_count} of {result.checked_count} rows:"))
        for example in result.examples:
            out.print(Text(f"      {example}"))


def show_not_published(verdict: Verdict, sentence: str) -> None:
    """Print why nothing was published: the checks that failed first, then rows that show it."""
    if Talk.as_json:
        show_json({"status": "not published", "checks": checks_of(verdict).model_dump()})
        return
    out.print(isolated_text(sentence), style="bold red", soft_wrap=True)
    show_verdict(verdict)
    out.print("[bold red]Not published.[/] The last good release stays in place.")


def show_outcome(folder: str, status: str, release_id: str, seconds: float) -> None:
    """Print what a build came to, in six lines: what, what not, checks, and where to look."""
    store = built_store(folder)
    release = read_release(store, release_id if status == "withdrawn" else None)
    facts = build_facts(store, release, status, seconds)
    if is_address(folder):
        place = released_at(folder, release.release_id)
        there = {"report": f"{place}/report.html", "tables": f"{place}/<table>/*.parquet"}
        facts = facts.model_copy(update=there)
    if Talk.as_json:
        show_json(facts)
        return
    if Talk.quiet:
        return
    if Talk.verbose:
        table = Table("table", "rows", box=None, pad_edge=False)
        for name in TABLES:
            table.add_row(name, f"{facts.rows[name]:,}")
        out.print(table)
        show_verdict(release.verdict)
    for line in _lines(facts):
        out.print(line, soft_wrap=True)


def _lines(facts: BuildFacts) -> list[Text]:
    rows, checks = facts.rows, facts.checks
    warned = f"; warnings: {', '.join(checks.warnings)}" if checks.warnings else ""
    return [
        Text(f"{_sentence(facts)} ({facts.seconds:,.1f} s)", style="bold"),
        Text(
            f"documents: {rows['documents']:,} of {rows['ledger']:,} records, {rows['entities']:,} "
            f"entities, {rows['stories']:,} stories; rejected: {_rejected(facts)}"
        ),
        Text(
            f"checks: {checks.met} of {checks.total} expectations met{warned}",
            style="yellow" if checks.warnings else "green",
        ),
        Text(f"content: {facts.content}"),
        Text(f"report: {facts.report}"),
        Text(f"tables: {facts.tables}"),
    ]


def _sentence(facts: BuildFacts) -> str:
    name = facts.release
    return {
        "published": f"Published release {name}.",
        "restored": f"Release {name} is the latest again: the source gives its content.",
        "unchanged": f"Unchanged: the source gives release {name}, which is published.",
        "mended": "Mended: files of the store were lost or damaged, and were made again. Release "
        f"{name} is what it was.",
        "withdrawn": f"Release {name} was rolled back and stays away; publish it again with "
        f"`babelmill rollback {name}`.",
    }[facts.status]


def _rejected(facts: BuildFacts) -> str:
    if not facts.rejects:
        return "none"
    shown = [f"{one.records:,} {one.reason}" for one in facts.rejects[:_REASONS_SHOWN]]
    left = sum(one.records for one in facts.rejects[_REASONS_SHOWN:])
    return ", ".join([*shown, *([f"{left:,} for other reasons"] if left else [])])
