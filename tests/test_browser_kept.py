"""What a killed program, a damaged file and a long conversation do to the page: nothing that a learner must repair."""

import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fakes_page import note, quoted
from page_process import Visit, ask, environment, free_port, start_browser, start_page
from playwright.sync_api import Browser, Page, expect, sync_playwright

from assistant.answer import Ask
from assistant.chats.chats import FILE_NAME, Chats
from assistant.page.owner import COOKIE, owner_of
from assistant.page.talk import asking
from assistant.page.words import WORDS

pytestmark = pytest.mark.browser

expect.set_options(timeout=30_000)
RU, EN = WORDS["ru"], WORDS["en"]
QUESTION = "What is concept drift?"
Start = Callable[..., tuple[subprocess.Popen[bytes], str]]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = start_browser(playwright, chromium)
        yield started
        started.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Pages on one home, ended at the end of the test."""
    pages: list[subprocess.Popen[bytes]] = []
    port: dict[str, object] = {"page.port": free_port()}

    def begin() -> tuple[subprocess.Popen[bytes], str]:
        page, address = start_page(tmp_path, **environment({"engine.kind": "none", **port}))
        pages.append(page)
        return page, address

    yield begin
    for page in pages:
        if page.poll() is None:
            page.send_signal(signal.SIGINT)
            assert page.wait(30) == 0


def open_quietly(browser: Browser, address: str) -> Page:
    """A page whose console may speak: the program is about to be killed."""
    page = browser.new_context(locale="ru-RU").new_page()
    page.goto(address)
    page.wait_for_selector(".greeting")
    return page


def test_a_killed_program_loses_nothing_and_the_page_comes_back(browser: Browser, start: Start) -> None:
    program, address = start()
    page = open_quietly(browser, address)
    ask(page, QUESTION)
    program.kill()
    program.wait()
    expect(page.locator(".toast-body")).to_contain_text(RU.errors["lost"])
    page.fill("#box textarea", "а это я не успел спросить")
    start()
    expect(page.locator(".toast-body")).to_have_count(0)
    expect(page.locator(".question")).to_have_text([QUESTION])
    expect(page.locator("#box textarea")).to_have_value("а это я не успел спросить")
    ask(page, "and how is it seen?")
    expect(page.locator(".question")).to_have_count(2)
    expect(page.locator(".answer").last).to_contain_text(QUESTION)
    page.context.close()


def test_a_damaged_file_of_chats_costs_only_the_chats(browser: Browser, start: Start, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / FILE_NAME).write_bytes(b"no database" * 1000)
    _, address = start()
    visit = Visit(browser, address, locale="en-US")
    page = visit.open()
    expect(page.locator("#chats")).to_contain_text("Chats are not being kept")
    ask(page, QUESTION)
    expect(page.locator(".quote")).to_be_visible()
    page.reload()
    expect(page.locator(".question")).to_have_text([QUESTION])
    assert (tmp_path / "home" / FILE_NAME).read_bytes() == b"no database" * 1000
    visit.close()


def test_two_hundred_messages_stay_smooth(browser: Browser, start: Start, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    chats = Chats(tmp_path / "home" / FILE_NAME)
    chat = ""
    for number in range(100):
        of = note(f"Заметка {number}. " + "Длинный текст с формулой $x^2$ и выводом. " * 12, f"Вопрос {number}?")
        exchange = asking(chats, f"Вопрос {number}?", Ask(f"Вопрос {number}?"), ())
        chat = chats.begin(owner_of("secret"), chat, exchange)
        chats.record(replace(exchange, state="done", answer=quoted(exchange.typed, of, "Длинный")))
    chats.close()
    _, address = start()
    visit = Visit(browser, address, locale="en-US")
    visit.context.add_cookies([{"name": COOKIE, "value": "secret", "url": address}])
    page = visit.open()
    page.locator("#chats button.chat").click()
    expect(page.locator(".question")).to_have_count(30)
    expect(page.locator(".question").last).to_be_in_viewport()
    page.get_by_role("button", name=EN.chats.older).click()
    expect(page.locator(".question")).to_have_count(60)
    page.get_by_role("button", name=EN.chats.older).click()
    page.get_by_role("button", name=EN.chats.older).click()
    expect(page.locator(".question")).to_have_count(100)
    expect(page.get_by_role("button", name=EN.chats.older)).to_have_count(0)
    page.evaluate(
        """() => {
            window.blocked = 0;
            new PerformanceObserver((list) => {
                for (const task of list.getEntries()) window.blocked = Math.max(window.blocked, task.duration);
            }).observe({ type: "longtask" });
        }"""
    )
    ask(page, QUESTION)
    # Nothing holds the page up for as long as a person notices a stall, on a machine that does other work too.
    assert page.evaluate("window.blocked") < 1000
    # The words looked for lead to their place, however far back.
    page.fill("#find input", "Заметка 3.")
    expect(page.locator("#chats .snippet")).to_contain_text("Заметка 3.")
    page.locator("#chats button.chat").click()
    expect(page.locator(".question", has_text="Вопрос 3?")).to_be_in_viewport()
    visit.close()
