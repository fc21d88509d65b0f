"""A release at an address is proved and registered there, as one in a folder is."""

import json
import os
import re
from pathlib import Path
from typing import Any

import fsspec
import pytest
from typer.testing import CliRunner, Result

from flows.cli import app
from flows.failures import EXIT_DIFFERS, EXIT_USAGE
from tasks.releases.releases import UnknownRelease
from tasks.stores import survey
from tests.making.address_store import built_at, forget_mirrors, objects_at, source_of

pytestmark = pytest.mark.long

PREFIX = "news/store"


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_a_release_at_an_address_is_built_again_and_damage_there_is_named(
    bucket: str, tmp_path: Path, prefect_server: str
) -> None:
    source, address = source_of(tmp_path, 4), f"{bucket}/{PREFIX}"
    release_id = built_at(source, address).release_id
    verified = _run("verify", "--store", address, "--json")
    assert verified.exit_code == 0, verified.output
    facts = json.loads(verified.stdout)
    assert (facts["release_id"], facts["differences"], facts["damaged"]) == (release_id, [], [])
    folder = json.loads(objects_at(address)["latest.json"])["folder"]
    shown = f"{folder}/documents/part-00000.parquet"
    fsspec.filesystem("s3").pipe_file(f"{address}/{shown}", b"x")
    verified = _run("verify", "--store", address)
    assert verified.exit_code == EXIT_DIFFERS
    assert f"damaged in the store: {shown}" in verified.output
    unknown = _run("verify", "nosuch", "--store", address)
    assert isinstance(unknown.exception, UnknownRelease)


def test_a_look_at_an_address_names_what_is_damaged_and_its_remedies_mend_it(
    bucket: str, tmp_path: Path
) -> None:
    source, address = source_of(tmp_path, 4), f"{bucket}/{PREFIX}"
    with pytest.raises(UnknownRelease, match="no release is published in s3://"):
        survey(address)
    built_at(source, address)
    before, system = objects_at(address), fsspec.filesystem("s3")
    assert (survey(address).findings, survey(address).files) == ([], len(before))
    name = json.loads(before["latest.json"])["name"]
    reused = [file["key"] for file in json.loads(before[f"publications/{name}.json"])["files"]]
    lost = [f"releases/{name}/SHA256SUMS", f"releases/{name}/documents/part-00000.parquet"]
    changed = [next(key for key in reused if key.startswith("steps/clean/"))]
    changed += [next(key for key in reused if key.startswith("tables/mentions/"))]
    system.rm([f"{address}/{key}" for key in lost])
    for key in changed:
        system.pipe_file(f"{address}/{key}", b"x" * len(before[key]))
    quick = _run("verify", "--quick", "--store", address)
    assert (quick.exit_code, quick.output.count("delete this object, then build ")) == (4, 2)
    assert all(f"lost: {key} (build " in quick.output for key in lost)
    assert all(f"changed: {key} (delete" in quick.output for key in changed)
    system.rm([f"{address}/{key}" for key in changed])
    built_at(source, address)
    assert objects_at(address) == before
    told = [f"publications/{name}.json", f"releases/{name}.json"]
    system.rm([f"{address}/{key}" for key in told])
    assert [finding.path for finding in survey(address).damage] == told
    built_at(source, address)
    quick = _run("verify", "--quick", "--store", address)
    assert (quick.exit_code, "as they were written" in quick.output) == (0, True)


def test_a_damaged_list_of_what_a_build_reuses_stops_no_build(bucket: str, tmp_path: Path) -> None:
    source, address = source_of(tmp_path, 4), f"{bucket}/{PREFIX}"
    built_at(source, address)
    before = objects_at(address)
    name = f"publications/{json.loads(before['latest.json'])['name']}.json"
    fsspec.filesystem("s3").pipe_file(f"{address}/{name}", b'{"files":')
    forget_mirrors(tmp_path)
    assert built_at(source, address).status in {"unchanged", "mended"}
    assert json.loads(objects_at(address)[name])["files"]


def test_iceberg_reads_a_registered_release_where_it_stands(bucket: str, tmp_path: Path) -> None:
    catalog = pytest.importorskip("pyiceberg.catalog.sql", reason="needs the extra `catalogues`")
    address, folder = f"{bucket}/{PREFIX}", tmp_path / "catalogue"
    first = built_at(source_of(tmp_path, 4), address).release_id
    second = built_at(source_of(tmp_path, 5), address).release_id
    forget_mirrors(tmp_path)
    for release in (first, second):
        done = _run("register", "--iceberg", str(folder), "--release", release, "--store", address)
        assert done.exit_code == 0, done.output
    assert not list(tmp_path.glob("c*/**/*.parquet"))
    options = {"s3.endpoint": os.environ["AWS_ENDPOINT_URL"]}
    opened = catalog.SqlCatalog("babelmill", uri=f"sqlite:///{folder}/catalogue.db", **options)
    table = opened.load_table("babelmill.documents")
    assert table.scan().to_arrow().num_rows == 5
    assert table.scan(snapshot_id=table.refs()[first].snapshot_id).to_arrow().num_rows == 4


def test_lineage_names_the_tables_by_their_address(bucket: str, tmp_path: Path) -> None:
    pytest.importorskip("openlineage", reason="needs the extra `catalogues`")
    address, file = f"{bucket}/{PREFIX}", tmp_path / "lineage.jsonl"
    built_at(source_of(tmp_path, 4), address)
    forget_mirrors(tmp_path)
    assert _run("register", "--openlineage", str(file), "--store", address).exit_code == 0
    events = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert {"ingest", "clean", "compose"} <= {event["job"]["name"] for event in events}
    tables: list[dict[str, Any]] = [table for event in events for table in event["outputs"]]
    assert {table["namespace"] for table in tables} == {bucket}
    assert f"{PREFIX}/tables/documents" in {table["name"] for table in tables}
    assert str(tmp_path) not in json.dumps(tables)


def test_what_needs_a_folder_of_this_machine_says_so(bucket: str, tmp_path: Path) -> None:
    address = f"{bucket}/{PREFIX}"
    for arguments in (
        ("register", "--ducklake", str(tmp_path / "lake"), "--store", address),
        ("register", "--iceberg", address),
        ("export", "--to", address),
        ("entities", "--review", "--out", address),
        ("train", "entities", "--corpus", str(tmp_path), "--out", address),
    ):
        done = _run(*arguments)
        assert done.exit_code == EXIT_USAGE, arguments
        said = re.sub(r"[│\s]+", " ", done.output)
        assert "needs a store in a folder" in said or "is an address" in said
    assert not Path("s3:").exists()
