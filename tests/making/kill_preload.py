"""Import what the server needs from which processes are forked that will be killed.

It loads the models but makes no table: Polars' threads do not survive a fork.
"""

from tasks.mentions.backends import load, model_for
from tasks.settings import EntitySettings
from tests.making import pipeline

for _language in ("ru", "fr"):
    _model = model_for(_language, EntitySettings())
    if _model is not None:
        load(_model)

make_tables = pipeline.make_tables
