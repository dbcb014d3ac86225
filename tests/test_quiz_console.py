"""The quiz in a terminal: a script of lines in, what is shown out."""

import io
from pathlib import Path

from fakes_quiz import School

from assistant.quiz import console


def play(school: School, asked: str | None, *lines: str) -> str:
    shown: list[str] = []
    console.run(school.make(), asked, io.StringIO("\n".join(lines) + "\n"), shown.append)
    return "\n".join(shown)


def test_a_whole_quiz(tmp_path: Path) -> None:
    shown = play(School(tmp_path), "quiz me on bandits, 2 questions", "hint", "nothing of this kind", "", "no idea")
    for expected in (
        "Question 1 of 2",
        "Hint:",
        "0 of 100",
        "missing:",
        "Question 2 of 2",
        "The note's answer:",
        "Done:",
    ):
        assert expected in shown, expected


def test_it_is_in_russian_when_asked_in_russian(tmp_path: Path) -> None:
    shown = play(School(tmp_path), "погоняй меня по бандитам, 1 вопрос", "стоп")
    assert "Вопрос 1 из 1" in shown
    assert "Готово" in shown


def test_left_open_it_goes_on_and_with_nothing_open_it_asks_what_to_ask(tmp_path: Path) -> None:
    school = School(tmp_path)
    assert "What shall I ask?" in play(school, None)
    play(school, "quiz me on bandits, 2 questions", "nothing of this kind")
    assert "Question 2 of 2" in play(school, None)


def test_an_unknown_topic_is_asked_again(tmp_path: Path) -> None:
    shown = play(School(tmp_path), "погоняй по кулинарии", "bandits, 1 question", "stop")
    assert "нет темы «кулинарии»" in shown
    assert "Question 1 of 1" in shown


def test_a_line_may_go_on(tmp_path: Path) -> None:
    school = School(tmp_path)
    play(school, "quiz me on bandits, 1 question", "first line \\", "second \x1b[2J line")
    assert school.journal.attempts()[0].answer == "first line \nsecond \x1b[2J line"


def test_control_characters_of_an_answer_are_not_printed(tmp_path: Path) -> None:
    school = School(tmp_path)
    note = school.notes[0]
    shown = play(school, "quiz me on bandits, 12 questions, basic", *[f"\x1b[2J{note.text}\x07"] * 12)
    assert "\x1b" not in shown
    assert "\x07" not in shown
