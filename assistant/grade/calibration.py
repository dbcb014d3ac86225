"""Signals to verdicts: two logistic curves and three lines, stored in `parameters.json` with what they were fitted on.

The first curve says how likely a point is spoken of at all, the second how likely it is then contradicted; a point is
covered when it is spoken of and not contradicted. An engine's one-token verdicts, when there are any, are added to
these as log-odds. Partly is the band of P(covered) between two lines.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from assistant.grade.evidence import Signals
from assistant.grade.result import Verdict

FILE = Path(__file__).with_name("parameters.json")
# Probabilities of one token are cut here, so that no single verdict decides alone.
_SURE = 0.995


@dataclass(frozen=True, slots=True)
class Curve:
    """A logistic curve over standardised signals: name to (mean, scale, weight)."""

    bias: float
    weights: Mapping[str, tuple[float, float, float]]

    def log_odds(self, signals: Mapping[str, float]) -> float:
        """The curve's value before it becomes a probability."""
        return self.bias + sum(w * (signals[name] - mean) / scale for name, (mean, scale, w) in self.weights.items())


@dataclass(frozen=True, slots=True)
class Mix:
    """How the text's log-odds and the engine's are added."""

    bias: float
    text: float
    engine: float

    def __call__(self, of_text: float, of_engine: float) -> float:
        """Their weighted sum."""
        return self.bias + self.text * of_text + self.engine * of_engine


@dataclass(frozen=True, slots=True)
class Bands:
    """The lines: covered from one, partly from another, contradicted from a third."""

    covered: float
    partly: float
    contradicted: float


@dataclass(frozen=True, slots=True)
class FittedOn:
    """What parameters were fitted on. `final` is false while that was a handful of scratch answers."""

    data: str
    digest: str
    answers: int
    points: int
    encoder: str
    engine: str | None
    final: bool


@dataclass(frozen=True, slots=True)
class Parameters:
    """Everything that turns signals into verdicts, without and with an engine."""

    spoken: Curve
    denied: Curve
    bands: Bands
    covered_mix: Mix
    denied_mix: Mix
    engine_bands: Bands
    fitted_on: FittedOn

    @property
    def fitted(self) -> bool:
        """Whether they rest on golden cases."""
        return self.fitted_on.final

    @property
    def digest(self) -> str:
        """Changes whenever a verdict could."""
        return blake2b(json.dumps(asdict(self), sort_keys=True).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Judged:
    """What an engine said of a point: P(yes) to "covered?", and to "contradicted?" where it was asked."""

    covered: float
    contradicted: float | None = None


@dataclass(frozen=True, slots=True)
class Chances:
    """P(covered) and P(contradicted) of one point."""

    covered: float
    contradicted: float


def chances(parameters: Parameters, signals: Signals, judged: Judged | None = None) -> Chances:
    """Both probabilities of one point."""
    values = asdict(signals)
    spoken = logistic(parameters.spoken.log_odds(values))
    denied = logistic(parameters.denied.log_odds(values))
    covered, contradicted = spoken * (1 - denied), spoken * denied
    if judged is None:
        return Chances(covered, contradicted)
    covered = logistic(parameters.covered_mix(logit(covered), logit(judged.covered)))
    if judged.contradicted is not None:
        contradicted = logistic(parameters.denied_mix(logit(contradicted), logit(judged.contradicted)))
    return Chances(covered, contradicted)


def verdict(bands: Bands, found: Chances) -> Verdict:
    """The verdict of a point."""
    if found.contradicted >= bands.contradicted and found.contradicted > found.covered:
        return "contradicted"
    if found.covered >= bands.covered:
        return "covered"
    return "partly" if found.covered >= bands.partly else "missing"


def logistic(value: float) -> float:
    """Log-odds to a probability, without overflow."""
    return 1.0 / (1.0 + math.exp(-value)) if value >= 0 else math.exp(value) / (1.0 + math.exp(value))


def logit(probability: float) -> float:
    """A probability to log-odds, cut where certainty would decide alone."""
    cut = min(max(probability, 1 - _SURE), _SURE)
    return math.log(cut / (1 - cut))


def load(file: Path = FILE) -> Parameters:
    """The stored parameters.

    Raises:
        AssistantError: the file is missing or damaged.
    """
    try:
        return _parameters(json.loads(file.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AssistantError(f"{file} cannot be read ({error}). It is part of the program: restore it.") from error


def save(parameters: Parameters, file: Path = FILE) -> None:
    """Store parameters, for `load`."""
    file.write_text(json.dumps(asdict(parameters), ensure_ascii=False, indent=1) + "\n", "utf-8")


def _parameters(stored: Mapping[str, Any]) -> Parameters:
    return Parameters(
        spoken=_curve(stored["spoken"]),
        denied=_curve(stored["denied"]),
        bands=Bands(**stored["bands"]),
        covered_mix=Mix(**stored["covered_mix"]),
        denied_mix=Mix(**stored["denied_mix"]),
        engine_bands=Bands(**stored["engine_bands"]),
        fitted_on=FittedOn(**stored["fitted_on"]),
    )


def _curve(stored: Mapping[str, Any]) -> Curve:
    return Curve(float(stored["bias"]), {name: (w[0], w[1], w[2]) for name, w in stored["weights"].items()})
