"""The page with a language model behind it that answers, hangs and dies: a stand-in server, everything else real."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import PROJECT
from page_process import Visit, ask, environment, free_port, serving, start_browser
from playwright.sync_api import Page, expect, sync_playwright

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)

QUESTION = "What is the alarm threshold of concept drift?"


class Model:
    """The stand-in, told what to do next."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def be(self, mode: str) -> None:
        urllib.request.urlopen(f"{self.url}/control", mode.encode(), timeout=10).close()


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    port = free_port()
    command = [sys.executable, "tests/fake_openai.py", "--port", str(port), "--served-model-name", "stand-in"]
    process = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        yield _up(Model(port))
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # its child does not go when asked
        process.wait(10)


@pytest.fixture(scope="module")
def page(model: Model, chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    engine = {"engine.url": f"{model.url}/v1", "engine.model": "stand-in", "engine.api_key": "none"}
    folder: Path = tmp_path_factory.mktemp("page")
    with serving(folder, **environment(engine)) as address, sync_playwright() as playwright:
        visit = Visit(start_browser(playwright, chromium), address, locale="en-US")
        opened = visit.open()
        expect(opened.locator(".engine")).to_contain_text("model ready stand-in", timeout=60_000)
        yield opened
        visit.close()


@pytest.fixture(autouse=True)
def _anew(page: Page, model: Model) -> None:
    model.be("ok")
    page.click("#new")
    expect(page.locator(".question")).to_have_count(0)


def test_a_verified_lead_comes_above_the_note_with_markers(page: Page) -> None:
    ask(page, QUESTION)
    expect(page.locator(".written")).to_contain_text("The threshold is 0.25.")
    expect(page.locator(".support")).to_contain_text("1\u00a0sentence, all supported")
    page.locator(".written button.cite").click()
    expect(page.locator("#source mark").first).to_contain_text("threshold is 0.25")


def test_stop_keeps_the_note_and_the_next_question_works(page: Page, model: Model) -> None:
    model.be("hang")
    page.fill("#box textarea", QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".quote")).to_be_visible()
    expect(page.locator(".coming")).to_be_visible()
    page.click("#box .stop-button")
    expect(page.locator(".answer").last).to_contain_text("Stopped.")
    expect(page.locator(".quote")).to_be_visible()
    expect(page.locator(".coming")).to_have_count(0)
    model.be("ok")
    ask(page, QUESTION)
    expect(page.locator(".written")).to_be_visible()


def test_a_model_that_breaks_off_leaves_the_note_and_says_so(page: Page, model: Model) -> None:
    model.be("break")
    ask(page, QUESTION)
    expect(page.locator(".answer").last).to_contain_text("The model stopped; here is the note itself.")
    expect(page.locator(".quote")).to_be_visible()


def _up(model: Model) -> Model:
    for _ in range(200):
        try:
            model.be("ok")
            return model
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the stand-in did not come up")
