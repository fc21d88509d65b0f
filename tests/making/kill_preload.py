"""Import what the server needs from which processes are forked that will be killed.

It loads what takes long but makes no table: Polars' threads do not survive a fork. The process that
judges is started once for all: one build at a time asks it, and none is killed while it waits.
"""

from pathlib import Path

from expectations.judge import warm_up
from expectations.tables import TABLES
from tasks import build as building
from tasks.clean.language_identifier import py3langid_guesses
from tasks.mentions.backends import load, model_for
from tasks.pipeline import PIPELINE
from tasks.releases.releases import read_release
from tasks.settings import EntitySettings, Settings
from tasks.steps.step import rule_of
from tasks.steps.store import Store
from tests.making.pipeline import PlainRunner

#: What finds the names changes no file's name.
_SETTINGS = Settings(entities=EntitySettings(model="fast"))

for _language in ("ru", "fr"):
    _model = model_for(_language, _SETTINGS.entities)
    if _model is not None:
        load(_model)
py3langid_guesses(["Zwei Sprachen. Two languages."])
for _step in PIPELINE:
    rule_of(_step, _SETTINGS)
warm_up()


def build(source: Path, folder: Path) -> dict[str, list[str]]:
    """Build, check and publish; the hashes of the files of each published table."""
    building.build(str(source), folder, _SETTINGS, PlainRunner())
    tables = read_release(Store(folder)).tables
    return {name: [file.sha256 for file in tables[name].files] for name in TABLES}
