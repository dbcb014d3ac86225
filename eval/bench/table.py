"""Results as Markdown, put between markers into a document that people write the rest of."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

Part = Mapping[str, Any]


def put(document: str, name: str, text: str) -> str:
    """The document with `text` between the markers of that name, which are added at its end if it has none."""
    begin, end = f"<!-- bench:{name} -->", f"<!-- /bench:{name} -->"
    block = f"{begin}\n{text.strip()}\n{end}"
    if begin in document and end in document:
        return re.sub(f"{re.escape(begin)}.*?{re.escape(end)}", lambda _: block, document, flags=re.DOTALL)
    return f"{document.rstrip()}\n\n{block}\n".lstrip()


def rendered(name: str, part: Part) -> str:
    """A part's heading, tables and the machine they stand for."""
    return f"{_RENDERERS[name](part['results'])}\n\n{_stands_for(part['machine'])}"


def _stands_for(machine: Part) -> str:
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    return (
        f"*{machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB, {machine['system']}, "
        f"Python {machine['python']}; {packages}; commit {machine['commit']}, {machine['date']}, "
        f"load before {machine['load']}.*"
    )


def _ingest(results: Part) -> str:
    rows = [
        (
            row["notes"],
            row["count"],
            row["chunks"],
            _number(row["tokens"] / max(1, row["chunks"])),
            _number(row["count"] / row["seconds"]),
            _number(row["tokens"] / row["seconds"]),
            _number(1000 * row["cpu_seconds"] / max(1, row["chunks"])),
        )
        for row in results["rows"]
    ]
    head = ("notes", "count", "chunks", "tokens a chunk", "notes/s", "tokens/s", "CPU ms a chunk")
    return f"### Ingest\n\nFrom files on disk to a settled index, the encoder loaded.\n\n{_table(head, rows)}"


def _search(results: Part) -> str:
    head = ("notes", "ours", "qdrant-client local", "LangChain ensemble", "ours, late interaction", "whole search")
    rows = []
    for row in results["rows"]:
        times = row["times"]
        ours = times["ours"]["p50"]
        rows.append(
            (
                f"{row['notes']:,}",
                _p50_p95(times["ours"]),
                f"{_p50_p95(times['qdrant_local'])} (× {_number(times['qdrant_local']['p50'] / ours)})",
                f"{_p50_p95(times['langchain'])} (× {_number(times['langchain']['p50'] / ours)})",
                f"{_p50_p95(times['ours_late'])}, {row['reordered']} × {row['tokens']}",
                _p50_p95(times["whole"]),
            )
        )
    return (
        "### Search\n\nMilliseconds, p50 / p95, and how many times ours the p50 is. Three columns do the same\n"
        "over the same seeded vectors and words: the 50 nearest by vector and the 50 best by BM25, fused, ten kept;\n"
        "questions come as vectors. “Late interaction” looks as deep as the product does and adds the\n"
        "reordering that only we do, over so many notes at most × token vectors each; “whole search” adds encoding\n"
        f"the question and looking notes up.\n\n{_table(head, rows)}"
    )


def _answers(results: Part) -> str:
    head = ("prompt", "askers", "questions", "quote s", "done s", "leads shown")
    rows = [
        (
            row["prompt"],
            row["askers"],
            row["questions"],
            _p50_p95(row["quote"], 1000),
            _p50_p95(row["done"], 1000),
            row["leads"],
        )
        for row in results["rows"]
    ]
    return (
        f"### Answers\n\n{results['model']}; seconds, p50 / p95, until the note is quoted and until the lead above it "
        f"is verified,\nor dropped. Engine ready {results['engine_start_s']} s after its start; its processes hold "
        f"{results['engine_mb']:,} MB (PSS) on this machine.\n\n{_table(head, rows)}"
    )


def _page(results: Part) -> str:
    paint = results["paint_s"]
    head = ("", f"median of {results['starts']}")
    rows = [
        ("process start to first answer (HTTP 200), s", results["answers_s"]),
        ("asked for to first contentful paint, s", "no Chromium here" if paint is None else paint),
        ("memory of the page after four questions (PSS), MB", results["memory_mb"]),
    ]
    return f"### Page\n\nA warm start: notes indexed, no engine.\n\n{_table(head, rows)}"


_RENDERERS: dict[str, Callable[[Part], str]] = {
    "ingest": _ingest,
    "search": _search,
    "answers": _answers,
    "page": _page,
}


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def _p50_p95(times: Part, divisor: float = 1) -> str:
    return f"{_number(times['p50'] / divisor)} / {_number(times['p95'] / divisor)}"


def _number(value: float) -> str:
    """Two significant digits, three from a hundred on: what a second run would confirm."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) < 1 else f"{value:.1f}"
