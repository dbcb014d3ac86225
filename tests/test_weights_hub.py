"""The hub's own client against a server on this machine: files arrive, silence is not waited for, offline is off."""

import hashlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import huggingface_hub.constants
import pytest
from fakes_weights import FakeIndex, registry_of, tiny_e5, wheels_of

from assistant.errors import WeightsError
from assistant.weights import Network, resolve
from assistant.weights.hub import HuggingFace
from config.registry import Hub, Registry

DATA = tiny_e5()
HUB = Hub(repository="someone/tiny", files=("tiny.bin",))
DIGEST = hashlib.sha256(DATA).hexdigest()


class Handler(BaseHTTPRequestHandler):
    """As much of the hub as a download needs: the repository's listing, and one file."""

    def do_GET(self) -> None:
        if self.path.startswith("/api/models/someone/tiny"):
            names = ("tiny.bin", "../../climbs.bin", "README.md")
            files = [
                {"rfilename": n, "size": len(DATA), "lfs": {"sha256": DIGEST, "size": 1, "pointerSize": 1}}
                for n in names
            ]
            self._answer(json.dumps({"id": "someone/tiny", "sha": "0" * 40, "siblings": files}).encode())
        elif self.path.endswith("/tiny.bin"):
            self._answer(DATA)
        else:
            self.send_error(404)

    do_HEAD = do_GET

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", f'"{DIGEST}"')
        self.send_header("X-Repo-Commit", "0" * 40)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as found:
        thread = threading.Thread(target=found.serve_forever, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{found.server_port}"
        monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", address)
        monkeypatch.setattr(
            huggingface_hub.constants,
            "HUGGINGFACE_CO_URL_TEMPLATE",
            address + "/{repo_id}/resolve/{revision}/{filename}",
        )
        yield
        found.shutdown()
        thread.join()


def test_the_real_client_lists_and_downloads(server: None, tmp_path: Path) -> None:
    index = FakeIndex(wheels_of(DATA))
    folder = resolve("tiny", registry_of(DATA, hub=True), tmp_path, network=Network(HuggingFace(), index, probe_s=60))
    assert (folder / "model.safetensors").exists() and index.asked == []


def test_a_repository_that_is_used_as_it_is(server: None, tmp_path: Path) -> None:
    entry = registry_of(DATA).models[0].model_dump() | {
        "hub": HUB.model_dump(),
        "converter": None,
        "file": None,
        "wheels": None,
    }
    registry = Registry.model_validate({"models": [entry]})
    folder = resolve("tiny", registry, tmp_path, network=Network(HuggingFace(), probe_s=60))
    assert sorted(path.name for path in folder.iterdir()) == ["complete.json", "tiny.bin"]


def test_names_that_climb_out_are_left_alone(server: None) -> None:
    found = HuggingFace().files(Hub(repository="someone/tiny", files=("*.bin",)), 60)
    assert [file.name for file in found] == ["tiny.bin"]


def test_a_file_that_the_repository_lacks_is_told(server: None) -> None:
    with pytest.raises(WeightsError, match=r"has no other\.bin"):
        HuggingFace().files(Hub(repository="someone/tiny", files=("other.bin",)), 60)


def test_silence_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", f"http://127.0.0.1:{deaf.getsockname()[1]}")
        begin = time.monotonic()
        with pytest.raises(WeightsError, match="not answer"):
            HuggingFace().files(HUB, 0.5)
        assert time.monotonic() - begin < 20


def test_offline_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(WeightsError, match="does not answer"):
        HuggingFace().files(HUB, 60)
