"""Where a session stands, and how one step leads to the next. No clock, no chance, no file: those are the coach's."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from assistant.quiz import ladder
from assistant.quiz.intent import Mode
from assistant.types import Language, Level

Status = Literal["asking", "probing", "done"]
Outcome = Literal["answered", "dont_know", "revealed", "skipped", "ungraded"]


@dataclass(frozen=True, slots=True)
class Question:
    """The question that is open: of which note, how many hints were given, which point is being probed."""

    note_id: str
    topic: str
    level: Level | None
    title: str
    hints: int = 0
    probe: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A question that is behind. `attempt` is its row in the journal; `regained` what the probe won back."""

    note_id: str
    topic: str
    level: Level | None
    title: str
    outcome: Outcome
    score: float | None
    attempt: int
    regained: float = 0.0

    @property
    def worth(self) -> float | None:
        """The score with what the probe won back; None where none was given."""
        return None if self.score is None else min(1.0, self.score + self.regained)


@dataclass(frozen=True, slots=True)
class Session:
    """One quiz. `topic` and `level` are None where the choice is ours."""

    id: str
    mode: Mode
    language: Language
    topic: str | None
    level: Level | None
    planned: int
    weak: bool = False
    status: Status = "asking"
    results: tuple[Result, ...] = ()
    current: Question | None = None

    @property
    def rung(self) -> Level | None:
        """The level of the next question: as asked for, or in an interview as earned."""
        if self.level is not None or self.mode == "practice":
            return self.level
        return ladder.climb(self._climbed)

    @property
    def standing(self) -> Level | None:
        """Where an interview's answers put the learner."""
        return ladder.standing(self._climbed) if self.mode == "interview" else None

    @property
    def _climbed(self) -> list[tuple[Level, float]]:
        return [(r.level, r.worth or 0.0) for r in self.results if r.level and r.outcome != "ungraded"]

    @property
    def asked(self) -> frozenset[str]:
        """The notes that were asked."""
        return frozenset(result.note_id for result in self.results)

    @property
    def full(self) -> bool:
        """Whether as many questions as planned are behind."""
        return len(self.results) >= self.planned


def ask(session: Session, question: Question) -> Session:
    """A question is open."""
    return replace(session, current=question, status="asking")


def hinted(session: Session) -> Session:
    """One more hint was given."""
    current = _current(session)
    return replace(session, current=replace(current, hints=current.hints + 1))


def settle(session: Session, outcome: Outcome, score: float | None, attempt: int) -> Session:
    """The open question is behind."""
    now = _current(session)
    result = Result(now.note_id, now.topic, now.level, now.title, outcome, score, attempt)
    return replace(session, results=(*session.results, result), current=None, status="asking")


def probe(session: Session, place: int) -> Session:
    """The last question is followed by a probe towards one of its points."""
    last = session.results[-1]
    question = Question(last.note_id, last.topic, last.level, last.title, probe=place)
    return replace(session, current=question, status="probing")


def probed(session: Session, regained: float) -> Session:
    """The probe is behind."""
    last = replace(session.results[-1], regained=regained)
    return replace(session, results=(*session.results[:-1], last), current=None, status="asking")


def rescored(session: Session, attempt: int, score: float) -> Session:
    """A dispute changed the score of a question that is behind."""
    results = tuple(replace(r, score=score) if r.attempt == attempt else r for r in session.results)
    return replace(session, results=results)


def finish(session: Session) -> Session:
    """Nothing more is asked."""
    return replace(session, current=None, status="done")


def to_dict(session: Session) -> dict[str, Any]:
    """The stored form."""
    return asdict(session)


def from_dict(stored: Mapping[str, Any]) -> Session:
    """What `to_dict` stored."""
    current = stored["current"]
    return Session(
        **{
            **stored,
            "results": tuple(Result(**result) for result in stored["results"]),
            "current": Question(**current) if current else None,
        }
    )


def _current(session: Session) -> Question:
    if session.current is None:
        raise ValueError("no question is open")
    return session.current
