"""The Notes tab as HTML: topics and levels to choose from, the list of notes, and one note to read.

Nothing here is trusted: titles and topics are escaped, a note's text goes through `markdown.render`.
"""

from collections.abc import Sequence
from html import escape

from assistant import text
from assistant.page.ink import Stroke
from assistant.page.markdown import one_line, render
from assistant.page.message import keeps_lines
from assistant.page.shelf import Listing, Neighbours, View, groups
from assistant.page.words import Words
from assistant.types import LEVELS, KeyPoint, Note, Passage, Span

_MARK = ('<mark class="word">', "</mark>")
_HINT = 240


def show_filters(topics: Sequence[tuple[str, int]], view: View, words: Words) -> str:
    """Levels and topics as buttons, the chosen ones pressed."""
    said = words.notes_tab
    levels = [("", said.all_levels, view.level is None), *((level, level, view.level == level) for level in LEVELS)]
    chips = "".join(_button("level", value, escape(label), pressed=pressed) for value, label, pressed in levels)
    whole = sum(count for _, count in topics)
    rows = [_topic("*", said.all_topics, whole, pressed=view.topic is None)]
    rows += [_topic(f"={name}", name or words.no_topic, count, pressed=view.topic == name) for name, count in topics]
    return one_line(
        f'<div class="levels" role="group" aria-label="{said.levels}">{chips}</div>'
        f'<nav class="topics" aria-label="{said.topics}"><ul>{"".join(f"<li>{row}</li>" for row in rows)}</ul></nav>'
    )


def show_list(listed: Listing, view: View, words: Words) -> str:
    """The notes of a view by title; for a search with the sentence that matched best."""
    said = words.notes_tab
    parts = [f"<h2>{escape(_heading(view, words))}</h2>"]
    if not listed.notes:
        parts.append(f'<p class="aside">{said.nothing} {said.nothing_hint}</p>')
    elif listed.found is not None:
        if not listed.found.holding:
            parts.append(f'<p class="aside">{said.no_such_words}</p>')
        for name, passages in ((said.holding, listed.found.holding), (said.near, listed.found.near)):
            parts.append(_entries(name, [_hit(passage, view) for passage in passages]))
    else:
        parts.append(f'<p class="aside">{words.notes.of(len(listed.notes))}</p>')
        for name, notes in groups(listed, view):
            parts.append(_entries(name or _nameless(view, words), [_entry(note, view) for note in notes]))
        if len(listed.notes) > view.shown:
            parts.append(_button("more", "", said.more))
    return one_line(f'<div class="listing">{"".join(parts)}</div>')


def show_entry(note: Note, beside: Neighbours, words: Words) -> str:
    """A note to read: where it stands, its text, its key points behind a disclosure, and where to go on."""
    said = words.notes_tab
    told = {note.topic, note.level, note.title}
    place = [note.topic or words.no_topic, *((note.level,) if note.level else ())]
    path = "".join(f'<span class="step">{escape(step)}</span>' for step in note.path if step not in told)
    file = note.source.rpartition("/")[2]
    title = f'<h2 class="title" tabindex="-1">{escape(note.title)}</h2>'
    return one_line(
        f'<article class="reading">{_button("list", note.note_id, f"← {said.back}", kind="back")}'
        f'<p class="source">{" · ".join(map(escape, place))}</p>{title}'
        f'<p class="path">{path}<span class="step file" title="{escape(note.source)}">{escape(file)}</span></p>'
        f'<div class="note" lang="{note.language}">{render(note.text, keep_lines=keeps_lines(note.source))}</div>'
        f"{_key_points(note.key_points, words)}"
        f'<p class="doing">{_button("ask", note.title, said.ask_about, kind="primary")}</p>'
        f'<nav class="around">{_beside(beside.before, said.previous, "before")}'
        f"{_beside(beside.after, said.next, 'after')}</nav></article>"
    )


def show_nothing_chosen(words: Words) -> str:
    """The reading place before a note is chosen."""
    return one_line(f'<p class="aside unchosen">{words.notes_tab.choose}</p>')


def show_empty(words: Words, *, pack: bool) -> str:
    """A home without notes: how to add some; `pack` offers the bundled ones."""
    said = words.notes_tab
    offer = ""
    if pack:
        button = _button("pack", "", said.take_pack, kind="primary")
        offer = f'<p>{button}</p><p class="aside taking" role="status">{said.taking_pack}</p>'
    return one_line(
        f'<div class="empty"><h2>{said.empty}</h2><p>{said.empty_hint}</p>'
        f"<pre><code>{said.empty_command}</code></pre>{offer}</div>"
    )


def _topic(value: str, name: str, count: int, *, pressed: bool) -> str:
    label = f'<span class="name">{escape(name)}</span> <span class="count">{count}</span>'
    return _button("topic", value, label, pressed=pressed)


def _heading(view: View, words: Words) -> str:
    if view.query.strip():
        return words.notes_tab.found.format(view.query.strip())
    return words.notes_tab.all_topics if view.topic is None else view.topic or words.no_topic


def _entries(name: str, entries: Sequence[str]) -> str:
    rows = "".join(f"<li>{entry}</li>" for entry in entries)
    return f'<h3>{escape(name)}</h3><ul class="entries">{rows}</ul>' if entries else ""


def _entry(note: Note, view: View) -> str:
    """A note by its title; its level where the list is not parted by levels."""
    label = f'<span class="name">{escape(note.title)}</span>{_level(note) if view.topic is None else ""}'
    return _button("note", note.note_id, label, pressed=note.note_id == view.note_id, kind="entry")


def _hit(passage: Passage, view: View) -> str:
    note = passage.note
    topic = f'<span class="where">{escape(note.topic)}</span>' if view.topic is None and note.topic else ""
    glimpse = f'<span class="glimpse">{_glimpse(passage, view.query)}</span>'
    label = f'<span class="name">{escape(note.title)}</span>{_level(note)}{glimpse}{topic}'
    return _button("note", note.note_id, label, pressed=note.note_id == view.note_id, kind="entry")


def _level(note: Note) -> str:
    return f' <span class="level">{note.level}</span>' if note.level else ""


def _glimpse(passage: Passage, query: str) -> str:
    """The sentence of a passage that holds most of the words looked for, with them marked."""
    asked = set(text.terms(query))
    sentences = [passage.text[span.start : span.end].strip() for span in text.sentences(passage.text)]
    best = max(sentences, key=lambda one: len(asked & set(text.terms(one))), default="")
    best = " · ".join(cell.strip() for cell in best.strip("|").split("|")) if best.startswith("|") else best
    if len(best) > _HINT:
        best = best[:_HINT].rsplit(" ", 1)[0] + "…"
    strokes: list[Stroke] = []
    for word in text.words(best):
        if word.stem in asked and (not strokes or word.span.start >= strokes[-1].span.end):
            strokes.append(Stroke(Span(word.span.start, word.span.end), *_MARK))
    return _inline(render(best, strokes))


def _inline(html: str) -> str:
    """A button holds no blocks: theirs become spans."""
    for block in ("p", "div", "ul", "ol", "li", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"):
        html = html.replace(f"<{block}>", "<span>").replace(f"</{block}>", "</span> ")
    return html


def _key_points(points: Sequence[KeyPoint], words: Words) -> str:
    if not points:
        return ""
    said = words.notes_tab
    rows = "".join(
        f'<li>{render(point.text)} <span class="weight" role="img" title="{said.weight.format(point.weight)}">'
        f"{'●' * point.weight}{'○' * (3 - point.weight)}</span></li>"
        for point in points
    )
    return (
        f'<details class="points"><summary>{said.key_points} · {len(points)}</summary>'
        f'<ol class="note">{rows}</ol></details>'
    )


def _beside(note: Note | None, said: str, kind: str) -> str:
    if note is None:
        return "<span></span>"
    label = f'<span class="aside">{said}</span><span class="name">{escape(note.title)}</span>'
    return _button("note", note.note_id, label, kind=f"step {kind}")


def _nameless(view: View, words: Words) -> str:
    return words.no_topic if view.topic is None else words.notes_tab.no_level


def _button(name: str, value: str, label: str, *, pressed: bool | None = None, kind: str = "") -> str:
    state = "" if pressed is None else f' aria-pressed="{str(pressed).lower()}"'
    classes = f"shelf {kind}".strip()
    return f'<button class="{classes}" type="button" name="{name}" value="{escape(value)}"{state}>{label}</button>'
