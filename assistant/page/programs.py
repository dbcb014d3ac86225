"""What programs can ask for: a line of the command contracts to its results."""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from typing import Protocol

from assistant import wire
from assistant.answer import Ask
from assistant.errors import UsageError
from assistant.grade.result import Grade
from assistant.types import Answer, Note, Retrieved

_LIMIT, _MOST = 10, 50

# What a line comes to, each value in place of the one before.
Work = Callable[[wire.Json], Iterator[wire.Json]]


class Answers(Protocol):
    """The part of `assistant.build.Assistant` that programs use."""

    def stream(self, ask: Ask) -> Generator[Answer, None, None]:
        """Snapshots of an answer."""
        ...

    def search(self, ask: Ask, limit: int) -> Retrieved:
        """The best notes for a question."""
        ...


class Grading(Protocol):
    """`assistant.study.graded` for one assistant."""

    def __call__(
        self, answer: str, question: str | None = None, note_id: str | None = None
    ) -> tuple[Note | None, Grade]:
        """The grade of an answer, and the note that it was compared with."""
        ...


def programs(answers: Answers, grade: Grading) -> dict[str, Work]:
    """The work behind `/api/NAME`, by that name."""

    def asking(line: wire.Json) -> Iterator[wire.Json]:
        with closing(answers.stream(wire.read_ask(line))) as stream:
            for answer in stream:
                yield wire.answer_json(answer, line.get("id"))

    def searching(line: wire.Json) -> Iterator[wire.Json]:
        yield wire.search_json(answers.search(wire.read_ask(line), _limit(line)), line.get("id"))

    def grading(line: wire.Json) -> Iterator[wire.Json]:
        asked = wire.read_grade(line)
        note, given = grade(**asked)
        yield wire.grade_json(given, asked["answer"], note, line.get("id"))

    return {"ask": asking, "search": searching, "grade": grading}


def _limit(line: wire.Json) -> int:
    limit = line.get("limit", _LIMIT)
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= _MOST:
        raise UsageError(f'"limit" must be a whole number from 1 to {_MOST}')
    return limit
