"""What went wrong, in the learner's language: by the error's code, with the error itself among the details."""

from html import escape

from assistant.chats.exchange import Problem
from assistant.errors import AssistantError
from assistant.page.markdown import one_line
from assistant.page.words import Words


class _Known(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "…"


def told(wrong: AssistantError | Problem, words: Words) -> str:
    """One or two sentences: what happened, and what to do."""
    said = words.errors.get(wrong.code) or words.errors[AssistantError.kind]
    return said.format_map(_Known(wrong.about))


def show_failed(problem: Problem, trace: str, words: Words) -> str:
    """In place of an answer, or below what came of it."""
    return (
        f'<p class="problem">{words.error} {escape(told(problem, words))}</p>'
        f'<p class="aside">{words.error_kept}</p>'
        f'<details class="details"><summary>{words.chats.details}</summary>'
        f'<p class="aside"><span lang="en">{escape(problem.message)}</span><br>{words.chats.trace} {escape(trace)}</p>'
        "</details>"
    )


def show_error(error: Exception, words: Words) -> str:
    """Where nothing else can be shown. An error that is not of our tree speaks for itself."""
    said = told(error, words) if isinstance(error, AssistantError) else str(error)
    return one_line(f'<p class="problem" role="alert">{words.error} {escape(said)}</p>')
