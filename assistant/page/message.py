"""An answer as HTML: the lead, the notes word for word with what matters highlighted, and how far it is borne out."""

import re
import zlib
from collections.abc import Sequence
from html import escape

from assistant.answer import ENGINE_LOST
from assistant.page.ink import Stroke
from assistant.page.markdown import render
from assistant.page.words import Words, seconds
from assistant.types import Answer, Citation, Passage, Span

_MARKDOWN = (".md", ".markdown")
_HINT = 280
_MORE = 3
_MARKER = re.compile(r"\s?\[(\d+)\]")


def show_body(answer: Answer, words: Words, *, asked_anyway: bool = False, growing: bool = False) -> str:
    """One snapshot. `growing`: more of it may come; `asked_anyway`: the learner insisted after a refusal."""
    parts = [_understood(answer, words)]
    if answer.mode == "refused":
        return "".join([*parts, _refused(answer, words)])
    if asked_anyway:
        parts.append(f'<p class="aside">{words.found_anyway}</p>')
    parts.append(_written(answer, words, growing=growing))
    parts += [_quote(citation, passage) for citation, passage in _quoted(answer)]
    # Below a text that grows, these would be pushed down again and again.
    if not (growing and answer.mode == "generated"):
        parts += [_support(answer, words), _more(answer, words)]
    return "".join(parts)


def answer_text(answer: Answer) -> str:
    """An answer to be copied: its text, and the notes that its markers stand for."""
    sources = [f"[{c.marker}] {c.title} — {c.source}" for c in answer.citations]
    return "\n\n".join([answer.answer, *(["\n".join(sources)] if sources else [])])


def reference(citation: Citation) -> str:
    """A citation as the value of its button; `sources.py` reads it back. The checksum tells when the note changed."""
    return f"{citation.note_id}:{citation.start}:{citation.end}:{checksum(citation.quote)}"


def whole(note_id: str) -> str:
    """A note without a span, as the value of its button."""
    return f"{note_id}:whole"


def checksum(text: str) -> int:
    """A short fingerprint of a quote."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def place_line(topic: str, level: str | None, source: str, words: Words | None = None) -> str:
    """`Drift Detection · Basic · drift.md`."""
    missing = words.no_topic if words else ""
    return " · ".join(escape(part) for part in (topic or missing, level, source.rpartition("/")[2]) if part)


def keeps_lines(source: str) -> bool:
    """In a Markdown file a line break is white space; in any other text it was meant."""
    return not source.lower().endswith(_MARKDOWN)


def _understood(answer: Answer, words: Words) -> str:
    if answer.standalone_question.strip() == answer.question.strip():
        return ""
    return f'<p class="aside">{escape(words.understood_as.format(answer.standalone_question))}</p>'


def _refused(answer: Answer, words: Words) -> str:
    topics = "".join(
        f'<button class="choice" type="button" name="topic" value="{escape(topic)}">{escape(topic)}</button>'
        for topic in answer.suggestions
    )
    nearest = f'<p class="aside">{words.nearest}</p><p class="choices">{topics}</p>' if topics else ""
    anyway = ""
    if answer.passages:
        value = escape(answer.question)
        label = words.search_anyway
        anyway = f'<button class="choice quiet" type="button" name="anyway" value="{value}">{label}</button>'
    return f'<p class="refusal">{escape(answer.answer)}</p>{nearest}<p class="choices">{anyway}</p>'


def _written(answer: Answer, words: Words, *, growing: bool) -> str:
    """The lead, or the generated text; its markers become buttons and unsupported sentences are marked.

    A lead has its room from the beginning, so that the note below stays where it is when it comes.
    """
    text = answer.answer if answer.mode == "generated" else answer.lead
    notice = f'<p class="aside">{words.engine_lost}</p>' if answer.notice == ENGINE_LOST else ""
    if text:
        said = f'<div class="written">{_marked(text, answer, words)}</div>{notice}'
    elif growing and answer.pending:
        said = f'<p class="aside coming">{words.lead_coming}</p>'
    elif notice or answer.engine:
        said = notice or f'<p class="aside">{words.lead_none}</p>'
    else:
        return ""
    return said if answer.mode == "generated" else f'<div class="lead">{said}</div>'


def _marked(text: str, answer: Answer, words: Words) -> str:
    opening = f'<span class="unsupported" title="{escape(words.unsupported)}" tabindex="0">'
    strokes = [Stroke(span, opening, "</span>") for span in _unsupported(text, answer)]
    html = render(text, strokes)
    buttons = {str(citation.marker): _button(citation) for citation in answer.citations}
    return _MARKER.sub(lambda found: buttons.get(found[1], found[0]), html)


def _unsupported(text: str, answer: Answer) -> list[Span]:
    spans: list[Span] = []
    place = 0
    for support in answer.support:
        start = text.find(support.sentence, place)
        if start >= 0:
            place = start + len(support.sentence)
            if not support.markers:
                spans.append(Span(start, place))
    return spans


def _quoted(answer: Answer) -> Sequence[tuple[Citation, Passage]]:
    """The notes that stand in the answer word for word: passage n under marker n."""
    if answer.mode != "quoted":
        return ()
    pairs = []
    for citation, passage in zip(answer.citations, answer.passages, strict=False):
        if citation.chunk_id != passage.chunk.chunk_id:
            break
        pairs.append((citation, passage))
    return pairs


def _quote(citation: Citation, passage: Passage) -> str:
    shift = passage.chunk.start
    inside = Span(max(citation.start - shift, 0), min(citation.end - shift, len(passage.text)))
    body = render(passage.text, [Stroke(inside)], keep_lines=keeps_lines(passage.note.source))
    title = f'<div class="title">{escape(passage.note.title)}</div>'
    source = place_line(passage.note.topic, passage.note.level, passage.note.source)
    return (
        f'<div class="quote">{title}<div class="note">{body}</div>'
        f'<p class="source">{_button(citation)} {source}</p></div>'
    )


def _button(citation: Citation) -> str:
    """A marker. Its title, which the page's script shows as a preview: the note, its place, the words cited."""
    quote = citation.quote if len(citation.quote) <= _HINT else citation.quote[:_HINT].rstrip() + "…"
    place = place_line(citation.topic, citation.level, citation.source)
    hint = f"{escape(citation.title)}\n\n{place}\n\n{escape(quote)}".replace("\n", "&#10;")
    value = escape(reference(citation))
    return f'<button class="cite" type="button" name="cite" value="{value}" title="{hint}">{citation.marker}</button>'


def _support(answer: Answer, words: Words) -> str:
    took = seconds(words, answer.timings_ms.total)
    if not answer.support:
        return f'<p class="support">{words.quoted} · {took}</p>'
    missing = sum(not support.markers for support in answer.support)
    count = words.sentences.of(len(answer.support))
    told = words.supported_some.format(count, missing) if missing else f"✓ {words.supported_all.format(count)}"
    return f'<p class="support">{told} · {took}</p>'


def _more(answer: Answer, words: Words) -> str:
    """The next notes found, by title: the best one is not always the one that was meant."""
    shown = {citation.note_id for citation in answer.citations}
    rest = [passage.note for passage in answer.passages if passage.note.note_id not in shown][:_MORE]
    buttons = "".join(
        f'<button class="choice" type="button" name="cite" value="{escape(whole(note.note_id))}">'
        f"{escape(note.title)}</button>"
        for note in rest
    )
    return f'<p class="aside">{words.more}</p><p class="choices">{buttons}</p>' if rest else ""
