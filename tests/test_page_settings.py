"""The Settings tab: what it reports is so, it shows no secret, and nothing in it can act."""

import os
from pathlib import Path

import pytest
from fakes_page import FakeAssistant, engine_state, note

from assistant.page import facts
from assistant.page.facts import Remark, Root, Sizes
from assistant.page.facts_html import (
    human,
    show_answering,
    show_data,
    show_details,
    show_erase,
    show_indexed,
    show_languages,
    show_models,
)
from assistant.page.plural import NBSP
from assistant.page.words import WORDS
from assistant.store.catalog import Warned
from config.settings import POINTS, EngineSettings, Settings, load

RU, EN = WORDS["ru"], WORDS["en"]


def settings(home: Path, **variables: str) -> Settings:
    return load("cpu", {"ASSISTANT_HOME": str(home), "HOME": str(home), **variables})


@pytest.mark.parametrize("words", [RU, EN], ids=["ru", "en"])
def test_the_points_say_what_they_do_and_the_chosen_one_is_checked(home: Path, words: object) -> None:
    assert words in (RU, EN)
    said = RU if words is RU else EN
    html = show_answering(settings(home, ASSISTANT_RETRIEVE__POINT="strict"), said)
    assert html.count("checked") == 1
    assert 'value="strict" checked' in html
    for point in POINTS.values():
        assert str(point.answered) in html and str(point.let_through) in html


def test_the_languages_in_force_are_checked(home: Path) -> None:
    html = show_languages(settings(home, ASSISTANT_ANSWER__LANGUAGE="en"), "browser", EN)
    assert html.count("checked") == 2
    assert 'name="page" value="browser" checked' in html
    assert 'name="answer" value="en" checked' in html


@pytest.mark.parametrize(
    ("variables", "wanted"),
    [
        ({}, "here"),
        ({"ASSISTANT_ENGINE__KIND": "none"}, "not"),
        ({"ASSISTANT_ENGINE__URL": "http://127.0.0.1:11434/v1"}, "near"),
        ({"ASSISTANT_ENGINE__URL": "http://localhost:11434/v1"}, "near"),
        ({"ASSISTANT_ENGINE__URL": "https://user:hunter2@models.example/v1?key=abc"}, "far"),
    ],
)
def test_where_questions_go_is_said_without_the_address(home: Path, variables: dict[str, str], wanted: str) -> None:
    with_key = {**variables, "ASSISTANT_ENGINE__API_KEY": "sk-secret"}
    chosen = settings(home, **with_key)
    assert facts.reached(chosen.engine) == wanted
    html = show_models(chosen, engine_state("ready"), facts.reached(chosen.engine), EN)
    for secret in ("sk-secret", "hunter2", "models.example", "key=abc", "11434"):
        assert secret not in html


def test_a_broken_address_counts_as_far(home: Path) -> None:
    assert facts.reached(EngineSettings(kind="address", url="nonsense")) == "far"


def test_roots_and_remarks_are_listed_and_escaped() -> None:
    known = FakeAssistant([note("Текст.")])
    roots, remarks = facts.roots(known, Path("uploads")), facts.remarks(known)
    assert roots == [Root("notes", Path("notes"), 1, 1)]
    assert remarks == [Remark("notes/drift.md", Warned(3, "no answer <here>"))]
    html = show_indexed(roots, remarks, RU)
    assert "no answer &lt;here&gt;" in html and "строка 3" in html
    assert RU.settings_tab.indexed_nothing in show_indexed([], [], RU)
    assert RU.settings_tab.uploads in show_indexed([Root("upload", None, 1, 2)], [], RU)


def test_sizes_are_counted_by_what_they_hold(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for name in ("index/a/b", "uploads/c", "replaced/d", "logs/e", "notes.sqlite3", "chats.sqlite3-wal", "odd"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(os.urandom(5000))
    (home / "link").symlink_to(tmp_path)
    found = facts.sizes(home, tmp_path / "nowhere")
    assert (found.index, found.catalog, found.chats, found.logs) == (5000,) * 4
    assert found.uploads == 10_000
    assert 5000 <= found.other < 6000
    assert found.weights == 0 and found.free > 0
    assert facts.sizes(tmp_path / "nowhere", tmp_path / "nowhere").home == 0


@pytest.mark.skipif(os.name != "posix", reason="only these systems tell how much of a file is there")
def test_holes_in_a_file_take_no_room(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    with (tmp_path / "index" / "sparse").open("wb") as file:
        file.truncate(32 * 2**20)
    assert facts.sizes(tmp_path, tmp_path / "nowhere").index < 2**20


@pytest.mark.parametrize(
    ("size", "russian", "english"),
    [(0, "0 Б", "0 B"), (999, "999 Б", "999 B"), (1500, "1,5 КБ", "1.5 KB"), (43_200_000_000, "43 ГБ", "43 GB")],
)
def test_sizes_are_written_as_people_do(size: int, russian: str, english: str) -> None:
    assert human(size, RU) == russian.replace(" ", NBSP)
    assert human(size, EN) == english.replace(" ", NBSP)


def test_paths_and_versions_are_shown(home: Path) -> None:
    chosen = settings(home, ASSISTANT_WEIGHTS=str(home / "<weights>"))
    html = show_data(chosen, Sizes(1, 2, 3, 4, 5, 6, 7, 8), EN)
    assert str(home) in html and "&lt;weights&gt;" in html
    details = show_details(chosen, facts.versions(), EN)
    assert "gradio" in details and f"{chosen.retrieve.threshold:g}" in details


def test_deleting_everything_names_what_goes_and_what_stays_and_wants_the_word() -> None:
    for words in (RU, EN):
        said, html = words.settings_tab, show_erase(words)
        for part in (said.erase_index, said.erase_uploads, said.erase_chats, said.erase_logs, said.erase_stays):
            assert part in html
        assert f'data-word="{said.erase_word}"' in html and "disabled" in html
    assert "&lt;b&gt;" in show_erase(EN, "<b>")
