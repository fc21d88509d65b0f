"""Look into what was fetched: undo its codings, and digest what a reader sees of it."""

import hashlib

from lxml import etree, html  # type: ignore[import-untyped]

from tasks.reading.collect.fetch import Answer
from tasks.reading.collect.outcomes import Trouble
from tasks.reading.content import Budget
from tasks.reading.records import ReadError
from tasks.reading.warc import parse_response
from tasks.settings import IngestSettings

_INVISIBLE = ("script", "style", "noscript", "template")


def decoded(answer: Answer) -> bytes | Trouble:
    """Return the body without its content codings, as the reader of WARC files sees it."""
    head = "".join(f"{name}: {value}\r\n" for name, value in answer.headers)
    settings = IngestSettings()
    block = f"HTTP/1.1 200\r\n{head}\r\n".encode("utf-8", "replace") + answer.body
    try:
        response = parse_response(block, settings.max_record_bytes, Budget(settings))
    except ReadError as error:
        return Trouble("too_large", error.detail or error.reason)
    return answer.body if response is None else response.body


def visible_digest(body: bytes) -> str:
    """Digest what a reader sees of a page: scripts and tags change with every request."""
    try:
        root = html.fromstring(body)
        etree.strip_elements(root, *_INVISIBLE, etree.Comment, with_tail=False)
        text = " ".join("".join(root.itertext()).split())
    except (etree.LxmlError, ValueError, AssertionError):
        text = ""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass") or body).hexdigest()
