"""Collecting: polite, nothing lost, nothing twice, no private address, whatever servers do."""

import gzip
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tasks.reading.collect.collect import PAGES, Collected, collect
from tasks.reading.collect.errors import BeingCollected
from tasks.reading.confinement import NotAllowed
from tests.making import misbehaving_server as server
from tests.making.collecting import A, B, collect_from, source_list, texts_by_address
from tests.making.misbehaving_server import Reply, Sites, served
from tests.making.reading import rows


@pytest.fixture
def sites() -> Iterator[Sites]:
    with served() as found:
        yield found


def _outcomes(collected: Collected) -> dict[str, str]:
    return {told.address.rpartition("/")[2]: told.outcome for told in collected.troubles}


def test_what_a_feed_names_is_fetched_once_and_kept_with_address_and_time(
    sites: Sites, tmp_path: Path
) -> None:
    links = [sites.page(A, f"/{n}", f"Story {n} & more.") for n in range(5)]
    feed = sites.feed(A, "/feed", links)
    first = collect_from(sites, tmp_path, feeds=[feed], revisit_days=0)
    assert first.in_order() == {"new": 5, "links": 1}
    assert set(texts_by_address(tmp_path)) == set(links)
    assert all(row["fetched_at"] for row in rows(tmp_path / PAGES))
    again = collect_from(sites, tmp_path, feeds=[feed], revisit_days=0)
    assert again.in_order() == {"links": 1}
    assert sorted(sites.asked()) == sorted(["/feed", "/feed", *(f"/{n}" for n in range(5))])


def test_a_page_that_is_as_it_was_is_not_kept_twice_and_one_that_changed_is(
    sites: Sites, tmp_path: Path
) -> None:
    tagged = sites.page(A, "/tagged", "As it was.", ETag='"1"')
    dated = sites.page(A, "/dated", "So too.", **{"Last-Modified": "Mon, 02 Nov 2026 10:00:00 GMT"})
    plain = sites.page(A, "/plain", "And this, whose script has the time.")
    moving = sites.page(A, "/moving", "The first version.")
    feed = sites.feed(A, "/feed", [tagged, dated, plain, moving], etag='"feed"')
    collect_from(sites, tmp_path, feeds=[feed])
    sites.page(A, "/plain", "And this, whose <script>var now = 5</script>script has the time.")
    sites.page(A, "/moving", "The second version.")
    second = collect_from(sites, tmp_path, feeds=[feed])
    assert second.in_order() == {"changed": 1, "unchanged": 4}
    assert len(texts_by_address(tmp_path)[moving]) == 2
    assert [
        len(texts) for address, texts in texts_by_address(tmp_path).items() if address != moving
    ] == [1] * 3
    conditions = [
        request.headers for request in sites.requests if request.path in {"/tagged", "/dated"}
    ]
    assert sum("if-none-match" in c or "if-modified-since" in c for c in conditions) == 2


def test_an_article_is_asked_again_in_its_first_days_only_and_no_sooner_than_said(
    sites: Sites, tmp_path: Path
) -> None:
    feed = sites.feed(A, "/feed", [sites.page(A, "/1", "Text.")])
    collect_from(sites, tmp_path, feeds=[feed])
    for changes in ({"revisit_hours": 1}, {"revisit_days": 0}):
        collect_from(sites, tmp_path, feeds=[feed], **changes)
    assert sites.asked().count("/1") == 1
    collect_from(sites, tmp_path, feeds=[feed])
    assert sites.asked().count("/1") == 2


@pytest.mark.parametrize("delay", [0.05, 0.1])
def test_a_host_is_asked_one_thing_at_a_time_with_a_delay_and_others_meanwhile(
    delay: float, sites: Sites, tmp_path: Path
) -> None:
    links = [sites.page(host, f"/{n}", f"{host} {n}") for host in (A, B) for n in range(6)]
    feeds = [sites.feed(host, "/feed", [link for link in links if host in link]) for host in (A, B)]
    collect_from(sites, tmp_path, feeds=feeds, delay_seconds=delay)
    order = []
    for host in (A, B):
        own = sorted((r for r in sites.requests if r.host == host), key=lambda r: r.began)
        assert len(own) == 8
        gaps = [after.began - before.began for before, after in pairwise(own)]
        assert min(gaps) >= delay
        assert all(a.began >= b.ended for b, a in pairwise(own) if b.ended)
        assert len(own) / (own[-1].began - own[0].began + delay) <= 1 / delay
        order.append((own[0].began, own[-1].began))
    assert max(first for first, _ in order) < min(last for _, last in order), "side by side"


def test_robots_txt_is_read_once_and_kept_to(sites: Sites, tmp_path: Path) -> None:
    rules = b"User-agent: babelmill\nDisallow: /closed\nCrawl-delay: 0.1\n\nUser-agent: *\nDisallow: /\n"
    sites.pages[A, "/robots.txt"] = Reply(rules, headers={"Content-Type": "text/plain"})
    links = [sites.page(A, path, path) for path in ("/open/1", "/closed/2", "/open/3")]
    collected = collect_from(sites, tmp_path, feeds=[sites.feed(A, "/feed", links)])
    assert sites.asked() == ["/feed", "/open/1", "/open/3"]
    assert _outcomes(collected) == {"2": "robots"}
    assert sum(request.path == "/robots.txt" for request in sites.requests) == 1
    times = sorted(request.began for request in sites.requests)
    assert min(after - before for before, after in pairwise(times)) >= 0.1


@pytest.mark.parametrize("status", [500, 503])
def test_a_host_whose_rules_cannot_be_had_is_not_asked_today(
    status: int, sites: Sites, tmp_path: Path
) -> None:
    sites.pages[A, "/robots.txt"] = Reply(status=status)
    page = sites.page(A, "/1", "Text.")
    assert _outcomes(collect_from(sites, tmp_path, pages=[page])) == {"1": "robots"}
    assert sites.asked() == []
    del sites.pages[A, "/robots.txt"]
    assert collect_from(sites, tmp_path, pages=[page]).in_order() == {"new": 1}


@pytest.mark.parametrize(("redirects", "outcomes"), [(5, {"1": "robots"}), (6, {})])
def test_rules_are_found_behind_five_redirects_also_at_another_host(
    redirects: int, outcomes: dict[str, str], sites: Sites, tmp_path: Path
) -> None:
    places = [(A, "/robots.txt"), *((B, f"/rules{n}") for n in range(redirects))]
    for here, (host, path) in pairwise(places):
        sites.pages[here] = Reply(status=301, headers={"Location": sites.url(host, path)})
    sites.pages[places[-1]] = Reply(b"User-agent: *\nDisallow: /\n")
    collected = collect_from(sites, tmp_path, pages=[sites.page(A, "/1", "Text.")])
    assert _outcomes(collected) == outcomes


@pytest.mark.parametrize("target", ["http://[", "file:///etc/passwd", ""])
def test_rules_that_lead_to_no_address_are_none(target: str, sites: Sites, tmp_path: Path) -> None:
    sites.pages[A, "/robots.txt"] = Reply(status=302, headers={"Location": target})
    collected = collect_from(sites, tmp_path, pages=[sites.page(A, "/1", "Text.")])
    assert collected.in_order() == {"new": 1}


def test_rules_whose_redirect_cannot_be_reached_close_the_host(
    sites: Sites, tmp_path: Path
) -> None:
    dead = {"Location": "http://dead.example.org:9/robots.txt"}
    sites.pages[A, "/robots.txt"] = Reply(status=302, headers=dead)
    collected = collect_from(sites, tmp_path, pages=[sites.page(A, "/1", "Text.")])
    assert _outcomes(collected) == {"1": "unreachable"}
    assert sites.asked() == []


def test_who_asks_says_who_they_are(sites: Sites, tmp_path: Path) -> None:
    collect_from(sites, tmp_path, pages=[sites.page(A, "/1", "Text.")])
    agents = {request.headers["user-agent"] for request in sites.requests}
    assert len(agents) == 1
    assert agents.pop().endswith("(+https://example.org/bot)")


def test_every_misbehaviour_is_told_and_costs_nothing_else(sites: Sites, tmp_path: Path) -> None:
    sites.pages[A, "/loop"] = Reply(status=302, headers={"Location": "/loop"})
    sites.pages[A, "/file"] = Reply(status=302, headers={"Location": "file:///etc/passwd"})
    sites.pages[A, "/nowhere"] = Reply(status=301)
    sites.pages[A, "/410"] = Reply(status=410)
    sites.pages[A, "/403"] = Reply(status=403)
    sites.pages[A, "/500"] = Reply(status=500)
    sites.pages[A, "/304"] = Reply(status=304)
    sites.pages[A, "/picture"] = Reply(b"\x89PNG", headers={"Content-Type": "image/png"})
    sites.pages[A, "/huge"] = Reply(b"x" * 200_000, headers={"Content-Type": "text/html"})
    sites.pages[A, "/bomb"] = server.bomb(90_000_000)
    expected = {
        "loop": "too_many_redirects", "file": "too_many_redirects", "nowhere": "too_many_redirects",
        "404": "gone", "410": "gone", "403": "refused", "500": "server_error", "304": "refused",
        "picture": "not_text", "huge": "too_large", "bomb": "too_large", "endless": "too_large",
        "drip": "too_slow", "headers": "too_slow", "garbage": "unreachable", "cut": "unreachable",
    }  # fmt: skip
    links = [sites.url(A, f"/{name}") for name in expected]
    strict = {"max_page_bytes": 150_000, "max_host_failures": 9, "max_seconds": 0.8}
    good = [sites.page(A, "/good1", "A sound page."), sites.page(A, "/good2", "Another one.")]
    feed = sites.feed(A, "/feed", [good[0], *links, good[1]])
    collected = collect_from(sites, tmp_path, feeds=[feed], **strict)
    assert _outcomes(collected) == expected
    assert set(texts_by_address(tmp_path)) == set(good)
    again = _outcomes(collect_from(sites, tmp_path, feeds=[feed], **strict))
    assert set(again) == {"500", "drip", "headers", "garbage", "cut"}, (
        "what may pass is tried again"
    )


def test_a_dead_host_is_told_and_left_alone_after_some_failures(
    sites: Sites, tmp_path: Path
) -> None:
    dead = [f"http://dead.example.org:9/{n}" for n in range(9)]
    good = sites.page(A, "/1", "Text.")
    collected = collect_from(sites, tmp_path, pages=[*dead, good])
    assert collected.in_order() == {"new": 1, "unreachable": 9}
    assert collected.requests <= 3


def test_a_dead_feed_is_told(sites: Sites, tmp_path: Path) -> None:
    feeds = [sites.url(A, "/gone"), sites.page(A, "/html", "no feed"), sites.feed(A, "/f", [])]
    collected = collect_from(sites, tmp_path, feeds=feeds)
    assert _outcomes(collected) == {"gone": "gone", "html": "no_links"}


@pytest.mark.parametrize("end", [A, B])
def test_a_redirect_is_kept_under_the_address_where_it_ended_and_once(
    sites: Sites, tmp_path: Path, end: str
) -> None:
    target = sites.page(end, "/target", "Where it ended.")
    for name in ("one", "two"):
        sites.pages[A, f"/{name}"] = Reply(status=301, headers={"Location": target})
    links = [sites.url(A, "/one"), sites.url(A, "/two"), target]
    feeds = [sites.feed(A, "/feed", links)]
    collected = collect_from(sites, tmp_path, feeds=feeds, hosts_at_once=1)
    assert set(texts_by_address(tmp_path)) == {target}
    assert [len(texts) for texts in texts_by_address(tmp_path).values()] == [1]
    assert sum(collected.counts.get(name, 0) for name in ("new", "redirected", "unchanged")) == 3


def test_a_page_that_a_redirect_led_to_and_then_fails_is_not_kept_again(
    sites: Sites, tmp_path: Path
) -> None:
    whole = Reply(b"<p>Where it ended.", headers={"Content-Type": "text/html"})
    replies = [whole, Reply(status=410)]
    sites.pages[B, "/target"] = lambda _: replies.pop(0)
    target = sites.url(B, "/target")
    sites.pages[A, "/one"] = Reply(status=301, headers={"Location": target})
    feed = sites.feed(A, "/feed", [sites.url(A, "/one"), target])
    first = collect_from(sites, tmp_path, feeds=[feed], hosts_at_once=1)
    assert first.in_order() == {"new": 1, "links": 1, "gone": 1}
    sites.pages[B, "/target"] = whole
    collect_from(sites, tmp_path, pages=[target])
    assert [len(texts) for texts in texts_by_address(tmp_path).values()] == [1]


def test_who_says_when_to_come_back_is_asked_then(sites: Sites, tmp_path: Path) -> None:
    replies = [
        Reply(status=503, headers={"Retry-After": "0"}),
        Reply(b"<p>Now.", headers={"Content-Type": "text/html"}),
    ]
    sites.pages[A, "/busy"] = lambda _: replies.pop(0)
    assert collect_from(sites, tmp_path, pages=[sites.url(A, "/busy")]).in_order() == {"new": 1}


def test_who_says_to_come_back_in_an_hour_is_not_asked_before_and_nothing_is_lost(
    sites: Sites, tmp_path: Path
) -> None:
    links = [sites.page(A, f"/{n}", f"Text {n}.") for n in range(3)]
    feed = sites.feed(A, "/feed", links)
    sites.pages[A, "/0"] = Reply(status=429, headers={"Retry-After": "3600"})
    collected = collect_from(sites, tmp_path, feeds=[feed])
    assert collected.counts["told_to_wait"] == 3
    asked = len(sites.requests)
    for _ in range(2):
        assert (
            _outcomes(collect_from(sites, tmp_path, feeds=[feed], max_tries=1))["feed"]
            == "told_to_wait"
        )
    assert len(sites.requests) == asked
    collect_from(sites, tmp_path, name="other", pages=[sites.page(B, "/1", "Text.")])
    assert _outcomes(collect_from(sites, tmp_path, feeds=[feed]))["feed"] == "told_to_wait"
    (tmp_path / "collected.sqlite").rename(tmp_path / "other")
    sites.page(A, "/0", "Text 0.")
    assert collect_from(sites, tmp_path, feeds=[feed]).counts["new"] == 3


def test_no_private_address_is_asked_by_whatever_name_or_redirect(
    sites: Sites, tmp_path: Path
) -> None:
    public = "public.example.org"
    names = {"loopback": "127.0.0.1", "net": "10.0.0.7", "cloud": "169.254.169.254", "six": "::1",
             "mapped": "::ffff:192.168.0.1"}  # fmt: skip
    sites.addresses = {f"{name}.example.org": [address] for name, address in names.items()}
    sites.addresses["both.example.org"] = ["93.184.216.34", "127.0.0.1"]
    pages = [sites.url(f"{name}.example.org", f"/{name}") for name in (*names, "both")]
    pages += [
        sites.url("127.0.0.1", "/literal"),
        f"http://[::1]:{sites.port}/literal6",
        sites.url("0x7f.1", "/hex"),
    ]
    sites.addresses |= {"127.0.0.1": ["127.0.0.1"], "::1": ["::1"]}
    collected = collect_from(sites, tmp_path, pages=pages, allow_private=False)
    assert set(_outcomes(collected).values()) == {"not_public"}
    assert sites.requests == []
    sites.addresses[public] = ["127.0.0.1"]
    assert collect_from(
        sites, tmp_path, pages=[sites.url(public, "/1")], allow_private=False
    ).counts == {"not_public": 1}


def test_what_is_connected_to_is_what_was_looked_at(sites: Sites, tmp_path: Path) -> None:
    answers = iter([["127.0.0.1"], ["127.0.0.1"]])
    page = sites.page("twice.example.org", "/1", "Text.")
    collected = collect(source_list(pages=[page]), tmp_path, resolve=lambda *_: next(answers))
    assert collected.counts == {"new": 1}
    assert {request.host for request in sites.requests} == {"twice.example.org"}
    with pytest.raises(StopIteration):
        next(answers)


def test_a_certificate_that_nobody_vouches_for_is_told(tmp_path: Path) -> None:
    certificate = server.self_signed(tmp_path, A)
    with served(certificate) as sites:
        address = sites.page(A, "/1", "Text.").replace("http:", "https:")
        collected = collect_from(sites, tmp_path / "into", pages=[address])
    assert _outcomes(collected) == {"1": "wrong_certificate"}


def test_sitemaps_and_their_indexes_name_pages_and_so_do_sites(
    sites: Sites, tmp_path: Path
) -> None:
    xml = {"Content-Type": "application/xml"}
    namespace = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    links = [sites.page(A, f"/{n}", f"Text {n}.") for n in range(4)]
    locs = "".join(f"<url><loc>{link}</loc></url>" for link in links[:3])
    tagged = {**xml, "ETag": '"same"'}
    inner = f"<?xml version='1.0'?><urlset {namespace}>{locs}</urlset>".encode()
    sites.pages[A, "/inner.xml.gz"] = Reply(gzip.compress(inner), headers=xml)
    index = f"<sitemap><loc>{sites.url(A, '/inner.xml.gz')}</loc></sitemap>"
    outer = f"<?xml version='1.0'?><sitemapindex {namespace}>{index}</sitemapindex>"
    sites.pages[A, "/sitemap.xml"] = Reply(outer.encode(), headers=tagged)
    home = (
        "<html><head><link rel='alternate' type='application/rss+xml' href='/feed'></head></html>"
    )
    sites.pages[B, "/"] = Reply(home.encode(), headers={"Content-Type": "text/html"})
    sites.feed(B, "/feed", [links[3]])
    sites.page(A, "/", "A home page that names no feed.")
    homes = [sites.url(A, "/"), sites.url(B, "/")]
    collected = collect_from(sites, tmp_path, sites=homes)
    assert (collected.counts["new"], collected.troubles) == (4, [])
    collected = collect_from(sites, tmp_path / "2", sitemaps=[sites.url(A, "/sitemap.xml")])
    assert collected.counts["new"] == 3
    assert set(texts_by_address(tmp_path)) == set(links)
    more = inner.replace(b"</urlset>", f"<url><loc>{links[3]}</loc></url></urlset>".encode())
    sites.pages[A, "/inner.xml.gz"] = Reply(gzip.compress(more), headers=xml)
    again = collect_from(
        sites, tmp_path / "2", sitemaps=[sites.url(A, "/sitemap.xml")], revisit_days=0
    )
    assert again.in_order() == {"new": 1, "links": 2}, "an index that is as it was"


def test_a_run_that_has_had_enough_leaves_the_rest_to_the_next(
    sites: Sites, tmp_path: Path
) -> None:
    links = [sites.page(A, f"/{n}", f"Text {n}.") for n in range(7)]
    feed = sites.feed(A, "/feed", links, etag='"same"')
    left = [
        collect_from(sites, tmp_path, feeds=[feed], max_pages=3, revisit_days=0).left
        for _ in range(3)
    ]
    assert left == [4, 1, 0]
    assert set(texts_by_address(tmp_path)) == set(links)


def test_pages_are_kept_at_no_address() -> None:
    with pytest.raises(NotAllowed, match="s3://bucket is an address"):
        collect(source_list(feeds=["http://127.0.0.1/feed"]), "s3://bucket")


def test_two_runs_into_one_folder_are_not_possible(sites: Sites, tmp_path: Path) -> None:
    def second(_: object) -> Reply:
        with pytest.raises(BeingCollected, match="another process collects into it"):
            collect_from(sites, tmp_path, pages=[sites.url(A, "/2")])
        return Reply(b"<p>Text.", headers={"Content-Type": "text/html"})

    sites.pages[A, "/1"] = second
    assert collect_from(sites, tmp_path, pages=[sites.url(A, "/1")]).in_order() == {"new": 1}


def test_schemes_and_ports_of_a_host_take_turns_and_no_cookie_is_kept(
    sites: Sites, tmp_path: Path
) -> None:
    with served() as other:
        target = other.page(A, "/target", "Text.", **{"Set-Cookie": "id=1; Path=/"})
        sites.pages[A, "/1"] = Reply(status=302, headers={"Location": target, "Set-Cookie": "id=1"})
        collect_from(
            sites,
            tmp_path,
            pages=[sites.url(A, "/1"), sites.page(A, "/2", "More.")],
            delay_seconds=0.1,
        )
    asked = sorted((*sites.requests, *other.requests), key=lambda request: request.began)
    assert len(asked) == 5
    assert min(after.began - before.began for before, after in pairwise(asked)) >= 0.1
    assert not any("cookie" in request.headers for request in asked)


def test_what_a_refusal_says_is_not_read(sites: Sites, tmp_path: Path) -> None:
    sites.pages[A, "/404"] = Reply(b"x" * 10**6, status=404)
    collected = collect_from(sites, tmp_path, pages=[sites.url(A, "/404")], max_page_bytes=1000)
    assert _outcomes(collected) == {"404": "gone"}
