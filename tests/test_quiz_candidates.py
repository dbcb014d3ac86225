"""Simulated candidates of known skill end at the level they should; choices follow weakness and due dates."""

import random
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes_quiz import School, answer, notes

from assistant import schedule
from assistant.grade.result import Grade
from assistant.journal import Attempt
from assistant.quiz import ladder
from assistant.quiz.choose import Known, askable, choose
from assistant.quiz.intent import Request
from assistant.types import LEVELS, Level, Note

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
# What a candidate knows of each level's points.
SKILLS: Mapping[Level, Mapping[Level, float]] = {
    "Basic": {"Basic": 0.45, "Medium": 0.15, "Killer": 0.05},
    "Medium": {"Basic": 0.95, "Medium": 0.5, "Killer": 0.15},
    "Killer": {"Basic": 1.0, "Medium": 0.95, "Killer": 0.7},
}


def interview(home: Path, skill: Mapping[Level, float], seed: int) -> Level | None:
    """The level that an interview of eight questions ends at."""
    school = School(home, notes=notes(each=8), seed=seed)
    rng = random.Random(seed)
    now = school.coach.begin(Request("interview", "bandits", count=8, language="en")).session
    while now is not None and now.status != "done":
        assert now.current is not None
        note = school.note(now.current.note_id)
        share = skill[note.level or "Basic"]
        probed = now.current.probe
        said = answer(note, share, rng)
        if probed is not None:
            said = note.key_points[probed].text if rng.random() < share / 2 else "I would have to think"
        now = school.coach.say(now, said).session
    return now.standing if now else None


@pytest.mark.parametrize("level", LEVELS)
def test_a_candidate_ends_at_the_level_of_their_skill(tmp_path: Path, level: Level) -> None:
    ends = Counter(interview(tmp_path / str(seed), SKILLS[level], seed) for seed in range(12))
    assert ends[level] >= 9, ends


def test_the_ladder_by_its_rule() -> None:
    assert ladder.climb([]) == "Basic"
    assert ladder.climb([("Basic", 0.8)]) == "Basic"
    assert ladder.climb([("Basic", 0.8), ("Basic", 0.7)]) == "Medium"
    assert ladder.climb([("Basic", 0.95)]) == "Medium"
    assert ladder.climb([("Basic", 0.95), ("Medium", 0.2), ("Medium", 0.3)]) == "Basic"
    assert ladder.climb([("Basic", 0.0), ("Basic", 0.0)]) == "Basic"
    assert ladder.climb([("Basic", 1.0), ("Medium", 1.0)]) == "Medium"
    assert ladder.climb([("Basic", 1.0), ("Medium", 1.0), ("Medium", 0.5)]) == "Killer"
    assert ladder.standing([("Basic", 1.0), ("Medium", 1.0), ("Medium", 0.5), ("Killer", 0.0)]) == "Medium"
    assert ladder.standing([("Killer", 1.0)]) == "Basic"


def known(scores: Mapping[str, float], all_notes: list[Note], days_ago: float) -> Known:
    by_id = {note.note_id: note for note in all_notes}
    attempts = [
        Attempt(NOW - timedelta(days=days_ago), "s", key, by_id[key].topic, by_id[key].level, "?", "answer", "…", 0,
                Grade(key, "graded", score))
        for key, score in scores.items()
    ]  # fmt: skip
    return Known(attempts, schedule.replay(attempts, [], UTC, 0.9), NOW, 0.9)


def test_a_weak_topic_is_chosen_more_often_and_the_other_not_never() -> None:
    pool = notes()
    scores = {note.note_id: 0.1 if note.topic.startswith("Multi") else 0.95 for note in pool}
    now = known(scores, pool, days_ago=0)
    picked = Counter(
        chosen.topic for seed in range(300) if (chosen := choose(pool, now, None, random.Random(seed))) is not None
    )
    assert picked["Multi-Armed Bandits"] > 270
    even = known({"Mu-B0": 0.5, "Fe-B0": 0.5}, pool, days_ago=0)
    balanced = Counter(
        chosen.topic for seed in range(300) if (chosen := choose(pool, even, None, random.Random(seed))) is not None
    )
    assert min(balanced.values()) > 100


def test_what_is_due_comes_before_what_is_new() -> None:
    pool = [note for note in notes() if note.topic.startswith("Multi")]
    now = known({"Mu-B1": 0.8}, pool, days_ago=60)
    chosen = choose(pool, now, None, random.Random(3))
    assert chosen is not None and chosen.note_id == "Mu-B1"


def test_a_level_that_is_asked_for_is_kept_to() -> None:
    pool = notes()
    levels = {
        chosen.level
        for seed in range(20)
        if (chosen := choose(pool, known({}, pool, 0), "Killer", random.Random(seed))) is not None
    }
    assert levels == {"Killer"}


def test_the_same_seed_chooses_the_same() -> None:
    pool = notes()
    picks = [choose(pool, known({}, pool, 0), None, random.Random(7)) for _ in range(3)]
    assert len(set(picks)) == 1


def test_overviews_are_not_asked() -> None:
    pool = notes(each=1)
    prose = Note("o", "notes/x.md", "Bandits", None, "Overview", "A bandit learns.", ("Bandits",), "en")
    empty = Note("e", "notes/x.md", "Bandits", "Basic", "Что?", " ", ("Bandits",), "ru")
    assert askable([*pool, prose, empty]) == pool
