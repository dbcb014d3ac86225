"""A program's request: its login and its body, before anything is done about it."""

import asyncio
import base64
import binascii
import hmac
import json
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from assistant.errors import UsageError
from config.settings import PageSettings

# A question and the conversation before it fit many times over, however they are escaped.
BODY_BYTES = 256 * 1024
_SECONDS = 30
# Else the server would go on reading what nobody wants.
_UNREAD = {"Connection": "close"}


def check_login(request: Request, page: PageSettings) -> None:
    """HTTP Basic with the page's user and password, when there are any.

    Raises:
        HTTPException: 401.
    """
    if page.user is None or page.password is None:
        return
    wanted = f"{page.user}:{page.password.get_secret_value()}".encode()
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    try:
        known = scheme.lower() == "basic" and hmac.compare_digest(base64.b64decode(given, validate=True), wanted)
    except (binascii.Error, ValueError):
        known = False
    if not known:
        message = "This page has a login: send its user and password (curl --user NAME)."
        raise HTTPException(401, message, {"WWW-Authenticate": 'Basic realm="study-assistant", charset="UTF-8"'})


async def read_line(request: Request) -> dict[str, Any]:
    """The JSON object of a request's body.

    Raises:
        HTTPException: 415 for another content type, 413 for more than BODY_BYTES, 408 for a body that does not end.
        UsageError: it is no JSON object, or its id is none.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" or "content-encoding" in request.headers:
        raise HTTPException(415, "Send the body as plain JSON: Content-Type: application/json.", _UNREAD)
    try:
        async with asyncio.timeout(_SECONDS):
            body = await _body(request)
    except TimeoutError as late:
        raise HTTPException(408, f"The body did not come within {_SECONDS} seconds.", _UNREAD) from late
    except ClientDisconnect as gone:
        raise HTTPException(400, "The body broke off.") from gone
    try:
        line = json.loads(body)
    except (ValueError, RecursionError) as broken:
        raise UsageError(f"not JSON: {broken}") from broken
    if not isinstance(line, dict):
        raise UsageError("not a JSON object")
    if isinstance(line.get("id"), dict | list):
        raise UsageError('"id" must be a string or a number')
    return line


async def _body(request: Request) -> bytes:
    length = request.headers.get("content-length", "")
    body = bytearray()
    if not (length.isdecimal() and int(length[:20]) > BODY_BYTES):
        async for piece in request.stream():
            body += piece
            if len(body) > BODY_BYTES:
                break
        else:
            return bytes(body)
    message = f"The body is larger than {BODY_BYTES // 1024} KB. Send one question at a time."
    raise HTTPException(413, message, _UNREAD)
