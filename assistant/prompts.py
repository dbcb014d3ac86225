"""Prompts are text files in `assistant/prompts/`, one a task, with the variables they declare as `$name`.

Prompts about passages share `system.md` and begin with `$notes`, so that the engine's prefix cache serves all of
it for the next question or verdict on the same note; only the task below the notes is computed anew.
"""

from functools import cache
from pathlib import Path
from string import Template

FOLDER = Path(__file__).with_name("prompts")
# Chat templates write roles as `<|…|>`, and an engine reads them in a value as it would in the template.
_ROLE_MARK, _HARMLESS = "<|", "‹|"


class PromptError(ValueError):
    """A prompt was asked for that does not exist, or with other variables than it declares: a mistake in the code."""


def names() -> list[str]:
    """Every prompt's name, sorted."""
    return sorted(file.stem for file in FOLDER.glob("*.md"))


def variables(name: str) -> frozenset[str]:
    """What `render` must be given for this prompt."""
    return frozenset(_template(name).get_identifiers())


def render(name: str, **values: str) -> str:
    """The prompt with its variables filled in; a chat template's role marks in a value are made harmless.

    Raises:
        PromptError: no such prompt, or a variable is missing or not declared.
    """
    declared = variables(name)
    if declared != values.keys():
        missing, extra = sorted(declared - values.keys()), sorted(values.keys() - declared)
        raise PromptError(f"prompt {name!r}: missing variables {missing}, undeclared variables {extra}")
    return _template(name).substitute({key: value.replace(_ROLE_MARK, _HARMLESS) for key, value in values.items()})


@cache
def _template(name: str) -> Template:
    try:
        text = (FOLDER / f"{name}.md").read_text("utf-8").strip()
    except FileNotFoundError as error:
        raise PromptError(f"no prompt {name!r}; there are: {', '.join(names())}") from error
    template = Template(text)
    if not template.is_valid():
        raise PromptError(f"prompt {name!r} has a stray $ sign; write it $$")
    return template
