"""The place for new notes: files in, a row for each, and the way back."""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.errors import AssistantError
from assistant.page import upload
from assistant.page.parts import PageParts
from assistant.page.problems import told
from assistant.page.tab import QUIET, spoken

_ONE_AT_A_TIME: Any = QUIET | {"concurrency_limit": 1, "concurrency_id": "ingest"}


class Uploads:
    """Files that a learner adds; every browser tab can take back its own."""

    def __init__(self, parts: PageParts) -> None:
        self._parts = parts

    def components(self, say: gr.I18n) -> None:
        """Where files are dropped, what became of them, and undo."""
        self._kept = gr.State(())
        self._files = gr.File(label=say("upload"), file_count="multiple", type="filepath", elem_id="upload", height=112)
        self._rows = gr.HTML(elem_id="files")
        self._undo = gr.Button(say("upload_undo"), elem_id="undo", size="sm", visible=False)

    def wire(self) -> list[Any]:
        """Connect the components; the events after which there may be other topics."""
        shown = [self._files, self._rows, self._undo, self._kept]
        taken = self._files.upload(self._take_in, [self._files], shown, **_ONE_AT_A_TIME)
        back = self._undo.click(self._take_back, [self._kept], shown[1:], **_ONE_AT_A_TIME)
        return [taken, back]

    def _take_in(self, files: list[str], request: gr.Request) -> Iterator[tuple[Any, ...]]:
        words = spoken(request)
        for rows, kept in upload.take_in(self._parts, [Path(file) for file in files]):
            yield gr.skip(), upload.show_rows(rows, words), gr.Button(visible=bool(kept)), kept
        yield gr.File(value=None), gr.skip(), gr.skip(), gr.skip()

    def _take_back(self, kept: tuple[upload.Kept, ...], request: gr.Request) -> tuple[Any, ...]:
        words = spoken(request)
        try:
            upload.undo(self._parts, kept)
            said = words.upload_undone
        except AssistantError as error:
            said = f"{words.error} {told(error, words)}"
        return f'<p class="aside" role="status">{escape(said)}</p>', gr.Button(visible=False), ()
