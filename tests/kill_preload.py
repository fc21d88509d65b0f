"""What the server imports from which processes are forked that will be killed.

It loads the model but makes no table: Polars' threads do not survive a fork.
"""

from tasks.models.backends import load, model_for
from tasks.settings import EntitySettings
from tests import pipeline

_RUSSIAN = model_for("ru", EntitySettings())
if _RUSSIAN is not None:
    load(_RUSSIAN)

make_tables = pipeline.make_tables
