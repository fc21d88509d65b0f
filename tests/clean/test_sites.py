"""Lines that recur over a site go from the ends of its documents; all else stays."""

from random import Random

import pytest

from tasks.clean.trace_site_lines import line_hash
from tests.making.site_texts import (
    DISCLAIMER,
    FOOTER,
    MENU,
    STATEMENT,
    body_lines,
    dropped_lines,
    judged_site,
    site_texts,
)
from tests.making.texts_in_many_scripts import PARAGRAPHS, SCRIPTS


@pytest.mark.parametrize("script", SCRIPTS)
def test_menus_and_footers_of_a_site_go_in_every_script(script: str) -> None:
    first, second, third = PARAGRAPHS[script]
    menu, footer = [first[:9], second[:9]], [third[:9], first[10:20]]
    bodies = {f"{number:02}": body_lines(number, script) for number in range(12)}
    judged = judged_site({n: "\n".join([*menu, *body, *footer]) for n, body in bodies.items()})
    for number, body in bodies.items():
        assert judged.filter("kept", doc_id=number)["text"].to_list() == body


def test_a_disclaimer_goes_with_the_lines_around_it() -> None:
    texts = site_texts(12, MENU, (*FOOTER, DISCLAIMER))
    assert dropped_lines(texts) == sorted([*MENU, *FOOTER, DISCLAIMER])


def test_what_stands_in_few_documents_stays() -> None:
    assert dropped_lines(site_texts(9, MENU, FOOTER)) == []


def test_one_document_and_one_without_a_site_are_kept_whole() -> None:
    judged = judged_site(site_texts(1, MENU, FOOTER))
    assert judged["kept"].all()
    assert judged_site(site_texts(20, MENU, FOOTER), url="no address of {}")["kept"].all()


@pytest.mark.parametrize("quoting", [3, 9, 14])
@pytest.mark.parametrize("place", [1, 3])
def test_a_statement_that_some_articles_quote_stays(quoting: int, place: int) -> None:
    texts = site_texts(40, MENU, FOOTER)
    for number in range(quoting):
        lines = texts[f"{number:03}"].split("\n")
        lines.insert(len(MENU) + 1 + place, STATEMENT)
        texts[f"{number:03}"] = "\n".join(lines)
    assert dropped_lines(texts) == sorted([*MENU, *FOOTER])


def test_a_heading_within_the_text_of_every_document_stays() -> None:
    texts = {
        f"{n:02}": "\n".join([*body_lines(n), "What we know", *body_lines(-n - 1)])
        for n in range(20)
    }
    assert dropped_lines(texts) == []


@pytest.mark.parametrize("menu", [(), tuple(f"Menu item {i}" for i in "abcdefgh")])
def test_the_ingredients_of_recipes_stay(menu: tuple[str, ...]) -> None:
    rng = Random(1)
    pantry = ["Salt", "Two eggs", "Pepper", "A cup of flour", "Oil", "Sugar", "Milk", "Butter"]
    texts = {
        f"{n:02}": "\n".join(
            [*menu, f"A cake for day {n}", *rng.sample(pantry, 3), f"{n} figs", *body_lines(n)]
        )
        for n in range(40)
    }
    assert dropped_lines(texts) == list(menu)


def test_a_day_within_a_menu_stays_and_does_not_end_it() -> None:
    texts = {
        f"{n:02}": "\n".join(
            [*MENU, f"Day {n} of May", *FOOTER, *MENU[1:], f"Title {n}", *body_lines(n)]
        )
        for n in range(12)
    }
    assert dropped_lines(texts) == sorted([*MENU, *FOOTER])


def test_the_title_of_a_column_stays_though_it_recurs() -> None:
    texts = site_texts(40, MENU, FOOTER)
    for number in range(15):
        texts[f"{number:03}"] = texts[f"{number:03}"].replace(f"Title {number} of it", "My week")
    assert dropped_lines(texts) == sorted([*MENU, *FOOTER])


@pytest.mark.parametrize("changed_words", [0, 1, 2])
def test_copies_and_versions_of_an_article_do_not_make_its_lines_recur(changed_words: int) -> None:
    rng = Random(3)
    article = ["A storm is coming", *body_lines(-1, lines=6), "Keep your windows shut tonight"]
    versions = {}
    for number in range(12):
        lines = [line.split() for line in article]
        for line in lines[1:-1]:
            for place in rng.sample(range(len(line)), changed_words):
                line[place] = str(rng.random())
        versions[f"v{number:02}"] = "\n".join(" ".join(line) for line in lines)
    assert dropped_lines(versions) == []
    assert dropped_lines({**versions, **site_texts(20, MENU, FOOTER)}) == sorted([*MENU, *FOOTER])


def test_crawls_of_one_page_count_as_one() -> None:
    """Five crawls of three articles that quote a statement are not fifteen articles."""
    pages = {
        f"{crawl}{n}": "\n".join(
            [*body_lines(n), STATEMENT, "That is all", f"Seen at hour {crawl}"]
        )
        for n in range(3)
        for crawl in range(5)
    }
    assert dropped_lines(pages) == []


def test_an_index_page_is_kept_whole() -> None:
    texts = site_texts(20, MENU, FOOTER)
    texts["index"] = "\n".join(
        [*MENU, "A word of the editor, who is glad to see you here.", *FOOTER]
    )
    judged = judged_site(texts)
    assert judged.filter(doc_id="index")["kept"].all()
    assert not judged.filter(doc_id="000")["kept"].all()


def test_a_text_without_running_text_is_kept_whole() -> None:
    texts = site_texts(20, MENU, FOOTER)
    texts["poem"] = "\n".join([*MENU, "Grey is the sea", "and green the land", *FOOTER])
    assert judged_site(texts).filter(doc_id="poem")["kept"].all()


def test_rows_of_figures_stay_though_they_recur() -> None:
    assert line_hash("10 : 15 – 12,5 %") is None
    assert dropped_lines(site_texts(20, ("10:15",), ("0 0 0",))) == []
