"""Ragas' metrics through a schema-enforced judge, and its faithfulness with one-token verdicts. The only user of ragas.

Instructor's JSON_SCHEMA mode makes vLLM hold the reply to the schema; with Ragas' own default a small model's replies
often cannot be parsed. A reply that is no score all the same leaves the case unscored, with what was said.
"""

import asyncio
import os
import threading
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

# Before ragas is imported, or it sends usage data.
os.environ["RAGAS_DO_NOT_TRACK"] = "true"

import instructor
from instructor.core.exceptions import InstructorError
from openai import AsyncOpenAI, DefaultAsyncHttpxClient, OpenAIError, Timeout
from ragas.embeddings.base import BaseRagasEmbedding
from ragas.llms.base import InstructorBaseRagasLLM, InstructorLLM
from ragas.metrics.collections import AnswerRelevancy, ContextPrecision, ContextRecall, FactualCorrectness, Faithfulness
from ragas.metrics.collections.faithfulness.util import NLIStatementOutput, StatementFaithfulnessAnswer

from assistant.engine import Address
from eval.judge.statements import statements
from eval.rows import Score, scored, unscored

# Longer replies of a small model are loops; a context of 4096 tokens must hold prompt and reply.
_REPLY_TOKENS = 1024
_RAW = 2000
_SUPPORTED = 0.5

T = TypeVar("T")
Embed = Callable[[str], Sequence[float]]
Verdicts = Callable[[Sequence[tuple[str, str]]], list[float]]


@dataclass(frozen=True, slots=True)
class Sample:
    """What Ragas is told of a case."""

    question: str
    response: str
    contexts: tuple[str, ...]
    reference: str


class RagasJudge:
    """Ragas' five metrics over an OpenAI-compatible address. Safe to use from several threads; close it."""

    def __init__(self, address: Address, embed: Embed, timeout_s: float) -> None:
        loopback = urlsplit(address.url).hostname in ("127.0.0.1", "::1", "localhost")
        timeout = Timeout(timeout_s, connect=5.0)
        self._client = AsyncOpenAI(
            base_url=address.url,
            api_key=address.api_key or "none",
            max_retries=0,
            timeout=timeout,
            http_client=DefaultAsyncHttpxClient(timeout=timeout, trust_env=not loopback),
        )
        client = instructor.from_openai(self._client, mode=instructor.Mode.JSON_SCHEMA)
        llm = InstructorLLM(
            client, address.model, "openai", temperature=0.0, top_p=1.0, max_tokens=_REPLY_TOKENS, max_retries=1
        )
        self.identity = f"ragas on {address.model}"
        self._faithfulness = Faithfulness(llm)
        self._precision, self._recall = ContextPrecision(llm), ContextRecall(llm)
        self._correctness, self._relevancy = FactualCorrectness(llm), AnswerRelevancy(llm, _Embedding(embed))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="ragas", daemon=True)
        self._thread.start()

    def score(self, sample: Sample) -> dict[str, Score]:
        """All five metrics of one case, one after the other: the engine's places are for other cases."""
        question, response, contexts = sample.question, sample.response, list(sample.contexts)
        asked: dict[str, Callable[[], Coroutine[Any, Any, Any]]] = {
            "ragas_faithfulness": lambda: self._faithfulness.ascore(question, response, contexts),
            "ragas_context_precision": lambda: self._precision.ascore(question, sample.reference, contexts),
            "ragas_context_recall": lambda: self._recall.ascore(question, contexts, sample.reference),
            "ragas_factual_correctness": lambda: self._correctness.ascore(response, sample.reference),
            "ragas_answer_relevancy": lambda: self._relevancy.ascore(question, response),
        }
        return {name: self._scored(metric) for name, metric in asked.items()}

    def supported(self, source: str, statement: str) -> float | None:
        """Ragas' own verdict on one statement, 0 or 1; None where the reply was none."""

        async def verdict() -> float | None:
            found = await self._faithfulness._create_verdicts([statement], source)
            return float(bool(found.statements[0].verdict)) if found.statements else None

        try:
            return self._wait(verdict())
        except (InstructorError, OpenAIError, ValueError):
            return None

    def close(self) -> None:
        """Let go of connections and thread."""
        self._wait(self._client.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _scored(self, metric: Callable[[], Coroutine[Any, Any, Any]]) -> Score:
        try:
            value = float(self._wait(metric()).value)
        except InstructorError as error:
            return unscored("the judge's reply was not of the form asked for", _raw(error))
        except (OpenAIError, ValueError) as error:
            return unscored(f"the judge gave no reply: {error}"[:_RAW])
        # nan: no statement was found in the answer. Outside 0..1: a verdict that was neither 0 nor 1.
        return scored(value) if 0 <= value <= 1 + 1e-6 else unscored(f"the judge's score was {value}")

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        future: Future[T] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return future.result()


class OneTokenFaithfulness(Faithfulness):
    """Ragas' faithfulness, to be used wherever that one is, with statements cut by rule and one-token verdicts."""

    def __init__(self, verdicts: Verdicts) -> None:
        super().__init__(_NoLLM(), name="one_token_faithfulness")
        self._verdicts = verdicts

    async def _create_statements(self, question: str, response: str) -> list[str]:
        return statements(response)

    async def _create_verdicts(self, statements: list[str], context: str) -> NLIStatementOutput:
        chances = await asyncio.to_thread(self._verdicts, [(context, statement) for statement in statements])
        answers = [
            StatementFaithfulnessAnswer(statement=said, reason=f"P(yes) = {chance:.3f}", verdict=chance >= _SUPPORTED)
            for said, chance in zip(statements, chances, strict=True)
        ]
        return NLIStatementOutput(statements=answers)


class _Embedding(BaseRagasEmbedding):
    """The assistant's own encoder."""

    def __init__(self, embed: Embed) -> None:
        super().__init__()
        self._embed = embed

    def embed_text(self, text: str, **kwargs: Any) -> list[float]:
        return [float(value) for value in self._embed(text)]

    async def aembed_text(self, text: str, **kwargs: Any) -> list[float]:
        return await asyncio.to_thread(self.embed_text, text)


class _NoLLM(InstructorBaseRagasLLM):
    """Stands where Ragas wants a model that is never asked."""

    def generate(self, prompt: str, response_model: type[T]) -> T:
        raise NotImplementedError("one-token faithfulness asks its verdicts elsewhere")

    async def agenerate(self, prompt: str, response_model: type[T]) -> T:
        raise NotImplementedError("one-token faithfulness asks its verdicts elsewhere")


def _raw(error: InstructorError) -> str:
    """What the model said, as far as the error has kept it."""
    completion = getattr(error, "last_completion", None)
    choices = getattr(completion, "choices", None)
    said = choices[0].message.content if choices else None
    return str(said or error)[:_RAW]
