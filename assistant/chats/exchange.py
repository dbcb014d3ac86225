"""A question and what became of it, with its stored form."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, TypeVar

from pydantic import TypeAdapter, ValidationError

from assistant.answer import Ask
from assistant.types import Answer

T = TypeVar("T")
State = Literal["answering", "done", "stopped", "failed"]
# Of the passages found, what the page shows: those quoted or cited, and the titles of the next.
_PASSAGES = 8
_ANSWER = TypeAdapter(Answer)
_ASK = TypeAdapter(Ask)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an answer failed: the error's code and what fills its words, and the error as it stands."""

    code: str
    message: str
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rating:
    """What a learner thinks of an answer. `reason` is one of the page's choices, or empty."""

    verdict: Literal["up", "down"]
    reason: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question as typed, what was asked for it, and what became of it so far."""

    trace: str
    typed: str
    ask: Ask
    state: State
    asked: datetime
    answer: Answer | None = None
    problem: Problem | None = None
    rating: Rating | None = None


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation in the list. `snippet` shows where the words searched for were found, in the exchange `trace`."""

    chat_id: str
    title: str
    changed: datetime
    snippet: str = ""
    trace: str = ""


def ask_json(ask: Ask) -> str:
    """A question without what came before it, which is stored already."""
    return _ASK.dump_json(replace(ask, history=())).decode()


def answer_json(answer: Answer | None) -> str | None:
    """An answer as far as it is shown."""
    return _ANSWER.dump_json(replace(answer, passages=answer.passages[:_PASSAGES])).decode() if answer else None


def problem_json(problem: Problem | None) -> str | None:
    """Why an answer failed."""
    return json.dumps([problem.code, problem.message, dict(problem.about)]) if problem else None


def exchange(row: Sequence[Any]) -> Exchange:
    """From the columns trace, typed, ask, state, asked, answer, problem, verdict, reason, comment."""
    trace, typed, ask, state, asked, answer, problem, verdict, reason, comment = row
    return Exchange(
        trace=trace,
        typed=typed,
        ask=_read(_ASK, ask) or Ask(typed),
        state=state,
        asked=datetime.fromisoformat(asked),
        answer=_read(_ANSWER, answer),
        problem=Problem(*json.loads(problem)) if problem else None,
        rating=Rating(verdict, reason, comment) if verdict else None,
    )


def _read(kind: TypeAdapter[T], stored: str | None) -> T | None:
    """A value as an earlier version may have written it; one that cannot be read any more is as good as none."""
    try:
        return kind.validate_json(stored) if stored else None
    except ValidationError:
        return None
