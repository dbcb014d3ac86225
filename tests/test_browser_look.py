"""Every tab in its states, both themes and languages, on a phone and a desktop: accessible, within its bounds, quiet.

Screenshots of all of it are kept under tests/screenshots, to be looked at; git ignores them.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe import issues
from conftest import PROJECT
from page_process import Visit, ask, environment, serving, start_browser
from playwright.sync_api import Browser, Page, expect, sync_playwright

pytestmark = pytest.mark.browser

SHOTS = PROJECT / "tests" / "screenshots"
expect.set_options(timeout=30_000)
LOOKS = [(width, locale, dark) for width in (1280, 390) for locale in ("ru-RU", "en-US") for dark in (False, True)]
# More widths, where only the layout differs.
WIDTHS = (390, 600, 768, 900, 1024, 1280, 1920)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = start_browser(playwright, chromium)
        yield started
        started.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("page"), **environment({"engine.kind": "none"})) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Visit]]:
    """Visits that fail the test at its end by any console error and any request to another host."""
    visits: list[Visit] = []

    def make(locale: str = "ru-RU", *, width: int = 1280, dark: bool = False) -> Visit:
        visits.append(Visit(browser, address, locale=locale, width=width, dark=dark))
        return visits[-1]

    yield make
    for one in visits:
        one.close()


def open_tab(page: Page, name: str) -> None:
    page.click(f"#{name}-button")
    expect(page.locator(f"#{name}")).to_be_visible()


def _empty(page: Page) -> None:
    expect(page.locator(".greeting")).to_be_visible()


def _answered(page: Page) -> None:
    ask(page, "какой порог PSI считать значимым?")


def _cited(page: Page) -> None:
    page.locator("button.cite").last.click()
    page.wait_for_selector("#source mark")


def _refused(page: Page) -> None:
    page.keyboard.press("Escape")
    ask(page, "How many moons does Jupiter have?")
    expect(page.locator(".refusal").last).to_be_visible()


def _browsed(page: Page) -> None:
    open_tab(page, "notes")
    expect(page.locator(".listing h2")).to_be_visible()


def _read(page: Page) -> None:
    page.locator("#list button.entry").filter(has_text="PSI").click()
    expect(page.locator("#read .katex").first).to_be_visible()


def _searched(page: Page) -> None:
    back = page.locator("#read button.back")
    if back.is_visible():
        back.click()
    page.fill("#seek input", "порог PSI")
    expect(page.locator("mark.word").first).to_be_visible()


def _not_found(page: Page) -> None:
    page.fill("#seek input", "осьминог")
    expect(page.locator(".listing h2")).to_contain_text("осьминог")
    expect(page.locator("mark.word")).to_have_count(0)


def _settings(page: Page) -> None:
    open_tab(page, "settings")
    expect(page.locator("#erase-word")).to_be_attached()


def _details(page: Page) -> None:
    page.click(".details summary")
    page.fill("#erase-word", page.locator("#erase-word").get_attribute("data-word") or "")
    expect(page.locator("button.danger")).to_be_enabled()


STATES: list[tuple[str, Callable[[Page], None]]] = [
    ("ask-empty", _empty),
    ("ask-answered", _answered),
    ("ask-cited", _cited),
    ("ask-refused", _refused),
    ("notes-all", _browsed),
    ("notes-read", _read),
    ("notes-found", _searched),
    ("notes-not-found", _not_found),
    ("settings", _settings),
    ("settings-delete", _details),
]


@pytest.mark.parametrize(("width", "locale", "dark"), LOOKS)
def test_every_state_is_accessible_and_fits(visit: Callable[..., Visit], width: int, locale: str, dark: bool) -> None:
    page = visit(locale, width=width, dark=dark).open()
    folder = SHOTS / f"{width}-{locale[:2]}-{'dark' if dark else 'light'}"
    wrong = []
    for name, reach in STATES:
        reach(page)
        page.wait_for_timeout(300)
        _shoot(page, folder / f"{name}.png")
        wrong += [f"{name}: {issue}" for issue in issues(page)]
        wrong += [f"{name}: {text}" for text in _outside(page)]
    assert not wrong


def test_tabs_of_every_kind_are_accessible(visit: Callable[..., Visit]) -> None:
    """Those that the states above do not name too."""
    page = visit().open()
    wrong = []
    for tab in page.locator("#tabs [role=tab]").all():
        tab.click()
        page.wait_for_timeout(800)
        wrong += [f"{tab.inner_text()}: {issue}" for issue in [*issues(page), *_outside(page)]]
        _shoot(page, SHOTS / "tabs" / f"{tab.get_attribute('data-tab-id')}.png")
    assert not wrong


@pytest.mark.parametrize("locale", ["ru-RU", "en-US"])
def test_nothing_is_cut_off_at_any_width(visit: Callable[..., Visit], locale: str) -> None:
    page = visit(locale).open()
    wrong = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for tab in page.locator("#tabs [role=tab]").all():
            tab.click()
            page.wait_for_timeout(250)
            name = tab.get_attribute("data-tab-id")
            wrong += [f"{width} {name}: {text}" for text in _outside(page)]
            _shoot(page, SHOTS / f"widths-{locale[:2]}" / f"{name}-{width}.png")
    assert not wrong


def test_the_keyboard_reaches_everything_and_shows_where_it_is(visit: Callable[..., Visit]) -> None:
    page = visit().open()
    wrong = []
    for name in ("ask", "notes", "settings"):
        open_tab(page, name)
        page.wait_for_timeout(500)
        page.locator(f"#{name}-button").focus()
        seen: list[str] = []
        for _ in range(40):
            page.keyboard.press("Tab")
            focused = page.evaluate(
                """() => {
                    const at = document.activeElement;
                    const shown = [at, at.closest(".input-container, .wrap-inner, label")].filter(Boolean)
                        .map(one => getComputedStyle(one))
                        .some(style => (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)
                            || style.borderColor === getComputedStyle(document.querySelector(".selected"), "::after")
                                .backgroundColor);
                    return {body: at === document.body, shown, what: at.outerHTML.slice(0, 120)};
                }"""
            )
            if focused["body"]:
                break
            seen.append(focused["what"])
            wrong += [] if focused["shown"] else [f"{name}: no focus to be seen on {focused['what']}"]
        assert len(seen) > 3, name
    assert not wrong


def test_nothing_moves_for_those_who_asked_for_it(browser: Browser, address: str) -> None:
    visit = Visit(browser, address, locale="en-US")
    page = visit.open()
    page.emulate_media(reduced_motion="reduce")
    open_tab(page, "settings")
    page.click("input[name=point][value=balanced]")
    open_tab(page, "ask")
    ask(page, "What is concept drift?")
    moving = "() => document.getAnimations().filter(one => one.playState === 'running').length"
    assert page.evaluate(moving) == 0
    visit.close()


def test_an_answer_and_a_note_print_without_the_page_around_them(visit: Callable[..., Visit]) -> None:
    page = visit().open()
    _answered(page)
    page.emulate_media(media="print")
    for furniture in ("#top", "#side", "#box", "#tabs [role=tablist]"):
        expect(page.locator(furniture)).to_be_hidden()
    expect(page.locator(".quote")).to_be_visible()
    _shoot(page, SHOTS / "print" / "answer.png", full=True)
    page.emulate_media(media="screen")
    _browsed(page)
    _read(page)
    page.emulate_media(media="print")
    expect(page.locator("#shelf-filters")).to_be_hidden()
    expect(page.locator("#list")).to_be_hidden()
    expect(page.locator("#read .note").first).to_be_visible()
    _shoot(page, SHOTS / "print" / "note.png", full=True)


def _shoot(page: Page, path: Path, *, full: bool = False) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=full)


def _outside(page: Page) -> list[str]:
    """What sticks out: a page wider than its window, a second scrollbar, buttons whose words do not fit."""
    found: list[str] = page.evaluate(
        """() => {
            const wrong = [], root = document.scrollingElement;
            if (root.scrollWidth > innerWidth) wrong.push(`the page is ${root.scrollWidth - innerWidth} px too wide`);
            const inner = [...document.querySelectorAll("#panel, #chat .panel-wrap, #shelf > *, #settings-page")]
                .some(box => box.clientHeight && getComputedStyle(box).overflowY === "auto"
                    && box.scrollHeight > box.clientHeight + 1);
            if (innerWidth > 760 && inner && root.scrollHeight > innerHeight + 1) wrong.push("two scrollbars");
            for (const one of document.querySelectorAll("button, h1, h2, [role=tab]")) {
                if (!one.offsetParent || one.closest(".name")) continue;
                let box = one.parentElement;
                while (box && getComputedStyle(box).overflowX === "visible") box = box.parentElement;
                const hidden = box && getComputedStyle(box).overflowX !== "auto"
                    && one.getBoundingClientRect().right > box.getBoundingClientRect().right + 1;
                const short = getComputedStyle(one).overflow !== "visible" && one.scrollWidth > one.clientWidth + 1;
                if (hidden || short) wrong.push(`cut off: ${one.textContent.trim()}`);
            }
            return wrong;
        }"""
    )
    return found
