"""Pictures of a run as SVG text. The only user of matplotlib."""

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eval.probability import Bin, Point
from eval.stats import Interval

_INK, _QUIET, _BLUE, _RED = "#1f2933", "#9aa5b1", "#2563a8", "#b42318"
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "eval",
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _QUIET,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": _INK,
    "ytick.color": _INK,
}


def reliability(bins: Sequence[Bin], said: str) -> str:
    """What was said against what was: on the diagonal probabilities mean what they say."""
    figure, axes = _figure(4.4, 4.0)
    axes.plot([0, 1], [0, 1], color=_QUIET, linewidth=1, linestyle="--")
    axes.plot([one.said for one in bins], [one.true for one in bins], color=_BLUE, linewidth=1)
    most = max((one.n for one in bins), default=1)
    sizes = [20 + 60 * one.n / most for one in bins]
    axes.scatter([one.said for one in bins], [one.true for one in bins], s=sizes, color=_BLUE, zorder=3)
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), xlabel=said, ylabel="share that was so")
    return _svg(figure)


def risk_coverage(points: Sequence[Point], chosen: float | None) -> str:
    """The share of wrong answers against the share of questions answered; the line in use is marked."""
    figure, axes = _figure(4.4, 4.0)
    axes.step([point.coverage for point in points], [point.risk for point in points], where="post", color=_BLUE)
    here = [point for point in points if chosen is not None and point.threshold >= chosen][-1:]
    for point in here:
        axes.scatter([point.coverage], [point.risk], color=_RED, zorder=3)
        axes.annotate(f"line in use, {chosen:.2f}", (point.coverage, point.risk), (6, -14), textcoords="offset points")
    axes.set(xlim=(0, 1.02), ylim=(0, None), xlabel="share of questions answered", ylabel="share of answers wrong")
    return _svg(figure)


def intervals(rows: Sequence[tuple[str, Interval]], said: str) -> str:
    """A dot and its interval a row, the first on top."""
    figure, axes = _figure(6.2, 0.9 + 0.3 * len(rows))
    there = [(name, interval) for name, interval in reversed(rows) if interval.n]
    for place, (_, interval) in enumerate(there):
        axes.plot([interval.low, interval.high], [place, place], color=_BLUE, linewidth=2)
        axes.scatter([interval.mean], [place], color=_BLUE, s=28, zorder=3)
    axes.set_yticks(range(len(there)), [f"{name} ({interval.n})" for name, interval in there])
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.6, len(there) - 0.4), xlabel=said)
    axes.grid(axis="x", color="#e4e7eb")
    return _svg(figure)


def latency(taken: Mapping[str, Sequence[float]]) -> str:
    """The share of cases done within so many milliseconds."""
    figure, axes = _figure(6.2, 3.2)
    for (name, values), style in zip(taken.items(), ("-", "--", ":", "-.") * 3, strict=False):
        ordered = sorted(values)
        shares = [(place + 1) / len(ordered) for place in range(len(ordered))]
        axes.step(ordered, shares, where="post", label=name, linestyle=style, color=_INK if style == "-" else _BLUE)
    axes.set(xscale="log", ylim=(0, 1.02), xlabel="milliseconds", ylabel="share done")
    axes.grid(color="#e4e7eb")
    axes.legend(frameon=False, loc="lower right")
    return _svg(figure)


def trend(lines: Mapping[str, Sequence[tuple[str, Interval]]]) -> str:
    """Each measure from run to run, with its interval as a band."""
    figure, axes = _figure(8.0, 4.0)
    colours = (_BLUE, _RED, _INK, "#0f766e", "#92400e", "#6b21a8", _QUIET)
    for (name, points), colour in zip(lines.items(), colours, strict=False):
        places = range(len(points))
        means = [interval.mean for _, interval in points]
        axes.plot(places, means, color=colour, marker="o", markersize=4, label=name)
        lows, highs = [i.low for _, i in points], [i.high for _, i in points]
        axes.fill_between(places, lows, highs, color=colour, alpha=0.1, linewidth=0)
    labels = next(iter(lines.values()), ())
    axes.set_xticks(range(len(labels)), [label for label, _ in labels], rotation=60, ha="right", fontsize=8)
    axes.set(ylim=(0, 1.02))
    axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return _svg(figure)


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    with matplotlib.rc_context(_STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        return figure, figure.subplots()


def _svg(figure: Figure) -> str:
    """The picture alone, to stand inside a page."""
    with matplotlib.rc_context(_STYLE):
        stream = io.StringIO()
        figure.savefig(stream, format="svg", transparent=True, metadata={"Date": None})
    svg = stream.getvalue()
    return re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
