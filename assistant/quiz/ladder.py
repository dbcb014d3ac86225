"""The interview's ladder: up a level after good answers, down after poor ones, by a rule that can be read out.

The rung is where the next question comes from and moves quickly; the standing is what the answers together say. With
eight questions, simulated candidates end at their standing nine times in ten (tests/test_quiz_candidates.py).
"""

from collections.abc import Sequence

from assistant.types import LEVELS, Level

START: Level = "Basic"
# Up from a mean this good over the last two answers at the level, or from one brilliant answer at the first;
# down from a mean this poor.
_UP, _BRILLIANT, _DOWN = 0.75, 0.9, 0.35
_LAST = 2
# Where so many answers were this good on average a candidate stands.
_HELD, _ANSWERS = 0.35, 2


def climb(answers: Sequence[tuple[Level, float]]) -> Level:
    """The rung after some answers, given as (level, score) in order."""
    level: Level = START
    here: list[float] = []
    for asked, score in answers:
        # A topic may lack a level; what was answered counts where it was asked.
        if asked != level:
            level, here = asked, []
        here.append(score)
        step = _step(level, here)
        if step:
            place = min(max(LEVELS.index(level) + step, 0), len(LEVELS) - 1)
            level, here = LEVELS[place], []
    return level


def standing(answers: Sequence[tuple[Level, float]]) -> Level:
    """The highest level that was held."""
    for level in reversed(LEVELS):
        scores = [score for asked, score in answers if asked == level]
        if len(scores) >= _ANSWERS and sum(scores) / len(scores) >= _HELD:
            return level
    return START


def _step(level: Level, here: Sequence[float]) -> int:
    last = here[-_LAST:]
    mean = sum(last) / len(last)
    if (level == START and here[-1] >= _BRILLIANT) or (len(last) == _LAST and mean >= _UP):
        return 1
    return -1 if len(last) == _LAST and mean < _DOWN else 0
