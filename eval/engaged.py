"""The language models of a full run: the engine under test, and the judge, which is another one where there is one."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from assistant import build
from assistant.build import Announce
from assistant.engine import Address, Engine
from assistant.errors import EngineError
from assistant.llm import ChatModel, OpenAIChat
from config.settings import Settings


@dataclass(frozen=True, slots=True)
class Engaged:
    """The engine, ready, with its chat model; the judge's chat model and address, perhaps the same."""

    engine: Engine
    chat: ChatModel
    judge: ChatModel
    judge_address: Address
    start_timeout_s: float

    @property
    def judges_itself(self) -> bool:
        """Whether the model under test is its own judge."""
        return self.judge_address == self.engine.address

    def wait(self) -> None:
        """Until the engine is ready again; raises EngineStartError when it does not come back."""
        self.engine.wait_ready(self.start_timeout_s)


@dataclass(frozen=True, slots=True)
class Steady:
    """A chat model that is asked a second time, once the engine is back, before a case goes without its verdict."""

    chat: ChatModel
    engine: Engine
    start_timeout_s: float

    @property
    def name(self) -> str:
        """The model's name."""
        return self.chat.name

    def stream(self, system: str, user: str, max_tokens: int, stop: Sequence[str] = ()) -> Generator[str, None, None]:
        """See `ChatModel.stream`; a reply that broke off is not asked for again."""
        return self.chat.stream(system, user, max_tokens, stop)

    def verdict(self, system: str, user: str) -> float:
        """See `ChatModel.verdict`."""
        return self.verdicts([(system, user)])[0]

    def verdicts(self, prompts: Sequence[tuple[str, str]]) -> list[float]:
        """See `ChatModel.verdicts`."""
        try:
            return self.chat.verdicts(prompts)
        except EngineError:
            self.engine.wait_ready(self.start_timeout_s)
            return self.chat.verdicts(prompts)


@contextmanager
def engage(own: Settings, announce: Announce) -> Iterator[Engaged]:
    """The engine that runs under one's own home, or one started for the length of the block.

    Raises:
        EngineError: none could be had.
    """
    engine = build.make_engine(own)
    try:
        announce(f"waiting for {own.engine.model}")
        engine.start()
        address = engine.wait_ready(own.engine.start_timeout_s)
        judge_address = _judge(own) or address
        judge = OpenAIChat(judge_address, own.eval.judge_timeout_s)
        yield Engaged(
            engine=engine,
            chat=OpenAIChat(address, own.engine.request_timeout_s),
            judge=Steady(judge, engine, own.engine.start_timeout_s),
            judge_address=judge_address,
            start_timeout_s=own.engine.start_timeout_s,
        )
    finally:
        engine.stop()


def _judge(own: Settings) -> Address | None:
    settings = own.eval
    if settings.judge_url is None:
        return None
    key = settings.judge_api_key.get_secret_value() if settings.judge_api_key else None
    return Address(settings.judge_url.rstrip("/"), settings.judge_model, key)
