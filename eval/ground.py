"""The ground a run stands on: a scratch home made from a folder of notes, with the settings as shipped.

A home is kept under a hash of everything that decides what is in it, so only the first run indexes.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from filelock import FileLock

from assistant import build
from assistant.build import Announce
from assistant.errors import UsageError
from config.settings import PROJECT, Settings, load
from eval.rows import Json
from ingest import sync

# Homes of other notes or other code that are kept beside the one in use.
_KEPT = 3
_DONE = "indexed.json"
# What decides the index, beside notes and settings.
_CODE = (
    "ingest/**/*.py",
    "assistant/store/*.py",
    "assistant/text.py",
    "assistant/bm25.py",
    "assistant/*encoder*.py",
    "assistant/retrieve/fit.*",
)


@dataclass(frozen=True, slots=True)
class Ground:
    """Settings over an indexed home, what ingest counted there, and a hash of the notes."""

    settings: Settings
    ingested: Json
    notes: str


def shipped(own: Settings, home: Path, changes: Mapping[str, str]) -> Settings:
    """The profile's settings for a scratch home, whatever is set in one's own; `changes` are section.key: value.

    Raises:
        ConfigError: a change is to no setting, or to a value that is not allowed.
    """
    variables = {f"ASSISTANT_{key.replace('.', '__').upper()}": value for key, value in changes.items()}
    places = {"ASSISTANT_HOME": str(home), "ASSISTANT_WEIGHTS": str(own.weights)}
    return load(own.profile, {**variables, **places})


def prepare(folder: Path, own: Settings, changes: Mapping[str, str], announce: Announce) -> Ground:
    """Index `folder` into a scratch home below one's own, unless that was done before.

    Raises:
        UsageError: there is no such folder.
        WeightsError, StoreError: it cannot be indexed.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder of notes.")
    homes = own.home / "eval" / "homes"
    settings = shipped(own, homes, changes)
    notes = _notes_digest(folder)
    home = homes / _digest(notes, settings)
    settings = settings.model_copy(update={"home": home})
    homes.mkdir(parents=True, exist_ok=True)
    with FileLock(homes / "lock"):
        if not (home / _DONE).exists():
            _index(folder, settings, announce)
        (home / _DONE).touch()
        for old in sorted(homes.glob(f"*/{_DONE}"), key=lambda file: file.stat().st_mtime)[: -_KEPT - 1]:
            shutil.rmtree(old.parent, ignore_errors=True)
    return Ground(settings, json.loads((home / _DONE).read_text("utf-8")), notes)


def _index(folder: Path, settings: Settings, announce: Announce) -> None:
    shutil.rmtree(settings.home, ignore_errors=True)
    announce(f"indexing {folder.name}")
    with build.open_index(settings, announce) as (catalog, store, encoder):
        parts = sync.Parts(settings.home, catalog, store, encoder, settings.ingest)
        report = sync.run(sync.Request((folder,)), parts, lambda step: None, announce)
    (settings.home / _DONE).write_text(json.dumps(report.json(), ensure_ascii=False), "utf-8")


def _notes_digest(folder: Path) -> str:
    found = blake2b(folder.resolve().name.encode(), digest_size=8)
    for file in sorted(file for file in folder.rglob("*") if file.is_file()):
        found.update(f"{file.relative_to(folder)}\0{file.stat().st_size}\0".encode("utf-8", "replace"))
        found.update(file.read_bytes())
    return found.hexdigest()


def _digest(notes: str, settings: Settings) -> str:
    found = blake2b(f"{notes}{settings.encoder}{settings.ingest}".encode(), digest_size=8)
    for pattern in _CODE:
        for file in sorted(PROJECT.glob(pattern)):
            found.update(file.read_bytes())
    return found.hexdigest()
