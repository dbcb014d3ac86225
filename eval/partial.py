"""What an unfinished run has done so far, so that the same run goes on from there: a line a finished piece of work."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from assistant.errors import UsageError


@dataclass
class Partial:
    """Finished pieces by name. Safe to use from several threads; a line that was cut off by a kill is forgotten."""

    file: Path
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.done: dict[str, Any] = {}
        try:
            lines = self.file.read_text("utf-8").splitlines() if self.file.exists() else []
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{self.file} cannot be read: {error}. Delete it to begin anew.") from error
        for line in lines:
            try:
                name, value = json.loads(line)
            except ValueError:
                continue
            self.done[name] = value

    def add(self, name: str, value: object) -> None:
        """Keep a finished piece.

        Raises:
            UsageError: it cannot be written.
        """
        line = json.dumps([name, value], ensure_ascii=False)
        with self._lock:
            self.done[name] = value
            try:
                self.file.parent.mkdir(parents=True, exist_ok=True)
                with self.file.open("a", encoding="utf-8") as stream:
                    # Ends a line that a killed process left without its end.
                    stream.write(f"\n{line}\n" if stream.tell() and not _ends_whole(self.file) else f"{line}\n")
            except OSError as error:
                raise UsageError(f"{self.file} cannot be written: {error.strerror or error}.") from error

    def forget(self) -> None:
        """The run is finished."""
        self.file.unlink(missing_ok=True)


def _ends_whole(file: Path) -> bool:
    with file.open("rb") as stream:
        stream.seek(-1, 2)
        return stream.read(1) == b"\n"
