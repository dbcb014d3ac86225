"""The Ask tab: the conversation, what to search in, uploads, and the panel with the cited note."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.answer import Ask
from assistant.errors import AssistantError
from assistant.page import upload
from assistant.page.opening import choices, greeting
from assistant.page.parts import PageParts
from assistant.page.sources import show_source
from assistant.page.tab import QUIET, TEX, spoken
from assistant.page.talk import CONCURRENT, Conversation, converse, messages, stopped
from assistant.page.words import Words
from assistant.types import LEVELS, Filters, Level

SCRIPT = Path(__file__).with_name("ask.js")


class AskTab:
    """Questions and their answers; every browser tab has its own conversation."""

    def __init__(self, parts: PageParts) -> None:
        self._parts = parts
        self._assistant = parts.assistant

    def components(self, say: gr.I18n) -> None:
        # Nothing may stand beside a tab: Gradio would show its name twice.
        with gr.Tab(say("tab_ask"), id="ask", elem_id="ask"):
            self._talk = gr.State(())
            self._kept = gr.State(())
            # Shows nothing: the buttons inside messages speak through it.
            self._clicks = gr.HTML(elem_id="clicks", js_on_load=SCRIPT.read_text("utf-8"))
            self._desk(say)

    def _desk(self, say: gr.I18n) -> None:
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="side", min_width=0):
                self._side(say)
            with gr.Column(elem_id="middle", min_width=0):
                self._middle(say)
            with gr.Column(elem_id="panel", min_width=0, visible=False) as self._panel:
                self._close = gr.Button(say("close_note"), elem_id="close", size="sm")
                self._source = gr.Markdown(elem_id="source", latex_delimiters=TEX)

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
            latex_delimiters=TEX,
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

    def wire(self, blocks: gr.Blocks) -> None:
        chat = [self._chat, self._box, self._talk]
        asking = self._box.submit(
            self._ask, [self._box, self._topic, self._level, self._talk], chat, **QUIET, concurrency_limit=CONCURRENT
        )
        choosing = self._clicks.submit(
            self._choose, [self._topic, self._level, self._talk], chat, **QUIET, concurrency_limit=CONCURRENT
        )
        running: Any = [asking, choosing]
        self._box.stop(self._stop, [self._talk], chat, cancels=running, queue=False, **QUIET)
        self._new.click(self._start_anew, None, [*chat, self._panel], cancels=running, queue=False, **QUIET)
        self._clicks.click(self._open_note, None, [self._source, self._panel], queue=False, **QUIET)
        self._close.click(lambda: gr.Column(visible=False), None, self._panel, queue=False, **QUIET)
        self._files.upload(
            self._take_in,
            [self._files, self._kept],
            [self._files, self._rows, self._undo, self._kept, self._topic],
            **QUIET,
            concurrency_limit=1,
            concurrency_id="ingest",
        )
        self._undo.click(
            self._take_back,
            [self._kept],
            [self._rows, self._undo, self._kept, self._topic],
            **QUIET,
            concurrency_limit=1,
            concurrency_id="ingest",
        )
        blocks.load(self._open, None, [self._topic, self._level, self._chat, self._box], **QUIET)

    def _open(self, request: gr.Request) -> tuple[Any, ...]:
        words = spoken(request)
        levels = [(words.any_level, ""), *((level, level) for level in LEVELS)]
        return (
            gr.Dropdown(choices(self._assistant.topics(), words), value=""),
            gr.Dropdown(levels, value=""),
            gr.Chatbot(placeholder=greeting(self._assistant, words)),
            _ready(words),
        )

    async def _ask(
        self, question: str, topic: str, level: str, talk: Conversation, request: gr.Request
    ) -> AsyncIterator[tuple[Any, ...]]:
        if not question.strip():
            yield gr.skip(), gr.skip(), gr.skip()
            return
        async for shown in self._run(Ask(question, filters=_filters(topic, level)), talk, spoken(request)):
            yield shown

    async def _choose(
        self, topic: str, level: str, talk: Conversation, event: gr.EventData, request: gr.Request
    ) -> AsyncIterator[tuple[Any, ...]]:
        """A button inside the conversation: a topic near a refused question, "search anyway", or an example."""
        words = spoken(request)
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
        words = spoken(request)
        kept = stopped(talk, words)
        return messages(kept), _ready(words), kept

    def _start_anew(self, request: gr.Request) -> tuple[Any, ...]:
        words = spoken(request)
        empty = gr.Chatbot(value=[], placeholder=greeting(self._assistant, words))
        return empty, _ready(words), (), gr.Column(visible=False)

    def _open_note(self, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        html = show_source(self._assistant, str(event._data["value"]), spoken(request))
        return html, gr.Column(visible=True)

    def _take_in(
        self, files: list[str], kept: tuple[upload.Kept, ...], request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        words = spoken(request)
        for rows, new in upload.take_in(self._parts, [Path(file) for file in files]):
            yield gr.skip(), upload.show_rows(rows, words), gr.Button(visible=bool(new)), new, gr.skip()
        topics = gr.Dropdown(choices(self._assistant.topics(), words))
        yield gr.File(value=None), gr.skip(), gr.skip(), gr.skip(), topics

    def _take_back(self, kept: tuple[upload.Kept, ...], request: gr.Request) -> tuple[Any, ...]:
        words = spoken(request)
        try:
            upload.undo(self._parts, kept)
            said = words.upload_undone
        except AssistantError as error:
            said = f"{words.error} {error}"
        topics = gr.Dropdown(choices(self._assistant.topics(), words))
        return f'<p class="aside">{said}</p>', gr.Button(visible=False), (), topics


def _ready(words: Words) -> gr.Textbox:
    """The box when nothing is being answered."""
    return gr.Textbox(submit_btn=words.ask, stop_btn=False)


def _filters(topic: str, level: str) -> Filters:
    chosen: Level | None = next((known for known in LEVELS if known == level), None)
    return Filters(topic=topic or None, level=chosen)
