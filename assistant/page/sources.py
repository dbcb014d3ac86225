"""The panel beside the chat: a cited note whole, with the cited span highlighted."""

from collections.abc import Sequence
from html import escape

from assistant.errors import NotFoundError
from assistant.page.ink import Stroke
from assistant.page.markdown import one_line, render
from assistant.page.message import checksum, keeps_lines, place_line, reference, whole
from assistant.page.parts import Asked
from assistant.page.words import Words
from assistant.types import Citation, Note, Span


def show_source(assistant: Asked, name: str, words: Words, others: Sequence[Citation] = ()) -> str:
    """The note that a citation's button names, with the way to the answer's `others`.

    The name comes from the browser and is not trusted.
    """
    parts = name.split(":")
    try:
        note = assistant.note(parts[0])
        if name == whole(note.note_id):
            return _beside(others, name, words) + show_note(note, None, words)
        start, end, sum_ = (int(part) for part in parts[1:4])
    except (NotFoundError, ValueError):
        return one_line(f'<p class="aside">{words.note_gone}</p>')
    if 0 <= start < end <= len(note.text) and checksum(note.text[start:end]) == sum_:
        return _beside(others, name, words) + show_note(note, Span(start, end), words)
    return _beside(others, name, words) + show_note(note, None, words, words.note_changed)


def _beside(citations: Sequence[Citation], current: str, words: Words) -> str:
    """The markers of an answer that has several, the opened one pressed."""
    if len(citations) < 2:
        return ""
    buttons = "".join(
        f'<button class="cite{" current" if reference(citation) == current else ""}" type="button" name="cite" '
        f'value="{escape(reference(citation))}" title="{escape(citation.title)}">{citation.marker}</button>'
        for citation in citations
    )
    return one_line(f'<p class="beside"><span class="aside">{words.chats.sources}</span> {buttons}</p>')


def show_note(note: Note, span: Span | None, words: Words, remark: str = "") -> str:
    """A note with its place and headings; `span` counts code points of its text."""
    strokes = [Stroke(span)] if span else []
    told = {note.topic, note.level, note.title}
    above = " › ".join(escape(heading) for heading in note.path if heading not in told)
    path = f'<p class="path">{above}</p>' if above else ""
    aside = f'<p class="aside">{remark}</p>' if remark else ""
    return one_line(
        f'<div class="opened"><p class="source">{place_line(note.topic, note.level, note.source, words)}</p>{path}'
        f'<div class="title" tabindex="-1">{escape(note.title)}</div>{aside}'
        f'<div class="note">{render(note.text, strokes, keep_lines=keeps_lines(note.source))}</div>'
        f'<p><button class="shelf text" type="button" name="note" value="{escape(note.note_id)}">'
        f"{words.chats.open_in_notes}</button></p></div>"
    )
