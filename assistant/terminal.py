"""Results as text for people at a terminal, and progress on standard error."""

import sys

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


def to_stderr(line: str) -> None:
    """One line of progress; on a terminal it replaces the one before."""
    if sys.stderr.isatty():
        print(f"\r\x1b[2K{line[:100]}", end="", file=sys.stderr, flush=True)
    else:
        print(line, file=sys.stderr, flush=True)


def _place(source: str, topic: str, level: str | None) -> str:
    return " · ".join(filter(None, (source, topic, level)))
