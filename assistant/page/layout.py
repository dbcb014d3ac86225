"""The page's components and how they are wired. What they show is made elsewhere; nothing here is global."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.answer import Ask
from assistant.errors import AssistantError
from assistant.page import status, upload
from assistant.page.opening import choices, greeting, header
from assistant.page.parts import PageParts
from assistant.page.sources import show_source
from assistant.page.talk import CONCURRENT, Conversation, converse, messages, stopped
from assistant.page.tex import DISPLAY, INLINE
from assistant.page.theme import CSS, theme
from assistant.page.words import WORDS, Words, language
from assistant.types import LEVELS, Filters, Level

SCRIPT = Path(__file__).with_name("page.js")
_TEX: list[dict[str, str | bool]] = [
    {"left": INLINE[0], "right": INLINE[1], "display": False},
    {"left": DISPLAY[0], "right": DISPLAY[1], "display": True},
]
_STILL = ["new_chat", "topic", "level", "upload", "upload_undo", "chat_label", "ask_label"]
_STILL += ["ask_placeholder", "close_note"]
# Events that may wait at once, over all tabs; more are told to try again.
_WAITING = 64
# Seconds between looks at Gradio's copies of uploads, and their age when they go: we keep our own.
_TEMPORARY = (600, 600)
_PRIVATE: Any = {"api_visibility": "private"}
_QUIET: Any = _PRIVATE | {"show_progress": "hidden"}


class Page:
    """Builds the page once; its handlers serve every tab, each with its own state."""

    def __init__(self, parts: PageParts) -> None:
        self._parts = parts
        self._assistant = parts.assistant

    def build(self) -> gr.Blocks:
        """The page, not yet served."""
        # Stands for a word that the browser puts in, in its language; see `look`.
        say = gr.I18n()
        title = WORDS["en"].title
        blocks = gr.Blocks(title=title, fill_width=True, analytics_enabled=False, delete_cache=_TEMPORARY)
        with blocks:
            self._components(say)
            self._wire()
            opened = [self._topic, self._level, self._chat, self._box, self._engine, self._timer]
            blocks.load(self._open, None, opened, **_QUIET)
        blocks.queue(default_concurrency_limit=CONCURRENT, max_size=_WAITING, api_open=False)
        return blocks

    def _components(self, say: gr.I18n) -> None:
        self._talk = gr.State(())
        self._kept = gr.State(())
        self._timer = gr.Timer(status.SOON)
        with gr.Row(elem_id="top"):
            self._clicks = gr.HTML(say("header"), elem_id="clicks", js_on_load=SCRIPT.read_text("utf-8"))
            self._engine = gr.HTML(elem_id="engine")
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="side", min_width=0):
                self._side(say)
            with gr.Column(elem_id="middle", min_width=0):
                self._middle(say)
            with gr.Column(elem_id="panel", min_width=0, visible=False) as self._panel:
                self._close = gr.Button(say("close_note"), elem_id="close", size="sm")
                self._source = gr.Markdown(elem_id="source", latex_delimiters=_TEX)

    def _side(self, say: gr.I18n) -> None:
        self._new = gr.Button(say("new_chat"), elem_id="new", size="sm")
        self._topic = gr.Dropdown([("…", "")], value="", label=say("topic"), elem_id="topic", filterable=False)
        self._level = gr.Dropdown([("…", "")], value="", label=say("level"), elem_id="level", filterable=False)
        self._files = gr.File(label=say("upload"), file_count="multiple", type="filepath", elem_id="upload", height=112)
        self._rows = gr.HTML(elem_id="files")
        self._undo = gr.Button(say("upload_undo"), elem_id="undo", size="sm", visible=False)

    def _middle(self, say: gr.I18n) -> None:
        self._chat = gr.Chatbot(
            elem_id="chat",
            label=say("chat_label"),
            show_label=False,
            height="100%",
            layout="panel",
            autoscroll=False,
            buttons=[],
            latex_delimiters=_TEX,
            feedback_options=None,
            allow_file_downloads=False,
            group_consecutive_messages=False,
        )
        self._box = gr.Textbox(
            elem_id="box",
            label=say("ask_label"),
            show_label=False,
            placeholder=say("ask_placeholder"),
            lines=1,
            max_lines=8,
            max_length=self._parts.settings.page.question_characters,
            autofocus=True,
        )

    def _wire(self) -> None:
        chat = [self._chat, self._box, self._talk]
        asking = self._box.submit(
            self._ask, [self._box, self._topic, self._level, self._talk], chat, **_QUIET, concurrency_limit=CONCURRENT
        )
        choosing = self._clicks.submit(
            self._choose, [self._topic, self._level, self._talk], chat, **_QUIET, concurrency_limit=CONCURRENT
        )
        running: Any = [asking, choosing]
        self._box.stop(self._stop, [self._talk], chat, cancels=running, queue=False, **_QUIET)
        self._new.click(self._start_anew, None, [*chat, self._panel], cancels=running, queue=False, **_QUIET)
        self._clicks.click(self._open_note, None, [self._source, self._panel], queue=False, **_QUIET)
        self._close.click(lambda: gr.Column(visible=False), None, self._panel, queue=False, **_QUIET)
        self._files.upload(
            self._take_in,
            [self._files, self._kept],
            [self._files, self._rows, self._undo, self._kept, self._topic],
            **_QUIET,
            concurrency_limit=1,
            concurrency_id="ingest",
        )
        self._undo.click(
            self._take_back,
            [self._kept],
            [self._rows, self._undo, self._kept, self._topic],
            **_QUIET,
            concurrency_limit=1,
            concurrency_id="ingest",
        )
        self._timer.tick(self._look, None, [self._engine, self._timer], queue=False, **_QUIET)

    def _open(self, request: gr.Request) -> tuple[Any, ...]:
        words = _words(request)
        state = self._assistant.engine.state
        levels = [(words.any_level, ""), *((level, level) for level in LEVELS)]
        return (
            gr.Dropdown(choices(self._assistant.topics(), words), value=""),
            gr.Dropdown(levels, value=""),
            gr.Chatbot(placeholder=greeting(self._assistant, words)),
            _ready(words),
            status.show_engine(state, words),
            gr.Timer(status.pause(state)),
        )

    def _look(self, request: gr.Request) -> tuple[Any, ...]:
        state = self._assistant.engine.state
        return status.show_engine(state, _words(request)), gr.Timer(status.pause(state))

    async def _ask(
        self, question: str, topic: str, level: str, talk: Conversation, request: gr.Request
    ) -> AsyncIterator[tuple[Any, ...]]:
        if not question.strip():
            yield gr.skip(), gr.skip(), gr.skip()
            return
        async for shown in self._run(Ask(question, filters=_filters(topic, level)), talk, _words(request)):
            yield shown

    async def _choose(
        self, topic: str, level: str, talk: Conversation, event: gr.EventData, request: gr.Request
    ) -> AsyncIterator[tuple[Any, ...]]:
        """A button inside the conversation: a topic near a refused question, "search anyway", or an example."""
        words = _words(request)
        kind, value = str(event._data["kind"]), str(event._data["value"])
        limit = self._parts.settings.page.question_characters
        if kind == "topic":
            ask = Ask(words.about_topic.format(value)[:limit], filters=Filters(topic=value), anyway=True)
        else:
            ask = Ask(value[:limit], filters=_filters(topic, level), anyway=kind == "anyway")
        async for shown in self._run(ask, talk, words):
            yield shown

    async def _run(self, ask: Ask, talk: Conversation, words: Words) -> AsyncIterator[tuple[Any, ...]]:
        box: Any = gr.Textbox(value="", submit_btn=False, stop_btn=words.stop)
        async for grown in converse(self._assistant, talk, ask, words):
            if grown[-1].finished:
                box = _ready(words)
            yield messages(grown), box, grown
            box = gr.skip()

    def _stop(self, talk: Conversation, request: gr.Request) -> tuple[Any, ...]:
        words = _words(request)
        kept = stopped(talk, words)
        return messages(kept), _ready(words), kept

    def _start_anew(self, request: gr.Request) -> tuple[Any, ...]:
        words = _words(request)
        empty = gr.Chatbot(value=[], placeholder=greeting(self._assistant, words))
        return empty, _ready(words), (), gr.Column(visible=False)

    def _open_note(self, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        html = show_source(self._assistant, str(event._data["value"]), _words(request))
        return html, gr.Column(visible=True)

    def _take_in(
        self, files: list[str], kept: tuple[upload.Kept, ...], request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        words = _words(request)
        for rows, new in upload.take_in(self._parts, [Path(file) for file in files]):
            yield gr.skip(), upload.show_rows(rows, words), gr.Button(visible=bool(new)), new, gr.skip()
        topics = gr.Dropdown(choices(self._assistant.topics(), words))
        yield gr.File(value=None), gr.skip(), gr.skip(), gr.skip(), topics

    def _take_back(self, kept: tuple[upload.Kept, ...], request: gr.Request) -> tuple[Any, ...]:
        words = _words(request)
        try:
            upload.undo(self._parts, kept)
            said = words.upload_undone
        except AssistantError as error:
            said = f"{words.error} {error}"
        topics = gr.Dropdown(choices(self._assistant.topics(), words))
        return f'<p class="aside">{said}</p>', gr.Button(visible=False), (), topics


def look() -> dict[str, Any]:
    """What goes into `launch`: theme, styles, and the words that never change."""
    tables = {
        name: {key: getattr(words, key) for key in _STILL} | {"header": header(words)} for name, words in WORDS.items()
    }
    return {"theme": theme(), "css_paths": [CSS], "i18n": gr.I18n(**tables)}


def _ready(words: Words) -> gr.Textbox:
    """The box when nothing is being answered."""
    return gr.Textbox(submit_btn=words.ask, stop_btn=False)


def _words(request: gr.Request) -> Words:
    return WORDS[language(request.headers.get("accept-language"), request.cookies.get("language"))]


def _filters(topic: str, level: str) -> Filters:
    chosen: Level | None = next((known for known in LEVELS if known == level), None)
    return Filters(topic=topic or None, level=chosen)
