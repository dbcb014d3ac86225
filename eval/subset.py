"""Which cases a run is about: a half, and within it a topic, a level, a slice, some ids, or so many of each kind."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeVar

from assistant.errors import UsageError
from assistant.types import Level, Note
from eval.cases import Answerable, Cases, Graded, Unanswerable

Case = Answerable | Unanswerable | Graded
C = TypeVar("C", Answerable, Unanswerable, Graded)
NoteOf = Callable[[str], Note | None]


@dataclass(frozen=True, slots=True)
class Subset:
    """What is wanted; None means any. `limit` is at most so many of each kind, the same ones every time."""

    topic: str | None = None
    level: Level | None = None
    slice: str | None = None
    ids: tuple[str, ...] = ()
    limit: int | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return self == Subset()


def choose(cases: Cases, subset: Subset, note_of: NoteOf) -> Cases:
    """The cases wanted. Those without a note (unanswerable ones) have no topic and no level.

    Raises:
        UsageError: an id is of no case, or nothing is left.
    """
    known = {case.id for kind in (cases.answerable, cases.unanswerable, cases.graded) for case in kind}
    unknown = sorted(set(subset.ids) - known)
    if unknown:
        raise UsageError(f"No case here has the id {', '.join(unknown)}. Another half may: --split.")

    def chosen(kind: tuple[C, ...]) -> tuple[C, ...]:
        wanted = [case for case in kind if _wanted(case, subset, note_of)]
        if subset.limit is not None:
            drawn = {case.id for case in sorted(wanted, key=_draw)[: subset.limit]}
            wanted = [case for case in wanted if case.id in drawn]
        return tuple(wanted)

    left = Cases(chosen(cases.answerable), chosen(cases.unanswerable), chosen(cases.graded))
    if not (left.answerable or left.unanswerable or left.graded):
        raise UsageError("No case is left to run. Ask for less: topics are spelt as `search --json` names them.")
    return left


def note_ids(case: Case) -> tuple[str, ...]:
    """The notes that a case is about, the first one first."""
    if isinstance(case, Answerable):
        return tuple(dict.fromkeys(evidence.note_id for evidence in case.evidence))
    return (case.note_id,) if isinstance(case, Graded) else ()


def slice_of(case: Case) -> str:
    """The slice, or the kind of what is unanswerable or graded."""
    return case.slice if isinstance(case, Answerable) else case.kind


def _wanted(case: Case, subset: Subset, note_of: NoteOf) -> bool:
    if subset.ids and case.id not in subset.ids:
        return False
    if subset.slice is not None and slice_of(case) != subset.slice:
        return False
    if subset.topic is None and subset.level is None:
        return True
    notes = [note for note_id in note_ids(case) if (note := note_of(note_id))]
    topics = {note.topic.casefold() for note in notes}
    levels = {note.level for note in notes}
    return (subset.topic is None or subset.topic.casefold() in topics) and (
        subset.level is None or subset.level in levels
    )


def _draw(case: Case) -> bytes:
    return blake2b(case.id.encode(), digest_size=8).digest()
