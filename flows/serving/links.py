"""Have the server of `babelmill serve` show the release that a run has published."""

import os
from pathlib import Path
from urllib.parse import quote

#: Where the server shows releases, and the folder in PREFECT_HOME that they are linked into.
PLACE = "/releases"
FOLDER = "releases"
#: Set by `babelmill serve` for its server and its runs.
HOME = "BABELMILL_SERVED_HOME"


def link_release(folder: Path) -> str | None:
    """Have the server show the folder of a release; its address there, without the server's.

    None if no server of `babelmill serve` started this process.
    """
    home = os.environ.get(HOME)
    if home is None:
        return None
    links = Path(home, FOLDER)
    links.mkdir(parents=True, exist_ok=True)
    link = links / folder.name
    unfinished = link.with_name(f".unfinished-{link.name}")
    unfinished.unlink(missing_ok=True)
    unfinished.symlink_to(folder.resolve())
    unfinished.replace(link)
    return f"{PLACE}/{quote(folder.name)}/"
