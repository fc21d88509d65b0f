"""Say what whoever builds a release may accept once, although a check is against it.

A name stands for an expectation that compares with the last release, or for the source itself:
a store in which another source was built before is mostly named by mistake.
"""

from collections.abc import Collection

import polars as pl

from tasks.reading.places import places_of, shown
from tasks.releases.check import suites_of
from tasks.settings import CheckSettings

SOURCE = "source"
#: Share of a source's records that are there again if it was moved: a judgement, since a copy has
#: all of them and another source next to none.
_SAME_SOURCE = 0.5


class UnknownAcceptance(ValueError):
    """There is no check of this name that can be accepted."""


class OtherSource(ValueError):
    """The store's last release was made of another source."""


def acceptable_names() -> list[str]:
    """Return what can be accepted, in the order of the checks."""
    suites = suites_of(CheckSettings())
    names = [e.accepted_as for suite in suites for e in suite.expectations if e.accepted_as]
    return [SOURCE, *names]


def refuse_unknown_names(accept: Collection[str]) -> None:
    """Make sure that everything that is to be accepted can be.

    Raises:
        UnknownAcceptance: Something cannot; the message names what can.
    """
    known = acceptable_names()
    unknown = [name for name in accept if name not in known]
    if unknown:
        raise UnknownAcceptance(
            f"--accept {', '.join(unknown)}: no such check; allowed are {', '.join(known)}"
        )


def refuse_other_source(
    source: str,
    records: pl.LazyFrame,
    last: str,
    last_records: pl.LazyFrame,
    accept: Collection[str],
) -> None:
    """Refuse to replace a release of one source by one of another, unless that is accepted.

    A source that was moved, or joined by others, still has the records that it had.

    Args:
        source: What the new release is made of.
        records: `doc_id` of its records.
        last: What the last release was made of.
        last_records: `doc_id` of its records.
        accept: What is accepted.

    Raises:
        OtherSource: It stands elsewhere and has other records.
    """
    if set(places_of(last)) <= set(places_of(source)) or SOURCE in accept:
        return
    counts = [
        last_records.join(records, on="doc_id", how="semi").select(pl.len()),
        last_records.select(pl.len()),
    ]
    again, before = (frame.item() for frame in pl.collect_all(counts))
    share = again / max(before, 1)
    if before and share < _SAME_SOURCE:
        raise OtherSource(
            f"not published: the last release of this store was made of {shown(last)}, this "
            f"one of {shown(source)}, which has {share:.0%} of its records; name another "
            f"store with --store, or publish once with `--accept {SOURCE}`"
        )
