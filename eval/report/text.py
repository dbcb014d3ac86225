"""A run and a comparison as text for a terminal."""

from eval import summary
from eval.gate import Comparison, Finding
from eval.report import judges
from eval.run_file import Run
from eval.summary import Number

_MEANING = {
    "improved": "better, and not by chance",
    "no_worse": "no worse, within the margins",
    "worse": "worse",
    "inconclusive": "too few cases or too much noise to tell",
}


def run_text(run: Run) -> str:
    """What was run, a line a measure, the four refusal numbers, how long things took."""
    kinds = [(kind, sum(row.kind == kind for row in run.rows)) for kind in ("answerable", "unanswerable", "graded")]
    counts = ", ".join(f"{count} {kind}" for kind, count in kinds)
    lines = [f"{run.suite}, {run.split}: {counts}; {run.seconds:.0f} s", "", _HEAD]
    lines += [_line(run, name, number) for name, number in run.metrics.items()]
    if run.judge:
        lines += ["", *judges.lines(run)]
    asked = sum(run.ended.values())
    if asked:
        ended = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in run.ended.items())
        lines += ["", f"of {asked} questions: {ended}"]
    for name, latency in summary.latencies(run.rows).items():
        lines.append(f"{name}: {latency.p50:.0f} ms (p50), {latency.p95:.0f} ms (p95)")
    ingested = run.data.get("ingested")
    if ingested:
        lines.append(
            f"notes: {ingested['files']} files, {ingested['notes']} notes, {ingested['chunks']} chunks, "
            f"{len(ingested['warnings'])} warnings, {len(ingested['rejected'])} rejected"
        )
    return "\n".join(lines)


def comparison_text(found: Comparison) -> str:
    """The verdict, then a line a measure: gated ones first."""
    head = f"{'':18}{'before':>8}{'after':>8}{'change':>9}  {'95 % interval':18}{'p':>6}{'detectable':>12}  verdict"
    gated = [finding for finding in found.findings if finding.gated]
    others = [finding for finding in found.findings if not finding.gated]
    lines = [
        f"{found.verdict}: {_MEANING[found.verdict]}",
        f"{found.paired} cases paired; only before: {found.only_before}, only after: {found.only_after}",
        *(f"changed: {change}" for change in found.changes),
        "",
        head,
        *(_finding(finding) for finding in gated),
    ]
    if others:
        lines += ["not gated:", *(_finding(finding) for finding in others)]
    return "\n".join(lines)


def columns(number: Number) -> tuple[str, str, str, str, str]:
    """Mean, interval, and how many cases were scored, unscored and failed."""
    interval = number.interval
    there = interval.mean == interval.mean
    bounds = f"{interval.low:.3f} to {interval.high:.3f}" if there else ""
    counts = str(number.scored), str(number.unscored), str(number.failed)
    return (f"{interval.mean:.3f}" if there else "-", bounds, *counts)


_HEAD = f"{'':26}{'mean':>5}  {'95 % interval':18}{'scored':>8}{'unscored':>10}{'failed':>8}"


def _line(run: Run, name: str, number: Number) -> str:
    mean, bounds, *counts = columns(number)
    said = " (lower is better)" if number.better == "lower" else ""
    said += "" if judges.calibrated(run, number.judge) else " (uncalibrated judge)"
    return f"{name:26}{mean:>5}  {bounds:18}{counts[0]:>8}{counts[1]:>10}{counts[2]:>8}{said}"


def _finding(finding: Finding) -> str:
    change = finding.difference
    bounds = f"{change.low:+.3f} to {change.high:+.3f}"
    p = "exact" if finding.test == "exact" else f"{finding.p:.3f}"
    return (
        f"{finding.measure:18}{finding.before.mean:8.3f}{finding.after.mean:8.3f}{change.mean:+9.3f}  {bounds:18}"
        f"{p:>6}{finding.detectable:12.3f}  {finding.verdict}"
    )
