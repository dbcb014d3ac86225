"""The Ask tab: the conversation, kept conversations and filters beside it, and the panel with the cited note."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.answer import Ask
from assistant.chats.exchange import Rating
from assistant.page.ask_chats import ChatColumn
from assistant.page.ask_upload import Uploads
from assistant.page.dialogue import STEP, Dialogue, Question, Screen
from assistant.page.furniture import REASONS
from assistant.page.here import Here
from assistant.page.opening import choices, greeting, show_chosen
from assistant.page.owner import owner
from assistant.page.parts import PageParts
from assistant.page.sources import show_source
from assistant.page.tab import QUIET, TEX, spoken
from assistant.page.words import Words
from assistant.types import LEVELS, Filters

SCRIPT = Path(__file__).with_name("ask.js")
# What only the browser knows; see `Here`.
_OPENED = """here => [
    { ...here, chat: sessionStorage.getItem("chat") || "", minutes: -new Date().getTimezoneOffset() }
]"""
_KEPT = """here => { sessionStorage.setItem("chat", here?.chat || ""); return [here]; }"""
_LEFT = """here => [{ ...here, chat: "", left: here.chat }, []]"""
_TOPIC, _LEVEL = "(here, topic) => ({ ...here, topic })", "(here, level) => ({ ...here, level })"
# An edited question carries the answer that it takes the place of.
_TYPED = "(box, here) => [box, { ...here, edited: window.takeEdited() }]"
# Seconds between looks at what other tabs and other processes have changed.
_OTHERS = 10
# Seconds between looks at an answer that another visit of this tab began.
_STRAGGLER = 0.5
_ALL = 100_000 - 1
_AT_ONCE: Any = QUIET | {"queue": False}


class AskTab:
    """Questions and their answers. A tab of a browser has its own conversation open; all are kept."""

    def __init__(self, parts: PageParts) -> None:
        self._parts = parts
        self._assistant = parts.assistant
        self._chats = ChatColumn(parts.chats)
        self._uploads = Uploads(parts)

    def components(self, say: gr.I18n) -> None:
        """Three columns: chats and filters, the conversation, the opened note."""
        # Nothing may stand beside a tab: Gradio would show its name twice.
        with gr.Tab(say("tab_ask"), id="ask", elem_id="ask"):
            self._here = gr.JSON(visible=False)
            self._seen = gr.State("")
            self._timer = gr.Timer(_OTHERS)
            # The buttons inside messages and lists speak through it.
            self._clicks = gr.HTML(
                say("furniture"), elem_id="ask-clicks", js_on_load=SCRIPT.read_text("utf-8"), apply_default_css=False
            )
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
        self._chats.components(say)
        with gr.Column(elem_id="narrow", min_width=0):
            self._topic = gr.Dropdown([("…", "")], value="", label=say("topic"), elem_id="topic", filterable=False)
            self._level = gr.Dropdown([("…", "")], value="", label=say("level"), elem_id="level", filterable=False)
            self._uploads.components(say)

    def _middle(self, say: gr.I18n) -> None:
        gr.HTML(say("drawer"), elem_id="drawer", apply_default_css=False)
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
        self._chosen = gr.HTML(elem_id="chosen", apply_default_css=False)
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
        """Questions wait in the queue; everything else is done at once."""
        here, clicks = self._here, self._clicks
        chat = [self._chat, self._box, here, self._chats.list]
        answering: Any = QUIET | {"concurrency_limit": self._parts.settings.page.answers_at_once}
        running: Any = [
            self._box.submit(self._ask, [self._box, here], chat, js=_TYPED, **answering),
            clicks.submit(self._choose, [here], chat, **answering),
            clicks.retry(self._retry, [here], chat, **answering),
        ]
        stopping: Any = _AT_ONCE | {"cancels": running}
        self._box.stop(self._stop, [here], chat, **stopping)
        # At once in the browser, so that a question typed right after belongs to the new conversation.
        left = self._new.click(None, [here], [here, self._chat], js=_LEFT, **stopping)
        left.then(self._start_anew, [here], [*chat, self._panel], **_AT_ONCE)
        clicks.select(self._go_to, [here], [*chat, self._panel], **stopping)
        clicks.delete(self._delete, [here], [*chat, self._chats.told, self._panel], **stopping)
        clicks.expand(self._show_older, [here], [self._chat, here], **_AT_ONCE)
        clicks.like(self._rate, None, None, **_AT_ONCE)
        clicks.click(self._open_note, None, [self._source, self._panel], **_AT_ONCE)
        self._close.click(lambda: gr.Column(visible=False), None, self._panel, **_AT_ONCE)
        self._chats.wire(clicks, here)
        self._wire_filters(blocks)

    def _wire_filters(self, blocks: gr.Blocks) -> None:
        here, filters = self._here, [self._topic, self._level]
        here.change(self._show_chosen, [here], [self._chosen], js=_KEPT, **_AT_ONCE)
        self._topic.change(None, [here, self._topic], [here], js=_TOPIC, **QUIET)
        self._level.change(None, [here, self._level], [here], js=_LEVEL, **QUIET)
        self._clicks.clear(self._take_off, None, filters, **_AT_ONCE)
        followed = [self._chats.list, self._topic, self._seen]
        for event in self._uploads.wire():
            event.then(self._follow, [here, self._seen], followed, **_AT_ONCE)
        self._timer.tick(self._follow, [here, self._seen], followed, **_AT_ONCE)
        opened = [self._chat, self._box, here, self._chats.list, *filters]
        blocks.load(self._open, [here], opened, js=_OPENED, **QUIET)

    async def _open(self, sent: Any, request: gr.Request) -> AsyncIterator[tuple[Any, ...]]:
        """A tab was opened or loaded again. An answer that is still on its way is waited for."""
        words, dialogue = spoken(request), self._dialogue(request)
        topic = gr.Dropdown(choices(self._assistant.topics(), words), value="")
        level = gr.Dropdown([(words.any_level, ""), *((one, one) for one in LEVELS)], value="")
        screen = dialogue.screen(Here.read(sent))
        yield *self._shown(screen, request), topic, level
        while not screen.ended:
            await asyncio.sleep(_STRAGGLER)
            screen = dialogue.screen(screen.here)
            yield *self._shown(screen, request), gr.skip(), gr.skip()

    async def _ask(self, typed: str, sent: Any, request: gr.Request) -> AsyncIterator[tuple[Any, ...]]:
        here = Here.read(sent)
        question = self._dialogue(request).typed(typed, here) if typed.strip() else None
        async for shown in self._run(question, replace(here, edited=""), request):
            yield shown

    async def _choose(self, sent: Any, event: gr.EventData, request: gr.Request) -> AsyncIterator[tuple[Any, ...]]:
        """A button of the conversation. What it names comes from the browser and is not trusted."""
        here, dialogue, words = Here.read(sent), self._dialogue(request), spoken(request)
        kind, value, trace = (str(event._data[name]) for name in ("kind", "value", "trace"))
        limit = self._parts.settings.page.question_characters
        question: Question | None
        if kind == "topic":
            typed = words.about_topic.format(value)[:limit]
            question = Question(typed, Ask(typed, filters=Filters(topic=value), anyway=True))
        elif kind == "without":
            question = dialogue.again(trace, here, without=value)
        elif kind == "anyway":
            question = dialogue.anyway(trace)
        else:
            question = Question(value[:limit], Ask(value[:limit], filters=here.filters))
        async for shown in self._run(question, here, request):
            yield shown

    async def _retry(self, sent: Any, event: gr.EventData, request: gr.Request) -> AsyncIterator[tuple[Any, ...]]:
        here = Here.read(sent)
        async for shown in self._run(self._dialogue(request).again(str(event._data["trace"]), here), here, request):
            yield shown

    async def _run(self, question: Question | None, here: Here, request: gr.Request) -> AsyncIterator[tuple[Any, ...]]:
        if question is None:
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        first = True
        async for screen in self._dialogue(request).run(question, here):
            box: Any = gr.Textbox(value="", submit_btn=False, stop_btn=spoken(request).stop) if first else gr.skip()
            listed = self._chats.show(screen.here, request) if first else gr.skip()
            where = screen.here.json() if first else gr.skip()
            yield screen.messages, _ready(spoken(request)) if screen.ended else box, where, listed
            first = False

    def _stop(self, sent: Any, request: gr.Request) -> tuple[Any, ...]:
        return self._shown(self._dialogue(request).stop(Here.read(sent)), request)

    def _start_anew(self, sent: Any, request: gr.Request) -> tuple[Any, ...]:
        here = Here.read(sent)
        self._dialogue(request).stop(replace(here, chat=here.left))
        words = spoken(request)
        chat = gr.Chatbot(placeholder=greeting(self._assistant, words))
        return chat, _ready(words), gr.skip(), self._chats.show(here, request), gr.Column(visible=False)

    def _go_to(self, sent: Any, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """Another conversation; all of it, when it is opened at a message that was found."""
        here, dialogue = Here.read(sent), self._dialogue(request)
        if event._data["value"] != here.chat:
            dialogue.stop(here)
        shown = _ALL if event._data["trace"] else Here().shown
        screen = dialogue.screen(replace(here, chat=str(event._data["value"]), shown=shown))
        return *self._shown(screen, request), gr.Column(visible=False)

    def _delete(self, sent: Any, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        here, chat_id = Here.read(sent), str(event._data["value"])
        told = self._chats.delete(chat_id, request)
        if chat_id != here.chat:
            listed = self._chats.show(here, request)
            return gr.skip(), gr.skip(), gr.skip(), listed, told, gr.skip()
        empty = self._shown(Screen([], replace(here, chat=""), True), request)
        return *empty, told, gr.Column(visible=False)

    def _show_older(self, sent: Any, request: gr.Request) -> tuple[Any, ...]:
        here = Here.read(sent)
        screen = self._dialogue(request).screen(replace(here, shown=here.shown + STEP))
        return screen.messages, screen.here.json()

    def _rate(self, event: gr.EventData, request: gr.Request) -> None:
        """A thumb. The script shows it by itself; here it is kept with the answer's trace id."""
        verdict, reason, comment = (str(event._data[name]) for name in ("verdict", "reason", "comment"))
        rating = Rating("up" if verdict == "up" else "down", reason if reason in REASONS else "", comment)
        self._parts.chats.rate(owner(request), str(event._data["trace"]), rating if verdict else None)

    def _open_note(self, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        others = self._dialogue(request).citations(str(event._data["trace"]))
        html = show_source(self._assistant, str(event._data["value"]), spoken(request), others)
        return html, gr.Column(visible=True)

    def _show_chosen(self, sent: Any, request: gr.Request) -> str:
        return show_chosen(Here.read(sent).filters, spoken(request))

    def _take_off(self, event: gr.EventData) -> tuple[Any, Any]:
        kind = event._data["kind"]
        return "" if kind == "topic" else gr.skip(), "" if kind == "level" else gr.skip()

    def _follow(self, sent: Any, seen: str, request: gr.Request) -> tuple[Any, ...]:
        """What other tabs and other processes have changed, if they have."""
        here, words = Here.read(sent), spoken(request)
        listed, topics = self._chats.show(here, request), choices(self._assistant.topics(), words)
        now = hashlib.sha256(repr((listed, topics)).encode()).hexdigest()
        if now == seen:
            return gr.skip(), gr.skip(), gr.skip()
        value = here.topic if here.topic in {value for _, value in topics} else ""
        return listed, gr.Dropdown(topics, value=value), now

    def _dialogue(self, request: gr.Request) -> Dialogue:
        return Dialogue(self._assistant, self._parts.chats, owner(request), spoken(request))

    def _shown(self, screen: Screen, request: gr.Request) -> tuple[Any, ...]:
        """A conversation for the components chat, box, here, and the list."""
        words = spoken(request)
        chat = gr.Chatbot(value=screen.messages, placeholder=greeting(self._assistant, words))  # type: ignore[arg-type]
        box = _ready(words) if screen.ended else gr.Textbox(submit_btn=False, stop_btn=words.stop)
        return chat, box, screen.here.json(), self._chats.show(screen.here, request)


def _ready(words: Words) -> gr.Textbox:
    """The box when nothing is being answered."""
    return gr.Textbox(submit_btn=words.ask, stop_btn=False)
