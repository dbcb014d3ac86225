"""Where the page listens and who may open it: this machine only, unless a user and a password are set."""

import os
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import UsageError
from assistant.page.door import Application, Door, Message, Receive, Send, is_loopback
from assistant.page.owner import cookie_for
from assistant.page.parts import PageParts
from assistant.page.programs import Work
from config.settings import PageSettings

if TYPE_CHECKING:
    import gradio as gr

_LANGUAGE = Path(__file__).with_name("language.js")
_TRIED = 100
# Belt and braces: even if a note got markup onto the page, the browser fetches nothing from anywhere else.
_POLICY = (
    "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
_HEADERS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)


class Front:
    """ASGI middleware: `_HEADERS` with every response; with every HTML page our cookie, and `first` before its scripts.

    Gradio's own `head` comes after its scripts have run, too late for the language.
    """

    def __init__(self, app: Application, first: str) -> None:
        self._app = app
        self._first = f"<head><script>{first}</script>".encode()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        page: Message = {}
        body = bytearray()
        sent = dict(scope.get("headers", ())).get(b"cookie", b"").decode("latin-1")

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_HEADERS]
                if _is_html(message):
                    if cookie := cookie_for(sent):
                        message["headers"].append((b"set-cookie", cookie.encode()))
                    page.update(message)
                    return
            if not page:
                await send(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body"):
                whole = bytes(body).replace(b"<head>", self._first, 1)
                kept = [(name, value) for name, value in page["headers"] if name != b"content-length"]
                await send({**page, "headers": [*kept, (b"content-length", str(len(whole)).encode())]})
                await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else whole})

        await self._app(scope, receive, send_on)


def _is_html(start: Message) -> bool:
    return any(name == b"content-type" and value.startswith(b"text/html") for name, value in start["headers"])


def check_access(page: PageSettings) -> None:
    """Refuse to open the notes to a network without a login.

    Raises:
        UsageError: it says which settings are missing.
    """
    if bool(page.user) != bool(page.password):
        raise UsageError("A login needs both: set page.user (settings.toml) and ASSISTANT_PAGE__PASSWORD, or neither.")
    if not page.user and not is_loopback(page.host):
        raise UsageError(
            f"The page would be open to everyone who reaches {page.host}. "
            "Set page.user (settings.toml) and ASSISTANT_PAGE__PASSWORD, or leave page.host at 127.0.0.1."
        )


def choose_port(page: PageSettings) -> int:
    """The port to listen on: the one that was set, else the first free one from the default on.

    Raises:
        UsageError: it is taken, or it may not be used.
    """
    default = PageSettings().port
    if page.port == default:
        for port in range(default, default + _TRIED):
            if _refusal(page.host, port) is None:
                return port
    refused = _refusal(page.host, page.port)
    if refused is not None:
        raise UsageError(
            f"The page cannot listen on {page.host}:{page.port} ({refused}). Set ASSISTANT_PAGE__PORT to another port."
        )
    return page.port or _any_port(page.host)


def prepare_process(home: Path) -> None:
    """Before Gradio is imported: its temporary files go into the home, its statistics nowhere."""
    os.environ.update(
        GRADIO_TEMP_DIR=str(home / "temporary"),
        GRADIO_ANALYTICS_ENABLED="False",
        HF_HUB_DISABLE_TELEMETRY="1",
        GRADIO_MCP_SERVER="False",
    )


def open_page(parts: PageParts, work: Mapping[str, Work], port: int, say: Callable[[str], None]) -> Callable[[], None]:
    """Serve the page, and programs by `work`, in the background; what is returned ends it."""
    # Gradio takes seconds to import.
    from assistant.page.layout import Page, look

    page = parts.settings.page
    blocks = Page(parts).build()
    address = launch(blocks, page, port, work, **look())
    if port != page.port:
        say(f"Port {page.port} is taken; using {port}.")
    say(f"Open {address}")
    return lambda: blocks.close(verbose=False)


def launch(blocks: "gr.Blocks", page: PageSettings, port: int, work: Mapping[str, Work], **look: Any) -> str:
    """Serve the page, and programs beside it, in the background and return the address."""
    from starlette.middleware import Middleware

    from assistant.page.api import Api

    password = page.password.get_secret_value() if page.password else ""
    front = [
        Middleware(Front, first=_LANGUAGE.read_text("utf-8")),
        Middleware(Door, page=page),
        Middleware(Api, programs=work, page=page),
    ]
    blocks.launch(
        server_name=page.host,
        server_port=port,
        auth=(page.user, password) if page.user else None,
        max_file_size=int(page.upload_mb * 2**20),
        app_kwargs={"middleware": front, "openapi_url": None},
        prevent_thread_lock=True,
        quiet=True,
        inbrowser=False,
        share=False,
        show_error=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        run_history=False,
        footer_links=[],
        allowed_paths=[],
        **look,
    )
    host = f"[{page.host}]" if ":" in page.host else page.host
    return f"http://{'127.0.0.1' if host in ('0.0.0.0', '[::]') else host}:{port}"


def _refusal(host: str, port: int) -> str | None:
    """Why nothing can listen there, or None."""
    try:
        _bind(host, port).close()
    except OSError as error:
        return error.strerror or str(error)
    return None


def _any_port(host: str) -> int:
    with _bind(host, 0) as bound:
        return int(bound.getsockname()[1])


def _bind(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)[0]
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError:
        bound.close()
        raise
    return bound
