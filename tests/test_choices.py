"""What is chosen on the page holds at once, is found again at the next start, and never leaves half a file."""

from pathlib import Path

import pytest

from config.choices import Choices
from config.settings import CHOICES, POINTS, ConfigError, Settings, load


def settings(home: Path, **variables: str) -> Settings:
    return load("cpu", {"ASSISTANT_HOME": str(home), "HOME": str(home), **variables})


def test_a_choice_holds_at_once_and_at_the_next_start(home: Path) -> None:
    choices = Choices(settings(home))
    assert choices.settings.retrieve.threshold == POINTS["balanced"].threshold
    choices.choose_point("strict")
    choices.choose_language("en")
    assert choices.settings.retrieve.threshold == POINTS["strict"].threshold
    assert choices.settings.answer.spoken("ru") == "en"
    again = settings(home)
    assert (again.retrieve.point, again.answer.language) == ("strict", "en")
    assert not list(home.glob("*.new"))


def test_a_choice_is_stronger_than_the_settings_file_and_weaker_than_the_environment(home: Path) -> None:
    home.mkdir()
    (home / "settings.toml").write_text('[retrieve]\npoint = "generous"\ncandidates = 7\n', "utf-8")
    Choices(settings(home)).choose_point("strict")
    assert settings(home).retrieve.point == "strict"
    assert settings(home).retrieve.candidates == 7
    assert settings(home, ASSISTANT_RETRIEVE__POINT="balanced").retrieve.point == "balanced"


def test_the_answers_language_follows_the_question_unless_one_is_chosen(home: Path) -> None:
    answer = settings(home).answer
    assert (answer.spoken("ru"), answer.spoken("en")) == ("ru", "en")


def test_points_are_in_order_by_what_they_let_through() -> None:
    strict, balanced, generous = POINTS["strict"], POINTS["balanced"], POINTS["generous"]
    assert strict.threshold > balanced.threshold > generous.threshold
    assert strict.let_through < balanced.let_through < generous.let_through
    assert strict.answered < balanced.answered < generous.answered <= generous.answerable


def test_a_home_that_is_a_file_is_said_and_the_choice_holds(home: Path) -> None:
    choices = Choices(settings(home))
    home.write_text("not a folder", "utf-8")
    with pytest.raises(ConfigError, match=CHOICES):
        choices.choose_point("generous")
    assert choices.settings.retrieve.point == "generous"
