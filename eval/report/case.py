"""One case of a run as text: what went in, what came out, every score with its reason."""

from collections.abc import Iterator
from typing import Any

from eval.rows import Row


def case_text(row: Row) -> str:
    """Everything a run keeps of a case."""
    tags = " · ".join(f"{name} {value}" for name, value in row.tags.items())
    lines = [f"{row.case} · {row.kind} · {tags}", ""]
    for name, score in row.scores.items():
        value = f"{score.value:.3f}" if score.value is not None else f"{score.status}: {score.reason}"
        lines.append(f"{name:20} {value}")
        if score.raw:
            lines.append(f"    the reply was: {score.raw}")
    lines += ["", "in:", *_told(row.input), "", "out:", *_told(row.output)]
    timings = ", ".join(f"{name} {value:.0f} ms" for name, value in row.timings_ms.items())
    return "\n".join([*lines, "", timings]).rstrip()


def _told(value: Any, indent: str = "  ") -> Iterator[str]:
    """Nested values, one a line, texts with their own line ends."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value, 1)
    for key, inner in pairs:
        if isinstance(inner, dict | list) and inner:
            yield f"{indent}{key}:"
            yield from _told(inner, indent + "  ")
        elif isinstance(inner, str) and "\n" in inner:
            yield f"{indent}{key}:"
            yield from (f"{indent}  {line}" for line in inner.splitlines())
        else:
            yield f"{indent}{key}: {inner}"
