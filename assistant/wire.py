"""Values as the JSON of the command contracts, and batch lines back into values."""

from collections.abc import Mapping
from typing import Any

from assistant.answer import Ask
from assistant.errors import UsageError
from assistant.grade.result import Grade
from assistant.types import LEVELS, Answer, Citation, Filters, Language, Level, Note, Passage, Retrieved, Turn

Json = dict[str, Any]

# Of a topic or a file: longer than any file system or heading has.
_NAME = 1000
_LANGUAGES: tuple[Language, ...] = ("ru", "en")


def search_json(found: Retrieved, line_id: object = None) -> Json:
    """One `search` result."""
    return {
        "id": line_id,
        "question": found.question,
        "answerable": round(found.answerable, 4),
        "answerable_fitted": found.answerable_fitted,
        "hits": [_hit(passage) for passage in found.passages],
    }


def note_json(note: Note) -> Json:
    """One `show` result, without the batch line's id."""
    return {
        "note_id": note.note_id,
        "source": note.source,
        "topic": note.topic,
        "level": note.level,
        "title": note.title,
        "text": note.text,
        "path": list(note.path),
    }


def answer_json(answer: Answer, line_id: object = None) -> Json:
    """One `ask` result."""
    timings = answer.timings_ms
    return {
        "id": line_id,
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "answer": answer.answer,
        "mode": answer.mode,
        "lead": answer.lead,
        "citations": [citation_json(citation) for citation in answer.citations],
        "support": [
            {"sentence": s.sentence, "supported": s.supported, "markers": list(s.markers)} for s in answer.support
        ],
        "suggestions": list(answer.suggestions),
        "engine": answer.engine,
        "timings_ms": {"retrieve": timings.retrieve, "first": timings.first, "total": timings.total},
    }


def citation_json(citation: Citation) -> Json:
    """One citation of an answer."""
    return {
        "marker": citation.marker,
        "note_id": citation.note_id,
        "chunk_id": citation.chunk_id,
        "source": citation.source,
        "topic": citation.topic,
        "level": citation.level,
        "title": citation.title,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
    }


def grade_json(grade: Grade, answer: str, note: Note | None, line_id: object = None) -> Json:
    """One `grade` result; `note` is the one that `answer` was compared with."""
    why = {"reason": grade.reason} if grade.reason else {}
    return {
        "id": line_id,
        "status": grade.status,
        **why,
        **({"detail": grade.detail} if grade.detail else {}),
        "note_id": grade.note_id,
        "score": None if grade.score is None else round(grade.score, 6),
        "engine": grade.engine,
        "points": [
            {
                "point": point.point,
                "weight": point.weight,
                "verdict": point.verdict,
                "probability": point.probability,
                "quote": answer[point.quote.start : point.quote.end] if point.quote else None,
                "source_quote": note.text[point.source.start : point.source.end] if note else "",
            }
            for point in grade.points
        ],
    }


def read_ask(line: Mapping[str, Any]) -> Ask:
    """A `search` or `ask` line.

    Raises:
        UsageError: a field is missing or of the wrong kind; the message names it.
    """
    history = line.get("history") or []
    if not isinstance(history, list):
        raise UsageError('"history" must be a list of {"role", "content"}')
    return Ask(read_text(line, "question"), tuple(_turn(turn) for turn in history), read_filters(line))


def read_grade(line: Mapping[str, Any]) -> dict[str, str]:
    """A `grade` line: its "answer", and its "question" or its "note_id".

    Raises:
        UsageError: a field is missing or of the wrong kind, or there are both.
    """
    if ("note_id" in line) == ("question" in line):
        raise UsageError('give either "question" or "note_id"')
    key = "question" if "question" in line else "note_id"
    return {"answer": read_text(line, "answer"), key: read_text(line, key)}


def read_filters(line: Mapping[str, Any]) -> Filters:
    """The filters of a line; absent and null mean any."""
    return Filters(
        topic=_optional(line, "topic"),
        level=_level(_optional(line, "level")),
        source=_optional(line, "source"),
        language=_language(_optional(line, "language")),
    )


def read_text(line: Mapping[str, Any], key: str) -> str:
    """A required string of a line."""
    value = line.get(key)
    if not isinstance(value, str):
        raise UsageError(f'"{key}" must be a string')
    return value


def _hit(passage: Passage) -> Json:
    note = passage.note
    return {
        "rank": passage.rank,
        "score": round(passage.score, 6),
        "chunk_id": passage.chunk.chunk_id,
        "note_id": note.note_id,
        "source": note.source,
        "topic": note.topic,
        "level": note.level,
        "title": note.title,
        "text": passage.text,
    }


def _turn(turn: object) -> Turn:
    if not isinstance(turn, dict) or not isinstance(turn.get("content"), str):
        raise UsageError('each turn of "history" must be {"role": "user"|"assistant", "content": text}')
    role = turn.get("role")
    if role != "user" and role != "assistant":
        raise UsageError('the "role" of a turn must be "user" or "assistant"')
    return Turn(role, turn["content"])


def _optional(line: Mapping[str, Any], key: str) -> str | None:
    value = line.get(key)
    if value is not None and not isinstance(value, str):
        raise UsageError(f'"{key}" must be a string or null')
    if value is not None and len(value) > _NAME:
        raise UsageError(f'"{key}" has {len(value)} characters; no name here is longer than {_NAME}')
    return value


def _level(value: str | None) -> Level | None:
    for level in LEVELS:
        if value is not None and value.casefold() == level.casefold():
            return level
    if value is not None:
        raise UsageError(f'"level" must be one of {", ".join(LEVELS)}, not {value!r}')
    return None


def _language(value: str | None) -> Language | None:
    for language in _LANGUAGES:
        if value == language:
            return language
    if value is not None:
        raise UsageError(f'"language" must be "ru" or "en", not {value!r}')
    return None
