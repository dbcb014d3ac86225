"""Answers on the real engine: when the note is quoted and when the lead above it is done, alone and four at once."""

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass

from assistant.answer import Ask
from assistant.build import Assistant, open_assistant
from assistant.types import EVERYTHING
from assistant.weights import find
from config.registry import load_registry
from config.settings import Settings
from eval.bench.footprint import pss_mb, tree
from eval.bench.measure import times

Say = Callable[[str], None]

_ALONE, _AT_ONCE = 10, 4


@dataclass(frozen=True, slots=True)
class Asked:
    """Seconds until the note was on screen and until nothing was to come any more."""

    quote_s: float
    done_s: float
    lead: bool


def ready(settings: Settings) -> bool:
    """Whether there is an engine's address, or weights to start one with: nothing is fetched for a measurement."""
    if settings.engine.kind == "vllm":
        return find(settings.engine.model, load_registry(), settings.weights) is not None
    return settings.engine.kind == "address"


def measure(settings: Settings, say: Say) -> dict[str, object]:
    """Rows by circumstance, as they go into the results, and the engine's start and memory.

    The questions are titles of the notes, evenly spread, so that every one has an answer. Asked again, their prompts
    lie in the engine's prefix cache.
    """
    with open_assistant(settings, say) as assistant:
        began = time.perf_counter()
        with assistant.engine_for_now(say):
            start = time.perf_counter() - began
            say(f"engine ready after {start:.0f} s")
            titles = _titles(assistant, _ALONE + 2 * _AT_ONCE + 1)
            _ask(assistant, titles.pop())  # the first of all is slower than any other
            alone, together = titles[:_ALONE], titles[_ALONE:]
            rows = []
            for name, questions, askers in (
                ("cold", alone, 1),
                ("asked again", alone, 1),
                ("cold", together, _AT_ONCE),
                ("asked again", together, _AT_ONCE),
            ):
                say(f"answers: {name}, {askers} at once")
                rows.append({"prompt": name, "askers": askers, **_row(assistant, questions, askers)})
            memory = pss_mb(tree(os.getpid())[1:])
    return {"rows": rows, "engine_start_s": round(start, 1), "engine_mb": memory, "model": settings.engine.model}


def _row(assistant: Assistant, questions: Sequence[str], askers: int) -> dict[str, object]:
    with ThreadPoolExecutor(askers) as pool:
        asked = list(pool.map(lambda question: _ask(assistant, question), questions))
    return {
        "questions": len(asked),
        "leads": sum(one.lead for one in asked),
        "quote": asdict(times([one.quote_s for one in asked])),
        "done": asdict(times([one.done_s for one in asked])),
    }


def _ask(assistant: Assistant, question: str) -> Asked:
    began = time.perf_counter()
    quoted = 0.0
    for answer in assistant.stream(Ask(question)):
        quoted = quoted or time.perf_counter() - began
        last = answer
    return Asked(quoted, time.perf_counter() - began, last.lead is not None)


def _titles(assistant: Assistant, count: int) -> list[str]:
    notes = assistant.catalog.browse(EVERYTHING)
    return [note.title for note in notes[:: max(1, len(notes) // count)][:count]]
