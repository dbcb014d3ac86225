"""How a suite's numbers moved from run to run, as text."""

from collections.abc import Sequence
from pathlib import Path

from eval.rows import Json
from eval.run_file import Run

# What is shown of each run.
SHOWN = ("mrr@10", "recall@50", "answered_right", "refused_right", "brier", "points_agree", "faithfulness")


def history_text(runs: Sequence[tuple[Path, Run]]) -> str:
    """A line a run, oldest first."""
    if not runs:
        return "No run yet: python -m eval"
    names = [name for name in SHOWN if any(name in run.metrics for _, run in runs)]
    lines = [f"{'':34}{'cases':>6}  {'commit':9}" + "".join(f"{name:>16}" for name in names)]
    for file, run in runs:
        values = "".join(f"{_value(run, name):>16}" for name in names)
        commit = str(run.provenance.get("commit", ""))[:7] + ("+" if run.provenance.get("dirty") else "")
        lines.append(f"{file.stem:34}{len(run.rows):6}  {commit:9}{values}")
    return "\n".join(lines)


def history_json(runs: Sequence[tuple[Path, Run]]) -> list[Json]:
    """The same for programs."""
    return [
        {
            "run": str(file),
            "began": run.began.isoformat(),
            "suite": run.suite,
            "split": run.split,
            "subset": run.subset,
            "cases": len(run.rows),
            "commit": run.provenance.get("commit"),
            "dirty": run.provenance.get("dirty"),
            "metrics": {name: _plain(run, name) for name in run.metrics},
        }
        for file, run in runs
    ]


def _plain(run: Run, name: str) -> float | None:
    mean = run.metrics[name].interval.mean
    return mean if mean == mean else None


def _value(run: Run, name: str) -> str:
    value = _plain(run, name) if name in run.metrics else None
    return "-" if value is None else f"{value:.3f}"
