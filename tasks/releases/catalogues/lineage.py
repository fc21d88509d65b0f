"""Tell where the tables of a release come from, as events of OpenLineage.

They are made of the release's record, afterwards: the run that built it, and a run of each step
that made a public table, with inputs, outputs, schemas, rows and what was checked. The same record
gives the same events. A build does not wait for whoever listens.
"""

import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.schema import arrow_type
from expectations.tables import TABLES
from tasks.releases.catalogues import CatalogueMissing
from tasks.releases.releases import Release, shown_tables
from tasks.steps.store import Store, TableVersion

if TYPE_CHECKING:
    from openlineage.client.event_v2 import InputDataset, OutputDataset, RunEvent

_NAMESPACE = "babelmill"
_BUILD, _CHECK = "build", "check"
#: What sends the events, as OpenLineage asks; nothing is looked up there.
_PRODUCER = "urn:babelmill"
#: Names of runs are derived in it, so that the same release has the same runs.
_RUNS = uuid.UUID("6f1d0c2e-52f4-5b7e-9f0a-0d1a4e7b9c33")


def write_lineage(store: Store, release: Release, file: Path) -> int:
    """Add the events of a release to a file, one a line; return how many.

    Raises:
        CatalogueMissing: The extra `catalogues` is not installed.
    """
    try:
        from openlineage.client.serde import Serde  # noqa: PLC0415 - an extra
    except ImportError as missing:
        raise CatalogueMissing(
            f"{missing.name} is not installed: pip install 'babelmill[catalogues]'"
        ) from missing
    lines = [Serde.to_json(event) + "\n" for event in events_of(store, release)]
    with file.open("a", encoding="utf-8", newline="\n") as stream:
        stream.writelines(lines)
    return len(lines)


def events_of(store: Store, release: Release) -> "Iterator[RunEvent]":
    """Yield the events of a release: the build begins, each step begins and ends, it ends."""
    tables = [release.tables[name] for name in shown_tables(release)]
    source = [_source(release)]
    outputs = [_output(store, table) for table in tables]
    yield _event("START", release, _BUILD, source, [])
    for step in dict.fromkeys(table.step for table in tables):
        made = [table for table in tables if table.step == step]
        read = {name for table in made for name in table.inputs}
        inputs = [_input(store, table) for table in tables if table.table in read]
        written = [_output(store, table) for table in made]
        yield _event("START", release, step, inputs or source, [])
        yield _event("COMPLETE", release, step, inputs or source, written)
    checked = [_checked(store, table, release) for table in tables]
    yield _event("START", release, _CHECK, checked, [])
    yield _event("COMPLETE", release, _CHECK, checked, [])
    yield _event("COMPLETE", release, _BUILD, source, outputs)


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

    protocol, separator, rest = release.source.partition("://")
    if not separator:
        return InputDataset(namespace="file", name=release.source)
    bucket, _, name = rest.partition("/")
    return InputDataset(namespace=f"{protocol}://{bucket}", name=name or "/")


def _facets(table: TableVersion) -> dict[str, Any]:
    from openlineage.client.generated import (  # noqa: PLC0415
        dataset_version_dataset,
        schema_dataset,
    )

    fields = [
        schema_dataset.SchemaDatasetFacetFields(
            name=column.name, type=str(arrow_type(column.type)), description=column.meaning
        )
        for column in TABLES[table.table].columns
    ]
    return {
        "schema": schema_dataset.SchemaDatasetFacet(fields=fields, producer=_PRODUCER),
        "version": dataset_version_dataset.DatasetVersionDatasetFacet(
            datasetVersion=table.version, producer=_PRODUCER
        ),
    }


def _name(store: Store, table: TableVersion) -> str:
    return str(store.folder(table).absolute().parent)


def _input(store: Store, table: TableVersion) -> "InputDataset":
    from openlineage.client.event_v2 import InputDataset  # noqa: PLC0415

    return InputDataset(namespace="file", name=_name(store, table), facets=_facets(table))


def _checked(store: Store, table: TableVersion, release: Release) -> "InputDataset":
    from openlineage.client.event_v2 import InputDataset  # noqa: PLC0415
    from openlineage.client.generated import data_quality_assertions_dataset  # noqa: PLC0415

    assertions = [
        data_quality_assertions_dataset.Assertion(
            assertion=result.expectation, success=result.passed
        )
        for result in release.verdict.results
        if result.table == table.table
    ]
    facet = data_quality_assertions_dataset.DataQualityAssertionsDatasetFacet(
        assertions=assertions, producer=_PRODUCER
    )
    return InputDataset(
        namespace="file",
        name=_name(store, table),
        facets=_facets(table),
        inputFacets={"dataQualityAssertions": facet},
    )


def _output(store: Store, table: TableVersion) -> "OutputDataset":
    from openlineage.client.event_v2 import OutputDataset  # noqa: PLC0415
    from openlineage.client.generated import output_statistics_output_dataset  # noqa: PLC0415

    statistics = output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(
        rowCount=table.rows,
        size=sum(file.size_bytes for file in table.files),
        fileCount=len(table.files),
        producer=_PRODUCER,
    )
    return OutputDataset(
        namespace="file",
        name=_name(store, table),
        facets=_facets(table),
        outputFacets={"outputStatistics": statistics},
    )
