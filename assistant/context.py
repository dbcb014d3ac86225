"""Passages inside a prompt: numbered, marked as data, and the same text first in every prompt about them."""

from collections.abc import Sequence

from assistant import prompts
from assistant.llm import ChatModel
from assistant.types import Passage


def block(passages: Sequence[Passage]) -> str:
    """Passages between marks that no note can write itself.

    A prompt about passages is the fixed instruction, this block, then the task: so the engine's prefix cache serves
    everything but the task, for the answer and for every verdict on it.
    """
    parts = []
    for number, passage in enumerate(passages, 1):
        inside = f"{passage.note.topic}\n{passage.note.title}\n{passage.text}".replace("<", "‹").replace(">", "›")
        parts.append(f"<note {number}>\n{inside}\n</note {number}>")
    return "\n".join(parts)


def supported(chat: ChatModel, passages: Sequence[Passage], statement: str) -> float:
    """The engine's probability that the passages fully support the statement, from one token.

    Raises:
        EngineError: the engine failed or was lost.
    """
    user = prompts.render("verdict", notes=block(passages), statement=statement)
    return chat.verdict(prompts.render("system"), user)
