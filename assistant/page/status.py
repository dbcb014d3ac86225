"""The engine's state as a dot and a few words."""

from html import escape

from assistant.engine.state import EngineState, Phase
from assistant.page.words import Words

_DOTS: dict[Phase, str] = {
    "stopped": "off",
    "preparing": "busy",
    "starting": "busy",
    "ready": "on",
    "restarting": "busy",
    "failed": "off",
}
# Seconds between looks: often while something changes, seldom once it is settled.
SOON, LATER = 2.0, 15.0


def show_engine(state: EngineState, words: Words) -> str:
    """One quiet line; the engine's own sentence is its tooltip, and follows while weights are prepared or it failed."""
    said = {
        "stopped": words.engine_off,
        "preparing": words.engine_preparing,
        "starting": words.engine_starting,
        "ready": words.engine_ready,
        "restarting": words.engine_restarting,
        "failed": words.engine_failed,
    }[state.phase]
    detail = state.model if state.phase == "ready" else state.detail
    return _line(state, said, detail if state.phase in ("preparing", "ready", "failed") else "")


def pause(state: EngineState) -> float:
    """Seconds until the next look."""
    return SOON if state.phase in ("preparing", "starting", "restarting") else LATER


def _line(state: EngineState, said: str, detail: str) -> str:
    more = f' <span class="detail">{escape(detail)}</span>' if detail else ""
    dot = f'<span class="dot {_DOTS[state.phase]}"></span>'
    hint = escape(state.detail)
    return f'<div class="engine" role="status" title="{hint}">{dot}<span>{escape(said)}{more}</span></div>'
