"""Make a multilingual corpus of any size from a seed, with the truth beside it.

    python -m benchmarks.corpus --documents 20000 --seed 1 --out DIR

writes `DIR/source/part-00000.jsonl` … (500 records each) and `DIR/truth.jsonl`, one line
per record. Each record depends on the seed and its number only, so the same seed gives
the same bytes at any size, and memory does not grow. `--changed 0.01` writes one record
in a hundred anew, under its old id and at its old place.
"""

import hashlib
import html
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Annotated

import typer
from rich.progress import track

from benchmarks.news_chains import NewsChains
from benchmarks.news_texts import read_news_texts
from benchmarks.prose import LANGUAGES, Article, edited, foreign_boilerplate, write_article

SHARD_RECORDS = 500
# What becomes of a record, in percent of all records; the rest are plain articles.
KINDS = {
    "page": 8.0,
    "chrome": 8.0,
    "doubled": 2.0,
    "doubled_run_on": 2.0,
    "foreign_boilerplate": 3.0,
    "exact": 5.0,
    "near": 8.0,
    "reordered": 1.0,
    "malformed": 0.2,
    "undecodable": 0.1,
}
COPIES = ("exact", "near", "reordered")
UNREADABLE = ("malformed", "undecodable")
# Share of tokens changed in a near copy.
CHANGED_TOKENS = (0.01, 0.10)
# How often a copy looks for an original among the records before it; then it is one itself.
ORIGIN_TRIES = 40
# Writes an article in a language.
Writer = Callable[[str, Random], Article]


@dataclass(frozen=True)
class Record:
    """A record and what is true of it.

    `cluster` is the id of the record whose text it has, its own if it is no copy, or
    `<id>-rewritten`. `article` is what cleaning should leave of `content`; `content` is
    what stands in the record, HTML if `kind` is page.
    """

    id: str
    kind: str
    cluster: str
    changed_share: float
    article: Article
    content: str
    chrome_lines: tuple[str, ...]

    @property
    def is_readable(self) -> bool:
        """Whether the record can be read at all."""
        return self.kind not in UNREADABLE


def writer_of(data: Path | None) -> Writer:
    """Return who writes articles: chains over the news of the development data, or templates."""
    return write_article if data is None else NewsChains(read_news_texts(data))


def make_record(
    seed: int, number: int, changed: float = 0.0, write: Writer = write_article
) -> Record:
    """Make one record of the corpus.

    Args:
        seed: Which corpus.
        number: Which record, from 0.
        changed: The share of records that are written anew.
        write: Writes the articles.
    """
    record_id = f"d{number:08d}"
    rng, kind = _drawn(seed, number)
    if rng.random() < changed:
        rng = Random(f"{seed}/{number}/rewritten")
        article = write(_pick_language(rng), rng)
        return Record(
            record_id, "article", f"{record_id}-rewritten", 0.0, article, article.text, ()
        )
    origin = _origin(seed, number, rng) if kind in COPIES else None
    if origin is None:
        kind = "article" if kind in COPIES else kind
        return _original(record_id, kind, write(_pick_language(rng), rng), rng)
    # The article of a plain record as it was first written.
    article = make_record(seed, origin, write=write).article
    return _copy(record_id, kind, f"d{origin:08d}", article, rng)


def records(
    documents: int, seed: int, changed: float = 0.0, write: Writer = write_article
) -> Iterator[Record]:
    """Yield the records of a corpus in order."""
    return (make_record(seed, number, changed, write) for number in range(documents))


def write_corpus(
    out: Path, documents: int, seed: int, changed: float = 0.0, write: Writer = write_article
) -> None:
    """Write a corpus into `out/source` and its truth into `out/truth.jsonl`."""
    source = out / "source"
    source.mkdir(parents=True, exist_ok=True)
    with (out / "truth.jsonl").open("wb") as truth:
        for start in track(range(0, documents, SHARD_RECORDS), "Writing the corpus"):
            path = source / f"part-{start // SHARD_RECORDS:05d}.jsonl"
            numbers = range(start, min(start + SHARD_RECORDS, documents))
            made = [make_record(seed, number, changed, write) for number in numbers]
            path.write_bytes(b"".join(_source_line(record, seed) for record in made))
            lines = (_truth_line(record, path.name, line) for line, record in enumerate(made, 1))
            truth.write(b"".join(lines))


def _drawn(seed: int, number: int) -> tuple[Random, str]:
    rng = Random(f"{seed}/{number}")
    point = rng.random() * 100
    for kind, percent in KINDS.items():
        point -= percent
        if point < 0:
            return rng, kind
    return rng, "article"


def _origin(seed: int, number: int, rng: Random) -> int | None:
    """Choose an earlier plain article; `None`: no luck."""
    for _ in range(ORIGIN_TRIES):
        candidate = int(rng.random() * number)
        if candidate < number and _drawn(seed, candidate)[1] == "article":
            return candidate
    return None


def _pick_language(rng: Random) -> str:
    return LANGUAGES[int(rng.random() * len(LANGUAGES))]


def _original(record_id: str, kind: str, article: Article, rng: Random) -> Record:
    content, chrome_lines = _dressed(kind, article, rng)
    return Record(record_id, kind, record_id, 0.0, article, content, chrome_lines)


def _copy(record_id: str, kind: str, cluster: str, article: Article, rng: Random) -> Record:
    share = 0.0 if kind == "exact" else rng.uniform(*CHANGED_TOKENS)
    if share:
        article = edited(article, share, rng)
    if kind == "reordered":
        shuffled = tuple(rng.sample(article.paragraphs, len(article.paragraphs)))
        article = Article(article.language, article.title, shuffled)
    return Record(record_id, kind, cluster, share, article, article.text, ())


def _dressed(kind: str, article: Article, rng: Random) -> tuple[str, tuple[str, ...]]:
    """Return the content of an original record and the chrome lines in it."""
    text = article.text
    if kind == "page":
        return _page(article), ()
    if kind == "doubled":
        return f"{text}\n{text}", ()
    if kind == "doubled_run_on":
        return f"{text}\n{article.language.space.join(article.paragraphs)}", ()
    if kind == "foreign_boilerplate":
        # Nothing here is foreign to English: an English article goes without.
        foreign = article.language.tag != "en"
        return (
            (f"{text}\n{foreign_boilerplate()}", (foreign_boilerplate(),))
            if foreign
            else (text, ())
        )
    if kind == "chrome":
        chrome_lines = tuple(rng.sample(article.language.chrome, 3))
        first, *others = article.paragraphs
        return "\n".join((chrome_lines[0], first, chrome_lines[1], *others, chrome_lines[2])), (
            chrome_lines
        )
    return text, ()


def _page(article: Article) -> str:
    *lines, menu = map(html.escape, article.language.chrome)
    links = "".join(f'<li><a href="/">{item.strip()}</a></li>' for item in menu.split("|"))
    body = "".join(f"<p>{html.escape(paragraph)}</p>\n" for paragraph in article.paragraphs)
    title = html.escape(article.title)
    return (
        f'<!DOCTYPE html><html lang="{article.language.tag}"><head><meta charset="utf-8">'
        f"<title>{title}</title></head><body><nav><ul>{links}</ul></nav>\n"
        f"<article><h1>{title}</h1>\n{body}</article>\n"
        f'<aside class="share">{"".join(f"<a>{line}</a>" for line in lines)}</aside>'
        f"<footer><ul>{links}</ul></footer></body></html>"
    )


def _source_line(record: Record, seed: int) -> bytes:
    rng = Random(f"{seed}/{record.id}/line")
    if record.kind == "undecodable":
        # Bytes of no encoding, without a line break.
        return bytes(rng.choice((0, 1, 2, 0x81, 0x8D, 0xFE, 0xFF)) for _ in range(200)) + b"\n"
    fields = {
        "id": record.id,
        "url": f"https://news-{rng.randrange(40):02d}.example/{record.id}",
        "title": record.article.title,
        "date": f"{date(2015, 1, 1) + timedelta(days=rng.randrange(4000))}",
        "html" if record.kind == "page" else "text": record.content,
    }
    line = json.dumps(fields, ensure_ascii=False).encode()
    if record.kind == "malformed":
        line = json.dumps(fields).encode()[: len(line) // 2]  # escaped: cut in no character
    return line + b"\n"


def _truth_line(record: Record, file: str, line: int) -> bytes:
    text = record.article.text
    truth = {
        "id": record.id,
        "file": file,
        "line": line,
        "kind": record.kind,
        "language": record.article.language.tag,
        "cluster": record.cluster,
        "changed_share": round(record.changed_share, 4),
        "chrome_lines": record.chrome_lines,
        "body_chars": len(text),
        "body_sha256": hashlib.sha256(text.encode()).hexdigest(),
    }
    return json.dumps(truth, ensure_ascii=False).encode() + b"\n"


def main(
    out: Annotated[Path, typer.Option(help="Where to write source/ and truth.jsonl.")],
    documents: Annotated[int, typer.Option(min=1, help="How many records.")] = 20_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 1,
    changed: Annotated[
        float, typer.Option(min=0, max=1, help="Share of records to write anew, in place.")
    ] = 0.0,
    data: Annotated[
        Path | None, typer.Option(help="The development data: chains over its news.")
    ] = None,
) -> None:
    """Write a multilingual corpus with planted faults, and the truth beside it."""
    write_corpus(out, documents, seed, changed, writer_of(data))


if __name__ == "__main__":
    typer.run(main)
