"""Conversations in a real browser, in both languages: kept, found, renamed, taken along, deleted, asked again."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import PROJECT
from page_process import Visit, ask, environment, serving, start_browser
from playwright.sync_api import Browser, Page, expect, sync_playwright

from assistant.page.words import WORDS, Words

pytestmark = pytest.mark.browser

expect.set_options(timeout=30_000)
QUESTION = "какой порог PSI считать значимым?"
OTHER = "What is concept drift?"
LANGUAGES = pytest.mark.parametrize("locale", ["ru-RU", "en-US"])


def words(locale: str) -> Words:
    return WORDS["ru" if locale.startswith("ru") else "en"]


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
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Visit]]:
    """Visits that fail the test at its end by any console error and any request to another host."""
    visits: list[Visit] = []

    def make(locale: str = "ru-RU", *, width: int = 1280) -> Visit:
        visits.append(Visit(browser, address, locale=locale, width=width))
        return visits[-1]

    yield make
    for one in visits:
        one.close()


def do(page: Page, row: int, name: str) -> None:
    """A row's menu, and one of its buttons."""
    page.locator("#chats li").nth(row).hover()
    page.locator("#chats summary").nth(row).click()
    page.locator(f"#chats button[name={name}]").nth(row).click()


def questions(page: Page) -> list[str]:
    return page.locator(".question").all_inner_texts()


@LANGUAGES
def test_a_conversation_survives_a_reload_and_other_tabs_have_their_own(
    visit: Callable[..., Visit], locale: str
) -> None:
    one = visit(locale)
    page = one.open()
    expect(page.locator("#chats")).to_contain_text(words(locale).chats.none_yet)
    ask(page, QUESTION)
    ask(page, OTHER)
    expect(page.locator("#chats h2")).to_have_text(words(locale).chats.today)
    page.reload()
    expect(page.locator(".question")).to_have_text([QUESTION, OTHER])
    expect(page.locator(".quote")).not_to_have_count(0)
    expect(page.locator("#chats [aria-current=true] .name")).to_have_text(QUESTION)
    # A second tab begins empty, with the same list; what is asked there shows in the first tab's list by itself.
    second = one.open()
    expect(second.locator(".question")).to_have_count(0)
    ask(second, OTHER)
    expect(page.locator("#chats .name")).to_have_text([OTHER, QUESTION])
    assert questions(page) == [QUESTION, OTHER]


def test_another_browser_sees_and_opens_none_of_it(visit: Callable[..., Visit]) -> None:
    page = visit().open()
    ask(page, QUESTION)
    chat = page.locator("#chats button.chat").get_attribute("value")
    stranger = visit("en-US").open()
    expect(stranger.locator("#chats .name")).to_have_count(0)
    stranger.evaluate("chat => sessionStorage.setItem('chat', chat)", chat)
    stranger.reload()
    expect(stranger.locator(".greeting")).to_be_visible()
    expect(stranger.locator(".question")).to_have_count(0)
    ask(stranger, OTHER)
    expect(stranger.locator("#chats .name")).to_have_text([OTHER])
    page.reload()
    expect(page.locator(".question")).to_have_text([QUESTION])
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert cookies["reader"]["httpOnly"] and cookies["reader"]["sameSite"] == "Lax"


@LANGUAGES
def test_a_conversation_is_renamed_found_taken_along_and_deleted(
    visit: Callable[..., Visit], locale: str, tmp_path: Path
) -> None:
    page, said = visit(locale).open(), words(locale)
    ask(page, QUESTION)
    page.click("#new")
    ask(page, OTHER)
    do(page, 1, "rename")
    page.keyboard.type("Пороги / thresholds")
    page.keyboard.press("Enter")
    expect(page.locator("#chats .name")).to_have_text([OTHER, "Пороги / thresholds"])
    page.fill("#find input", "КОРЗИНЫ квантилям")
    expect(page.locator("#chats .name")).to_have_text(["Пороги / thresholds"])
    expect(page.locator("#chats .snippet")).to_contain_text("корзины")
    page.locator("#chats button.chat").click()
    expect(page.locator(".question")).to_have_text([QUESTION])
    expect(page.locator(".question")).to_be_in_viewport()
    page.fill("#find input", "zzzz")
    expect(page.locator("#chats")).to_have_text(said.chats.nothing_found)
    page.fill("#find input", "")
    with page.expect_download() as downloading:
        do(page, 1, "download")
    assert downloading.value.suggested_filename == "Пороги thresholds.md"
    downloading.value.save_as(tmp_path / "chat.md")
    text = (tmp_path / "chat.md").read_text("utf-8")
    assert f"## {QUESTION}" in text and "- [1] Что такое PSI? — Drift Detection · Basic · notes/drift.md" in text
    do(page, 1, "delete")
    expect(page.locator("#told")).to_contain_text("Пороги / thresholds")
    expect(page.locator(".question")).to_have_count(0)
    expect(page.locator("#chats .name")).to_have_text([OTHER])
    page.get_by_role("button", name=said.chats.undo).click()
    expect(page.locator("#chats .name")).to_have_count(2)
    do(page, 1, "rename")
    page.keyboard.type("never mind")
    page.keyboard.press("Escape")
    expect(page.locator("#chats .name")).to_have_text([OTHER, "Пороги / thresholds"])


@LANGUAGES
def test_the_last_question_is_asked_again_and_edited(visit: Callable[..., Visit], locale: str) -> None:
    page, said = visit(locale).open(), words(locale)
    ask(page, QUESTION)
    before = page.locator(".answer").get_attribute("id")
    page.get_by_role("button", name=said.chats.retry).click()
    expect(page.locator(f"#{before}")).to_have_count(0)
    expect(page.locator(".acts")).to_be_visible()
    assert questions(page) == [QUESTION]
    page.get_by_role("button", name=said.chats.edit).click()
    expect(page.locator("#box textarea")).to_have_value(QUESTION)
    expect(page.locator(".editing")).to_contain_text(said.chats.editing)
    page.keyboard.press("Escape")
    expect(page.locator("#box textarea")).to_have_value("")
    expect(page.locator(".editing")).to_be_hidden()
    # Arrow up in the empty box edits as well.
    page.focus("#box textarea")
    page.keyboard.press("ArrowUp")
    page.fill("#box textarea", OTHER)
    page.keyboard.press("Enter")
    expect(page.locator(".question")).to_have_text([OTHER])
    expect(page.locator(".acts")).to_be_visible()
    page.reload()
    expect(page.locator(".question")).to_have_text([OTHER])


@LANGUAGES
def test_a_thumb_is_kept_with_its_reason_and_the_trace(visit: Callable[..., Visit], folder: Path, locale: str) -> None:
    one = visit(locale)
    one.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page, said = one.open(), words(locale)
    ask(page, QUESTION)
    trace = (page.locator(".answer").get_attribute("id") or "").removeprefix("a-")
    page.get_by_role("button", name=said.chats.copy).click()
    expect(page.locator("#said")).to_have_text(said.chats.copied)
    assert "[1] Что такое PSI? — notes/drift.md" in page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("button", name=said.chats.bad).click()
    page.get_by_label(said.chats.why_incomplete).check()
    page.get_by_label(said.chats.why_comment).fill("мало примеров")
    page.get_by_role("button", name=said.chats.send).click()
    expect(page.locator("#said")).to_have_text(said.chats.thanks)
    with sqlite3.connect(folder / "home" / "chats.sqlite3") as database:
        sql = "SELECT verdict, reason, comment, question FROM ratings WHERE trace = ?"
        assert database.execute(sql, [trace]).fetchall() == [("down", "incomplete", "мало примеров", QUESTION)]
    page.reload()
    expect(page.get_by_role("button", name=said.chats.bad)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name=said.chats.good, exact=True).click()
    expect(page.get_by_role("button", name=said.chats.bad)).to_have_attribute("aria-pressed", "false")
    page.reload()
    expect(page.get_by_role("button", name=said.chats.good, exact=True)).to_have_attribute("aria-pressed", "true")


@LANGUAGES
def test_filters_typed_in_a_question_become_chips(visit: Callable[..., Visit], locale: str) -> None:
    page, said = visit(locale).open(), words(locale)
    ask(page, "какой порог PSI считать значимым, только Basic, по теме дрифт?")
    expect(page.locator(".answer .chip")).to_have_text(["Basic ×", f"{said.chats.topic} Drift Detection ×"])
    expect(page.locator(".quote .title")).to_have_text("Что такое PSI?")
    page.locator(".answer .chip").first.click()
    expect(page.locator(".answer .chip")).to_have_count(1)
    assert len(questions(page)) == 1
    ask(page, "only killer")
    expect(page.locator(".answer").last.locator(".refusal")).to_be_visible()
    # A chosen filter stands above the box until it is taken off.
    page.click("#level input")
    page.get_by_role("option", name="Basic").click()
    page.locator("#chosen .chip").click()
    expect(page.locator("#chosen .chip")).to_have_count(0)
    expect(page.locator("#level input")).to_have_value(said.any_level)


def test_topics_taken_in_by_another_process_appear_by_themselves(
    visit: Callable[..., Visit], folder: Path, tmp_path: Path
) -> None:
    page = visit().open()
    notes = tmp_path / "more"
    notes.mkdir()
    (notes / "tea.md").write_text("# Чай\n\n## Basic\n\n### Сколько заваривать чай?\n\nТри минуты.\n", "utf-8")
    command = [sys.executable, "-m", "ingest", str(notes)]
    home = os.environ | {"ASSISTANT_HOME": str(folder / "home")}
    subprocess.run(command, cwd=PROJECT, env=home, check=True, capture_output=True, timeout=120)
    page.wait_for_timeout(11_000)
    page.click("#topic input")
    page.get_by_role("option", name="Чай").click()
    ask(page, "сколько заваривать?")
    expect(page.locator(".quote")).to_contain_text("Три минуты")
