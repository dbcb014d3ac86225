"""Questions to a server that costs it nothing: is it well, and what does it serve."""

import json
import urllib.error
import urllib.request
from http.client import HTTPException
from urllib.parse import urlsplit

from assistant.engine.state import Address

_TIMEOUT_S = 5.0
_LARGEST_REPLY = 2**20


def healthy(address: Address) -> bool:
    """Whether vLLM at this address says that its engine is alive."""
    parts = urlsplit(address.url)
    return _get(f"{parts.scheme}://{parts.netloc}/health", None) is not None


def served_models(address: Address) -> tuple[str, ...] | None:
    """The models listed under `/models` to this address's key, or None if there is no such answer."""
    body = _get(f"{address.url.rstrip('/')}/models", address.api_key)
    if body is None:
        return None
    try:
        return tuple(str(entry["id"]) for entry in json.loads(body)["data"])
    except (ValueError, KeyError, TypeError):
        return None


def _get(url: str, key: str | None) -> bytes | None:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {key}"} if key else {})
    # Loopback is never reached through a proxy that the environment names.
    local = urlsplit(url).hostname in ("127.0.0.1", "::1", "localhost")
    opener = urllib.request.build_opener(*([urllib.request.ProxyHandler({})] if local else []))
    try:
        with opener.open(request, timeout=_TIMEOUT_S) as reply:
            return bytes(reply.read(_LARGEST_REPLY))
    except (OSError, HTTPException, ValueError):
        return None
