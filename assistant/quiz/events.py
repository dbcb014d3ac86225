"""What happens in a quiz, for whoever shows it: the page, the terminal."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from assistant.grade.result import Grade
from assistant.grade.rubric import Rubric
from assistant.quiz.debrief import Debrief
from assistant.quiz.session import Session
from assistant.types import Note

# nothing_to_ask: no notes that are questions; all_asked: none of them is left; no_hints: every hint was given;
# no_such_point, nothing_to_dispute: a dispute about nothing; none_open: no session to go on with; note_gone: the note
# of the open question was removed.
Code = Literal[
    "nothing_to_ask",
    "all_asked",
    "no_hints",
    "no_such_point",
    "nothing_to_dispute",
    "none_open",
    "note_gone",
    "resumed",
]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question was asked, the `number`th of `planned`."""

    note: Note
    number: int
    planned: int


@dataclass(frozen=True, slots=True)
class Graded:
    """An answer was graded; `due` is when the note comes back, None where the grade does not move it."""

    note: Note
    answer: str
    grade: Grade
    attempt: int
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Hinted:
    """A hint."""

    words: str


@dataclass(frozen=True, slots=True)
class Probed:
    """A question after the answer, towards what was missed."""

    words: str


@dataclass(frozen=True, slots=True)
class Revealed:
    """The answer was shown: the note and its key points."""

    rubric: Rubric


@dataclass(frozen=True, slots=True)
class Skipped:
    """The question was left."""

    note: Note


@dataclass(frozen=True, slots=True)
class Disputed:
    """A point was looked at again."""

    point: str
    before: Grade
    after: Grade


@dataclass(frozen=True, slots=True)
class UnknownTopic:
    """No topic of that meaning; the nearest ones."""

    words: str
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """The session is over."""

    debrief: Debrief


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to be told that is none of the above."""

    code: Code


Event = Asked | Graded | Hinted | Probed | Revealed | Skipped | Disputed | UnknownTopic | Ended | Notice


@dataclass(frozen=True, slots=True)
class Reply:
    """What a step led to: the session as it now stands (None: there is none) and what happened, in order."""

    session: Session | None
    events: tuple[Event, ...]
