"""What a judge is worth: its verdicts on labelled pairs against the labels, with intervals.

Its probabilities are calibrated on the same pairs, so everything is measured out of fold: each source's pairs are
judged on a curve fitted to the other sources (Platt 1999). A judge below the bar is shown as uncalibrated and gates
nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from hashlib import blake2b

from sklearn.linear_model import LogisticRegression

from eval import agreement, probability
from eval.judge.pairs import LABELS, Pair
from eval.judge.verdicts import Scale, log_odds
from eval.rows import Json, plain
from eval.stats import Interval, mean_interval, resampled

# Lower ends of the 95 % intervals. Kappa: what Landis and Koch (1977) call moderate begins at 0.4.
KAPPA_BAR, AUC_BAR = 0.4, 0.8
_LINE = 0.5
_FOLDS = 5

Whole = Callable[[Sequence[bool], Sequence[float]], float]


@dataclass(frozen=True, slots=True)
class Worth:
    """A judge measured. `right_by_label` says how often it was right on each kind of pair; `unscored` are pairs that
    it gave no verdict on."""

    identity: str
    scale: Scale
    agreement: Interval
    kappa: Interval
    auc: Interval
    calibration_error: Interval
    right_by_label: dict[str, Interval]
    right_by_language: dict[str, Interval]
    bins: tuple[probability.Bin, ...]
    scored: int
    unscored: int

    @property
    def calibrated(self) -> bool:
        """Whether it is good enough to gate on."""
        return self.kappa.low >= KAPPA_BAR and self.auc.low >= AUC_BAR

    def to_json(self) -> Json:
        """As it stands in a run file."""
        parts = ("identity", "agreement", "kappa", "auc", "calibration_error", "right_by_label", "right_by_language")
        stored = plain({name: _json(getattr(self, name)) for name in (*parts, "bins", "scored", "unscored", "scale")})
        return {**stored, "calibrated": self.calibrated, "bar": {"kappa": KAPPA_BAR, "auc": AUC_BAR}}


def measure(identity: str, pairs: Sequence[Pair], said: Sequence[float | None]) -> Worth:
    """Hold verdicts against labels; None is a pair without a verdict."""
    there = [(pair, value) for pair, value in zip(pairs, said, strict=True) if value is not None]
    truths = [pair.supported for pair, _ in there]
    sources = [pair.source for pair, _ in there]
    raw = [value for _, value in there]
    chances = _out_of_fold(truths, raw, sources)
    verdicts = [chance >= _LINE for chance in chances]
    right = [float(verdict == truth) for verdict, truth in zip(verdicts, truths, strict=True)]

    def among(kept: Sequence[bool]) -> Interval:
        places = [place for place, keep in enumerate(kept) if keep]
        return mean_interval([right[place] for place in places], [sources[place] for place in places])

    def over(whole: Whole) -> Interval:
        return resampled(lambda p: whole([truths[i] for i in p], [chances[i] for i in p]), sources)

    return Worth(
        identity=identity,
        scale=fit(truths, raw),
        agreement=mean_interval(right, sources),
        kappa=over(_kappa),
        auc=over(probability.auc),
        calibration_error=over(probability.calibration_error),
        right_by_label={label: among([pair.label == label for pair, _ in there]) for label in LABELS},
        right_by_language={tongue: among([pair.language == tongue for pair, _ in there]) for tongue in ("ru", "en")},
        bins=tuple(probability.bins(truths, chances)),
        scored=len(there),
        unscored=len(pairs) - len(there),
    )


def fit(truths: Sequence[bool], said: Sequence[float]) -> Scale:
    """The curve that makes what was said come true on average; the identity where all labels are one."""
    if len(set(truths)) < 2:
        return Scale()
    fitted = LogisticRegression().fit([[log_odds(value)] for value in said], list(truths))
    return Scale(float(fitted.intercept_[0]), float(fitted.coef_[0][0]))


def _out_of_fold(truths: Sequence[bool], said: Sequence[float], sources: Sequence[str]) -> list[float]:
    folds = [blake2b(source.encode(), digest_size=1).digest()[0] % _FOLDS for source in sources]
    curves = {}
    for fold in set(folds):
        others = [place for place, own in enumerate(folds) if own != fold]
        curves[fold] = fit([truths[place] for place in others], [said[place] for place in others])
    return [curves[fold](value) for fold, value in zip(folds, said, strict=True)]


def _kappa(truths: Sequence[bool], chances: Sequence[float]) -> float:
    return agreement.kappa([str(truth) for truth in truths], [str(chance >= _LINE) for chance in chances])


def _json(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, dict):
        return {key: _json(inner) for key, inner in value.items()}
    return [_json(inner) for inner in value] if isinstance(value, tuple) else value
