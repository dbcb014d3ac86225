"""One-token verdicts: how likely it is that a source says a statement.

Small models fail at verdicts in free text and are good at this one: the log-probabilities of yes and no after a prompt
that asks for nothing else (Kadavath et al. 2022). Such a number can be calibrated, see `worth.py`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from string import Template

from assistant.llm import ChatModel

_FILE = Path(__file__).with_name("prompt.md")
_CERTAIN = 1e-4


@dataclass(frozen=True, slots=True)
class Scale:
    """A logistic curve over a verdict's log-odds: from what a model says to how often that is so."""

    bias: float = 0.0
    slope: float = 1.0

    def __call__(self, said: float) -> float:
        """The calibrated probability."""
        return 1.0 / (1.0 + math.exp(-(self.bias + self.slope * log_odds(said))))


@dataclass(frozen=True, slots=True)
class OneToken:
    """A judge. `scale` is the identity until it has been measured."""

    chat: ChatModel
    scale: Scale = Scale()

    @property
    def identity(self) -> str:
        """The model and the prompt: scores of different judges are not compared."""
        return f"{self.chat.name} {blake2b(_FILE.read_bytes(), digest_size=4).hexdigest()}"

    def supported(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """P(the source says the statement) for (source, statement) pairs, asked side by side.

        Raises:
            EngineError: the engine failed, or gives no log-probabilities.
        """
        return [self.scale(said) for said in self.chat.verdicts([prompt(*pair) for pair in pairs])]


def prompt(source: str, statement: str) -> tuple[str, str]:
    """System and user message; neither source nor statement can end the marks or write a chat template's roles."""
    system, _, user = _FILE.read_text("utf-8").partition("\n---\n")
    values = {"source": _harmless(source), "statement": " ".join(_harmless(statement).split())}
    return system.strip(), Template(user.strip()).substitute(values)


def log_odds(chance: float) -> float:
    """Cut where a single token would be beyond all doubt."""
    cut = min(max(chance, _CERTAIN), 1 - _CERTAIN)
    return math.log(cut / (1 - cut))


def _harmless(words: str) -> str:
    return words.replace("<", "‹").replace(">", "›")
