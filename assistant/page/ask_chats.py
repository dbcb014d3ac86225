"""The conversations in the side column: listed, searched, renamed, taken along, deleted and brought back."""

from collections.abc import Callable
from html import escape
from typing import Any

import gradio as gr

from assistant.chats.chats import Chats
from assistant.errors import StoreError
from assistant.page.chat_list import local, show_chats, show_deleted
from assistant.page.export import as_markdown, file_name
from assistant.page.here import Here
from assistant.page.owner import owner
from assistant.page.problems import told
from assistant.page.tab import QUIET, spoken

_SAVE = """file => {
    if (!file) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([file.text], { type: "text/markdown" }));
    link.download = file.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}"""
_AT_ONCE: Any = QUIET | {"queue": False}


class ChatColumn:
    """The list and what is done in it, but opening and deleting, which concern the conversation as well."""

    def __init__(self, chats: Chats) -> None:
        self._chats = chats

    def components(self, say: gr.I18n) -> None:
        """Search, what was deleted last, the list."""
        self.find = gr.Textbox(
            elem_id="find",
            label=say("chats_search"),
            show_label=False,
            placeholder=say("chats_search_placeholder"),
            max_lines=1,
            max_length=200,
        )
        self.told = gr.HTML(elem_id="told", apply_default_css=False)
        self.list = gr.HTML(elem_id="chats", apply_default_css=False)
        self._file = gr.JSON(visible=False)

    def wire(self, clicks: gr.HTML, here: gr.JSON) -> None:
        """Connect what the column does by itself."""
        self.find.change(None, [here, self.find], [here], js="(here, find) => ({ ...here, find })", **QUIET).then(
            self._look, [here], [self.list], **_AT_ONCE, trigger_mode="always_last"
        )
        clicks.edit(self._rename, [here], [self.told, self.list], **_AT_ONCE)
        clicks.undo(self._restore, [here], [self.told, self.list], **_AT_ONCE)
        taken = clicks.download(self._take_along, [here], [self._file], **_AT_ONCE)
        taken.then(None, [self._file], None, js=_SAVE, **QUIET)

    def show(self, here: Here, request: gr.Request) -> str:
        """The list as it is now."""
        words = spoken(request)
        try:
            chats = self._chats.listed(owner(request), here.find)
        except StoreError as error:
            return f'<p class="aside">{escape(words.chats.not_kept_here.format(told(error, words)))}</p>'
        unkept = self._chats.unkept
        why = words.chats.not_kept_here.format(told(unkept, words)) if unkept else ""
        now = local(self._chats.clock(), here.minutes)
        listed = show_chats(chats, here.chat, now, words, searched=bool(here.find.strip()))
        return f'<p class="aside">{escape(why)}</p>{listed}' if why else listed

    def delete(self, chat_id: str, request: gr.Request) -> str:
        """Delete a conversation; what to say about it."""
        title = self._chats.title(owner(request), chat_id)
        failed = self._tried(lambda: self._chats.delete(owner(request), chat_id), request)
        return failed or (show_deleted(chat_id, title, spoken(request)) if title else "")

    def _look(self, sent: Any, request: gr.Request) -> str:
        return self.show(Here.read(sent), request)

    def _rename(self, sent: Any, event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        chat_id, title = str(event._data["value"]), str(event._data["title"])
        said = self._tried(lambda: self._chats.rename(owner(request), chat_id, title), request)
        return said, self.show(Here.read(sent), request)

    def _restore(self, sent: Any, event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        chat_id = str(event._data["value"])
        said = self._tried(lambda: self._chats.restore(owner(request), chat_id), request)
        return said, self.show(Here.read(sent), request)

    def _take_along(self, sent: Any, event: gr.EventData, request: gr.Request) -> dict[str, str] | None:
        chat_id = str(event._data["value"])
        title = self._chats.title(owner(request), chat_id)
        if title is None:
            return None
        now = local(self._chats.clock(), Here.read(sent).minutes)
        exchanges = self._chats.exchanges(owner(request), chat_id)
        return {"name": file_name(title), "text": as_markdown(title, exchanges, now, spoken(request))}

    def _tried(self, change: Callable[[], None], request: gr.Request) -> str:
        """Nothing to say when a change was made, else why it was not."""
        try:
            change()
        except StoreError as error:
            words = spoken(request)
            return f'<p class="aside" role="alert">{words.error} {escape(told(error, words))}</p>'
        return ""
