"""When each note is due: FSRS (Ye et al. 2022) over the journal, replayed from its first line every time.

Nothing is stored, so the same journal always gives the same dates. A day counts once for a note, with its lowest
rating: repeats within a day are practice, and practice moves nothing forward.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from itertools import groupby

import fsrs

from assistant.journal import Attempt, Override

AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4
# Scores from which an unaided answer counts as hard, good, easy.
_HARD, _GOOD, _EASY = 0.4, 0.7, 0.9


@dataclass(frozen=True, slots=True)
class Card:
    """A note as memory has it: when it was last met, for how many days it keeps, when it is due."""

    note_id: str
    due: datetime
    last: datetime
    stability: float
    days: int
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class _Day:
    """One day of one note: its first moment and its lowest rating."""

    at: datetime
    day: date
    rating: int


def rating(attempt: Attempt) -> int | None:
    """What an attempt says of memory, 1 (forgot) to 4 (easy); None when it says nothing."""
    if attempt.kind in ("dont_know", "reveal"):
        return AGAIN
    score = attempt.grade.score if attempt.grade else None
    if attempt.kind != "answer" or score is None:
        return None
    plain = EASY if score >= _EASY else GOOD if score >= _GOOD else HARD if score >= _HARD else AGAIN
    return max(AGAIN, plain - (1 if attempt.hints and plain > HARD else 0))


def replay(
    attempts: Iterable[Attempt], overrides: Iterable[Override], zone: tzinfo, retention: float
) -> dict[str, Card]:
    """Every note that was ever met, by id. `zone` says when the learner's days begin."""
    scheduler = fsrs.Scheduler(
        desired_retention=retention, learning_steps=(), relearning_steps=(), enable_fuzzing=False
    )
    said: dict[str, list[Override]] = {}
    for override in overrides:
        said.setdefault(override.note_id, []).append(override)
    days = _days(attempts, zone)
    return {note_id: _card(note_id, days[note_id], said.get(note_id, []), scheduler, zone) for note_id in days}


def recall(card: Card, now: datetime, retention: float) -> float:
    """How likely the learner is to remember the note now."""
    scheduler = fsrs.Scheduler(desired_retention=retention, enable_fuzzing=False)
    known = fsrs.Card(card_id=1, stability=card.stability, due=card.due, last_review=card.last)
    return float(scheduler.get_card_retrievability(known, now.astimezone(UTC)))


def due(cards: Mapping[str, Card], now: datetime) -> list[Card]:
    """The cards to be met now, the longest overdue first."""
    waiting = [card for card in cards.values() if card.due <= now and not card.suspended]
    return sorted(waiting, key=lambda card: (card.due, card.note_id))


def _days(attempts: Iterable[Attempt], zone: tzinfo) -> dict[str, list[_Day]]:
    rated = [(one.note_id, one.at, value) for one in attempts if (value := rating(one)) is not None]
    rated.sort(key=lambda one: (one[0], one[1]))
    found: dict[str, list[_Day]] = {}
    for (note_id, day), group in groupby(rated, key=lambda one: (one[0], one[1].astimezone(zone).date())):
        of_day = list(group)
        found.setdefault(note_id, []).append(_Day(of_day[0][1], day, min(each for _, _, each in of_day)))
    return found


def _card(note_id: str, days: list[_Day], overrides: list[Override], scheduler: fsrs.Scheduler, zone: tzinfo) -> Card:
    for override in overrides:
        if override.action == "rating":
            days = _rerated(days, override.at.astimezone(zone).date(), int(override.value))
    card = fsrs.Card(card_id=1, due=days[0].at.astimezone(UTC))
    for day in days:
        card, _ = scheduler.review_card(card, fsrs.Rating(day.rating), day.at.astimezone(UTC))
    made = Card(note_id, card.due, days[-1].at, float(card.stability or 0.0), len(days))
    for override in overrides:
        if override.action == "due" and override.at >= days[-1].at:
            made = replace(made, due=datetime.fromisoformat(override.value))
        elif override.action in ("suspend", "resume"):
            made = replace(made, suspended=override.action == "suspend")
    return made


def _rerated(days: list[_Day], until: date, rated: int) -> list[_Day]:
    """The last day up to the learner's word, rated as the learner says."""
    last = max((place for place, day in enumerate(days) if day.day <= until), default=None)
    return [replace(day, rating=rated) if place == last else day for place, day in enumerate(days)]
