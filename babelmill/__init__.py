"""Open the releases that Babelmill published, from Python.

>>> from babelmill import open_release
>>> release = open_release("data")
>>> release.documents.filter(language="ar").collect()
"""

from babelmill.release import NoRelease, NoTable, OpenRelease, open_release

__all__ = ["NoRelease", "NoTable", "OpenRelease", "open_release"]
