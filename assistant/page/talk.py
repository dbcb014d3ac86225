"""A conversation as the page keeps it: one immutable value per browser tab, passed through every handler."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import TypedDict

from assistant.answer import Ask
from assistant.errors import AssistantError
from assistant.page.follow import follow
from assistant.page.message import show_answer, show_aside, show_problem, show_question
from assistant.page.parts import Asked
from assistant.page.words import Words
from assistant.types import Answer, Turn

_REMEMBERED = 6
# Answers under way at once, over all tabs; each occupies a thread that mostly waits for the engine.
CONCURRENT = 8


class Message(TypedDict):
    """A message as Gradio's chatbot takes it."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what became of it so far. `answer` is the latest snapshot, `html` what is on screen."""

    ask: Ask
    html: str
    answer: Answer | None = None
    finished: bool = False


Conversation = tuple[Exchange, ...]


def messages(conversation: Conversation) -> list[Message]:
    """The conversation for the screen."""
    shown: list[Message] = []
    for exchange in conversation:
        shown.append({"role": "user", "content": show_question(exchange.ask.question)})
        shown.append({"role": "assistant", "content": exchange.html})
    return shown


def history(conversation: Conversation) -> tuple[Turn, ...]:
    """The last turns, for a follow-up to be understood."""
    turns: list[Turn] = []
    for exchange in conversation:
        if exchange.answer is not None:
            turns += [Turn("user", exchange.ask.question), Turn("assistant", exchange.answer.answer)]
    return tuple(turns[-_REMEMBERED:])


async def converse(assistant: Asked, conversation: Conversation, ask: Ask, words: Words) -> AsyncIterator[Conversation]:
    """The conversation with one more exchange, growing. Abandoning it ends the answer, and the engine's work on it."""
    exchange = Exchange(replace(ask, history=history(conversation)), show_aside(words.searching))
    yield (*conversation, exchange)
    waiting = assistant.engine.state.ready
    try:
        async for answer in follow(assistant.stream(exchange.ask)):
            exchange = replace(
                exchange, answer=answer, html=show_answer(answer, words, asked_anyway=ask.anyway, waiting=waiting)
            )
            yield (*conversation, exchange)
    except AssistantError as error:
        exchange = replace(exchange, html=_kept(exchange, words) + show_problem(str(error), words))
    else:
        exchange = replace(exchange, html=_kept(exchange, words))
    yield (*conversation, replace(exchange, finished=True))


def stopped(conversation: Conversation, words: Words) -> Conversation:
    """The conversation after the learner stopped the last answer: what came stays."""
    if not conversation or conversation[-1].finished:
        return conversation
    *before, last = conversation
    return (*before, replace(last, html=_kept(last, words) + show_aside(words.stopped), finished=True))


def _kept(exchange: Exchange, words: Words) -> str:
    """What stays on screen of an answer that goes no further."""
    return show_answer(exchange.answer, words, asked_anyway=exchange.ask.anyway) if exchange.answer else ""
