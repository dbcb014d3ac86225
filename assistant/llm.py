"""Chat client and one-token verdicts over the OpenAI protocol: the only user of langchain-openai.

One question, one request: nothing is retried here, because a second try would double what a person waits.
"""

import math
import os
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from assistant.engine.state import Address
from assistant.errors import EngineError, EngineLostError

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage
    from langchain_openai import ChatOpenAI

_YES, _NO = ("yes", "да"), ("no", "нет")
# An OpenAI server gives at most this many alternatives for a token.
_ALTERNATIVES = 20
# Probability granted to "no" without evidence: a reply that is neither yes nor no must not count as yes.
_DOUBT = 1e-3
_CONCURRENT = 4
_CONNECT_TIMEOUT_S = 5.0


class ChatModel(Protocol):
    """A language model that is ready to be asked. Safe to use from several threads."""

    @property
    def name(self) -> str:
        """The model's name, as shown to people."""
        ...

    def stream(self, system: str, user: str, max_tokens: int, stop: Sequence[str] = ()) -> Generator[str, None, None]:
        """The reply piece by piece, greedily decoded. Closing the iterator cancels the request on the server.

        Raises:
            EngineLostError: it broke off or took too long after a part of the reply had come.
            EngineError: nothing came.
        """
        ...

    def verdict(self, system: str, user: str) -> float:
        """The probability, 0..1, that the reply to a yes-or-no question is yes; a reply that is neither counts as no.

        It is taken from the log-probabilities of one token, so it costs a prompt and no decoding, and can be
        calibrated: P(yes) / (P(yes) + P(no)), summed over spellings (Kadavath et al. 2022).

        Raises:
            EngineError: the engine failed, or gives no log-probabilities.
        """
        ...

    def verdicts(self, prompts: Sequence[tuple[str, str]]) -> list[float]:
        """Verdicts on (system, user) pairs, in order, asked side by side so that the engine batches them."""
        ...


@dataclass(frozen=True, slots=True)
class OpenAIChat:
    """A `ChatModel` at an address. `timeout_s` bounds one request from the first byte sent to the last received."""

    address: Address
    timeout_s: float

    @property
    def name(self) -> str:
        """The served model's name."""
        return self.address.model

    def stream(self, system: str, user: str, max_tokens: int, stop: Sequence[str] = ()) -> Generator[str, None, None]:
        """See `ChatModel.stream`."""
        deadline = time.monotonic() + self.timeout_s
        pieces, finished = 0, False
        with _translated(self.address, lambda: pieces > 0):
            chunks = _client(self.address, self.timeout_s).stream(
                _messages(system, user), extra_body={"max_tokens": max_tokens}, stop=list(stop) or None
            )
            with closing(chunks):  # type: ignore[type-var]  # a generator, declared as an iterator
                for chunk in chunks:
                    finished = finished or bool(chunk.response_metadata.get("finish_reason"))
                    if chunk.text:
                        pieces += 1
                        yield chunk.text
                    if not finished and time.monotonic() > deadline:
                        raise EngineLostError(f"The language model did not finish within {self.timeout_s:.0f} s.")
            if not finished:
                raise EngineLostError("The language model broke off in the middle of its reply.")

    def verdict(self, system: str, user: str) -> float:
        """See `ChatModel.verdict`."""
        with _translated(self.address, lambda: False):
            reply = _client(self.address, self.timeout_s).invoke(
                _messages(system, user), extra_body={"max_tokens": 1}, logprobs=True, top_logprobs=_ALTERNATIVES
            )
        try:
            first = reply.response_metadata["logprobs"]["content"][0]
            yes, no = _masses([(str(t["token"]), float(t["logprob"])) for t in first["top_logprobs"]])
        except (KeyError, IndexError, TypeError, ValueError, ArithmeticError) as error:
            raise EngineError(
                f"{self.name} at {self.address.url} gives no log-probabilities, so nothing can be verified with it. "
                "Use vLLM, or a server that supports `top_logprobs`."
            ) from error
        return yes / (yes + no + _DOUBT)

    def verdicts(self, prompts: Sequence[tuple[str, str]]) -> list[float]:
        """See `ChatModel.verdicts`."""
        if not prompts:
            return []
        with ThreadPoolExecutor(min(_CONCURRENT, len(prompts)), "verdict") as pool:
            return list(pool.map(lambda prompt: self.verdict(*prompt), prompts))


@lru_cache(maxsize=4)
def _client(address: Address, timeout_s: float) -> "ChatOpenAI":
    """One an address, however many `OpenAIChat` there are: making one takes time, and it keeps its connections."""
    # Loading the package takes seconds, and the page must open before; tracing would send prompts to a host.
    os.environ.update(LANGSMITH_TRACING="false", LANGCHAIN_TRACING_V2="false")
    from langchain_openai import ChatOpenAI
    from openai import DefaultHttpxClient, Timeout
    from pydantic import SecretStr

    loopback = urlsplit(address.url).hostname in ("127.0.0.1", "::1", "localhost")
    timeout = Timeout(timeout_s, connect=_CONNECT_TIMEOUT_S)
    return ChatOpenAI(
        model=address.model,
        base_url=address.url,
        api_key=SecretStr(address.api_key or "none"),
        temperature=0,
        timeout=timeout,
        max_retries=0,
        stream_usage=False,
        use_responses_api=False,
        # A proxy from the environment cannot reach this machine's own loopback.
        http_client=DefaultHttpxClient(timeout=timeout, trust_env=not loopback),
    )


def _messages(system: str, user: str) -> "list[BaseMessage]":
    from langchain_core.messages import HumanMessage, SystemMessage

    return [SystemMessage(system), HumanMessage(user)]


def _masses(alternatives: Sequence[tuple[str, float]]) -> tuple[float, float]:
    """Total probability of yes and of no among (token, log-probability) pairs."""
    words = [(token.strip(" .,:;!*\"'\n").lower(), math.exp(logprob)) for token, logprob in alternatives]
    yes = math.fsum(mass for word, mass in words if word in _YES)
    no = math.fsum(mass for word, mass in words if word in _NO)
    return yes, no


@contextmanager
def _translated(address: Address, begun: Callable[[], bool]) -> Iterator[None]:
    """The libraries' errors as ours: lost once a reply has `begun`, plain failure before."""
    import httpx2
    import openai

    try:
        yield
    except openai.APIStatusError as error:
        reason = " ".join(str(error.message).split())[:300]
        raise EngineError(
            f"{address.model} at {address.url} refused the request ({error.status_code}): {reason}"
        ) from error
    except (openai.APITimeoutError, httpx2.TimeoutException) as error:
        kind = EngineLostError if begun() else EngineError
        raise kind(f"{address.model} at {address.url} did not answer in time; it may be busy. Try again.") from error
    except (openai.OpenAIError, httpx2.HTTPError, OSError) as error:
        if begun():
            raise EngineLostError("The language model went away in the middle of its reply.") from error
        raise EngineError(f"{address.model} at {address.url} cannot be reached: {error}") from error
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        # What a server that does not speak the protocol makes of the libraries' parsers.
        kind = EngineLostError if begun() else EngineError
        raise kind(f"{address.url} does not answer like an OpenAI-compatible server: {error}") from error
