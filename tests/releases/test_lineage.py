"""Events of OpenLineage: as its schemas have them, by file or HTTP, with the columns that are read."""

import json
import threading
import types
import typing
import uuid
from collections.abc import Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from flows.cli import app
from tasks.build import build
from tasks.pipeline import PIPELINE
from tasks.reading.confinement import ROOTS, NotAllowed
from tasks.reading.remote import Unreachable
from tasks.releases.catalogues import UnusableCatalogue
from tasks.releases.catalogues.lineage import write_lineage
from tasks.releases.releases import read_release
from tasks.settings import Settings
from tasks.steps.store import Store
from tests.making.hostile_expectation import story
from tests.making.pipeline import PlainRunner
from tests.making.small_releases import PLAIN

attr = pytest.importorskip("attr", reason="needs the extra `catalogues`")
pytest.importorskip("openlineage.client", reason="needs the extra `catalogues`")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("lineage")
    (folder / "source").mkdir()
    lines = [json.dumps({"text": story(number)}) for number in range(3)]
    (folder / "source" / "feed.jsonl").write_text("\n".join(lines), "utf-8")
    settings = Settings.model_validate(PLAIN)
    build(str(folder / "source"), folder / "store", settings, PlainRunner())
    return Store(folder / "store")


@pytest.fixture(scope="module")
def events(store: Store, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    file = tmp_path_factory.mktemp("events") / "lineage.jsonl"
    write_lineage(store, read_release(store), str(file))
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def _facets(event: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for holder in (event["run"], event["job"], *event["inputs"], *event["outputs"]):
        for kind in ("facets", "inputFacets", "outputFacets"):
            yield from holder.get(kind, {}).values()


def _generated() -> dict[str, type]:
    """Return the classes that OpenLineage generates from its schemas, by the address of each."""
    from openlineage.client import generated

    found: dict[str, type] = {}
    folder = Path(str(generated.__path__[0]))
    for path in folder.glob("[a-z]*.py"):
        module = __import__(f"openlineage.client.generated.{path.stem}", fromlist=["_"])
        for kind in vars(module).values():
            if (
                attr.has(kind)
                and kind.__module__ == module.__name__
                and hasattr(kind, "_get_schema")
            ):
                found[kind._get_schema()] = kind
    return found


def _misfits(value: Any, kind: Any, at: str) -> Iterator[str]:
    """Yield where a JSON value is not what the type that a schema was turned into says."""
    if attr.has(kind):
        hints = typing.get_type_hints(kind)
        fields = {field.name.lstrip("_"): field for field in attr.fields(kind)}
        given = {name.lstrip("_"): each for name, each in value.items() if each is not None}
        if unknown := given.keys() - fields.keys() - {"producer", "schemaURL", "deleted"}:
            yield f"{at}: {sorted(unknown)} are no fields of {kind.__name__}"
        for name, field in fields.items():
            if name in given:
                yield from _misfits(given[name], hints[field.name], f"{at}.{name}")
            elif field.default is attr.NOTHING and field.init:
                yield f"{at}: {name} is missing"
        return
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in {typing.Union, types.UnionType}:
        if not any(not list(_misfits(value, each, at)) for each in arguments):
            yield f"{at}: {value!r} is not {kind}"
    elif origin is list:
        for place, each in enumerate(value):
            yield from _misfits(each, arguments[0], f"{at}[{place}]")
    elif origin is dict:
        for name, each in value.items():
            yield from _misfits(each, arguments[1], f"{at}[{name}]")
    elif kind is not Any and not isinstance(value, kind):
        yield f"{at}: {value!r} is not {kind}"


def test_every_facet_is_as_the_schema_that_it_names_has_it(events: list[dict[str, Any]]) -> None:
    generated, seen = _generated(), set()
    for event in events:
        uuid.UUID(event["run"]["runId"])
        assert datetime.fromisoformat(event["eventTime"]).tzinfo is not None
        assert event["schemaURL"].startswith("https://openlineage.io/spec/")
        assert event["producer"]
        for facet in _facets(event):
            kind = generated[facet["_schemaURL"]]
            assert list(_misfits(facet, kind, kind.__name__)) == []
            assert facet["_producer"]
            seen.add(kind.__name__)
    assert seen == {
        "ColumnLineageDatasetFacet", "DataQualityAssertionsDatasetFacet",
        "DatasetVersionDatasetFacet", "OutputStatisticsOutputDatasetFacet", "ParentRunFacet",
        "ProcessingEngineRunFacet", "SchemaDatasetFacet",
    }  # fmt: skip


def test_a_facet_that_is_not_as_its_schema_is_seen(events: list[dict[str, Any]]) -> None:
    [assertions] = [
        facet
        for facet in _facets(next(event for event in events if event["job"]["name"] == "check"))
        if "assertions" in facet and facet["assertions"][0]["severity"]
    ][:1]
    kind = _generated()[assertions["_schemaURL"]]
    first = assertions["assertions"][0]
    for wrong in ({**first, "success": "yes"}, {**first, "passed": True}, {"success": True}):
        assert list(_misfits({**assertions, "assertions": [wrong]}, kind, "facet"))


def _columns(event: dict[str, Any], table: str) -> dict[str, Any]:
    [output] = [o for o in event["outputs"] if o["name"].endswith(f"/{table}")]
    return dict(output["facets"]["columnLineage"])


def test_each_step_tells_which_columns_it_read_and_took_over(events: list[dict[str, Any]]) -> None:
    ended = {e["job"]["name"]: e for e in events if e["eventType"] == "COMPLETE"}
    assert ended.keys() == {"build", "check", "ingest", *(step.name for step in PIPELINE)}
    for step in PIPELINE:
        seen = {(table.name, column) for table in step.reads for column in table.column_names}
        for output in ended[step.name]["outputs"]:
            told = output["facets"]["columnLineage"]["dataset"]
            assert {(Path(each["name"]).name, each["field"]) for each in told} == seen
    mentions = _columns(ended["assemble_documents"], "mentions")["fields"]
    [model] = mentions["model"]["inputFields"]
    assert (Path(model["name"]).name, model["field"]) == ("found_mentions", "model")
    assert "columnLineage" not in ended["ingest"]["outputs"][0]["facets"]


class _Service(HTTPServer):
    """Takes events as a service of OpenLineage does, or refuses them."""

    def __init__(self, status: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = status
        self.taken: list[tuple[str, str | None, dict[str, Any]]] = []


class _Handler(BaseHTTPRequestHandler):
    server: _Service

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((self.path, self.headers["Authorization"], json.loads(content)))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def service(request: pytest.FixtureRequest) -> Iterator[_Service]:
    server = _Service(getattr(request, "param", 201))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def _address(service: _Service) -> str:
    return f"http://127.0.0.1:{service.server_address[1]}"


def test_events_are_sent_to_a_service_with_the_key_of_the_environment(
    service: _Service,
    store: Store,
    events: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENLINEAGE_API_KEY", "key-of-the-test")
    said = CliRunner().invoke(
        app, ["register", "--openlineage", _address(service), "--store", str(store.root)]
    )
    assert said.exit_code == 0, said.output
    assert f"{len(events)} events to http://127.0.0.1" in said.output
    assert [event for _, _, event in service.taken] == events
    assert {(path, key) for path, key, _ in service.taken} == {
        ("/api/v1/lineage", "Bearer key-of-the-test")
    }


@pytest.mark.parametrize("service", [400], indirect=True)
def test_a_service_that_takes_no_events_is_told_in_a_sentence(
    service: _Service, store: Store
) -> None:
    with pytest.raises(Unreachable, match="did not take the events: HTTPError"):
        write_lineage(store, read_release(store), _address(service))


def test_addresses_that_cannot_be_sent_to_are_refused(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = read_release(store)
    for address in ("ftp://host/x", "https://name:secret@host/x"):
        with pytest.raises(UnusableCatalogue, match="OPENLINEAGE_API_KEY") as told:
            write_lineage(store, release, address)
        assert "secret" not in str(told.value)
    monkeypatch.setenv(ROOTS, str(store.root.parent))
    arguments = ["register", "--openlineage", "https://host", "--store", str(store.root)]
    assert isinstance(CliRunner().invoke(app, arguments).exception, NotAllowed)
