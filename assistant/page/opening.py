"""What stands on the page before anything is asked: the heading, the greeting with examples, the topics."""

from collections.abc import Sequence
from html import escape

from assistant.page.markdown import one_line
from assistant.page.parts import Asked
from assistant.page.words import Words
from assistant.store.catalog import TopicCount
from assistant.types import Filters, Language

_EXAMPLES = 3
_LONGEST = 90


def header(words: Words) -> str:
    """The page's name, the switch to the other language, and what the script says in place of Gradio's own notices."""
    notices = {"lost": "lost", "big": "big_file", "busy": "busy", "failed": "failed"}
    data = " ".join(f'data-{name}="{escape(words.errors[code])}"' for name, code in notices.items())
    return (
        f'<h1>{words.title}</h1><button class="language" type="button">{words.switch_language}</button>'
        f'<span id="notices" hidden {data}></span>'
    )


def greeting(assistant: Asked, words: Words) -> str:
    """The empty conversation: how much there is to ask, and three questions of the notes' own."""
    topics = assistant.topics()
    count = sum(topic.notes for topic in topics)
    if not count:
        return one_line(f'<div class="greeting"><p>{words.greeting_empty}</p></div>')
    names = len({topic.topic for topic in topics})
    said = words.greeting.format(notes=words.notes.of(count), topics=words.topics.of(names))
    examples = "".join(
        f'<button class="choice" type="button" name="example" value="{escape(title)}">{escape(title)}</button>'
        for title in _examples(assistant, topics, words.language)
    )
    below = f'<p class="aside">{words.examples}</p><p class="choices">{examples}</p>' if examples else ""
    return one_line(f'<div class="greeting"><p>{said}</p>{below}</div>')


def show_chosen(filters: Filters, words: Words) -> str:
    """The filters that the next question is asked with, each to be taken off, and what is being edited."""
    said = words.chats
    chips = "".join(
        f'<button class="chip" type="button" name="take_off" value="{kind}">{escape(label)} <span class="off">×</span>'
        "</button>"
        for kind, value, label in (
            ("level", filters.level, filters.level or ""),
            ("topic", filters.topic, f"{said.topic} {filters.topic}"),
        )
        if value
    )
    only = f'<p class="chips"><span class="aside">{said.only}</span> {chips}</p>' if chips else ""
    leave = f'<button class="text" type="button" name="leave">{said.editing_cancel}</button>'
    return f'<p class="editing">{said.editing} {leave}</p>{only}'


def choices(topics: Sequence[TopicCount], words: Words) -> list[tuple[str, str]]:
    """Topics for the filter, each with its number of notes; the empty value means any."""
    counts: dict[str, int] = {}
    for topic in topics:
        if topic.topic:
            counts[topic.topic] = counts.get(topic.topic, 0) + topic.notes
    return [(words.any_topic, ""), *((f"{name} · {count}", name) for name, count in sorted(counts.items()))]


def _examples(assistant: Asked, topics: Sequence[TopicCount], language: Language) -> list[str]:
    """One question each from the topics with most notes, as the notes have it; the learner's own language first."""
    biggest = sorted(topics, key=lambda topic: (topic.level != "Basic", -topic.notes, topic.topic))
    found: list[str] = []
    for spoken in (language, None):
        for topic in biggest:
            notes = assistant.catalog.browse(Filters(topic=topic.topic, level=topic.level, language=spoken))
            questions = [note.title for note in notes if note.title.endswith("?") and len(note.title) <= _LONGEST]
            found += [title for title in questions[:1] if title not in found]
            if len(found) == _EXAMPLES:
                return found
    return found
