"""Show the report and the tables of releases that runs published, beside Prefect's UI.

The server shows what runs have linked (`flows.serving.links`), and nothing else. A report is full
of what strangers wrote: whatever is sent here may run no script but the report's own, ask for
nothing, and counts as another origin than the UI.
"""

import hmac
import html
import os
from base64 import b64decode
from binascii import Error as NotBase64
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response

from flows.serving.links import FOLDER, HOME

_HEADERS = {
    "Content-Security-Policy": "sandbox allow-scripts allow-popups allow-downloads; "
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def served_file(home: Path, path: str) -> Path | None:
    """Return the file or folder that a path below `PLACE` means; None: there is none.

    A path may lead to a release, its report, and the Parquet files of its tables.
    """
    parts = [part for part in path.split("/") if part]
    if not parts or any(part.startswith(".") for part in parts):
        return None
    found = Path(home, FOLDER, *parts)
    is_shown = (
        (len(parts) == 1 and (found / "report.html").is_file())
        or (len(parts) == 2 and parts[1] == "report.html")
        or (len(parts) == 3 and found.suffix == ".parquet")
    )
    return found if is_shown and found.exists() else None


async def show(request: Request) -> Response:
    """Answer with a file of a release, or with the list of its files."""
    password = os.environ.get("PREFECT_SERVER_API_AUTH_STRING")
    if password and not _knows(request, password):
        asks = {"WWW-Authenticate": 'Basic realm="babelmill"'}
        return PlainTextResponse("password?", HTTPStatus.UNAUTHORIZED, asks)
    found = served_file(Path(os.environ[HOME]), request.path_params["path"])
    if found is None:
        return PlainTextResponse("There is no such file.", HTTPStatus.NOT_FOUND, _HEADERS)
    if found.is_dir():
        return HTMLResponse(_listing(found), headers=_HEADERS)
    return FileResponse(found, headers=_HEADERS)


def _knows(request: Request, password: str) -> bool:
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    try:
        said = b64decode(given, validate=True)
    except NotBase64:
        return False
    return kind == "Basic" and hmac.compare_digest(said, password.encode())


def _listing(folder: Path) -> str:
    files = sorted(path.relative_to(folder) for path in folder.glob("*/*.parquet"))
    lines = [
        f'<li><a href="{quote(file.as_posix())}">{html.escape(file.as_posix())}</a> '
        f"{(folder / file).stat().st_size:,} bytes</li>"
        for file in files
    ]
    name = html.escape(folder.name)
    return (
        f'<!doctype html><meta charset="utf-8"><title>Release {name}</title>'
        '<body style="font: 1rem/1.6 system-ui; max-width: 50rem; margin: 2rem auto">'
        f'<h1>Release {name}</h1><p><a href="report.html">Report</a></p>'
        f"<p>In <code>{html.escape(str(folder.resolve()))}</code>:</p><ul>{''.join(lines)}</ul>"
    )
