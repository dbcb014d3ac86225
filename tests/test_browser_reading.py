"""Reading an answer in a real browser: previews, the panel, the keyboard alone, errors in words, nothing that jumps."""

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from conftest import PROJECT
from page_process import Visit, ask, environment, free_port, serving, start_browser
from playwright.sync_api import Browser, Page, expect, sync_playwright

from assistant.page.words import WORDS, Words

pytestmark = pytest.mark.browser

expect.set_options(timeout=30_000)
QUESTION = "What is the alarm threshold of concept drift?"
LANGUAGES = pytest.mark.parametrize("locale", ["ru-RU", "en-US"])
# Shifts of what is in sight, as browsers count them; 0.1 is called good, and a line that moves is 0.03.
_SHIFTS = """() => {
    window.shifts = [];
    new PerformanceObserver((list) => {
        for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.shifts.push(shift.value);
    }).observe({ type: "layout-shift" });
}"""


def words(locale: str) -> Words:
    return WORDS["ru" if locale.startswith("ru") else "en"]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = start_browser(playwright, chromium)
        yield started
        started.close()


@pytest.fixture(scope="module")
def model() -> Iterator[str]:
    """The stand-in's address."""
    port = free_port()
    command = [sys.executable, "tests/fake_openai.py", "--port", str(port), "--served-model-name", "stand-in"]
    process = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


@pytest.fixture(scope="module")
def address(model: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    engine = {"engine.url": f"{model}/v1", "engine.model": "stand-in", "engine.api_key": "none"}
    with serving(tmp_path_factory.mktemp("page"), **environment(engine)) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, address: str, model: str) -> Iterator[Callable[..., Page]]:
    """Pages with a model that is ready; a console error or a request to another host fails the test at its end."""
    be(model, "ok")
    visits: list[Visit] = []

    def make(locale: str = "en-US", *, width: int = 1280) -> Page:
        visits.append(Visit(browser, address, locale=locale, width=width))
        page = visits[-1].open()
        expect(page.locator(".engine .dot.on")).to_be_visible(timeout=60_000)
        return page

    yield make
    for one in visits:
        one.close()


def be(model: str, mode: str) -> None:
    urllib.request.urlopen(f"{model}/control", mode.encode(), timeout=10).close()


@LANGUAGES
def test_a_citation_shows_its_words_before_it_is_opened(visit: Callable[..., Page], locale: str) -> None:
    page = visit(locale)
    ask(page, QUESTION)
    marker = page.locator(".quote button.cite")
    marker.hover()
    preview = page.locator("#preview")
    expect(preview).to_be_visible()
    expect(preview.locator("b")).to_have_text("What is concept drift?")
    expect(preview.locator("small")).to_have_text("Drift Detection · Basic · drift.md")
    expect(preview.locator("q")).not_to_be_empty()
    page.mouse.move(2, 2)
    expect(preview).to_be_hidden()
    # By keyboard as well; Escape puts it away and nothing else.
    marker.focus()
    expect(preview).to_be_visible()
    assert marker.get_attribute("aria-describedby") == "preview"
    expect(marker).to_have_attribute("aria-label", words(locale).chats.source.format("1") + ": What is concept drift?")
    page.keyboard.press("Escape")
    expect(preview).to_be_hidden()
    expect(marker).to_be_focused()


def test_the_panel_leads_to_the_notes(visit: Callable[..., Page]) -> None:
    page = visit()
    ask(page, QUESTION)
    page.locator(".written button.cite").click()
    expect(page.locator("#source mark").first).to_be_in_viewport()
    page.locator("#panel button.shelf").click()
    expect(page.locator("#read .title")).to_have_text("What is concept drift?")


def test_the_keyboard_alone_asks_reads_and_rates(visit: Callable[..., Page]) -> None:
    page = visit()
    page.locator("#new").focus()
    page.keyboard.press("/")
    expect(page.locator("#box textarea")).to_be_focused()
    page.keyboard.type(f"{QUESTION} a/b")
    expect(page.locator("#box textarea")).to_have_value(f"{QUESTION} a/b")
    page.keyboard.press("Enter")
    expect(page.locator(".acts")).to_be_visible()
    page.locator("button.cite").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#source .title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.locator("button.cite").first).to_be_focused()
    # Every control of the tab is reached by Tab, and shows where the keyboard is.
    page.locator("#new").focus()
    reached: set[str] = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            """() => {
                const at = document.activeElement;
                const style = getComputedStyle(at);
                const seen = style.outlineStyle !== "none" || at.matches("input, textarea, body");
                return [at.name || at.closest("[id]")?.id || at.tagName, seen];
            }"""
        )
        reached.add(focused[0])
        assert focused[1], f"{focused[0]} does not show that it has the keyboard"
    assert {"chat", "cite", "up", "down", "copy", "retry", "edit"} <= reached
    page.get_by_role("button", name="Not helpful").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#why input").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#why")).to_be_hidden()


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_jumps_while_an_answer_comes(visit: Callable[..., Page], model: str, width: int) -> None:
    page = visit(width=width)
    be(model, "hang")
    page.fill("#box textarea", QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".coming")).to_be_visible()
    page.wait_for_timeout(2000)
    page.evaluate(_SHIFTS)
    note = page.locator(".quote .title").bounding_box()
    page.click("#box .stop-button")
    expect(page.locator(".acts")).to_be_visible()
    expect(page.locator("#ask [data-testid=status-tracker]:visible")).to_have_count(0)
    be(model, "ok")
    # A model that hung counts as lost until it is looked at again.
    for _ in range(10):
        page.get_by_role("button", name=WORDS["en"].chats.retry).click()
        page.wait_for_timeout(2000)
        if page.locator(".written").is_visible():
            break
    expect(page.locator(".written")).to_be_visible()
    expect(page.locator(".acts")).to_be_visible()
    page.wait_for_timeout(500)
    after = page.locator(".quote .title").bounding_box()
    assert note and after and abs(note["y"] - after["y"]) < 2
    assert sum(page.evaluate("window.shifts")) < 0.1


@LANGUAGES
def test_what_goes_wrong_is_told_in_the_learners_language(visit: Callable[..., Page], model: str, locale: str) -> None:
    page, said = visit(locale), words(locale)
    ask(page, "???")
    expect(page.locator(".problem")).to_contain_text(said.errors["empty_question"])
    trace = (page.locator(".answer").get_attribute("id") or "").removeprefix("a-")
    page.locator(".details summary").click()
    expect(page.locator(".details")).to_contain_text(trace)
    be(model, "break")
    # A model that hung in the test before counts as lost until it is looked at again.
    for _ in range(10):
        ask(page, QUESTION)
        expect(page.locator(".acts").last).to_be_visible()
        if said.engine_lost in page.locator(".answer").last.inner_text():
            break
        page.wait_for_timeout(2000)
    expect(page.locator(".answer").last).to_contain_text(said.engine_lost)
    expect(page.locator(".quote").last).to_be_visible()
