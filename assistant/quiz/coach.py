"""Conducts a quiz: chooses, grades, writes down, moves on. Every step is in the journal before it is shown.

A session is a value; what the coach needs besides (notes, journal, grader, clock, chance) it was made with.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assistant import schedule
from assistant.errors import EngineError, StoreError
from assistant.grade.grader import Grader
from assistant.grade.result import CREDIT, Grade
from assistant.journal import Attempt, Dispute, Journal, Kind
from assistant.quiz import dispute, hints, moves, session, topics
from assistant.quiz.choose import Known, askable, choose, weak
from assistant.quiz.debrief import debrief
from assistant.quiz.dispute import Objection
from assistant.quiz.events import (
    Asked,
    Disputed,
    Ended,
    Event,
    Graded,
    Hinted,
    Notice,
    Probed,
    Reply,
    Revealed,
    Skipped,
    UnknownTopic,
)
from assistant.quiz.intent import Request
from assistant.quiz.session import Outcome, Question, Session
from assistant.store.catalog import Catalog
from assistant.types import Filters, Note
from config.settings import QuizSettings

# What a probe wins back of the point it asked for.
_REGAINED = 0.5
_OUTCOMES: dict[moves.Kind, Outcome] = {"skip": "skipped", "reveal": "revealed", "dont_know": "dont_know"}
_WITHOUT_ANSWER: dict[Outcome, Kind] = {"dont_know": "dont_know", "revealed": "reveal", "skipped": "skip"}


@dataclass(frozen=True, slots=True)
class Coach:
    """Holds quizzes over one home's notes for one learner."""

    catalog: Catalog
    finder: topics.Finder
    grader: Grader
    journal: Journal
    settings: QuizSettings
    home: Path
    clock: Callable[[], datetime]
    rng: random.Random

    def begin(self, request: Request) -> Reply:
        """A session as asked for, with its first question.

        Raises:
            StoreError: notes or journal cannot be used.
        """
        pool = askable(self.catalog.browse(Filters()))
        if not pool:
            return Reply(None, (Notice("nothing_to_ask"),))
        topic = None
        if request.topic is not None:
            matched = topics.find(request.topic, sorted({note.topic for note in pool}), self.finder)
            if matched.topic is None:
                return Reply(None, (UnknownTopic(request.topic, matched.near),))
            topic = matched.topic
        made = Session(
            id=f"{self.rng.getrandbits(64):016x}",
            mode=request.mode,
            language=request.language,
            topic=topic,
            level=request.level,
            planned=min(request.count or self.settings.questions, 50),
            weak=request.weak,
        )
        return self._next(made, ())

    def resume(self) -> Reply:
        """The session that was left open last, at the question where it stood."""
        for _, state in self.journal.last_states():
            left = session.from_dict(state)
            if left.status == "done":
                continue
            if left.current is None:
                return self._next(left, (Notice("resumed"),))
            note = self.catalog.note(left.current.note_id)
            if note is None:
                return self._next(self._settled(left, "skipped"), (Notice("resumed"), Notice("note_gone")))
            return Reply(left, (Notice("resumed"), *self._open(left, note)))
        return Reply(None, (Notice("none_open"),))

    def say(self, now: Session, message: str) -> Reply:
        """What the learner's message leads to.

        Raises:
            StoreError: notes, grades or journal cannot be used; nothing that was answered is lost.
        """
        move = moves.read(message)
        if move.kind == "stop":
            return self._end(now, ())
        if move.kind == "dispute":
            return self._dispute(now, move.point, move.remark)
        if now.current is None or now.status == "done":
            return Reply(now, (Notice("none_open"),))
        note = self.catalog.note(now.current.note_id)
        if note is None:
            return self._next(self._settled(now, "skipped"), (Notice("note_gone"),))
        if now.status == "probing":
            return self._probed(now, note, message, answered=move.kind == "answer")
        if move.kind == "hint":
            return self._hint(now, note)
        if move.kind == "answer":
            return self._answer(now, note, message)
        return self._pass(now, note, _OUTCOMES[move.kind])

    def _answer(self, now: Session, note: Note, answer: str) -> Reply:
        given = self.grader.grade(note, answer)
        if given.reason == "dont_know":
            return self._pass(now, note, "dont_know")
        outcome: Outcome = "ungraded" if given.score is None else "answered"
        place = self._missed(given) if now.mode == "interview" and outcome == "answered" else None

        def step(row: int) -> Session:
            settled = session.settle(now, outcome, given.score, row)
            return settled if place is None else session.probe(settled, place)

        kept, after = self._write(now, self._attempt(now, note, "answer", answer, given), step)
        graded = Graded(note, answer, given, kept.id, self._due(note.note_id))
        if place is not None:
            points = self.grader.rubric(note).points
            return Reply(after, (graded, Probed(hints.probe(points, place, note.title, now.language))))
        return self._next(after, (graded,))

    def _probed(self, now: Session, note: Note, message: str, *, answered: bool) -> Reply:
        place = now.current.probe if now.current else None
        if not answered or place is None:
            return self._next(session.probed(now, 0.0), ())
        given = self.grader.grade(note, message)
        regained = 0.0
        if place < len(given.points):
            point = given.points[place]
            regained = _REGAINED * CREDIT[point.verdict] * point.weight / sum(p.weight for p in given.points)
        attempt = self._attempt(now, note, "probe", message, given)
        kept, after = self._write(now, attempt, lambda _: session.probed(now, regained))
        return self._next(after, (Graded(note, message, given, kept.id, None),))

    def _pass(self, now: Session, note: Note, outcome: Outcome) -> Reply:
        after = self._settled(now, outcome, note)
        shown: Event = Skipped(note) if outcome == "skipped" else Revealed(self.grader.rubric(note))
        return self._next(after, (shown,))

    def _settled(self, now: Session, outcome: Outcome, note: Note | None = None) -> Session:
        """The open question is behind without an answer; what that says of memory is written down."""
        score = None if outcome == "skipped" else 0.0
        if note is None:
            after = session.settle(now, outcome, score, 0)
            self._save(after)
            return after
        attempt = self._attempt(now, note, _WITHOUT_ANSWER[outcome], "", None)
        return self._write(now, attempt, lambda row: session.settle(now, outcome, score, row))[1]

    def _hint(self, now: Session, note: Note) -> Reply:
        points = self.grader.rubric(note).points
        given = now.current.hints if now.current else 0
        order = sorted(range(len(points)), key=lambda place: (-points[place].weight, place))
        if given >= len(order):
            return Reply(now, (Notice("no_hints"),))
        after = session.hinted(now)
        self._save(after)
        return Reply(after, (Hinted(hints.hint(points, order[given], note.title, now.language)),))

    def _dispute(self, now: Session, place: int, remark: str) -> Reply:
        last = next((result.attempt for result in reversed(now.results) if result.outcome == "answered"), None)
        attempt = next((a for a in self.journal.attempts() if a.id == last), None)
        note = self.catalog.note(attempt.note_id) if attempt else None
        if attempt is None or attempt.grade is None or note is None:
            return Reply(now, (Notice("nothing_to_dispute"),))
        if place >= len(attempt.grade.points):
            return Reply(now, (Notice("no_such_point"),))
        objection = Objection(attempt, place, remark)
        try:
            after = dispute.look_again(self.grader, note, objection)
        except EngineError:
            after = attempt.grade
        point = attempt.grade.points[place].point
        self.journal.add_dispute(Dispute(self.clock(), attempt.id, point, remark, after))
        dispute.keep(self.home, dispute.case(objection, after))
        changed = session.rescored(now, attempt.id, after.score or 0.0)
        self._save(changed)
        return Reply(changed, (Disputed(point, attempt.grade, after),))

    def _next(self, now: Session, events: tuple[Event, ...]) -> Reply:
        """The next question, or the end."""
        if now.full:
            return self._end(now, events)
        pool = askable(self.catalog.browse(Filters(topic=now.topic)), now.asked)
        known = self._known()
        note = choose(weak(pool, known) if now.weak else pool, known, now.rung, self.rng)
        if note is None:
            return self._end(now, (*events, Notice("all_asked")))
        after = session.ask(now, Question(note.note_id, note.topic, note.level, note.title))
        self._save(after)
        return Reply(after, (*events, *self._open(after, note)))

    def _open(self, now: Session, note: Note) -> tuple[Event, ...]:
        """What shows the open question."""
        asked = Asked(note, len(now.results) + (now.status != "probing"), now.planned)
        place = now.current.probe if now.current else None
        if place is None:
            return (asked,)
        points = self.grader.rubric(note).points
        return (asked, Probed(hints.probe(points, min(place, len(points) - 1), note.title, now.language)))

    def _end(self, now: Session, events: tuple[Event, ...]) -> Reply:
        after = session.finish(now)
        self._save(after)
        attempts = {attempt.id: attempt for attempt in self.journal.attempts() if attempt.session == now.id}
        notes = self.catalog.notes({result.note_id for result in now.results})
        return Reply(after, (*events, Ended(debrief(after, attempts, notes))))

    def _missed(self, grade: Grade) -> int | None:
        """The most valuable point that was not covered."""
        missed = [place for place, point in enumerate(grade.points) if point.verdict != "covered"]
        return min(missed, key=lambda place: (-grade.points[place].weight, place), default=None)

    def _attempt(self, now: Session, note: Note, kind: Kind, answer: str, grade: Grade | None) -> Attempt:
        used = now.current.hints if now.current else 0
        about = (note.note_id, note.topic, note.level, note.title)
        return Attempt(self.clock(), now.id, *about, kind, answer, used, grade)

    def _write(self, now: Session, attempt: Attempt, step: Callable[[int], Session]) -> tuple[Attempt, Session]:
        """An attempt and where the session stands after it, written together."""
        kept = self.journal.add_attempt(attempt, lambda row: session.to_dict(step(row)))
        return kept, step(kept.id)

    def _save(self, now: Session) -> None:
        self.journal.add_state(self.clock(), now.id, session.to_dict(now))

    def _known(self) -> Known:
        now, attempts = self.clock(), self.journal.attempts()
        zone = now.tzinfo
        if zone is None:
            raise StoreError("the clock has no time zone")
        cards = schedule.replay(attempts, self.journal.overrides(), zone, self.settings.retention)
        return Known(attempts, cards, now, self.settings.retention)

    def _due(self, note_id: str) -> datetime | None:
        card = self._known().cards.get(note_id)
        return card.due if card else None
