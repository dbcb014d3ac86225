"""Whose requests the page takes: of programs and of its own pages, not of pages elsewhere that a browser has open.

A browser lets any page send requests to this machine. Without a login two things keep such a page out: its requests
carry its own origin (cross-site request forgery), and, should it point its name at this machine to get around that
(DNS rebinding), they carry that name as their host.
"""

import ipaddress
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from config.settings import PageSettings

_READING = ("GET", "HEAD", "OPTIONS")
_OURS = ("same-origin", "none")

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]


class Door:
    """ASGI middleware that answers 403 where `refusal` says why."""

    def __init__(self, app: Application, page: PageSettings) -> None:
        # With a login a name proves nothing, and pages behind a proxy have one of their own.
        self._app, self._any_host = app, page.user is not None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        why = None
        if scope["type"] in ("http", "websocket"):
            headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
            why = refusal(scope.get("method", "POST"), headers, any_host=self._any_host)
        if why is None:
            await self._app(scope, receive, send)
        else:
            from starlette.responses import PlainTextResponse

            await PlainTextResponse(why, 403)(scope, receive, send)


def refusal(method: str, headers: Mapping[str, str], *, any_host: bool) -> str | None:
    """Why a request is not taken, or None. Header names are in lower case."""
    host = headers.get("host", "")
    if not any_host and not is_loopback(_name(host)):
        return f"This page answers to 127.0.0.1 and localhost, not to {host[:100]!r}. Open it by one of those."
    if method in _READING:
        return None
    # Every browser of today says where a request comes from; a page cannot change what it says.
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    foreign = site not in _OURS if site else origin is not None and origin.partition("//")[2].lower() != host.lower()
    return "This request comes from a page of another site: refused." if foreign else None


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address; a name that is no number must be localhost."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _name(host: str) -> str:
    """A Host header without its port; empty when it is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
