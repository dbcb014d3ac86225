"""The page's frame: the heading with the engine's state, and the tabs. What is in a tab stands in its own file."""

from pathlib import Path
from typing import Any

import gradio as gr

from assistant.page import status
from assistant.page.ask import AskTab
from assistant.page.furniture import drawer, furniture
from assistant.page.notes_tab import NotesTab
from assistant.page.opening import header
from assistant.page.parts import PageParts
from assistant.page.settings_tab import SettingsTab
from assistant.page.tab import QUIET, Tab, spoken
from assistant.page.theme import CSS, theme
from assistant.page.words import WORDS

SCRIPT = Path(__file__).with_name("page.js")
# Events that may wait at once, over all tabs; more are told to try again.
_WAITING = 64
# Seconds between looks at Gradio's copies of uploads, and their age when they go: we keep our own.
_TEMPORARY = (600, 600)


class Page:
    """Builds the page once; its handlers serve every tab, each with its own state."""

    def __init__(self, parts: PageParts) -> None:
        self._assistant = parts.assistant
        self._at_once = parts.settings.page.answers_at_once
        # In the order of their names in the heading.
        self._tabs: list[Tab] = []
        self._tabs += [AskTab(parts)]
        self._tabs += [NotesTab(parts), SettingsTab(parts)]

    def build(self) -> gr.Blocks:
        """The page, not yet served."""
        # Stands for a word that the browser puts in, in its language; see `look`.
        say = gr.I18n()
        title = WORDS["en"].title
        blocks = gr.Blocks(title=title, fill_width=True, analytics_enabled=False, delete_cache=_TEMPORARY)
        with blocks:
            timer = gr.Timer(status.SOON)
            with gr.Row(elem_id="top"):
                gr.HTML(say("header"), elem_id="heading", js_on_load=SCRIPT.read_text("utf-8"))
                engine = gr.HTML(elem_id="engine")
            with gr.Tabs(elem_id="tabs", overflow_behavior="wrap"):
                for tab in self._tabs:
                    tab.components(say)
            for tab in self._tabs:
                tab.wire(blocks)
            gr.on([blocks.load, timer.tick], self._look, None, [engine, timer], queue=False, **QUIET)
        blocks.queue(default_concurrency_limit=self._at_once, max_size=_WAITING, api_open=False)
        return blocks

    def _look(self, request: gr.Request) -> tuple[Any, ...]:
        state = self._assistant.engine.state
        return status.show_engine(state, spoken(request)), gr.Timer(status.pause(state))


def look() -> dict[str, Any]:
    """What goes into `launch`: theme, styles, and every word, for the browser to choose the language."""
    made = {"header": header, "drawer": drawer, "furniture": furniture}
    tables = {name: words.table() | {key: make(words) for key, make in made.items()} for name, words in WORDS.items()}
    return {"theme": theme(), "css_paths": CSS, "i18n": gr.I18n(**tables)}
