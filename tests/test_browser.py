"""The page in a real browser: ask, open a citation, be refused, upload, in two languages, with nothing sent outside."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import PROJECT
from page_process import DRIFT, Visit, ask, environment, letters, marked, serving, start_browser
from playwright.sync_api import Browser, Page, expect, sync_playwright

pytestmark = pytest.mark.browser

SHOTS = PROJECT / "tests" / "screenshots"
# The first answers on a machine that does other work as well take their time.
expect.set_options(timeout=30_000)
QUESTION = "какой порог PSI считать значимым?"


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
    """Visits by locale; all of them are looked at for errors and requests to other hosts at the end."""
    visits: list[Visit] = []

    def make(locale: str = "ru-RU", *, width: int = 1280, dark: bool = False) -> Visit:
        visits.append(Visit(browser, address, locale=locale, width=width, dark=dark))
        return visits[-1]

    yield make
    for one in visits:
        one.close()


def shoot(page: Page, name: str) -> None:
    """Screenshots to be looked at; git ignores them."""
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (390, False), (390, True)])
def test_a_citation_opens_its_note_at_the_quoted_words(visit: Callable[..., Visit], width: int, dark: bool) -> None:
    page = visit(width=width, dark=dark).open()
    ask(page, QUESTION)
    quoted = marked(page, ".quote")
    assert quoted
    expect(page.locator(".quote .source")).to_contain_text("Drift Detection · Basic · drift.md")
    expect(page.locator(".quote .katex").first).to_be_visible()
    button = page.locator(".quote button.cite")
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#source mark")
    # The citation names the place in the note, and exactly that is highlighted on both sides.
    _, start, end, _ = (button.get_attribute("value") or "").split(":")
    text = DRIFT.split("### Что такое PSI?")[1].split("###")[0].strip()
    assert marked(page, "#source") == quoted == letters(text[int(start) : int(end)])
    expect(page.locator("#source mark").first).to_be_in_viewport()
    expect(page.locator("#source .title")).to_have_text("Что такое PSI?")
    page.wait_for_timeout(400)
    shoot(page, f"citation-{width}-{'dark' if dark else 'light'}")
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(button).to_be_focused()


def test_what_the_notes_lack_is_refused_and_can_be_searched_anyway(visit: Callable[..., Visit]) -> None:
    page = visit().open()
    ask(page, "Сколько лап у осьминога в зоопарке Токио?")
    expect(page.locator(".refusal")).to_have_text("В ваших заметках этого нет.")
    expect(page.locator("button.choice[name=topic]").first).to_be_visible()
    shoot(page, "refused")
    page.click("button.choice[name=anyway]")
    expect(page.locator(".quote")).to_have_count(1)
    page.locator("button.choice[name=topic]").first.click()
    expect(page.locator(".question").last).to_contain_text("Что в моих заметках о теме")
    expect(page.locator(".quote")).to_have_count(2)


def test_a_follow_up_is_understood_and_shown_so(visit: Callable[..., Visit]) -> None:
    page = visit().open()
    ask(page, QUESTION)
    ask(page, "а на малых выборках?")
    expect(page.locator(".answer").last).to_contain_text("Понято как")
    assert "на малых выборках PSI растёт сам" in page.locator(".quote").last.inner_text()


def test_an_upload_is_found_at_once_and_undone(visit: Callable[..., Visit], tmp_path: Path) -> None:
    page = visit().open()
    (tmp_path / "кофе.md").write_text(
        "# Кофе\n\n## Basic\n\n### Когда снимать турку с огня?\n\nТурку с кофе снимают с огня при 92 градусах.\n",
        "utf-8",
    )
    (tmp_path / "мусор.md").write_bytes(bytes(range(256)) * 8)
    page.set_input_files("#upload input[type=file]", [tmp_path / "кофе.md", tmp_path / "мусор.md"])
    expect(page.locator("#files li").nth(0)).to_contain_text("1\u00a0заметка")
    expect(page.locator("#files li").nth(1)).to_contain_text("не принят")
    shoot(page, "upload")
    ask(page, "при скольких градусах снимают турку с кофе?")
    expect(page.locator(".quote").last).to_contain_text("92 градусах")
    expect(page.locator(".quote .source").last).to_contain_text("кофе.md")
    page.click("#undo")
    expect(page.locator("#files")).to_contain_text("Отменено")
    page.locator("button.cite").last.click()
    expect(page.locator("#source")).to_contain_text("Этой заметки больше нет")


def test_an_english_browser_reads_english_and_can_switch(visit: Callable[..., Visit]) -> None:
    page = visit("en-US").open()
    expect(page).to_have_title("Your notes")
    expect(page.locator("#new")).to_have_text("New chat")
    expect(page.locator("#box textarea")).to_have_attribute("placeholder", "Ask your notes…")
    ask(page, "What is concept drift?")
    expect(page.locator(".support")).to_contain_text("Word for word from your notes")
    ask(page, "How many moons does Jupiter have?")
    expect(page.locator(".refusal")).to_have_text("Your notes don't cover this.")
    shoot(page, "english")
    page.click("#new")
    expect(page.locator(".greeting")).to_be_visible()
    page.click(".language")
    expect(page.locator("#new")).to_have_text("Новый разговор")
    expect(page.locator(".engine")).to_contain_text("отвечаю цитатами")


def test_two_tabs_keep_two_conversations(visit: Callable[..., Visit]) -> None:
    one = visit()
    first, second = one.open(), one.open()
    ask(first, QUESTION)
    expect(second.locator(".question")).to_have_count(0)
    ask(second, "What is concept drift?")
    ask(first, "а на малых выборках?")
    assert first.locator(".question").all_inner_texts() == [QUESTION, "а на малых выборках?"]
    assert second.locator(".question").all_inner_texts() == ["What is concept drift?"]
    first.click("#new")
    expect(first.locator(".question")).to_have_count(0)
    expect(second.locator(".question")).to_have_count(1)


def test_a_filter_narrows_the_search(visit: Callable[..., Visit]) -> None:
    page = visit().open()
    page.click("#topic input")
    page.get_by_role("option", name="Атаки").click()
    ask(page, QUESTION)
    expect(page.locator("body")).not_to_contain_text("существенный сдвиг")


def test_a_hostile_note_is_shown_and_does_nothing(visit: Callable[..., Visit]) -> None:
    page = visit().open()
    ask(page, "Как выглядит враждебная заметка?")
    expect(page.locator(".quote")).to_contain_text("<script>window.hacked = 1</script>")
    page.locator("button.cite").last.click()
    expect(page.locator("#source")).to_contain_text("(javascript:window.hacked=3)")
    assert page.evaluate("window.hacked === undefined")
    assert page.locator("#chat a, #source a, #chat img, #source img").count() == 0


def test_an_empty_question_and_a_strange_one_break_nothing(visit: Callable[..., Visit]) -> None:
    page = visit().open()
    page.fill("#box textarea", "   ")
    page.keyboard.press("Enter")
    page.wait_for_timeout(1000)
    expect(page.locator(".question")).to_have_count(0)
    ask(page, "???")
    expect(page.locator(".problem")).to_be_visible()
    ask(page, QUESTION)
    expect(page.locator(".quote")).to_be_visible()
