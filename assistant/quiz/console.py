"""A quiz in a terminal: a line in, what follows out."""

from collections.abc import Callable, Iterator
from typing import TextIO

from assistant import text
from assistant.errors import AssistantError
from assistant.quiz import intent
from assistant.quiz.coach import Coach
from assistant.quiz.events import Reply
from assistant.quiz.intent import Request
from assistant.quiz.render import render
from assistant.quiz.session import Session
from assistant.quiz.words import LANGUAGES, say
from assistant.types import Language

PROMPT = "> "


def run(coach: Coach, asked: str | None, lines: TextIO, out: Callable[[str], None]) -> None:
    """Hold one quiz: the one asked for, the one left open, or the one the first line asks for.

    Raises:
        StoreError: notes or journal cannot be used; what was answered is kept.
    """
    answers = _answers(lines, out)
    language: Language = text.question_language(asked or "")
    reply = coach.begin(request(asked)) if asked else coach.resume()
    while reply.session is None:
        if asked is not None:
            _show(reply, language, out)
        for spoken in (language,) if asked else LANGUAGES:
            out(say(spoken, "invite"))
        asked = next(answers, None)
        if asked is None:
            return
        wanted = request(asked)
        language = wanted.language
        reply = coach.begin(wanted)
    _hold(coach, reply, reply.session, answers, out)


def request(words: str) -> Request:
    """What to ask, where it is clear that something is to be asked: "bandits, killer" is enough."""
    return intent.recognise(words) or intent.read(words, words)


def _hold(coach: Coach, reply: Reply, now: Session, answers: Iterator[str], out: Callable[[str], None]) -> None:
    out(say(now.language, "help"))
    _show(reply, now.language, out)
    while now.status != "done":
        answer = next(answers, None)
        if answer is None:
            return
        if not answer.strip():
            continue
        try:
            reply = coach.say(now, answer)
        except AssistantError as failed:
            # The question is still open, in the journal too: say it again, or come back later.
            out(str(failed))
            continue
        now = reply.session or now
        _show(reply, now.language, out)


def _show(reply: Reply, language: Language, out: Callable[[str], None]) -> None:
    for event in reply.events:
        out(render(event, language))


def _answers(lines: TextIO, out: Callable[[str], None]) -> Iterator[str]:
    """Messages: a line each, or several joined by a backslash at the end. Ends with the input."""
    while True:
        said: list[str] = []
        while True:
            out(PROMPT)
            line = lines.readline()
            if not line:
                if said:
                    yield "\n".join(said)
                return
            line = line.rstrip("\r\n")
            if not line.endswith("\\"):
                break
            said.append(line[:-1])
        yield "\n".join([*said, line])
