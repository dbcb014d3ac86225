"""Fakes for unit tests: small typed classes with a script in and a history out."""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.errors import EngineError, EngineLostError


@dataclass
class FakeChatModel:
    """A `ChatModel` that says `reply` piece by piece, and gives the verdict of the first key found in the prompt.

    `verdict_of` maps a piece of the user prompt to P(yes); without a match it is `otherwise`. `breaks_after` pieces the
    reply is lost; `fails` makes every call raise. `asked` holds (system, user) of every call, in order.
    """

    reply: Sequence[str] = ()
    verdict_of: Mapping[str, float] = field(default_factory=dict)
    otherwise: float = 0.0
    breaks_after: int | None = None
    fails: bool = False
    on_piece: Callable[[int], None] = lambda number: None
    name: str = "fake"
    asked: list[tuple[str, str]] = field(default_factory=list)
    closed: int = 0

    def stream(self, system: str, user: str, max_tokens: int, stop: Sequence[str] = ()) -> Generator[str, None, None]:
        """The scripted reply."""
        self._note(system, user)
        try:
            for number, piece in enumerate(self.reply):
                if number == self.breaks_after:
                    raise EngineLostError("The language model went away in the middle of its reply.")
                self.on_piece(number)
                yield piece
        finally:
            self.closed += 1

    def verdict(self, system: str, user: str) -> float:
        """The scripted probability."""
        self._note(system, user)
        return next((value for key, value in self.verdict_of.items() if key in user), self.otherwise)

    def verdicts(self, prompts: Sequence[tuple[str, str]]) -> list[float]:
        """One after the other."""
        return [self.verdict(system, user) for system, user in prompts]

    def _note(self, system: str, user: str) -> None:
        self.asked.append((system, user))
        if self.fails:
            raise EngineError("The language model cannot be reached.")
