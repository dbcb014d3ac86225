"""The Notes tab: choose a topic and level or search, read a note, go on to the next or ask about it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.errors import AssistantError
from assistant.page.parts import PageParts
from assistant.page.problems import show_error
from assistant.page.shelf import STEP, View, listing, neighbours, topics
from assistant.page.shelf_html import show_empty, show_entry, show_filters, show_list, show_nothing_chosen
from assistant.page.tab import QUIET, TEX, spoken
from assistant.page.words import Words
from assistant.types import LEVELS

SCRIPT = Path(__file__).with_name("notes.js")
# What is typed or clicked while the last is being carried out is carried out after it, the latest only.
_LATEST: Any = QUIET | {"queue": False, "trigger_mode": "always_last"}


class NotesTab:
    """Browsing, searching and reading; every browser tab has its own view."""

    def __init__(self, parts: PageParts) -> None:
        self._parts = parts
        self._assistant = parts.assistant

    def components(self, say: gr.I18n) -> None:
        """Search and filters, the list, the note."""
        with gr.Tab(say("notes_tab_tab"), id="notes", elem_id="notes", render_children=True) as self._tab:
            self._view = gr.State(View())
            self._clicks = gr.HTML(elem_id="shelf-clicks", js_on_load=SCRIPT.read_text("utf-8"))
            with gr.Row(elem_id="shelf"):
                with gr.Column(elem_id="shelf-filters", min_width=0):
                    self._seek = gr.Textbox(
                        elem_id="seek",
                        label=say("notes_tab_search"),
                        placeholder=say("notes_tab_search_placeholder"),
                        max_length=self._parts.settings.page.question_characters,
                        max_lines=1,
                    )
                    self._filters = gr.HTML(elem_id="filters")
                self._list = gr.Markdown(elem_id="list", latex_delimiters=TEX)
                self._note = gr.Markdown(elem_id="read", latex_delimiters=TEX)

    def wire(self, blocks: gr.Blocks) -> None:
        """What is shown follows the view; the home is looked at anew whenever the tab is opened."""
        shown = [self._view, self._filters, self._list, self._note]
        gr.on([blocks.load, self._tab.select], self._refresh, [self._view], shown, **_LATEST)
        self._clicks.click(self._go, [self._view], shown, **_LATEST)
        # `change`, not `input`, which comes before the value it is about: what was pasted would not be looked for.
        self._seek.change(self._search, [self._seek, self._view], shown, **_LATEST)
        self._clicks.submit(self._take_pack, [self._view], shown, concurrency_id="ingest", concurrency_limit=1, **QUIET)

    def _refresh(self, view: View, request: gr.Request) -> tuple[Any, ...]:
        words = spoken(request)
        counts = self._assistant.topics()
        if not counts:
            pack = self._parts.settings.notes.is_dir()
            return View(), "", show_empty(words, pack=pack), ""
        names = topics(counts)
        if view.topic is not None and view.topic not in dict(names):
            view = replace(view, topic=None)
        return view, show_filters(names, view, words), self._listed(view, words), self._read(view, words)

    def _go(self, view: View, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """A button of the tab; what it names comes from the browser and is not trusted."""
        words = spoken(request)
        kind, value = str(event._data["kind"]), str(event._data["value"])
        if kind == "note":
            view = replace(view, note_id=value)
            return view, gr.skip(), gr.skip(), self._read(view, words)
        if kind == "topic":
            view = replace(view, topic=value[1:] if value.startswith("=") else None, shown=STEP)
        elif kind == "level":
            view = replace(view, level=next((level for level in LEVELS if level == value), None), shown=STEP)
        elif kind == "more":
            view = replace(view, shown=view.shown + STEP)
        return view, gr.skip(), self._listed(view, words), gr.skip()

    def _search(self, query: str, view: View, request: gr.Request) -> tuple[Any, ...]:
        view = replace(view, query=query, shown=STEP)
        return view, gr.skip(), self._listed(view, spoken(request)), gr.skip()

    def _take_pack(self, view: View, request: gr.Request) -> tuple[Any, ...]:
        try:
            self._parts.ingest(self._parts.settings.notes)
        except AssistantError as error:
            return view, "", show_error(error, spoken(request)), ""
        return self._refresh(view, request)

    def _listed(self, view: View, words: Words) -> str:
        try:
            return show_list(listing(self._assistant, view), view, words)
        except AssistantError as error:
            return show_error(error, words)

    def _read(self, view: View, words: Words) -> str:
        if view.note_id is None:
            return show_nothing_chosen(words)
        try:
            note = self._assistant.note(view.note_id)
            return show_entry(note, neighbours(listing(self._assistant, view), note.note_id), words)
        except AssistantError:
            return f'<p class="aside unchosen">{words.note_gone}</p>'
