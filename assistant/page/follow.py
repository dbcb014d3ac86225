"""A blocking iterator as an asynchronous one, for whoever waits on the page's event loop."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import suppress
from typing import TypeVar

from assistant.errors import AssistantError

Value = TypeVar("Value")

_BROKEN = "The answer broke off by a mistake in the program; the terminal says more. Ask again, or report it."


async def follow(stream: Iterator[Value]) -> AsyncGenerator[Value, None]:
    """The values of a blocking iterator, which is closed as soon as it gives its next value after we are cancelled.

    Its thread does not keep the process alive: a model that hangs must not hold up the end of the page.
    """
    loop = asyncio.get_running_loop()
    values: asyncio.Queue[Value | AssistantError | None] = asyncio.Queue()
    abandoned = threading.Event()

    def hand_over(value: Value | AssistantError | None) -> None:
        with suppress(RuntimeError):  # the page has ended meanwhile
            loop.call_soon_threadsafe(values.put_nowait, value)

    def work() -> None:
        last: AssistantError | None = AssistantError(_BROKEN)
        try:
            for answer in stream:
                if abandoned.is_set():
                    return
                hand_over(answer)
            last = None
        except AssistantError as error:
            last = error
        finally:
            if isinstance(stream, Generator):
                stream.close()
            hand_over(last)

    threading.Thread(target=work, name="answer", daemon=True).start()
    try:
        while (value := await values.get()) is not None:
            if isinstance(value, AssistantError):
                raise value
            yield value
    finally:
        abandoned.set()
