"""The list of conversations by day, a conversation as a file, and whose it is."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from fakes_page import note, quoted

from assistant.answer import Ask
from assistant.chats.exchange import Chat, Exchange, Problem
from assistant.page.chat_list import local, show_chats, show_deleted
from assistant.page.export import as_markdown, file_name
from assistant.page.here import Here
from assistant.page.owner import COOKIE, cookie_for, owner
from assistant.page.words import WORDS
from assistant.types import Filters

RU, EN = WORDS["ru"], WORDS["en"]
NOW = datetime(2026, 3, 4, 0, 30, tzinfo=UTC)
PSI = note("PSI сравнивает доли: больше 0,25 — сдвиг.")


class FakeRequest:
    """What `owner` asks of a request."""

    def __init__(self, username: str | None, cookies: Mapping[str, str], session_hash: str = "s1") -> None:
        self.username, self.cookies, self.session_hash = username, cookies, session_hash


def test_conversations_stand_below_their_day_in_the_readers_own_time() -> None:
    hours = {"сейчас": 0, "вечером": 2, "вчера": 20, "в понедельник": 40, "в феврале": 400}
    chats = [Chat(f"c{n}", title, NOW - timedelta(hours=ago)) for n, (title, ago) in enumerate(hours.items())]
    html = show_chats(chats, "c1", local(NOW, 180), RU, searched=False)
    order = [RU.chats.today, "сейчас", "вечером", RU.chats.yesterday, "вчера", RU.chats.week, RU.chats.earlier]
    assert [html.index(word) for word in order] == sorted(html.index(word) for word in order)
    assert html.count("aria-current") == 1 and html.count("<h2>") == 4
    # At Greenwich the evening was yesterday's.
    there = show_chats(chats, "", NOW, EN, searched=False)
    assert there.index(EN.chats.today) < there.index(EN.chats.yesterday) < there.index("вечером")


def test_what_was_found_is_shown_and_nothing_found_is_said() -> None:
    found = Chat("c1", "<b>Дрейф</b>", NOW, "…порог <i>0,25</i>", "t7")
    html = show_chats([found], "", NOW, RU, searched=True)
    assert "&lt;b&gt;Дрейф" in html and "порог &lt;i&gt;0,25" in html and 'data-trace="t7"' in html
    assert RU.chats.nothing_found in show_chats([], "", NOW, RU, searched=True)
    assert RU.chats.none_yet in show_chats([], "", NOW, RU, searched=False)
    assert 'name="restore" value="c1"' in show_deleted("c1", "<b>", RU) and "<b>" not in show_deleted("c1", "<b>", RU)


def test_an_exported_conversation_has_questions_answers_and_sources() -> None:
    asked = Ask("порог?", filters=Filters(level="Killer"))
    done = Exchange("t1", "# порог?\nтолько Killer", asked, "done", NOW, quoted("порог?", PSI, "больше 0,25"))
    failed = Exchange("t2", "а ещё?", Ask("а ещё?"), "failed", NOW, problem=Problem("disk_full", "full"))
    stopped = Exchange("t3", "всё?", Ask("всё?"), "stopped", NOW, quoted("всё?", PSI, "сдвиг"))
    text = as_markdown("Про PSI", [done, failed, stopped], local(NOW, 180), RU)
    assert text.startswith("# Про PSI\n\n## порог? только Killer\n\n*2026-03-04 03:30*\n\nPSI сравнивает доли")
    assert "- [1] Что такое PSI? — Drift Detection · Basic · notes/drift.md" in text
    assert RU.errors["disk_full"] in text and f"*{RU.stopped}*" in text


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("порог PSI?", "порог PSI.md"),
        ("../../etc/passwd", "etc passwd.md"),
        ("a" * 200, "a" * 60 + ".md"),
        ("???", "chat.md"),
        ("", "chat.md"),
        ("con\x00\n|x", "con x.md"),
    ],
)
def test_the_file_has_a_name_that_every_system_takes(title: str, name: str) -> None:
    assert file_name(title) == name


def test_conversations_belong_to_the_login_else_to_the_browser() -> None:
    secret = {COOKIE: "секрет"}
    assert owner(FakeRequest("anna", secret)) == "login:anna"  # type: ignore[arg-type]
    one, same, other = (owner(FakeRequest(None, {COOKIE: s})) for s in ("a", "a", "b"))  # type: ignore[arg-type]
    assert one == same != other and "секрет" not in owner(FakeRequest(None, secret))  # type: ignore[arg-type]
    assert owner(FakeRequest(None, {})) != owner(FakeRequest(None, {}, "s2"))  # type: ignore[arg-type]


def test_a_browser_gets_its_secret_once() -> None:
    given = cookie_for("language=ru") or ""
    assert given.startswith(f"{COOKIE}=") and "HttpOnly" in given and "SameSite=Lax" in given
    assert given != cookie_for("")
    assert cookie_for(f"other=a b; {given.split(';')[0]}") is None


@pytest.mark.parametrize(
    "sent",
    [
        None,
        [],
        "x",
        7,
        {},
        {"chat": 5},
        {"shown": -3},
        {"shown": 10**9},
        {"minutes": "x", "topic": None},
        {"shown": True},
    ],
)
def test_whatever_the_browser_says_of_itself_makes_a_sound_value(sent: object) -> None:
    assert Here.read(sent) == Here()


def test_what_the_browser_knows_comes_back() -> None:
    here = Here("c1", "c0", 60, "Drift", "Killer", "порог", "t1", 180)
    assert Here.read(here.json()) == here
    assert here.filters == Filters(topic="Drift", level="Killer")
    assert Here(level="Hard").filters == Filters()
    assert local(NOW, 10**6).utcoffset() == timedelta(hours=14)
