"""The page: from starting its process to an answering address and, where a Chromium is there, to something to see."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from assistant.errors import AssistantError
from config.settings import PROJECT, Settings
from eval.bench.footprint import pss_mb, tree
from eval.bench.measure import percentile

Say = Callable[[str], None]

_STARTS = 3
_PATIENCE_S = 300.0
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_HOST = "127.0.0.1"
_PAINTED = "() => performance.getEntriesByName('first-contentful-paint').length > 0"
_PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"


def measure(settings: Settings, say: Say) -> dict[str, object]:
    """Medians of several starts on a home whose notes are indexed, without an engine: seconds and megabytes.

    `answers_s` ends with the page's first answer to a browser, `paint_s` is from there to its first paint, in a
    browser that is running already.
    """
    answers, paints, memory = list[float](), list[float](), list[float]()
    for number in range(_STARTS):
        say(f"page: start {number + 1} of {_STARTS}")
        with _started(settings) as (process, port):
            answers.append(_wait_for(process, port))
            paints += _first_paint(port)
            _ask(port)
            memory.append(pss_mb(tree(process.pid)))
    return {
        "starts": _STARTS,
        "answers_s": round(percentile(answers, 0.5), 2),
        "paint_s": round(percentile(paints, 0.5), 2) if paints else None,
        "memory_mb": round(percentile(memory, 0.5)),
    }


@contextmanager
def _started(settings: Settings) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    with socket.socket() as bound:
        bound.bind((_HOST, 0))
        port = int(bound.getsockname()[1])
    environment = os.environ | {
        "ASSISTANT_HOME": str(settings.home),
        "ASSISTANT_WEIGHTS": str(settings.weights),
        "ASSISTANT_PAGE__PORT": str(port),
        "ASSISTANT_ENGINE__KIND": "none",
    }
    quiet = subprocess.DEVNULL
    process = subprocess.Popen([sys.executable, "app.py"], cwd=PROJECT, env=environment, stdout=quiet, stderr=quiet)
    try:
        yield process, port
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(process: subprocess.Popen[bytes], port: int) -> float:
    began = time.perf_counter()
    while (waited := time.perf_counter() - began) < _PATIENCE_S:
        if process.poll() is not None:
            raise AssistantError("The page ended by itself. Start it by hand to see why: python app.py")
        try:
            line = http.client.HTTPConnection(_HOST, port, timeout=_PATIENCE_S)
            line.request("GET", "/")
            if line.getresponse().status == http.client.OK:
                return time.perf_counter() - began
        except OSError:
            time.sleep(0.02)
        finally:
            line.close()
    raise AssistantError(f"The page did not open within {waited:.0f} s.")


def _first_paint(port: int) -> list[float]:
    """Seconds from asking for the page to its first paint; nothing where there is no Chromium to ask."""
    chromium = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    if chromium is None:
        return []
    # Imported late: it comes with the tools of `make test`, and only this needs it.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--headless", "--no-sandbox"])
        page = browser.new_page()
        page.goto(f"http://{_HOST}:{port}/")
        page.wait_for_function(_PAINTED)
        painted = float(page.evaluate(_PAINT)) / 1000
        browser.close()
    return [painted]


def _ask(port: int) -> None:
    """A few questions, so that the memory measured is that of a page in use."""
    for question in ("PSI", "What is a feature store?", "бандиты", "latency p99"):
        line = http.client.HTTPConnection(_HOST, port, timeout=_PATIENCE_S)
        body = f'{{"question": "{question}"}}'.encode()
        line.request("POST", "/api/ask", body, {"Content-Type": "application/json"})
        line.getresponse().read()
        line.close()
