"""How far a run is, and how much longer it takes: one line that redraws itself on a terminal, else one every tenth."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import TextIO

_WIDTH = 24
_CLEAR = "\r\x1b[K"


@dataclass
class Progress:
    """Counts what is done. Safe to call from several threads; `done` may begin above 0 when a run is resumed."""

    stream: TextIO
    total: int
    done: int = 0
    clock: Callable[[], float] = time.monotonic
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._began, self._skipped = self.clock(), self.done
        self._tenth = 10 * self.done // max(1, self.total)

    def step(self, label: str) -> None:
        """One more is done."""
        with self._lock:
            self.done += 1
            if self.stream.isatty():
                self._bar(label)
            elif (tenth := 10 * self.done // self.total) != self._tenth:
                self._tenth = tenth
                self.stream.write(f"{self.done}/{self.total}, {self._left()}\n")
                self.stream.flush()

    def _bar(self, label: str) -> None:
        filled = _WIDTH * self.done // self.total
        bar = f"[{'#' * filled:.<{_WIDTH}}] {self.done}/{self.total}, {self._left()} {label}"
        self.stream.write(_CLEAR + (bar[:100] if self.done < self.total else ""))
        self.stream.flush()

    def _left(self) -> str:
        spent = self.clock() - self._began
        seconds = round(spent / (self.done - self._skipped) * (self.total - self.done))
        if seconds >= 3600:
            return f"{seconds // 3600} h {seconds % 3600 // 60:02d} min left"
        return f"{seconds // 60} min {seconds % 60:02d} s left" if seconds >= 60 else f"{seconds} s left"
