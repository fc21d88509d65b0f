"""Run the flow that collects what is new from a list of feeds, sitemaps and pages."""

from typing import cast

from prefect import flow
from pydantic import BaseModel

from flows.lost_server import told
from flows.outcomes import conclude, failed_state, run_name
from flows.runners import log_to_run
from flows.summaries import show_collected
from tasks.reading.collect.collect import PAGES, Collected
from tasks.reading.collect.collect import collect as collect_sources
from tasks.reading.collect.source_list import read_source_list
from tasks.reading.confinement import refuse_outside
from tasks.writing.counts import counted


class Collection(BaseModel):
    """What a run collected; see `tasks.reading.collect.collect.Collected`."""

    counts: dict[str, int]
    troubles: list[dict[str, str]]
    requests: int
    left: int
    files: list[str]


@flow(name="collect", flow_run_name=run_name, persist_result=False)
def collect(sources: str, into: str = "collected", contact: str = "") -> Collection:
    """Fetch what is new, politely, and append it to the WARC file of the day.

    Args:
        sources: A TOML or OPML file that lists feeds, sitemaps, sites and pages.
        into: The folder that pages are kept in, below `pages`: the source of a build.
        contact: An e-mail or web address that sites are told; empty: the list's.

    Raises:
        BadSourceList: The list cannot be used.
        BeingCollected: Another run collects into the folder.
        NotAllowed: List or folder may not be used (`tasks.reading.confinement`).
    """
    try:
        with told() as tell:
            result = collected(sources, into, contact)
            tell(result)
    except Exception as error:
        return cast(Collection, failed_state(error))
    conclude(sentence_of_collection(result))
    return result


def collected(sources: str, into: str, contact: str) -> Collection:
    """Collect, and show what came of it as an artifact of the run; raises as `collect`."""
    refuse_outside(sources, "list of sources")
    found = collect_sources(read_source_list(sources, contact), into, log_to_run)
    show_collected(found)
    return _collection(found)


def _collection(found: Collected) -> Collection:
    return Collection(
        counts=found.in_order(),
        troubles=[vars(told) for told in found.troubles],
        requests=found.requests,
        left=found.left,
        files=found.files,
    )


def sentence_of_collection(collection: Collection) -> str:
    """Return what came of a run in a line."""
    counts = collection.counts
    said = [counted(counts.get("new", 0), "new page"), f"{counts.get('changed', 0):,} changed"]
    troubles = len(collection.troubles)
    said += [f"{troubles:,} not fetched"] if troubles else []
    said += [f"{collection.left:,} left"] if collection.left else []
    return f"{', '.join(said)} ({counted(collection.requests, 'request')})"


def pages_folder(into: str) -> str:
    """Return the source of a build of what is collected into a folder."""
    return f"{into.rstrip('/')}/{PAGES}"
