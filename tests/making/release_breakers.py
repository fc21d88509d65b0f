"""Files that try to break the expectations on a release from the outside: by what they hold."""

import io
import json
import math
import zipfile
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from tests.making.containers import response, tar_of
from tests.making.hostile_expectation import story
from tests.making.story_in_languages import FERRY

#: Lines of which repair leaves nothing that can be seen.
BLANK_LINES = (
    "\ufeff", "&nbsp;", "&#160;&#xa0;", "&nbsp; &nbsp;", "\ufffc", "\0", "\x1b[0m", "\x1b[2K\x1b[1m",
    "\u200b", "\u2060", "\u00ad", "\u200e\u202e", "\ufe0f", "\x7f", "\x01\x02", "\ufff9\ufffa\ufffb",
    "\u206a\u206f", "&ZeroWidthSpace;", "&shy;", "&#8203;", "\U000e0001", "\u180e", "Â\xa0",
    "&lrm;", "&amp;nbsp;", "&#x1b;", "&NewLine;", "&Tab;", "\x1f", "\ufeff\ufeff",
)  # fmt: skip
#: Words of control characters, format characters, and others that fields hardly expect.
ODD_WORDS = (
    "\0", "\x1b[31m", "\ufeff", "\u202e\u202d", " \t ", "=1+1", "javascript:alert(1)", "<script>",
    "x" * 5000, "http://", "https:///path", "HTTP://EXAMPLE", "\ud800", "\U0010ffff", "\u0378",
    "\n\n", "-", "a\0b", "\x85", "\u2028",
)  # fmt: skip
DATES: tuple[object, ...] = (
    "0001-01-01", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "10000-01-01", "2023-02-30",
    "NaN", "1e999", -1, 10**30, 10**12, 253402300800000, 1e300, -1e300, math.inf, math.nan, True,
    [], {}, "2024-06-30T23:59:60Z", "-0001-01-01", "31/12/1899", "2024-13-45T99:99:99", "99999999999999",
)  # fmt: skip
#: Among them tags that stand for a language and a script or a region: `sh` is `sr-Latn`.
TAGS = (
    "sh", "hbs", "prs", "cnr", "swc", "mo", "no", "iw", "zh-Hans-CN-x-private", "en_US.UTF-8", "i-klingon",
    "x", "xx-ZZ", "ENGLISH", "sr-Latn-RS@latin", "sh-Cyrl-BA", "\ufeffen", "en-\u0661\u0662\u0663", "en\0",
    "ſr", "\u212aa", ["en", "de"], 5, "de-1996", "root",
)  # fmt: skip
_TEXTS = (
    "&#0;", "x", "7", "?", "😀", "\u0301", "\u0301" * 500, "\u200f\u202b", "1234567890 " * 200, "😀👩‍👩‍👧‍👦🏳️‍🌈 " * 300,
    "\u0378\u0379" * 300, "\U0010fffe" * 50, "\ue000" * 400, "\ud83d\ude00", "\ufffd" * 400,
    "\ufffd", "a\ufffd " * 300, "x" * 60_000, "я" * 40_000, "漢" * 30_000, "ๆ" * 9000, "ﷺ" * 3000,
    "http://a.b/c?d=" + "e" * 3000, "www.example.com", "¿¡", "_" * 4000, "-\n" * 800, "a\n" * 2000,
    "The same line stands here again and again, ten thousand times.\n" * 10_000,
    "Ð¼Ð¸Ñ€ " * 200, "Ã©Ã¨Ã " * 300, "â€œquoteâ€\x9d " * 100, "РњРёСЂ " * 100, "&amp;" * 300,
    "&lt;p&gt;Text&lt;/p&gt;", "&#xD800;&#x110000;&#99999999999;", "<p>", "{{{{", "\\u0000",
    "Maria Schmidt, Hans Müller, Jürgen Klinsmann, Angela Merkel, Berlin, München. " * 100,
    "王伟李娜张敏刘洋陈杰杨秀英" * 200, "Мария Иванова и Пётр Сидоров. " * 100,
    "Yes. Да. Oui. はい. نعم. כן. 是. 예. हाँ. ใช่. Ναι. Այո. დიახ. " * 50,
    "Privet, kak dela? Segodnya v Moskve otkrylas novaya vystavka kart i pisem. " * 20,
    "a@b.co " * 500, "+49 30 123456 " * 300, "DE89370400440532013000 " * 200, "1.2.3.4 ::1 " * 300,
    "4111 1111 1111 1111 4111111111111111 " * 200, "a@b.co@c.de 1.2.3.4.5.6 +1+2+3 " * 100,
    "Mr. \u200b\u200c\u200d. Dr. \u2060. Prof. «»“”. " * 60, "Ⅻ ⑳ ½ ² ㊙ ﬁ Ǆ ß ſ İ ı " * 100,
    "O'Neill’s “Company” (Ltd.) & Co. KG — visits Frankfurt/Main, St. Louis & D.C. " * 40,
    "\x0c\x0b\x1c\x1d\x1e\x85\u2028\u2029".join(["Several kinds of breaks stand here."] * 9),
    "\r".join(["An old Macintosh wrote this sentence."] * 5), "tab\tseparated\tvalues\n" * 200,
    "In the beginning there was one sentence of English. " * 8 + "\n" + "Потом была другая. " * 9,
)  # fmt: skip
#: What may be taken for a name, and be nothing or something else when it is trimmed or compared.
_NAMES = (
    "\u200bSmith\u200b", "«»", "“”", "O'O'O'", "St. St. St.", "A.B.C.", "Jose\u0301 Nun\u0303ez", "José Núñez",
    "ＩＢＭ", "IBM", "I\u00adB\u00adM", "Von " * 400, "\u202eMoscow\u202c", "Mc\u2019Donald", "--", "Mr. Mr.",
    "Al-Al-Al", "İstanbul", "ISTANBUL", "ﬁat", "Ǆ Ǆ", "X", "’s", "N\u0301\u0301\u0301", "Ⅻ. Pius", "\ue000\ue001",
    "P\u200d\u200dQ", "Paris\u00a0Paris", "Paris, Paris", "Q42", "wd:Q42", "NULL", "None", "nan",
)  # fmt: skip
_SENTENCES = (
    "Yesterday {0} met President {0} in {0}, and the {0} company of {0} bought {0} from Angela {0}.",
    "Вчера {0} встретился с президентом {0} в городе {0}, и компания «{0}» купила {0} у Ивана {0}.",
    "Gestern traf {0} den Präsidenten {0} in {0}, und die {0} GmbH kaufte {0} von Angela {0}.",
    "昨日、{0}氏は{0}大統領と{0}で会談し、{0}社は{0}を買収した。",
    "昨天{0}在{0}会见了{0}总统，{0}公司收购了{0}。",
    "التقى {0} أمس الرئيس {0} في {0}، واشترت شركة {0} من {0}.",
)


def breaking_files() -> dict[str, bytes]:
    """Return files by name: each is read, and none of them may keep a release from readers."""
    files = {
        "blank-lines.jsonl": _lines(_blank_records()),
        "texts.jsonl": _lines({"text": text} for text in _TEXTS),
        "words.jsonl": _lines(_records_of_odd_words()),
        "dates.jsonl": _lines(
            {"text": story(200 + n), "date": date, "fetched_at": date, "id": date}
            for n, date in enumerate(DATES)
        ),
        "tags.jsonl": _lines({"text": story(300 + n), "lang": tag} for n, tag in enumerate(TAGS)),
        "ids.jsonl": _lines({"text": story(400), "id": "same"} for _ in range(30)),
        "markup.jsonl": _lines({"html": page} for page in _pages()),
        "copies.csv": b"id,text\n" + "".join(f'1,"{story(401)}"\n' * 40).encode(),
        "rejected.jsonl": b"{\n[]\nnull\n" + _lines({"text": " \u2003\n"} for _ in range(20)),
        "names.zip": _zip(),
        "names.tar": tar_of({"a.txt": story(402).encode(), "a.txt#1": b"", "#.txt": b"x" * 9}),
        "numbers.parquet": _parquet(),
        "feed.xml": _feed(),
        "named.jsonl": _lines(_named_records()),
        "site.jsonl": _lines(_records_of_a_site()),
        "contained.jsonl": _lines(_contained_records()),
        "translated.jsonl": _lines(
            {"text": text, "title": word, "date": date}
            for text, word, date in zip([*FERRY.values()] * 2, ODD_WORDS, DATES, strict=False)
        ),
    }
    files |= {f"page{number}.html": page.encode() for number, page in enumerate(_pages())}
    files |= {f"blank{n}.txt": line.encode() for n, line in enumerate(BLANK_LINES)}
    files["pages.warc"] = b"".join(
        response(f"http://example.org/{n}", page) for n, page in enumerate(_pages())
    )
    return files


def _lines(records: Iterator[dict[str, object]]) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def _blank_records() -> Iterator[dict[str, object]]:
    """Yield each blank line alone, first, last, within, and all of them together."""
    for number, line in enumerate(BLANK_LINES):
        first, second = story(100 + number).split(". ", 1)
        yield {"text": f"{first}.\n{line}\n{second}"}
        yield {"text": line}
        yield {"html": f"<html><body><p>{first}.</p><p>{line}</p><p>{second}</p></body></html>"}
    together = "\n".join(BLANK_LINES)
    yield {"text": f"{together}\n{story(99)}\n{together}"}
    yield {"text": together}
    yield {"text": together, "title": "\ufeff", "url": "&nbsp;"}


def _records_of_odd_words() -> Iterator[dict[str, object]]:
    for number, word in enumerate(ODD_WORDS):
        names = ("id", "url", "title", "author", "site", "language", "date", "other", word)
        yield {**dict.fromkeys(names, word), "text": story(500 + number)}
    yield {"text": story(598), "id": 10**40, "n": [math.nan, -math.inf, {"": {"": None}}]}
    yield {"text": story(599), "id": -1, "author": ["\0", " ", "\ud800"], "": ""}


def _named_records() -> Iterator[dict[str, object]]:
    for number, sentence in enumerate(_SENTENCES):
        lines = [sentence.format(name.strip()) for name in _NAMES]
        yield {"text": "\n".join(lines)}
        yield {"text": " ".join(lines), "title": _NAMES[number], "date": "2024-03-12"}


def _records_of_a_site() -> Iterator[dict[str, object]]:
    """Yield documents of one site that share their menu, some of which are nothing else."""
    menu = "\n".join(("Home", "\ufeff", "About the people behind this site", "&nbsp;", "Contact"))
    for number in range(30):
        text = f"{menu}\n{story(900 + number)}\n{menu}" if number % 3 else menu
        yield {"text": text, "url": f"https://menu.example/{number}"}


def _contained_records() -> Iterator[dict[str, object]]:
    """Yield documents of which each stands in the next, and one in itself twice."""
    stories = [story(940 + number) for number in range(6)]
    for end in range(1, 7):
        yield {"text": "\n".join(stories[:end])}
    yield {"text": "\n".join(stories * 2)}
    yield {"text": " ".join(stories * 2)}


def _pages() -> list[str]:
    head = "<html lang='{0}'><head><title>{1}</title><link rel=canonical href='{1}'>{2}</head>"
    date = "<meta property='article:published_time' content='{}'>"
    pages = [
        head.format("en", word.replace("'", ""), date.format(word))
        + f"<body><article><p>{story(600 + number)}</p></article></body></html>"
        for number, word in enumerate(ODD_WORDS)
        if "\ud800" not in word
    ]
    pages += [
        head.format(tag, "t", date.format(when)) + f"<body><p>{story(700 + number)}</p></body>"
        for number, (tag, when) in enumerate(zip(TAGS, map(str, DATES), strict=False))
        if isinstance(tag, str)
    ]
    blank = "".join(f"<p>{line}</p>" for line in BLANK_LINES)
    return [
        *pages,
        f"<html><body>{blank}</body></html>",
        f"<html><body><article>{blank}<p>{story(801)}</p>{blank}</article></body></html>",
        "<html></html>",
        "<html>" + "<div>" * 3000,
        "<html><body>" + "<a href='/'>Home</a> " * 500,
        "<html><body><script>alert(1)</script><style>p{}</style><!-- text -->",
        "<html><head><base href='::'></head><frameset>" + "<p>" * 200,
        f"<html><body><pre>{story(802)}\n\n\0\n&#27;[1m\n</pre><table><tr><td>&nbsp;</table>",
    ]


def _zip() -> bytes:
    """Return an archive whose members have names that look like other members' or records'."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        names = (
            "a.txt",
            "a.txt\\2",
            "b.jsonl",
            "b.jsonl#1",
            "#1.txt",
            " .txt",
            "\u202e.txt",
            "/.txt",
        )
        for number, name in enumerate(names):
            text = story(410 + number)
            archive.writestr(name, json.dumps({"text": text}) if name[0] == "b" else text)
    return buffer.getvalue()


def _parquet() -> bytes:
    rows = [story(420 + number) for number in range(4)]
    table = pa.table(
        {
            "text": rows,
            "date": pa.array([0, -1, 2**62, -(2**62)], pa.timestamp("ns")),
            "id": [math.nan, -math.inf, 1e308, -0.0],
            "raw": [b"\xff", b"", b"\0", None],
            "text_": rows,
        }
    )
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    return buffer.getvalue()


def _feed() -> bytes:
    items = "".join(
        f"<item><title>&#xFEFF;</title><link>http://</link><pubDate>{date}</pubDate>"
        f"<description>&amp;nbsp;&lt;br/&gt;{story(430 + n)}</description></item>"
        for n, date in enumerate(map(str, DATES))
    )
    language = "<language>sh</language>"
    return f"<rss><channel><title> </title>{language}{items}</channel></rss>".encode()
