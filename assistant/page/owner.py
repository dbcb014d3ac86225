"""Whose conversations a request may see: the login's, else those of the browser that carries our secret."""

import hashlib
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gradio as gr

COOKIE = "reader"
_TEN_YEARS = 10 * 365 * 24 * 3600


def owner(request: "gr.Request") -> str:
    """The owner of a request's conversations.

    A browser that takes no cookies keeps its conversations for as long as the page is open. The secret itself is
    never stored.
    """
    if request.username:
        return f"login:{request.username}"
    secret = str(request.cookies.get(COOKIE) or "")
    return owner_of(secret) if secret else f"session:{request.session_hash}"


def owner_of(secret: str) -> str:
    """The owner of what a browser with this secret has."""
    return f"browser:{hashlib.sha256(secret.encode('utf-8', 'replace')).hexdigest()}"


def cookie_for(header: str) -> str | None:
    """The Set-Cookie header for a browser that sent this Cookie header, None when it has our secret already.

    Lax, not Strict: following a link to the page must not look like a new browser and lose its conversations.
    """
    if any(part.strip().startswith(f"{COOKIE}=") for part in header.split(";")):
        return None
    return f"{COOKIE}={secrets.token_urlsafe(24)}; Path=/; Max-Age={_TEN_YEARS}; HttpOnly; SameSite=Lax"
