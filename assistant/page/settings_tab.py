"""The Settings tab: choices in force at once, what is in use and where it lies, and delete everything."""

from pathlib import Path

import gradio as gr

from assistant.errors import AssistantError
from assistant.page import facts, facts_html
from assistant.page.parts import PageParts
from assistant.page.problems import show_error
from assistant.page.tab import QUIET, spoken
from assistant.page.words import WORDS, Words
from config.settings import ANSWER_LANGUAGES, POINTS, ConfigError

SCRIPT = Path(__file__).with_name("settings.js")


class SettingsTab:
    """One page of sections; what is shown is read anew whenever the tab is opened."""

    def __init__(self, parts: PageParts) -> None:
        self._parts = parts
        self._assistant = parts.assistant

    def components(self, say: gr.I18n) -> None:
        """Choices above, facts below, the form that deletes everything at the end."""
        with gr.Tab(say("settings_tab_tab"), id="settings", elem_id="settings") as self._tab:
            self._events = gr.HTML(elem_id="setting-events", js_on_load=SCRIPT.read_text("utf-8"))
            with gr.Column(elem_id="settings-page"):
                self._choices = gr.HTML(elem_id="choices")
                self._saved = gr.HTML(elem_id="saved")
                self._facts = gr.HTML(elem_id="facts")
                self._erase = gr.HTML(elem_id="erase")

    def wire(self, blocks: gr.Blocks) -> None:
        """Choices are not drawn anew when one is made: the keyboard's place in them would be lost."""
        shown = [self._choices, self._saved, self._facts, self._erase]
        gr.on([blocks.load, self._tab.select], self._refresh, None, shown, queue=False, **QUIET)
        self._events.click(self._choose, None, [self._saved], queue=False, **QUIET)
        deleted = [self._facts, self._erase]
        self._events.submit(self._delete, None, deleted, concurrency_id="ingest", concurrency_limit=1, **QUIET)

    def _refresh(self, request: gr.Request) -> tuple[str, str, str, str]:
        words = spoken(request)
        settings = self._assistant.choices.settings
        page = request.cookies.get("language")
        chosen = facts_html.show_answering(settings, words)
        chosen += facts_html.show_languages(settings, page if page in ("ru", "en") else "browser", words)
        return chosen, "", self._told(words), facts_html.show_erase(words)

    def _told(self, words: Words) -> str:
        settings, catalog = self._assistant.choices.settings, self._assistant.catalog
        try:
            indexed = facts_html.show_indexed(facts.roots(catalog, self._parts.uploads), facts.remarks(catalog), words)
        except AssistantError as error:
            indexed = show_error(error, words)
        return (
            indexed
            + facts_html.show_models(settings, self._assistant.engine.state, facts.reached(settings.engine), words)
            + facts_html.show_data(settings, facts.sizes(settings.home, settings.weights), words)
            + facts_html.show_details(settings, facts.versions(), words)
        )

    def _choose(self, event: gr.EventData, request: gr.Request) -> str:
        """One of the radio buttons; what it names comes from the browser and is not trusted."""
        words = spoken(request)
        kind, value = str(event._data["kind"]), str(event._data["value"])
        point = next((known for known in POINTS if kind == "point" and known == value), None)
        language = next((known for known in ANSWER_LANGUAGES if kind == "answer" and known == value), None)
        try:
            if point:
                self._assistant.choices.choose_point(point)
            elif language:
                self._assistant.choices.choose_language(language)
        except ConfigError as error:
            return show_error(error, words)
        return f'<p role="status">{words.settings_tab.saved}</p>'

    def _delete(self, event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        words = spoken(request)
        typed = str(event._data["word"]).strip().casefold()
        if typed not in {known.settings_tab.erase_word for known in WORDS.values()}:
            said = facts_html.show_erase(words, words.settings_tab.erase_wrong)
        else:
            try:
                self._parts.erase()
                said = facts_html.show_erased(words)
            except AssistantError as error:
                said = facts_html.show_erase(words, str(error))
        return self._told(words), said
