"""The date of a page is that of its first publication, wherever the page tells it."""

from datetime import UTC, date, datetime

import pytest

from tasks.pages.metadata import read_metadata
from tests.pages.test_metadata import html_page, json_ld


def test_the_date_is_of_the_first_publication() -> None:
    head = '<meta property="article:modified_time" content="2023-12-12T08:00:00Z">' + json_ld(
        {"@type": "Article", "dateModified": "2023-12-12", "datePublished": "2019-06-05T10:00:00Z"}
    )
    assert read_metadata(html_page(head)).published_at == datetime(2019, 6, 5, 10, tzinfo=UTC)
    changed = '<h1>Ebb</h1><p class="updated">Updated <time datetime="2023-12-12">now</time></p>'
    assert read_metadata(html_page(body=changed)).published_at is None


def test_a_date_far_ahead_gives_way_to_another() -> None:
    head = '<meta property="article:published_time" content="2099-11-22T00:00:00Z">'
    assert read_metadata(html_page(head)).published_at is None
    told = "<h1>Ebb</h1><p>5 June 2019</p>"
    assert read_metadata(html_page(head, told)).published_at == datetime(2019, 6, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Posted on June 5, 2019 | 3 min read"),
        ("de", "Von Anna Lee – 5. Juni 2019"),
        ("fr", "Publié le 05/06/2019"),
        ("ru", "5 июня 2019"),
        ("pl", "5 czerwca 2019"),
        ("ja", "公開日：2019年6月5日"),
        ("ko", "입력 2019.06.05"),
        ("ar", "٥ يونيو ٢٠١٩"),
        ("hi", "5 जून 2019"),
        ("th", "5 มิถุนายน 2562"),
        ("ko", "입력 2019.06.05 | 수정 2019.07.09 11:00"),
        ("ru", "5 июня 2019 (обновлено 9 июля 2019)"),
        ("fr", "Publié le 5 juin 2019, mis à jour le 9 juillet 2019"),
        ("de", "Stand: 09.07.2019 | Erstveröffentlichung: 05.06.2019"),
        ("en", "By Ann Lee | June 5, 2019, 10:30 a.m. ET"),
    ],
)
def test_a_date_beside_the_headline_is_read_in_its_language(language: str, line: str) -> None:
    body = f"<h1>Ebb</h1><div><span>{line}</span></div><p>Text.</p>"
    assert read_metadata(html_page(body=body, language=language)).published_at == datetime(
        2019, 6, 5, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "told", ["9 March 2024 (updated)", "Güncelleme: 9 Mart 2024", "Mis à jour : 9 mars 2024"]
)
def test_the_day_of_a_change_alone_is_no_date(told: str) -> None:
    assert read_metadata(html_page(body=f"<h1>Ebb</h1><p>{told}</p>")).published_at is None


def test_the_day_of_a_comment_is_no_date() -> None:
    comment = '<div class="comment"><time datetime="2025-05-05">5 May</time><p>Well said</p></div>'
    body = f"<h1>Ebb</h1><p>Text.</p><section>{comment}</section>"
    assert read_metadata(html_page(body=body)).published_at is None


def test_a_time_is_taken_from_wherever_that_day_has_one() -> None:
    head = '<meta name="date" content="2019-06-05">'
    body = '<h1>Ebb</h1><time datetime="2019-06-05T10:00:00+02:00">today</time>'
    assert read_metadata(html_page(head, body)).published_at == datetime(2019, 6, 5, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "body",
    [
        '<h1>Ferry</h1><span class="post-date">\n{spaces}Published:\n{spaces}3 May 2024\n</span>',
        '<h1>Ferry</h1><time class="datetime">{spaces}3 May 2024{spaces}</time>',
        '<div class="date-header"><b>Posted on 3 May 2024</b><i>Tags: sea, {spaces}ships</i></div>',
        "<h1>Forum</h1><h2>Ferry to Corfu</h2><b>Joined:</b> 7 May 2019<p>by Ann » 3 May 2024",
        '<h1>Ferry</h1><span itemprop="published-date" content="3 May 2024">lately</span>',
        '<time itemprop="dateCreated" datetime="2024-05-03 10:00:00Z">x</time><time datetime="2025">',
        '<x-post created-timestamp="2024-05-03T09:47:05+0000">Ferry</x-post>',
        "<h1>Ferry</h1><div><b>Updated:</b> 9 May 2024</div><p>3 May 2024</p>",
        "<td>3 May 2024</td><td><font>Ferry to Corfu</font></td><p>In 1998 it sank.",
        '<span class="itemPostDate">3 May 2024</span>',
        '<p class="updated-date">9 May 2024</p><p class="documentPublished">3 May 2024</p>',
        '<h1>Ferry</h1><span data-tip="Friday, May 3rd, 2024 at 3:43:10 PM GMT+03:00">old</span>',
        "<p>Posted on the 3 May 2024 at 19:00 by <a>Ann</a></p>",
        "<div><p>Erschienen am: 03.05.2024</p></div>",
        '<div class="fixed-sidebar"><x-post created-timestamp="2024-05-03T09:47:05+0000">x</div>',
        '<a href="showthread.php?t=7">x</a><td> 3rd May 2024, 16:26</td><td>5th May 2024, 9:00</td>',
        '<a href="viewtopic.php?id=7">Registered: 1 May 2019 8:00</a><a>2024-05-03 10:59:47</a>',
    ],
)
def test_a_date_is_found_in_the_odd_places_of_pages(body: str) -> None:
    markup = html_page("<title>Ferry to Corfu - Forum</title>", body.format(spaces=" " * 60))
    found = read_metadata(markup).published_at
    assert found is not None
    assert found.date().isoformat() == "2024-05-03"


@pytest.mark.parametrize(
    "body",
    [
        '<h1>Ebb</h1><time datetime="2017-03-01T12:00:00Z">03/01/2017</time>',
        "<h1>Ebb</h1><p>By Ann Lee | 1 March 2017</p>",
    ],
)
def test_a_page_that_was_moved_keeps_the_earlier_day_beside_its_headline(body: str) -> None:
    moved = '<meta property="article:published_time" content="2025-01-31T08:00:00Z">'
    found = read_metadata(html_page(moved, body)).published_at
    assert found is not None
    assert found.date() == date(2017, 3, 1)


@pytest.mark.parametrize(
    "body",
    [
        '<div class="teaser">Erstellt am 22.05.2014</div>',
        '<time class="modified-date">9 May 2024</time><p class="date modified-date">9 May 2024</p>',
        '<h1>Ferry</h1><a data-event="2024-05-03-harbour-days">Harbour days</a>',
        '<a href="viewtopic.php?id=7">x</a><p>9 May 2024, 10:00</p><p>3 May 2024, 9:00</p>',
        '<a href="viewtopic.php?id=7">x</a><p>It is currently 9 May 2024, 10:00</p>',
        '<div class="right-sidebar"><p class="postDate">9 May 2024</p></div>',
    ],
    ids=["teaser", "changed", "event", "not in order", "now", "side bar"],
)
def test_what_is_no_day_of_publication_gives_none(body: str) -> None:
    assert read_metadata(html_page("<title>Ferry to Corfu</title>", body)).published_at is None


def test_the_day_of_a_book_beside_a_title_that_is_no_heading_is_not_that_of_its_review() -> None:
    body = (
        "<h3>Ebb and flow again</h3><p>Erscheinungsdatum: 14.08.2017</p>"
        '<abbr itemprop="datePublished" title="2017-09-09T10:52:00+02:00">10:52</abbr>'
    )
    found = read_metadata(html_page("<title>Ebb and flow again</title>", body)).published_at
    assert found == datetime(2017, 9, 9, 8, 52, tzinfo=UTC)


@pytest.mark.parametrize(
    "path", ["2024/05/03/ferry", "articles%2F2024-05-03%2BFerry", "2024/May/3/x"]
)
def test_a_date_stands_in_the_address(path: str) -> None:
    head = f'<link rel="canonical" href="https://a.example/{path}">'
    assert read_metadata(html_page(head)).published_at == datetime(2024, 5, 3, tzinfo=UTC)


def test_a_later_day_beside_the_headline_is_not_that_of_publication() -> None:
    head = '<meta property="article:published_time" content="2017-03-01T08:00:00Z">'
    for day in ("2 March 2017", "31 January 2025"):
        found = read_metadata(html_page(head, f"<h1>Ebb</h1><p>{day}</p>")).published_at
        assert found == datetime(2017, 3, 1, 8, tzinfo=UTC)


def test_a_month_may_be_a_word_in_an_address() -> None:
    head = '<link rel="canonical" href="https://example.com/news/2024/may/03/ferry">'
    assert read_metadata(html_page(head)).published_at == datetime(2024, 5, 3, tzinfo=UTC)
