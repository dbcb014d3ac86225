"""What is different between two runs besides their numbers: a verdict on a change should name the change."""

from collections.abc import Iterator, Mapping
from typing import Any

from eval.run_file import Run

_COARSE = {
    "suite": "suite",
    "split": "half",
    "subset": "subset of cases",
}


def differences(before: Run, after: Run) -> tuple[str, ...]:
    """A line each: settings by name, code, prompts, notes, cases, models, versions, machine."""
    return tuple(_differences(before, after))


def _differences(before: Run, after: Run) -> Iterator[str]:
    for name, said in _COARSE.items():
        if getattr(before, name) != getattr(after, name):
            yield f"{said}: {_told(getattr(before, name))} → {_told(getattr(after, name))}"
    for name in ("notes", "cases"):
        if before.data.get(name) != after.data.get(name):
            yield f"{name} are not the same: only equal cases are compared"
    yield from _mapping("setting ", before.settings, after.settings)
    old, new = before.provenance, after.provenance
    if old.get("code") != new.get("code"):
        yield f"code: {_commit(old)} → {_commit(new)}"
    if old.get("prompts") != new.get("prompts"):
        yield "prompts are not the same"
    yield from _mapping("model ", old.get("models", {}), new.get("models", {}))
    yield from _mapping("version of ", old.get("versions", {}), new.get("versions", {}))
    if old.get("machine") != new.get("machine"):
        yield f"machine: {old.get('machine')} → {new.get('machine')}"


def _mapping(what: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(before.keys() | after.keys()):
        one, other = before.get(key), after.get(key)
        if isinstance(one, dict) and isinstance(other, dict):
            yield from _mapping(f"{what}{key}.", one, other)
        elif one != other:
            yield f"{what}{key}: {_told(one)} → {_told(other)}"


def _commit(provenance: Mapping[str, Any]) -> str:
    commit = str(provenance.get("commit") or "no commit")[:12]
    return f"{commit} with changes" if provenance.get("dirty") else commit


def _told(value: Any) -> str:
    return str(value if value not in (None, "", {}) else "nothing")[:60]
