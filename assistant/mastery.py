"""How well a learner knows a topic at a level: a Beta distribution over what each note of it would score today.

The interval is the honest part: three good answers leave it wide, and mastery is claimed from its lower end only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.journal import Attempt
from assistant.types import Level

# From this lower bound on a topic counts as mastered; from this upper bound down as weak.
MASTERED, WEAK = 0.7, 0.6
_MASS = 0.9
# A note's last answer counts whole, the one before half, and so on: repeats of one note are not new knowledge.
_FADES = 0.5
_GRID = np.linspace(0.0005, 0.9995, 1000)


@dataclass(frozen=True, slots=True)
class Mastery:
    """What is known of one topic at one level (None: all levels). `low` to `high` holds nine tenths of the chance."""

    topic: str
    level: Level | None
    notes: int
    met: int
    alpha: float
    beta: float
    low: float
    high: float

    @property
    def mean(self) -> float:
        """The expected score."""
        return self.alpha / (self.alpha + self.beta)

    @property
    def mastered(self) -> bool:
        """Whether even the lower end is good."""
        return self.low >= MASTERED

    @property
    def weak(self) -> bool:
        """Whether it was tried and even the upper end is poor, or the mean is."""
        return self.met > 0 and (self.high < MASTERED or self.mean < WEAK)


def score(attempt: Attempt) -> float | None:
    """What an attempt is worth, 0..1; None when it says nothing. Help costs half of what was won."""
    if attempt.kind in ("dont_know", "reveal"):
        return 0.0
    if attempt.kind != "answer" or attempt.grade is None or attempt.grade.score is None:
        return None
    return attempt.grade.score * (0.75 if attempt.hints else 1.0)


def mastery(attempts: Iterable[Attempt], topic: str, level: Level | None, notes: int) -> Mastery:
    """One topic at one level, or at all, of which there are `notes` notes."""
    by_note: dict[str, list[float]] = {}
    for attempt in attempts:
        worth = score(attempt)
        if attempt.topic == topic and (level is None or attempt.level == level) and worth is not None:
            by_note.setdefault(attempt.note_id, []).append(worth)
    alpha = beta = 1.0
    for scores in by_note.values():
        for age, worth in enumerate(reversed(scores)):
            alpha += worth * _FADES**age
            beta += (1 - worth) * _FADES**age
    low, high = interval(alpha, beta)
    return Mastery(topic, level, max(notes, len(by_note)), len(by_note), alpha, beta, low, high)


def interval(alpha: float, beta: float, mass: float = _MASS) -> tuple[float, float]:
    """The middle `mass` of a Beta distribution, to a thousandth."""
    logs = (alpha - 1) * np.log(_GRID) + (beta - 1) * np.log1p(-_GRID)
    below = np.cumsum(np.exp(logs - logs.max()))
    below /= below[-1]
    ends = [float(_GRID[int(np.searchsorted(below, share))]) for share in ((1 - mass) / 2, (1 + mass) / 2)]
    return ends[0], ends[1]


def weakest(attempts: Sequence[Attempt], limit: int) -> list[tuple[str, str, float]]:
    """The points missed most: (note id, point, share of times it was not covered), tried last time it was asked."""
    seen: dict[tuple[str, str], list[bool]] = {}
    for attempt in attempts:
        for point in attempt.grade.points if attempt.grade and attempt.kind == "answer" else ():
            seen.setdefault((attempt.note_id, point.point), []).append(point.verdict != "covered")
    missed = [(note_id, point, sum(row) / len(row)) for (note_id, point), row in seen.items() if row[-1]]
    return sorted(missed, key=lambda one: (-one[2], one[0], one[1]))[:limit]
