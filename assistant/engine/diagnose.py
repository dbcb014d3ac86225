"""Why vLLM ended: its exit code and the end of its log, put as what happened and what to do."""

import re
from dataclasses import dataclass
from pathlib import Path

_KILLED, _ILLEGAL_INSTRUCTION = 128 + 9, 128 + 4
_LAST_LINES = 5


@dataclass(frozen=True, slots=True)
class Cause:
    """A sentence for people; `permanent` if starting again with the same settings cannot help."""

    text: str
    permanent: bool


# Tried in order: what a log says explicitly comes before what it may imply.
_SIGNS: tuple[tuple[str, str, bool], ...] = (
    (
        r"No module named '?vllm",
        "vLLM is not installed. Run `make install`, or set ASSISTANT_ENGINE__URL to another OpenAI-compatible server.",
        True,
    ),
    (
        r"error: (unrecognized arguments|argument |ambiguous option)[^\n]*|ValueError: Unknown engine args[^\n]*",
        "vLLM refused its arguments: {found}. Correct `engine.arguments` in the settings.",
        True,
    ),
    (
        r"[Aa]ddress already in use",
        "Another program took the port in the same moment.",
        False,
    ),
    (
        r"CUDA out of memory|OutOfMemoryError|Cannot allocate memory|MemoryError|std::bad_alloc|DefaultCPUAllocator"
        r"|is less than (requested memory|desired)[^\n]*|Free memory on device[^\n]*",
        "There is not enough memory for the model. Close other programs, lower VLLM_CPU_KVCACHE_SPACE or "
        "--gpu-memory-utilization in the settings, or choose a smaller model.",
        False,
    ),
    (
        r"No space left on device",
        "The disk is full. Free some space.",
        False,
    ),
    (
        r"SafetensorError|HeaderTooLarge|does not appear to have a file named|Error while deserializing",
        "The model's files are damaged. Delete the model's folder and run again; it is made anew.",
        True,
    ),
    (
        r"No CUDA GPUs are available|Found no NVIDIA driver|Failed to infer device type",
        "No usable GPU was found. Use the cpu profile, or install the NVIDIA driver.",
        True,
    ),
)


def cause(code: int, log_text: str) -> Cause:
    """The likeliest reason for an exit with `code` after `log_text`."""
    for pattern, advice, permanent in _SIGNS:
        match = re.search(pattern, log_text)
        if match:
            return Cause(advice.replace("{found}", match.group().strip()), permanent)
    if code == _KILLED:
        return Cause("vLLM was killed, most likely by the system because memory ran out. Close other programs.", False)
    if code == _ILLEGAL_INSTRUCTION:
        return Cause("This processor lacks instructions that vLLM needs (AVX2). Set ASSISTANT_ENGINE__URL.", True)
    lines = [line.strip()[:300] for line in log_text.splitlines() if line.strip()]
    last = " / ".join(lines[-_LAST_LINES:]) or "its log is empty"
    return Cause(f"vLLM ended with exit code {code}: {last}", False)


def with_log(text: str, log: Path) -> str:
    """A cause, and where to read more."""
    return f"{text} Its log is {log}."
