"""What a tab is to the frame, and what every tab needs to be wired."""

from typing import Any, Protocol

import gradio as gr

from assistant.page.tex import DISPLAY, INLINE
from assistant.page.words import WORDS, Words, language

TEX: list[dict[str, str | bool]] = [
    {"left": INLINE[0], "right": INLINE[1], "display": False},
    {"left": DISPLAY[0], "right": DISPLAY[1], "display": True},
]
# Handlers are no public API, and their components do not blink while they work.
QUIET: Any = {"api_visibility": "private", "show_progress": "hidden"}


class Tab(Protocol):
    """One tab: makes its components once, each tab of a browser keeps its own state in them."""

    def components(self, say: gr.I18n) -> None:
        """Make the `gr.Tab` and what is in it. `say` stands for a word that the browser puts in, in its language."""
        ...

    def wire(self, blocks: gr.Blocks) -> None:
        """Connect the components. What follows the browser's language or the home is filled by `blocks.load`."""
        ...


def spoken(request: gr.Request) -> Words:
    """The words of the language that the person asking reads."""
    return WORDS[language(request.headers.get("accept-language"), request.cookies.get("language"))]
