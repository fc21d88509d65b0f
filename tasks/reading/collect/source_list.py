"""Read a list of what to collect: TOML with feeds, sitemaps, sites and pages, or OPML."""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from lxml import etree  # type: ignore[import-untyped]
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from tasks.reading.collect.errors import BadSourceList

Kind = Literal["feed", "sitemap", "site", "page"]
_ADDRESS = re.compile(r"https?://[^/\s]")
_NAME = re.compile(r"[\w-]{1,60}", re.ASCII)
#: An address to write to, or a page that says who we are.
_CONTACT = re.compile(r"(?:mailto:)?[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://[!-'*-;=?-~]+", re.ASCII)


def _web_address(address: str) -> str:
    if not _ADDRESS.match(address):
        raise ValueError(f"{address!r} is no address: it must begin with http:// or https://")
    return address


Address = Annotated[str, AfterValidator(_web_address)]


class SourceList(BaseModel):
    """What to collect, and how politely. A key that there is not is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field("", description="Begins the names of its files; default: the list's own.")
    contact: str = Field(
        "", description="An e-mail or web address in the user agent: whom a site can ask to stop."
    )
    feeds: tuple[Address, ...] = Field((), description="RSS, Atom and JSON feeds.")
    sitemaps: tuple[Address, ...] = Field((), description="Sitemaps, and indexes of them.")
    sites: tuple[Address, ...] = Field(
        (), description="Home pages: the feeds that they name, or else the site's sitemaps."
    )
    pages: tuple[Address, ...] = Field((), description="Single pages.")
    allow_private: bool = Field(
        default=False, description="Whether hosts may be on this machine or a private network."
    )
    # What crawlers of good manners do; a site that wants more says so in robots.txt.
    delay_seconds: float = Field(
        2.0, ge=0, description="From the end of a request to the next of the same host, at least."
    )
    max_delay_seconds: float = Field(
        30.0, ge=0, description="What is waited at most for robots.txt or Retry-After in a run."
    )
    hosts_at_once: int = Field(8, ge=1, le=64, description="Hosts that are asked side by side.")
    # An article with its scripts has 0.1 to 2 MB; sitemaps may have 50.
    max_page_bytes: int = Field(10_000_000, ge=1, description="Bytes of a page, as sent, at most.")
    max_list_bytes: int = Field(60_000_000, ge=1, description="The same of a feed or sitemap.")
    max_seconds: float = Field(60.0, gt=0, description="For a request from its start to its end.")
    timeout_seconds: float = Field(20.0, gt=0, description="Without a byte, at most.")
    max_redirects: int = Field(5, ge=0, le=20, description="Redirects that are followed.")
    max_pages: int = Field(2_000, ge=1, description="Pages of a run; the next goes on.")
    max_minutes: float = Field(120.0, gt=0, description="Minutes of a run; the next goes on.")
    max_host_failures: int = Field(
        3, ge=1, description="Failures in a row, after which a host is left alone in this run."
    )
    max_tries: int = Field(10, ge=1, description="Runs that try a page that fails, one by one.")
    # Articles are corrected in their first days.
    revisit_hours: float = Field(24.0, ge=0, description="Until a page is asked for again.")
    revisit_days: float = Field(
        3.0, ge=0, description="From its first fetch on, in which a page is asked for again."
    )

    def addresses(self) -> list[tuple[Kind, str]]:
        """Return what is listed, each address once."""
        found: dict[str, Kind] = {}
        listed: list[tuple[Kind, tuple[str, ...]]] = [
            ("feed", self.feeds),
            ("sitemap", self.sitemaps),
            ("site", self.sites),
            ("page", self.pages),
        ]
        for kind, addresses in listed:
            for address in addresses:
                found.setdefault(address, kind)
        return [(kind, address) for address, kind in found.items()]


def read_source_list(path: Path | str, contact: str = "") -> SourceList:
    """Return what a list says.

    Args:
        path: A TOML or an OPML file.
        contact: Whom a site can ask; before what the list says.

    Raises:
        BadSourceList: It cannot be read, names nothing or nobody, or has a key or value that
            is not allowed.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadSourceList(f"{path}: {error.strerror}; name a TOML or OPML file") from error
    said = _opml(path, content) if content.lstrip()[:1] == b"<" else _toml(path, content)
    given = {"name": path.stem, **said, **({"contact": contact} if contact else {})}
    try:
        chosen = SourceList.model_validate(given)
    except ValidationError as error:
        raise BadSourceList("\n".join(_sentence(path, item) for item in error.errors())) from error
    _refuse_useless(path, chosen)
    return chosen


def _refuse_useless(path: Path, chosen: SourceList) -> None:
    if not _CONTACT.fullmatch(chosen.contact):
        raise BadSourceList(
            f"{path}: contact must be an e-mail or web address at which a site can ask us to stop; "
            'say `contact = "you@example.org"` in the list, or --contact'
        )
    if not chosen.addresses():
        raise BadSourceList(f"{path} names nothing: feeds, sitemaps, sites or pages are allowed")
    if not _NAME.fullmatch(chosen.name):
        raise BadSourceList(
            f"{path}: name {chosen.name!r} begins the names of files: letters, digits, - and _ are "
            "allowed, at most 60"
        )


def _sentence(path: Path, error: Any) -> str:  # noqa: ANN401 - pydantic's ErrorDetails
    key = ".".join(map(str, error["loc"]))
    if error["type"] == "extra_forbidden":
        return f"{path}: {key} does not exist; allowed are {', '.join(SourceList.model_fields)}"
    return f"{path}: {key}: {error['msg'].removeprefix('Value error, ')}"


def _toml(path: Path, content: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSourceList(f"{path} is neither TOML nor OPML: {error}") from error


def _opml(path: Path, content: bytes) -> dict[str, Any]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise BadSourceList(f"{path} is no OPML: {error.msg}") from error
    addresses = (outline.get("xmlUrl") for outline in root.iter("outline"))
    feeds = list(dict.fromkeys(address.strip() for address in addresses if address))
    owner = root.findtext("head/ownerEmail") or root.findtext("head/ownerId") or ""
    return {"feeds": feeds, **({"contact": owner.strip()} if owner.strip() else {})}
