"""CSV is read as spreadsheets and databases write it; one stray quote costs one row."""

import csv
import io
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.making.reading import fates, numbered_fates, read_file


@pytest.mark.parametrize(
    ("name", "content", "texts"),
    [
        ("a.csv", "sep=;\r\nid;text\r\n1;One, two.\r\n", ["One, two."]),
        ("a.csv", 'id,text\r1,One.\r2,"Two, quoted"\r', ["One.", "Two, quoted"]),
        ("a.csv", 'id,text\n1,"She said \\"wait\\", and went"\n2,\\N\n', ['She said "wait", and went', "!empty"]),
        ("a.tsv", "id\ttext\n1\tone\\ntwo\n2\t\\N\n3\tC:\\\\new\n4\tgoes\\\non\n", ["one\ntwo", "!empty", "C:\\new", "goes\non"]),
        ("a.tsv", "id\ttext\n1\tC:\\new\\table is here\n", ["C:\\new\\table is here"]),
        ("a.csv", '"id","text"\n"1",10,"Hello"\n"2",11,"Bye ""now"""\n', ["Hello", 'Bye "now"']),
        ("a.csv", '"","id","text"\n"1",10,"Hello"\n', ["Hello"]),
        ("a.csv", "'id';'text'\n'1';'It is; ok'\n", ["It is; ok"]),
        ("a.csv", 'id,t,text\n1,A,"First\nsecond, with comma\n\nthird"\n2,B,x\n', ["First\nsecond, with comma\n\nthird", "x"]),
        ("a.csv", 'id,t,text\n1,A,"List:\n1,2,3\n4,5,6"\n', ["List:\n1,2,3\n4,5,6"]),
        ("a.tsv", 'id\ttext\n1\t"Wait," she said\n2\t"Only opens\n3\tthree\n', ['"Wait," she said', '"Only opens', "three"]),
        ("a.tsv", 'id\ttext\n1\t"A quoted, ""cell"" here."\n2\t"two\nlines"\n', ['A quoted, "cell" here.', "two\nlines"]),
        ("a.csv", 'text\nHello, world.\n"Quoted, ok"\n"Wait" she said\n', ["Hello, world.", "Quoted, ok", '"Wait" she said']),
        ("a.csv", "id,text,\n1,Hello,\n", ["Hello"]),
        ("a.csv", "# made 2024-02-06\n# by the harbour\nid,text\n1,Hello.\n", ["Hello."]),
        ("a.csv", "Hafenbericht;;\n;;\nNr;Titel;Text\n1;Kai;Der Kai\n", ["Der Kai"]),
        ("a.csv", "#id,text\n1,Hello.\n", ["Hello."]),
        ("a.csv", 'id, title, text\n1, "Pier, new", "It is, says he, new."\n', ["It is, says he, new."]),
        ("a.csv", 'id, text\n1, "It is ""new""."\n2, "Old."\n', ['It is "new".', "Old."]),
        ("a.csv", 'id,text\n1,"He said, ""no"""\n2,"Then, ""yes"""\n', ['He said, "no"', 'Then, "yes"']),
    ],
)  # fmt: skip
def test_rows_as_programs_write_them(
    tmp_path: Path, name: str, content: str, texts: list[str]
) -> None:
    (tmp_path / name).write_bytes(content.encode())
    assert fates(tmp_path) == {f"{name}#{n}": text for n, text in enumerate(texts, 1)}


def test_rows_as_wide_as_a_row_that_says_text_are_none_before_its_header(tmp_path: Path) -> None:
    table = "nr,kind,words\n1,post,Good morning.\n2,comment,Good evening.\n"
    (tmp_path / "a.csv").write_text(table, encoding="utf-8")
    assert list(fates(tmp_path / "a.csv").values()) == ["!no_text_field"] * 2


@pytest.mark.parametrize("end", ["", '"'])
def test_a_stray_quote_costs_its_row_only(tmp_path: Path, end: str) -> None:
    lines = [
        "id,t,text",
        "1,A,one",
        '2,B,"two',
        "3,C,three",
        '4,D,"four, quoted"',
        f"5,E,five{end}",
    ]
    items = read_file(tmp_path / "a.csv", "\n".join(lines).encode())
    texts = ["one", '"two', "three", "four, quoted", f"five{end}"]
    assert numbered_fates(items) == list(enumerate(texts, 1))


def test_many_stray_quotes_cost_no_more_than_a_few_readings(tmp_path: Path) -> None:
    lines = [f'x{n},T,"stray {n}' if n % 3 else f"x{n},T,fine {n}" for n in range(20_000)]
    started = time.process_time()
    items = read_file(tmp_path / "a.csv", "\n".join(["id,t,text", *lines]).encode())
    assert len(items) == 20_000
    assert time.process_time() - started < 10


cells = st.text(st.sampled_from('ab,;"\n\\\t '), min_size=1, max_size=12).map(lambda c: f"w{c}w")


@settings(deadline=None, max_examples=100)
@example(["w\\\nw"], csv.excel_tab)
@example(['w\\"w'], csv.excel)
@given(st.lists(cells, min_size=1, max_size=5), st.sampled_from([csv.excel, csv.excel_tab]))
def test_what_the_csv_module_writes_is_read(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], dialect: type[csv.Dialect]
) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, dialect, quoting=csv.QUOTE_ALL)
    writer.writerows([["id", "text"], *([f"i{n}", text] for n, text in enumerate(texts))])
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    items = read_file(path, buffer.getvalue().encode())
    assert numbered_fates(items) == list(enumerate(texts, 1))
