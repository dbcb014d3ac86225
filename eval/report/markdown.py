"""A run as Markdown."""

from collections.abc import Sequence

from eval import summary
from eval.gate import Comparison
from eval.report import judges, tables
from eval.run_file import Run


def markdown(run: Run, found: Comparison | None = None) -> str:
    """The whole report; pictures are in the HTML beside it."""
    parts = [
        f"# {run.suite} on {run.split}, {run.began:%Y-%m-%d %H:%M} UTC",
        made_with(run),
        *(_compared(found) if found else ()),
        "## Measures",
        _table(tables.HEAD, tables.metric_rows(run)),
    ]
    if run.ended:
        total = sum(run.ended.values())
        ended = [
            (name.replace("_", " "), str(count), f"{count / max(1, total):.1%}") for name, count in run.ended.items()
        ]
        parts += ["## How questions ended", _table(("", "questions", "share"), ended)]
    for measure, title in tables.PICTURED:
        sliced = [
            (value, str(one.n), f"{one.mean:.3f}", f"{one.low:.3f} to {one.high:.3f}")
            for value, one in tables.slice_rows(run, measure)
        ]
        if sliced:
            parts += [f"## By slice: {title}", _table(("", "cases", "mean", "95 % interval"), sliced)]
    if run.judge:
        parts += ["## Judges", _table(judges.HEAD, judges.rows(run))]
        parts.append(_table(("judge", "on statements", "pairs", "right"), judges.right(run)))
    times = [
        (name, str(one.n), f"{one.p50:.0f}", f"{one.p95:.0f}") for name, one in summary.latencies(run.rows).items()
    ]
    parts += ["## Times (reported, never gated)", _table(("", "cases", "p50 ms", "p95 ms"), times)]
    return "\n\n".join(parts) + "\n"


def made_with(run: Run) -> str:
    """One sentence on what was run, and with what."""
    models = ", ".join(f"{kind} {model['name']}" for kind, model in run.provenance.get("models", {}).items())
    commit = str(run.provenance.get("commit") or "none")[:12] + (" with changes" if run.provenance.get("dirty") else "")
    subset = f"; only {run.subset}" if run.subset else ""
    return f"{len(run.rows)} cases{subset}; commit {commit}; {models}; {run.seconds:.0f} s."


def _compared(found: Comparison) -> tuple[str, ...]:
    changes = "\n".join(f"- {change}" for change in found.changes)
    table = _table(tables.COMPARED, tables.compared_rows(found))
    return (f"## Verdict: {found.verdict}", f"{found.paired} cases paired.", changes, table)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)
