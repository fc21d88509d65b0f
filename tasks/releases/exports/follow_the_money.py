"""Write a release as entities of FollowTheMoney, for OpenAleph, OpenSanctions and their tools.

A document is an Article; a person a Person, an organisation an Organization, a place an Address;
a Documentation says that a document names one of them. What is none of these (MISC) is told as a
name in its documents only: the model has no schema for it. A line is an entity, as `ftm` commands
read; `followthemoney` itself validates them in a slow test.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import polars as pl

from tasks.releases.exports.parts import DocumentPart

Row = dict[str, Any]

_SCHEMAS = {"PER": "Person", "ORG": "Organization", "LOC": "Address"}
_MENTIONED = {"PER": "peopleMentioned", "ORG": "companiesMentioned", "LOC": "locationMentioned"}
_WEB = ("http://", "https://")
#: followthemoney 4.11, types/language.py: the languages that it knows, by our tags.
_LANGUAGE_LIST = """\
af:afr am:amh ar:ara az:aze be:bel bn:ben bs:bos bg:bul ca:cat cs:ces da:dan de:deu el:ell en:eng
et:est fa:fas fi:fin fr:fra ga:gle he:heb hi:hin hr:hrv hu:hun hy:hye id:ind is:isl it:ita ja:jpn
kn:kan ka:kat kk:kaz km:khm ky:kir ko:kor lo:lao lv:lav lt:lit lb:ltz mk:mkd mt:mlt mn:mon ms:msa
my:mya ne:nep nl:nld nb:nor nn:nor pl:pol pt:por ps:pus ro:ron ru:rus si:sin sk:slk sl:slv es:spa
sq:sqi sr:srp sw:swa sv:swe ta:tam te:tel tg:tgk tl:tgl th:tha tk:tuk tr:tur uk:ukr ur:urd uz:uzb
vi:vie zh:zho"""
_LANGUAGES = {entry.partition(":")[0]: entry[-3:] for entry in _LANGUAGE_LIST.split()}


def write_follow_the_money(
    parts: Iterable[DocumentPart], entities: pl.LazyFrame, folder: Path
) -> int:
    """Write `entities.ftm.json`: entities first, then each document with what it names.

    Args:
        parts: The documents with their mentions.
        entities: ENTITIES.
        folder: Where to write; it exists.

    Returns:
        How many files were written.
    """
    frame = entities.select("entity_id", "canonical_name", "label", "names", "wikidata_id")
    with (folder / "entities.ftm.json").open("w", encoding="utf-8", newline="\n") as stream:
        known = {}
        for row in frame.collect().iter_rows(named=True):
            known[row["entity_id"]] = (row["label"], row["canonical_name"])
            if row["label"] in _SCHEMAS:
                stream.write(_line(_thing(row)))
        for part in parts:
            for document, mentions in part:
                stream.writelines(map(_line, _told(document, mentions, known)))
    return 1


def _line(entity: Row) -> str:
    """Write an entity without its empty properties."""
    told = {name: values for name, values in entity["properties"].items() if values}
    return json.dumps({**entity, "properties": told}, ensure_ascii=False) + "\n"


def _entity(schema: str, identifier: str, **properties: list[str]) -> Row:
    return {"id": identifier, "schema": schema, "properties": properties}


def _thing(row: Row) -> Row:
    names = dict.fromkeys(name["name"] for name in row["names"])
    others = [name for name in names if name != row["canonical_name"]]
    told = [row["wikidata_id"]] if row["wikidata_id"] else []
    return _entity(
        _SCHEMAS[row["label"]], _of("entity", row["entity_id"]),
        name=[row["canonical_name"]], alias=others, wikidataId=told,
    )  # fmt: skip


def _of(kind: str, *names: str) -> str:
    """Return an identifier of FollowTheMoney, which may not hold any sign."""
    return f"babelmill-{kind}-{hashlib.sha1('|'.join(names).encode()).hexdigest()}"  # noqa: S324


def _told(document: Row, mentions: list[Row], known: dict[str, tuple[str, str]]) -> Iterator[Row]:
    mentioned = {mention["entity_id"]: known[mention["entity_id"]] for mention in mentions}
    by_label: dict[str, list[str]] = {}
    for label, name in mentioned.values():
        by_label.setdefault(_MENTIONED.get(label, "namesMentioned"), []).append(name)
    article = _of("document", document["doc_id"])
    yield _entity("Article", article, **_properties(document), **by_label)
    for entity, (label, _) in mentioned.items():
        if label in _SCHEMAS:
            yield _entity(
                "Documentation", _of("documentation", document["doc_id"], entity),
                document=[article], entity=[_of("entity", entity)], role=["mentioned"],
            )  # fmt: skip


def _properties(document: Row) -> dict[str, list[str]]:
    url, language = document["url"], _LANGUAGES.get(document["language"])
    published = document["published_at"]
    values = {
        "title": document["title"],
        "fileName": document["source_uri"],
        "bodyText": document["text"],
        "language": language,
        "author": document["author"],
        "publisher": document["site"],
        "sourceUrl": url if url and url.startswith(_WEB) else None,
        "publishedAt": None if published is None else published.strftime("%Y-%m-%dT%H:%M:%S"),
    }
    return {name: [value] for name, value in values.items() if value}
