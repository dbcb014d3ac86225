"""`POST /api/ask`, `/api/search` and `/api/grade` for programs, on the page's own address: docs/api.md.

A body, and what comes back, is a line of the command contracts; a failure is the contracts' error object under an HTTP
status. Work is done in threads, and no more of it at once than the page allows itself (`Assistant.place`).
"""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from assistant import batch, wire
from assistant.errors import AssistantError, BusyError, EngineError, NotFoundError, StoreBusyError, UsageError
from assistant.page.door import Application, Message, Receive, Send
from assistant.page.follow import follow
from assistant.page.programs import Work
from assistant.page.request import check_login, read_line
from config.settings import PageSettings

_WAITING = 64
_EVENTS = "text/event-stream"
_STATUS: tuple[tuple[type[AssistantError], int], ...] = (
    (UsageError, 400),
    (NotFoundError, 404),
    (BusyError, 503),
    (StoreBusyError, 503),
    (EngineError, 503),
)
_CODES = {404: "not_found", 500: "failed", 503: "failed"}


class Api:
    """ASGI middleware: what begins with `/api/` is answered here, everything else goes on to the page."""

    def __init__(self, app: Application, programs: Mapping[str, Work], page: PageSettings) -> None:
        self._app, self._work, self._page = app, programs, page
        self._inside = 0
        self._api = Starlette(
            routes=[Route("/api/{command}", self._one, methods=["POST"])],
            exception_handlers={HTTPException: _refused, AssistantError: _failed},
        )

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        ours = scope["type"] == "http" and scope["path"].startswith("/api/")
        await (self._api if ours else self._app)(scope, receive, send)

    async def _one(self, request: Request) -> Response:
        work = self._work.get(request.path_params["command"])
        if work is None:
            raise NotFoundError(f"There are: {', '.join(f'/api/{name}' for name in self._work)}.")
        check_login(request, self._page)
        if self._inside >= _WAITING:
            raise BusyError("Too many questions at once. Ask again in a moment.")
        self._inside += 1
        try:
            line = await read_line(request)
            request.state.id = line.get("id")
            results = follow(work(line))
            # What is wrong with a line shows before its first result, while there is a status to say it by.
            first = await anext(results)
            if _EVENTS in request.headers.get("accept", ""):
                return StreamingResponse(_events(first, results, line), media_type=_EVENTS)
            return _json(await _last(first, results, request))
        finally:
            self._inside -= 1


async def _last(first: wire.Json, results: AsyncGenerator[wire.Json, None], request: Request) -> wire.Json:
    """The final result; whoever hangs up ends the work on it."""
    last = first
    async with aclosing(results):
        async for result in results:
            last = result
            if await request.is_disconnected():
                break
    return last


async def _events(first: wire.Json, results: AsyncGenerator[wire.Json, None], line: wire.Json) -> AsyncIterator[bytes]:
    """Every result as it comes, then the last one again as `done`, or an `error`."""
    last = first
    async with aclosing(results):
        try:
            yield _event("result", last)
            async for last in results:
                yield _event("result", last)
            yield _event("done", last)
        except AssistantError as error:
            yield _event("error", batch.error(line.get("id"), _CODES.get(_status(error), "bad_line"), str(error)))


def _event(kind: str, value: wire.Json) -> bytes:
    return f"event: {kind}\ndata: ".encode() + batch.dumps(value) + b"\n\n"


def _json(value: wire.Json, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(batch.dumps(value), status, headers, "application/json")


def _status(error: AssistantError) -> int:
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def _refusal(request: Request, status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    line_id = getattr(request.state, "id", None)
    return _json(batch.error(line_id, _CODES.get(status, "bad_line"), message), status, headers)


async def _failed(request: Request, error: Exception) -> Response:
    status = _status(error) if isinstance(error, AssistantError) else 500
    return _refusal(request, status, str(error), {"Retry-After": "5"} if status == 503 else None)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _refusal(request, error.status_code, error.detail, dict(error.headers or {}))
