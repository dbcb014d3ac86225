"""Which root a path belongs to. A file's `source` is its root's name plus the path below it.

A path belongs to the innermost registered root above it; one that lies below none becomes a root of its own,
named after its last part.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import NotFoundError, UsageError
from ingest.report import printable

# The page's uploads are a root of this name, whatever folder they lie in.
UPLOADS = "upload"


@dataclass(frozen=True, slots=True)
class Scope:
    """A registered root, or a part of one, that is to be brought up to date."""

    root: str
    root_path: Path
    path: Path

    @property
    def source(self) -> str:
        """The source of the file or folder itself; what lies below begins with it and a slash."""
        return source_of(self.root, self.root_path, self.path)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to register first, and what to read then. Scopes do not overlap."""

    register: Mapping[str, Path]
    scopes: tuple[Scope, ...]


def source_of(root: str, root_path: Path, path: Path) -> str:
    """`notes/a/b.md`; what of a name cannot be printed is written as an escape."""
    return root if path == root_path else f"{root}/{printable(path.relative_to(root_path).as_posix())}"


def within(source: str, outer: str) -> bool:
    """Whether a source is the file or lies below the folder whose own source is `outer`."""
    return source == outer or source.startswith(f"{outer}/")


def plan(paths: Sequence[Path], registered: Mapping[str, Path]) -> Plan:
    """Sort out which roots the given paths concern.

    Roots registered inside a given folder keep their names and are brought up to date too.

    Raises:
        UsageError: a path does not exist or has no name, or its name belongs to another root.
    """
    roots = dict(registered)
    scopes: list[Scope] = []
    # Outermost first: of two new paths one inside the other, the outer one is the root.
    for path, given in sorted((existing(given), given) for given in paths):
        name = owner(path, roots)
        if name is None:
            name = _free_name(given, path, roots)
            roots[name] = path
        scopes.append(Scope(name, roots[name], path))
        scopes += [Scope(inner, place, place) for inner, place in roots.items() if path in place.parents]
    register = {name: path for name, path in roots.items() if registered.get(name) != path}
    return Plan(register, _without_overlap(scopes))


def owner(path: Path, roots: Mapping[str, Path]) -> str | None:
    """The innermost root that is the path or lies above it. The path must be absolute and real."""
    above = [name for name, place in roots.items() if place == path or place in path.parents]
    return max(above, key=lambda name: len(roots[name].parts), default=None)


def find(wanted: str, roots: Mapping[str, Path]) -> str:
    """The root meant by `--remove`: its name, or the path it was registered with, existing or not.

    Raises:
        NotFoundError: there is none; the message lists those there are.
    """
    if wanted in roots:
        return wanted
    path = Path(os.path.realpath(wanted))
    for name, place in roots.items():
        if place == path:
            return name
    known = ", ".join(f"{name} ({place})" for name, place in roots.items()) or "none yet"
    raise NotFoundError(f"There is no root {wanted!r}. Registered: {known}.")


def existing(given: Path) -> Path:
    """The real, absolute path of what a person named.

    Raises:
        UsageError: it is not there, or cannot be reached.
    """
    try:
        return given.resolve(strict=True)
    except FileNotFoundError as error:
        raise UsageError(f"There is no file or folder {str(given)!r}.") from error
    except (OSError, RuntimeError, ValueError) as error:
        raise UsageError(f"{str(given)!r} cannot be opened: {error}.") from error


def _free_name(given: Path, path: Path, roots: Mapping[str, Path]) -> str:
    # The name as typed: a link called `notes` makes the root `notes`, wherever it leads.
    typed = Path(os.path.abspath(given))
    name = printable(typed.name)
    if not name:
        raise UsageError(f"{str(path)!r} has no name to file its notes under. Give a folder below it.")
    if name == UPLOADS:
        raise UsageError(f"The name {UPLOADS!r} is kept for files uploaded on the page. Rename {str(path)!r}.")
    if name in roots and os.path.lexists(roots[name]):
        raise UsageError(
            f"Notes of {str(roots[name])!r} are already filed under {name!r}, so those of {str(path)!r} cannot be. "
            f"Rename one of the two, or let go of the first: python -m ingest --remove {name}"
        )
    return name


def _without_overlap(scopes: Sequence[Scope]) -> tuple[Scope, ...]:
    """Each once, and none that lies inside another of the same root."""
    whole = {(scope.root, scope.path) for scope in scopes}
    outer = [s for s in scopes if not any((s.root, parent) in whole for parent in s.path.parents)]
    return tuple(dict.fromkeys(outer))
