"""Tell where the tables of a release come from, as events of OpenLineage.

They are made of the release's record and those of the tables that it was made of, afterwards: the
run that built it, and a run of each step, with inputs, outputs, schemas, rows, the columns that a
step read, and what was checked. The same records give the same events. A build does not wait for
whoever listens.
"""

import os
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from expectations.results import ExpectationResult
from expectations.schema import arrow_type
from expectations.working_tables import ALL_TABLES
from tasks.pipeline import PIPELINE
from tasks.reading.confinement import is_address
from tasks.reading.remote import Unreachable
from tasks.releases.catalogues import CatalogueMissing, UnusableCatalogue
from tasks.releases.releases import Release, shown_tables
from tasks.steps.store import Store, TableVersion

if TYPE_CHECKING:
    from openlineage.client.event_v2 import InputDataset, OutputDataset, RunEvent

_NAMESPACE = "babelmill"
_BUILD, _CHECK = "build", "check"
#: What sends the events, as OpenLineage asks; nothing is looked up there.
_PRODUCER = "urn:babelmill"
#: What a service that asks for a key is given, as OpenLineage's own client names it.
API_KEY = "OPENLINEAGE_API_KEY"
#: Names of runs are derived in it, so that the same release has the same runs.
_RUNS = uuid.UUID("6f1d0c2e-52f4-5b7e-9f0a-0d1a4e7b9c33")


def write_lineage(store: Store, release: Release, place: str, address: str | None = None) -> int:
    """Add the events of a release to a file, one a line, or send them; return how many.

    Args:
        store: Where the release and what it was made of are told.
        release: Its record.
        place: A file, or the address of a service (`https://…`) that speaks OpenLineage.
        address: Where readers find the store (`s3://…`), of which this is a mirror; None: here.

    Raises:
        CatalogueMissing: The extra `catalogues` is not installed.
        UnusableCatalogue: The address is of another protocol, or holds credentials.
        Unreachable: The service does not answer, or does not take the events.
    """
    try:
        from openlineage.client.serde import Serde  # noqa: PLC0415 - an extra
    except ImportError as missing:
        raise CatalogueMissing(
            f"{missing.name} is not installed: pip install 'babelmill[catalogues]'"
        ) from missing
    events = list(events_of(store, release, address or str(store.root.absolute())))
    if is_address(place):
        _send(events, place)
        return len(events)
    with Path(place).open("a", encoding="utf-8", newline="\n") as stream:
        stream.writelines(f"{Serde.to_json(event)}\n" for event in events)
    return len(events)


def _send(events: "Sequence[RunEvent]", address: str) -> None:
    """Send events with OpenLineage's own transport, which tries again where that may help."""
    from openlineage.client.transport.http import (  # noqa: PLC0415 - an extra
        ApiKeyTokenProvider,
        HttpConfig,
        HttpTransport,
    )
    from requests import RequestException  # noqa: PLC0415 - comes with it

    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or parts.username or parts.password:
        raise UnusableCatalogue(
            "--openlineage names a file, or http://… or https://… without a name and a password; "
            f"a key is taken from {API_KEY}"
        )
    config = HttpConfig(url=address)
    if key := os.environ.get(API_KEY):
        config.auth = ApiKeyTokenProvider({"apiKey": key})
    transport = HttpTransport(config)
    try:
        for event in events:
            transport.emit(event)
    except RequestException as error:
        raise Unreachable(f"{address} did not take the events: {type(error).__name__}") from error
    finally:
        transport.close()


def events_of(store: Store, release: Release, root: str) -> "Iterator[RunEvent]":
    """Yield the events of a release: the build begins, each step begins and ends, it ends.

    The tables stand at `root`, a whole path or an address.
    """
    tables = [release.tables[name] for name in shown_tables(release)]
    source = [_source(release)]
    outputs = [_output(root, table, {}) for table in tables]
    yield _event("START", release, _BUILD, source, [])
    known = _made_of(store, tables)
    for step in dict.fromkeys(table.step for table in known.values()):
        made = [table for table in known.values() if table.step == step]
        read = {name: known[name] for table in made for name in table.inputs if name in known}
        inputs = [_input(root, table) for table in read.values()]
        written = [_output(root, table, read) for table in made]
        yield _event("START", release, step, inputs or source, [])
        yield _event("COMPLETE", release, step, inputs or source, written)
    checked = [_checked(root, table, release) for table in tables]
    yield _event("START", release, _CHECK, checked, [])
    yield _event("COMPLETE", release, _CHECK, checked, [])
    yield _event("COMPLETE", release, _BUILD, source, outputs)


def _made_of(store: Store, tables: Sequence[TableVersion]) -> dict[str, TableVersion]:
    """Return tables and, as far as the store knows, those that they were made of, in order."""
    known = {table.table: table for table in tables}
    waiting = list(tables)
    while waiting:
        for name, version in waiting.pop().inputs.items():
            found = None if name in known else store.manifest(name, version)
            if found is not None:
                known[name] = found
                waiting.append(found)
    order = {name: place for place, name in enumerate(("ingest", *(s.name for s in PIPELINE)))}
    names = sorted(known, key=lambda name: (order.get(known[name].step, len(order)), name))
    return {name: known[name] for name in names}


def _event(
    kind: str,
    release: Release,
    job: str,
    inputs: "Sequence[InputDataset]",
    outputs: "Sequence[OutputDataset]",
) -> "RunEvent":
    from openlineage.client.event_v2 import Job, Run, RunEvent, RunState  # noqa: PLC0415
    from openlineage.client.generated import parent_run, processing_engine_run  # noqa: PLC0415

    facets: dict[str, Any] = {
        "processing_engine": processing_engine_run.ProcessingEngineRunFacet(
            version=release.environment.get("babelmill", "unknown"),
            name="Babelmill",
            producer=_PRODUCER,
        )
    }
    if job != _BUILD:
        facets["parent"] = parent_run.ParentRunFacet(
            run=parent_run.Run(runId=_run_id(release, _BUILD)),
            job=parent_run.Job(namespace=_NAMESPACE, name=_BUILD),
            producer=_PRODUCER,
        )
    return RunEvent(
        eventTime=release.created_at,
        eventType=RunState[kind],
        run=Run(runId=_run_id(release, job), facets=facets),
        job=Job(namespace=_NAMESPACE, name=job),
        inputs=list(inputs),
        outputs=list(outputs),
        producer=_PRODUCER,
    )


def _run_id(release: Release, job: str) -> str:
    return str(uuid.uuid5(_RUNS, f"{release.release_id} {release.created_at} {job}"))


def _source(release: Release) -> "InputDataset":
    from openlineage.client.event_v2 import InputDataset  # noqa: PLC0415

    return InputDataset(**_named(release.source))


def _named(place: str) -> dict[str, Any]:
    """Return the namespace and the name of a path or an address, as OpenLineage has them."""
    protocol, separator, rest = place.partition("://")
    if not separator:
        return {"namespace": "file", "name": place}
    bucket, _, name = rest.partition("/")
    return {"namespace": f"{protocol}://{bucket}", "name": name or "/"}


def _table(root: str, table: TableVersion) -> dict[str, Any]:
    return _named(f"{root}/tables/{table.table}")


def _facets(table: TableVersion) -> dict[str, Any]:
    from openlineage.client.generated import (  # noqa: PLC0415
        dataset_version_dataset,
        schema_dataset,
    )

    fields = [
        schema_dataset.SchemaDatasetFacetFields(
            name=column.name, type=str(arrow_type(column.type)), description=column.meaning
        )
        for column in ALL_TABLES[table.table].columns
    ]
    return {
        "schema": schema_dataset.SchemaDatasetFacet(fields=fields, producer=_PRODUCER),
        "version": dataset_version_dataset.DatasetVersionDatasetFacet(
            datasetVersion=table.version, producer=_PRODUCER
        ),
    }


def _input(root: str, table: TableVersion) -> "InputDataset":
    from openlineage.client.event_v2 import InputDataset  # noqa: PLC0415

    return InputDataset(**_table(root, table), facets=_facets(table))


def _checked(root: str, table: TableVersion, release: Release) -> "InputDataset":
    from openlineage.client.event_v2 import InputDataset  # noqa: PLC0415
    from openlineage.client.generated import data_quality_assertions_dataset  # noqa: PLC0415

    assertions = [
        data_quality_assertions_dataset.Assertion(**_assertion(result))
        for result in release.verdict.results
        if result.table == table.table and result.not_applicable is None
    ]
    facet = data_quality_assertions_dataset.DataQualityAssertionsDatasetFacet(
        assertions=assertions, producer=_PRODUCER
    )
    return InputDataset(
        **_table(root, table),
        facets=_facets(table),
        inputFacets={"dataQualityAssertions": facet},
    )


def _assertion(result: ExpectationResult) -> dict[str, Any]:
    return {
        "assertion": result.expectation,
        "success": result.passed and result.error is None,
        "severity": "warn" if result.warns else "error",
        "description": result.reason,
        "expected": f"{result.tolerated_rows} rows or {result.tolerated_share:.3%} at most",
        "actual": f"{result.unexpected_count} of {result.checked_count}",
    }


def _column_lineage(
    root: str, table: TableVersion, read: dict[str, TableVersion]
) -> dict[str, Any]:
    """Return the facet of a table's columns; none for what an unknown step made.

    A stage declares which columns it sees, and is given no others: all of them may bear on every
    column. One that stands in what was read with the same name and meaning comes from there.
    """
    from openlineage.client.generated import column_lineage_dataset as lineage  # noqa: PLC0415

    step = next((step for step in PIPELINE if step.name == table.step), None)
    seen = {} if step is None else {found.name: found for found in step.reads if found.name in read}
    if not seen:
        return {}

    def field(name: str, column: str, kind: str) -> lineage.InputField:
        return lineage.InputField(
            **_table(root, read[name]),
            field=column,
            transformations=[lineage.Transformation(type=kind)],
        )

    fields = {
        column.name: lineage.Fields(
            [
                field(name, column.name, "DIRECT")
                for name, of in seen.items()
                if column in of.columns
            ]
        )
        for column in ALL_TABLES[table.table].columns
    }
    bearing = [field(name, one, "INDIRECT") for name, of in seen.items() for one in of.column_names]
    told = {name: found for name, found in fields.items() if found.inputFields}
    facet = lineage.ColumnLineageDatasetFacet(fields=told, dataset=bearing, producer=_PRODUCER)
    return {"columnLineage": facet}


def _output(root: str, table: TableVersion, read: dict[str, TableVersion]) -> "OutputDataset":
    from openlineage.client.event_v2 import OutputDataset  # noqa: PLC0415
    from openlineage.client.generated import output_statistics_output_dataset  # noqa: PLC0415

    statistics = output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(
        rowCount=table.rows,
        size=sum(file.size_bytes for file in table.files),
        fileCount=len(table.files),
        producer=_PRODUCER,
    )
    return OutputDataset(
        **_table(root, table),
        facets=_facets(table) | _column_lineage(root, table, read),
        outputFacets={"outputStatistics": statistics},
    )
