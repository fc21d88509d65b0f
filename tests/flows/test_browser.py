"""Serve in a real browser: fill in the form, see the run complete, open its artifacts, schedule it.

`make test-browser` runs it with Debian's Chromium, and writes the pictures of docs/images where
BABELMILL_PICTURES names a folder.
"""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, Response, expect, sync_playwright

from tests.conftest import SEEDS
from tests.making.served import Served
from tests.making.three_feeds import three_feeds

_CHROMIUM = shutil.which("chromium")
_PAGE_MS = 60_000
_RUN_MS = 240_000
_SIZE = {"width": 1280, "height": 900}
_LOGGING = {"PREFECT_API_LOG_RETRYABLE_ERRORS": "true"}
_LOG_CHARS = 5_000
#: How the UI says `30 6 * * *`.
_ANOTHER_HOUR = "At 06:30 AM every day"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(_CHROMIUM is None, reason="needs Debian's chromium"),
]


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=_CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport=_SIZE)  # type: ignore[arg-type]
        page.set_default_timeout(_PAGE_MS)
        yield page
        browser.close()


def _picture(page: Page, name: str) -> None:
    """Keep a picture for the docs, if somebody wants them."""
    folder = os.environ.get("BABELMILL_PICTURES")
    if folder:
        page.screenshot(path=Path(folder, f"{name}.png"))


def _open_deployment(page: Page, url: str, name: str) -> None:
    page.goto(f"{url}/deployments")
    page.get_by_role("link", name=name, exact=True).first.click()
    expect(page.get_by_role("link", name="Deployments").first).to_be_visible(timeout=_PAGE_MS)


@contextmanager
def _watched(page: Page, served: Served) -> Iterator[None]:
    """If what is within fails, say beside it what the UI was answered and what the server logged.

    The server logs what it answers 503 to only where it is told to (`_LOGGING`).
    """
    said: list[str] = []

    def answered(response: Response) -> None:
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            said.append(f"{response.status} {response.request.method} {response.url}")

    def failed(request: Request) -> None:
        said.append(f"no answer ({request.failure}) {request.method} {request.url}")

    page.on("response", answered)
    page.on("requestfailed", failed)
    try:
        yield
    except BaseException as error:
        error.add_note("\n".join([f"{page.url}: {page.inner_text('body')}", *said]))
        error.add_note(served.log()[-_LOG_CHARS:])
        raise
    finally:
        page.remove_listener("response", answered)
        page.remove_listener("requestfailed", failed)


def test_a_person_builds_looks_schedules_and_finds_the_schedule_again(
    page: Page, tmp_path: Path
) -> None:
    expect.set_options(timeout=_PAGE_MS)
    with Served(tmp_path, **_LOGGING) as served:
        served.wait()
        with _watched(page, served):
            _fill_in_and_run(page, served.url, tmp_path / "store")
            _look_at_what_came_out(page)
            _switch_the_schedule_on(page, served.url)
            _make_another_schedule(page, served.url)
        assert served.stop(signal.SIGINT)[0] == 0
    with Served(tmp_path, **_LOGGING) as served:
        served.wait()
        with _watched(page, served):
            _open_deployment(page, served.url, "build")
            expect(page.get_by_role("switch").first).to_be_checked()
            _open_deployment(page, served.url, "daily")
            expect(page.get_by_text(_ANOTHER_HOUR)).to_be_visible()
        served.stop(signal.SIGINT)


def test_three_feeds_become_a_daily_dataset_and_a_dead_one_is_told(
    page: Page, tmp_path: Path
) -> None:
    expect.set_options(timeout=_PAGE_MS)
    with three_feeds() as feeds, Served(tmp_path, **_LOGGING) as served:
        sources = tmp_path / "sources.toml"
        sources.write_text(
            'contact = "you@example.org"\nallow_private = true\n'
            f"feeds = {list(feeds.addresses.values())}\n",
            "utf-8",
        )
        served.wait()
        with _watched(page, served):
            _run_daily(page, served.url, sources)
            expect(page.get_by_role("link", name="12 new").first).to_be_visible(timeout=_RUN_MS)
            _make_another_schedule(page, served.url)
            feeds.articles, feeds.gone = 6, {"fr"}
            _run_daily(page, served.url, sources)
            _look_at_the_next_day(page)
        assert served.stop(signal.SIGINT)[0] == 0


def _run_daily(page: Page, url: str, sources: Path) -> None:
    _open_deployment(page, url, "daily")
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_text("Custom run").click()
    fields = page.locator("textarea")
    expect(fields.nth(2)).to_have_value("news")
    for number, value in enumerate((sources, sources.parent / "pages", sources.parent / "news")):
        fields.nth(number).fill(str(value))
    page.get_by_role("button", name="Submit").click()


def _look_at_the_next_day(page: Page) -> None:
    run = page.get_by_role("link", name="4 new").first
    expect(run).to_be_visible(timeout=_RUN_MS)
    run.click()
    page.get_by_text("Artifacts", exact=True).first.click()
    page.get_by_text("not-fetched", exact=True).first.click()
    expect(page.get_by_text("404").first).to_be_visible()


def _fill_in_and_run(page: Page, url: str, store: Path) -> None:
    page.goto(url)
    _open_deployment(page, url, "build")
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_text("Custom run").click()
    source, store_field = page.locator("textarea").nth(0), page.locator("textarea").nth(1)
    expect(source).to_have_value("seeds/documents")
    _picture(page, "form")
    source.fill(str(SEEDS))
    store_field.fill(str(store))
    page.get_by_role("button", name="Submit").click()


def _look_at_what_came_out(page: Page) -> None:
    run = page.get_by_role("link", name="published, 5 documents").first
    expect(run).to_be_visible(timeout=_RUN_MS)
    run.click()
    expect(page.get_by_text("Completed").first).to_be_visible()
    expect(page.get_by_text("assemble_ledger").first).to_be_attached()
    _picture(page, "run")
    page.get_by_text("Artifacts", exact=True).first.click()
    page.get_by_text("release", exact=True).first.click()
    expect(page.get_by_text("Fit to publish").first).to_be_visible()
    _picture(page, "artifact")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Report", exact=True).click()
    report = opened.value
    expect(report.get_by_text("5 documents in 4 languages, from 5 records")).to_be_visible()
    report.close()


def _switch_the_schedule_on(page: Page, url: str) -> None:
    _open_deployment(page, url, "build")
    switch = page.get_by_role("switch").first
    expect(switch).not_to_be_checked()
    # The page shows it before the server has it, and the server is stopped next.
    with page.expect_response(lambda answer: "/schedules/" in answer.url) as saved:
        switch.click()
    assert saved.value.ok
    expect(switch).to_be_checked()
    _picture(page, "schedule")


def _make_another_schedule(page: Page, url: str) -> None:
    _open_deployment(page, url, "daily")
    page.get_by_role("button", name="Schedule", exact=True).click()
    page.get_by_text("Cron", exact=True).click()
    page.get_by_role("textbox").filter(visible=True).nth(1).fill("30 6 * * *")
    with page.expect_response(lambda answer: "/schedules" in answer.url) as saved:
        page.get_by_role("button", name="Save").click()
    assert saved.value.ok
    expect(page.get_by_text(_ANOTHER_HOUR)).to_be_visible()
