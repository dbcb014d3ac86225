"""The real page as a process of its own, on small notes; and a browser that reports everything it does."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from conftest import PROJECT
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

# What Chromium would do of its own accord, switched off.
_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--no-first-run",
]
# Gradio's stream of events says this when it closes one; the second is Chromium about our own focus.
_HARMLESS = ("Method not implemented.", "Autofocus processing was blocked")

DRIFT = """# Drift Detection

## Basic

### Что такое PSI?

PSI (Population Stability Index) сравнивает доли по корзинам: эталонные $e_i$ и текущие $a_i$.

Это сумма двух дивергенций Кульбака-Лейблера в обе стороны, поэтому PSI симметричен и неотрицателен. Пример: эталон
25/25/25/25 %, сейчас 40/30/20/10 %. Слагаемые 0,071, 0,009, 0,011 и 0,137 дают вместе 0,228, то есть заметный сдвиг.

Принятые пороги: меньше 0,1 — стабильно; больше 0,25 — существенный сдвиг. Это соглашение, а не критерий значимости.

- корзины строят по квантилям эталона;
- пустая корзина даёт деление на ноль: добавляют малую долю, например 0,0001;
- на малых выборках PSI растёт сам.

### What is concept drift?

Concept drift is a change of $P(Y|X)$: the same inputs lead to other outcomes. Inputs alone do not show it.

The alarm threshold is 0.25. Below it nobody is woken.
"""
HOSTILE = """# Атаки

## Basic

### Как выглядит враждебная заметка?

Враждебная заметка несёт <script>window.hacked = 1</script> и <img src=x onerror="window.hacked = 2">.

[Ссылка](javascript:window.hacked=3) и ![картинка](https://example.org/pixel.png) в ней не работают.
"""


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


def start_page(folder: Path, **variables: str) -> tuple[subprocess.Popen[bytes], str]:
    """`app.py` on a home and notes below `folder`, which may have been used before: the process and its address."""
    home, notes = folder / "home", folder / "notes"
    home.mkdir(exist_ok=True)
    notes.mkdir(exist_ok=True)
    (notes / "drift.md").write_text(DRIFT, "utf-8")
    (notes / "attacks.md").write_text(HOSTILE, "utf-8")
    (home / "settings.toml").write_text(f'notes = "{notes.as_posix()}"\n', "utf-8")
    environment = {name: value for name, value in os.environ.items() if name.split("__")[0] != "ASSISTANT_ENGINE"}
    environment |= {"ASSISTANT_HOME": str(home), "ASSISTANT_PAGE__PORT": str(free_port()), **variables}
    log = folder / "page.log"
    with log.open("wb") as output:
        page = subprocess.Popen([sys.executable, "app.py"], cwd=PROJECT, env=environment, stdout=output, stderr=output)
    return page, _address(page, log)


@contextmanager
def serving(folder: Path, **variables: str) -> Iterator[str]:
    """`start_page`'s address; the page is ended as Ctrl-C does."""
    page, address = start_page(folder, **variables)
    try:
        yield address
        page.send_signal(signal.SIGINT)
        assert page.wait(30) == 0, (folder / "page.log").read_text("utf-8")
    finally:
        if page.poll() is None:
            page.kill()
            page.wait()


def _address(page: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        found = re.search(r"Open (http://\S+)", log.read_text("utf-8"))
        if found:
            return found[1]
        assert page.poll() is None, log.read_text("utf-8")
        time.sleep(0.1)
    page.kill()
    raise AssertionError(log.read_text("utf-8"))


def start_browser(playwright: Playwright, chromium: str) -> Browser:
    """Headless Chromium that talks to no one by itself."""
    return playwright.chromium.launch(executable_path=chromium, args=_ARGUMENTS)


class Visit:
    """One person's browser: pages of one language, and what went wrong or outside in any of them."""

    def __init__(self, browser: Browser, address: str, *, locale: str, width: int = 1280, dark: bool = False) -> None:
        self.address, self.problems = address, list[str]()
        self.context: BrowserContext = browser.new_context(
            locale=locale,
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
        )

    def open(self) -> Page:
        """A new tab with the page, ready to be asked."""
        page = self.context.new_page()
        page.on("console", lambda said: self._note(said.type, said.text))
        page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        page.on("dialog", lambda dialog: self.problems.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: self._went_to(request.url))
        page.goto(self.address)
        page.wait_for_selector(".greeting")
        return page

    def close(self) -> None:
        """End the visit; anything that went wrong fails the test."""
        self.context.close()
        assert not self.problems, self.problems

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not text.startswith(_HARMLESS):
            self.problems.append(f"{kind}: {text}")

    def _went_to(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.netloc != urlsplit(self.address).netloc:
            self.problems.append(f"request: {url}")


def ask(page: Page, question: str) -> None:
    """Type a question and wait until its answer is complete."""
    before = page.locator(".support, .refusal, .problem").count()
    page.fill("#box textarea", question)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "count => document.querySelectorAll('.support, .refusal, .problem').length > count", arg=before
    )
    page.wait_for_selector("#box .submit-button")


def marked(page: Page, inside: str) -> str:
    """The highlighted letters and digits in a part of the page, formulas left out."""
    texts = page.locator(f"{inside} mark").evaluate_all(
        """marks => marks.map(mark => {
            const words = mark.cloneNode(true);
            words.querySelectorAll(".katex").forEach(formula => formula.remove());
            return words.textContent;
        })"""
    )
    return letters("".join(texts))


def letters(text: str) -> str:
    """What Markdown leaves as it is."""
    return "".join(char for char in re.sub(r"\$[^$]*\$", "", text) if char.isalnum())


def environment(settings: Mapping[str, object]) -> dict[str, str]:
    """Settings as the variables that set them: `engine.kind` as ASSISTANT_ENGINE__KIND."""
    return {f"ASSISTANT_{name.upper().replace('.', '__')}": str(value) for name, value in settings.items()}
