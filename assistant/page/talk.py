"""A question's way: written down, answered in snapshots that are written down as well, stopped, failed or done."""

import secrets
from collections.abc import AsyncIterator, Generator, Iterator, Sequence
from dataclasses import replace

from assistant.answer import Ask
from assistant.chats.chats import Chats
from assistant.chats.exchange import Exchange, Problem
from assistant.errors import AssistantError, StoreError
from assistant.page.follow import follow
from assistant.types import Answer, Turn

_REMEMBERED = 6


def asking(chats: Chats, typed: str, ask: Ask, before: Sequence[Exchange]) -> Exchange:
    """A question about to be asked, after what came before it in its conversation."""
    return Exchange(secrets.token_hex(6), typed, replace(ask, history=history(before)), "answering", chats.clock())


def history(before: Sequence[Exchange]) -> tuple[Turn, ...]:
    """The last turns, for a follow-up to be understood."""
    turns: list[Turn] = []
    for exchange in before:
        if exchange.answer is not None:
            turns += [Turn("user", exchange.ask.question), Turn("assistant", exchange.answer.answer)]
    return tuple(turns[-_REMEMBERED:])


async def converse(chats: Chats, exchange: Exchange, stream: Iterator[Answer]) -> AsyncIterator[Exchange]:
    """The exchange, growing. Abandoning it ends the answer, and the engine's work on it."""
    grown = exchange
    try:
        async for grown in follow(keep(chats, exchange, stream)):
            yield grown
    except AssistantError as error:
        yield replace(grown, state="failed", problem=problem(error))


def keep(chats: Chats, exchange: Exchange, stream: Iterator[Answer]) -> Generator[Exchange, None, None]:
    """The exchange after each snapshot, written down before it is shown; the last one is done or failed.

    Closing this closes the stream and marks the answer as stopped.
    """
    grown = exchange
    try:
        for answer in stream:
            grown = _write(chats, replace(grown, answer=answer))
            yield grown
        grown = replace(grown, state="done")
    except AssistantError as error:
        grown = replace(grown, state="failed", problem=problem(error))
    finally:
        if isinstance(stream, Generator):
            stream.close()
        if grown.state == "answering":
            _write(chats, replace(grown, state="stopped"))
    yield _write(chats, grown)


def problem(error: AssistantError) -> Problem:
    """An error as it is kept with an answer."""
    return Problem(error.code, str(error), error.about)


def _write(chats: Chats, exchange: Exchange) -> Exchange:
    """An answer that cannot be kept is shown all the same, with the reason."""
    try:
        chats.record(exchange)
    except StoreError as error:
        return replace(exchange, problem=exchange.problem or problem(error))
    return exchange
