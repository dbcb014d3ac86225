"""What the judges of a run are worth, as rows and lines."""

from collections.abc import Mapping
from typing import Any

from eval.measures import Judge
from eval.probability import Bin
from eval.run_file import Run

HEAD = ("judge", "model", "pairs", "agreement", "kappa", "AUC", "calibration error", "verdict")
_LABELS = {
    "entailed": "said by the source",
    "contradicted": "contradicted by it",
    "unsupported": "not spoken of",
    "number_swapped": "a number exchanged",
    "ru": "Russian statements",
    "en": "English statements",
}


def calibrated(run: Run, judge: Judge) -> bool:
    """Whether a judge of this run was good enough to be believed; what nobody judged needs none."""
    return judge == "none" or bool((run.judge or {}).get(judge, {}).get("calibrated"))


def rows(run: Run) -> list[tuple[str, ...]]:
    """A row a judge."""
    return [
        (
            name,
            worth["model"] + (", also under test" if worth["judges_itself"] else ""),
            f"{worth['scored']}" + (f", {worth['unscored']} without a verdict" if worth["unscored"] else ""),
            *(_interval(worth[part]) for part in ("agreement", "kappa", "auc", "calibration_error")),
            "calibrated" if worth["calibrated"] else f"uncalibrated: {bar(worth)}",
        )
        for name, worth in (run.judge or {}).items()
    ]


def bar(worth: Mapping[str, Any]) -> str:
    """What a judge must reach."""
    return f"needs kappa {worth['bar']['kappa']} and AUC {worth['bar']['auc']} at the lower ends"


def lines(run: Run) -> list[str]:
    """The same as text."""
    return [
        f"judge {name} ({model}): {pairs} pairs, agreement {agreement}, kappa {kappa}, AUC {auc}: {verdict}"
        for name, model, pairs, agreement, kappa, auc, _, verdict in rows(run)
    ]


def right(run: Run) -> list[tuple[str, ...]]:
    """How often each judge was right, by kind of pair and by language."""
    found: list[tuple[str, ...]] = []
    for name, worth in (run.judge or {}).items():
        for key, interval in {**worth["right_by_label"], **worth["right_by_language"]}.items():
            if interval["n"]:
                found.append((name, _LABELS[key], str(interval["n"]), _interval(interval)))
    return found


def bins(run: Run) -> list[Bin]:
    """The one-token judge's probabilities against the labels."""
    return [Bin(**one) for one in (run.judge or {}).get("one-token", {}).get("bins", ())]


def _interval(stored: Mapping[str, float | None]) -> str:
    if stored["mean"] is None:
        return "-"
    if stored["low"] is None or stored["high"] is None:
        return f"{stored['mean']:.2f}"
    return f"{stored['mean']:.2f} ({stored['low']:.2f} to {stored['high']:.2f})"
