"""Import what the server needs from which processes are forked that will be killed.

It loads the models but makes no table: Polars' threads do not survive a fork.
"""

from pathlib import Path

from expectations.tables import TABLES
from tasks import build as building
from tasks.mentions.backends import load, model_for
from tasks.releases.releases import read_release
from tasks.settings import EntitySettings, Settings
from tasks.steps.store import Store
from tests.making.pipeline import PlainRunner

for _language in ("ru", "fr"):
    _model = model_for(_language, EntitySettings())
    if _model is not None:
        load(_model)


def build(source: Path, folder: Path) -> dict[str, list[str]]:
    """Build, check and publish; the hashes of the files of each published table."""
    building.build(str(source), folder, Settings(), PlainRunner())
    tables = read_release(Store(folder)).tables
    return {name: [file.sha256 for file in tables[name].files] for name in TABLES}
