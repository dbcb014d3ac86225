"""Results as text for people at a terminal, and progress on standard error."""

import sys

from assistant.grade.result import Grade, Verdict
from assistant.types import Answer, Note, Retrieved


def hits_text(found: Retrieved) -> str:
    """A line a hit, then how sure the search is."""
    if not found.passages:
        return "Nothing found. Are notes indexed? `python -m ingest notes/`"
    lines = [
        f"{passage.rank:>2}. {passage.note.title}\n"
        f"    {_place(passage.note.source, passage.note.topic, passage.note.level)} · {passage.note.note_id}"
        for passage in found.passages
    ]
    fitted = "" if found.answerable_fitted else ", not calibrated yet"
    return "\n".join([*lines, f"answerable: {found.answerable:.2f}{fitted}"])


def note_text(note: Note) -> str:
    """A note with where it stands."""
    path = " › ".join(note.path)
    return f"{note.title}\n{_place(note.source, note.topic, note.level)}\n{path}\n\n{note.text}"


def answer_text(answer: Answer) -> str:
    """The answer, then its sources."""
    parts = [answer.answer]
    if answer.standalone_question != answer.question:
        parts.insert(0, f"({answer.standalone_question})")
    if answer.mode == "refused" and answer.suggestions:
        parts.append("Nearest topics: " + ", ".join(answer.suggestions))
    sources = [
        f"[{c.marker}] {c.title}\n    {_place(c.source, c.topic, c.level)} · {c.note_id} {c.start}:{c.end}"
        for c in answer.citations
    ]
    return "\n\n".join([*parts, "\n".join(sources)]).strip()


_MARKS: dict[Verdict, str] = {"covered": "+", "partly": "~", "missing": "-", "contradicted": "!"}


def grade_text(grade: Grade, answer: str, note: Note | None) -> str:
    """The score, then a line a point: its verdict, what the learner said of it, where the note has it."""
    if grade.score is None:
        return f"Not graded: {grade.detail}"
    lines = [f"{grade.score:.0%}" + (f" · {grade.engine}" if grade.engine else "") + f" · {note.title if note else ''}"]
    if grade.reason:
        lines.append(f"Nothing to compare: {grade.reason.replace('_', ' ')}")
    for point in grade.points:
        lines.append(f"{_MARKS[point.verdict]} {point.verdict} ({point.weight}): {point.point}")
        if point.quote:
            lines.append(f"    you: {answer[point.quote.start : point.quote.end]}")
        if note and point.verdict != "covered":
            lines.append(f"    note: {note.text[point.source.start : point.source.end]}")
    return "\n".join(lines)


def to_stderr(line: str) -> None:
    """One line of progress; on a terminal it replaces the one before."""
    if sys.stderr.isatty():
        print(f"\r\x1b[2K{line[:100]}", end="", file=sys.stderr, flush=True)
    else:
        print(line, file=sys.stderr, flush=True)


def _place(source: str, topic: str, level: str | None) -> str:
    return " · ".join(filter(None, (source, topic, level)))
