"""A run as one JSON file: what was run, with what, every case with input and output, and what it came to."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from assistant.errors import UsageError
from eval import rows, summary
from eval.rows import Json, Row
from eval.summary import Number

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Run:
    """One run. `subset` says what was left out, `data` holds hashes of notes and cases and what ingest counted.

    `judge` is what the judge is worth, measured in this run; None where nothing was judged. `gate` is the comparison
    with a baseline, if there was one.
    """

    began: datetime
    seconds: float
    suite: str
    split: str
    subset: Json
    settings: Json
    provenance: Json
    data: Json
    metrics: Mapping[str, Number]
    rows: tuple[Row, ...]
    seed: int
    judge: Json | None = None
    gate: Json | None = None
    ended: Mapping[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What its file is called, without the ending."""
        return f"{self.began:%Y%m%dT%H%M%SZ}-{self.suite}-{self.split}"


def to_dict(run: Run) -> Json:
    """The stored form."""
    return {
        "format": FORMAT,
        "began": run.began.isoformat(),
        "seconds": round(run.seconds, 1),
        **{key: getattr(run, key) for key in ("suite", "split", "subset", "seed", "settings", "provenance", "data")},
        "judge": run.judge,
        "gate": run.gate,
        "ended": dict(run.ended),
        "metrics": {name: summary.to_json(number) for name, number in run.metrics.items()},
        "rows": [rows.to_dict(row) for row in run.rows],
    }


def from_dict(stored: Mapping[str, object]) -> Run:
    """What `to_dict` stored; raises KeyError, TypeError or ValueError for anything else."""
    values = dict(stored)
    if values.pop("format") != FORMAT:
        raise ValueError("it is of another format: run the suite again")
    values["began"] = datetime.fromisoformat(str(values["began"]))
    values["metrics"] = {name: summary.from_json(number) for name, number in _mapping(values["metrics"]).items()}
    listed = values["rows"]
    if not isinstance(listed, list):
        raise TypeError("rows is no list")
    values["rows"] = tuple(rows.from_dict(row) for row in listed)
    return Run(**values)  # type: ignore[arg-type]


def write(run: Run, file: Path) -> None:
    """Store a run whole or not at all.

    Raises:
        UsageError: the place cannot be written.
    """
    new = file.with_name(file.name + ".new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with new.open("w", encoding="utf-8") as stream:
            json.dump(to_dict(run), stream, ensure_ascii=False, indent=1, allow_nan=False)
            stream.write("\n")
            stream.flush()
            os.fsync(stream.fileno())
        new.replace(file)
    except OSError as error:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise UsageError(f"{file} cannot be written: {error.strerror or error}.") from error


def read(file: Path) -> Run:
    """A stored run.

    Raises:
        UsageError: there is none, or the file is damaged.
    """
    try:
        return from_dict(json.loads(file.read_text("utf-8")))
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror or error}.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{file} is no run of `python -m eval`: {error}") from error


def without_contents(run: Run) -> Run:
    """What a baseline needs: ids, digests and scores. Nobody who reads it learns what a test case asks."""
    bare = tuple(replace(row, input={}, output={}, timings_ms={}) for row in run.rows)
    return replace(run, rows=bare, gate=None)


def _mapping(value: object) -> Mapping[str, Mapping[str, object]]:
    if not isinstance(value, dict):
        raise TypeError("metrics is no object")
    return value
