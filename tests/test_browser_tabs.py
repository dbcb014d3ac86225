"""The Notes and Settings tabs in a real browser: browse, search, read, choose, and delete everything."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from page_process import Visit, ask, environment, serving, start_browser
from playwright.sync_api import Browser, Page, expect, sync_playwright

from config.settings import CHOICES

pytestmark = pytest.mark.browser

expect.set_options(timeout=30_000)
QUESTION = "какой порог PSI считать значимым?"
UNKNOWN = "How many moons does Jupiter have?"


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = start_browser(playwright, chromium)
        yield started
        started.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("page")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with serving(folder, **environment({"engine.kind": "none"})) as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page whose every console error and outside request fails the test."""
    visit = Visit(browser, address, locale="ru-RU")
    page = visit.open()
    yield page
    visit.close()


def open_tab(page: Page, name: str) -> None:
    page.click(f"#{name}-button")
    expect(page.locator(f"#{name}")).to_be_visible()


def titles(page: Page) -> list[str]:
    return page.locator("#list .entry .name").all_inner_texts()


def test_topics_and_levels_narrow_the_list(page: Page) -> None:
    open_tab(page, "notes")
    expect(page.locator(".topics button").first).to_contain_text("3")
    page.click('.topics button[value="=Атаки"]')
    expect(page.locator(".listing h2")).to_have_text("Атаки")
    assert titles(page) == ["Как выглядит враждебная заметка?"]
    page.click('.levels button[value="Killer"]')
    expect(page.locator("#list")).to_contain_text("Ничего не нашлось")
    expect(page.locator('.levels button[value="Killer"]')).to_be_focused()
    expect(page.locator('.levels button[value="Killer"]')).to_have_attribute("aria-pressed", "true")
    page.click('.levels button[value=""]')
    page.click('.topics button[value="*"]')
    expect(page.locator("#list .entry")).to_have_count(3)


def test_a_note_is_read_from_its_title_on_and_leads_to_the_next(page: Page) -> None:
    open_tab(page, "notes")
    page.click('.topics button[value="=Drift Detection"]')
    page.locator("#list .entry").filter(has_text="Что такое PSI?").click()
    expect(page.locator("#read .title")).to_be_focused()
    expect(page.locator("#read .katex").first).to_be_visible()
    expect(page.locator("#read .path .file")).to_have_text("drift.md")
    page.locator("#read .around button.after").click()
    expect(page.locator("#read .title")).to_have_text("What is concept drift?")
    expect(page.locator("#list .entry[aria-pressed=true]")).to_have_text("What is concept drift?")
    page.locator("#read .around button.before").click()
    expect(page.locator("#read .title")).to_have_text("Что такое PSI?")


def test_what_is_pasted_is_looked_for_by_its_words_with_the_engine_off(page: Page) -> None:
    open_tab(page, "notes")
    page.fill("#seek input", "alarm threshold")
    expect(page.locator("mark.word").first).to_have_text("alarm")
    assert titles(page)[0] == "What is concept drift?"
    page.fill("#seek input", "")
    expect(page.locator("#list .entry")).to_have_count(3)
    expect(page.locator("mark.word")).to_have_count(0)


def test_a_note_can_be_asked_about(page: Page) -> None:
    open_tab(page, "notes")
    page.locator("#list .entry").filter(has_text="Что такое PSI?").click()
    page.click("#read button[name=ask]")
    box = page.locator("#box textarea")
    expect(box).to_be_focused()
    expect(box).to_have_value("Что такое PSI?")
    page.keyboard.press("Enter")
    expect(page.locator(".quote")).to_contain_text("PSI")


def test_a_hostile_note_is_read_and_does_nothing(page: Page) -> None:
    open_tab(page, "notes")
    page.fill("#seek input", "враждебная")
    expect(page.locator("mark.word").first).to_be_visible()
    page.locator("#list .entry").first.click()
    expect(page.locator("#read")).to_contain_text("<script>window.hacked = 1</script>")
    assert page.evaluate("window.hacked === undefined")
    assert page.locator("#read a, #read img, #list a, #list img").count() == 0


def test_the_operating_point_holds_at_once_and_is_remembered(page: Page, folder: Path) -> None:
    ask(page, UNKNOWN)
    expect(page.locator(".refusal")).to_be_visible()
    open_tab(page, "settings")
    expect(page.locator("input[name=point][value=balanced]")).to_be_checked()
    page.locator("input[name=point][value=balanced]").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#saved")).to_contain_text("Запомнено")
    expect(page.locator("input[name=point][value=generous]")).to_be_focused()
    assert 'point = "generous"' in (folder / "home" / CHOICES).read_text("utf-8")
    page.reload()
    page.wait_for_selector(".greeting, .question")
    open_tab(page, "settings")
    expect(page.locator("input[name=point][value=generous]")).to_be_checked()
    page.click("input[name=point][value=balanced]")
    expect(page.locator("#saved")).to_contain_text("Запомнено")


def test_the_page_speaks_the_language_chosen_and_follows_the_browser_again(page: Page) -> None:
    open_tab(page, "settings")
    page.click("input[name=page][value=en]")
    expect(page.locator("#settings-button")).to_have_text("Settings")
    open_tab(page, "settings")
    expect(page.locator("input[name=page][value=en]")).to_be_checked()
    page.click("input[name=page][value=browser]")
    expect(page.locator("#settings-button")).to_have_text("Настройки")


def test_answers_are_given_in_the_language_chosen(page: Page) -> None:
    open_tab(page, "settings")
    page.click("input[name=answer][value=ru]")
    expect(page.locator("#saved")).to_contain_text("Запомнено")
    open_tab(page, "ask")
    ask(page, UNKNOWN)
    expect(page.locator(".refusal").last).to_have_text("В ваших заметках этого нет.")
    open_tab(page, "settings")
    page.click("input[name=answer][value=question]")
    expect(page.locator("#saved")).to_contain_text("Запомнено")


def test_everything_is_deleted_after_the_word_only_and_the_page_goes_on(page: Page, folder: Path) -> None:
    """Last, because it leaves nothing for the others."""
    ask(page, QUESTION)
    open_tab(page, "settings")
    button = page.locator("button.danger")
    page.fill("#erase-word", "удали")
    expect(button).to_be_disabled()
    page.fill("#erase-word", "Удалить")
    button.click()
    expect(page.locator("#erase")).to_contain_text("Всё удалено")
    expect(page.locator("#facts")).to_contain_text("Пока ничего")
    home = folder / "home"
    held = [file for file in home.rglob("*") if file.is_file() and "существенный сдвиг".encode() in file.read_bytes()]
    assert held == []
    assert (folder / "notes" / "drift.md").exists()
    page.click("button.anew")
    expect(page.locator(".greeting")).to_contain_text("Заметок пока нет")
    expect(page.locator(".question")).to_have_count(0)
    open_tab(page, "notes")
    expect(page.locator(".empty")).to_be_visible()
    page.click("button[name=pack]")
    expect(page.locator("#list .entry")).to_have_count(3)
    open_tab(page, "ask")
    ask(page, QUESTION)
    expect(page.locator(".quote").last).to_contain_text("0,25")
