"""Ragas' metrics against a local server that keeps to the schema, or does not; its faithfulness by one token."""

import asyncio
from collections.abc import Iterator, Sequence

import pytest
from test_llm import KEY, Fake, serving

from assistant.engine import Address
from eval.ragas_metrics import OneTokenFaithfulness, RagasJudge, Sample

SAMPLE = Sample(
    "What is the threshold?", "The threshold is 0.25.", ("PSI above 0.25 is drift.", "Bins."), "It is 0.25."
)
FIVE = ("faithfulness", "context_precision", "context_recall", "factual_correctness", "answer_relevancy")


@pytest.fixture(scope="module")
def server() -> Iterator[Fake]:
    with serving() as up:
        yield up


@pytest.fixture
def judge(server: Fake) -> Iterator[RagasJudge]:
    server.mode("ok")
    made = RagasJudge(Address(f"{server.url}/v1", "tiny", KEY), lambda words: [1.0, 0.5], timeout_s=20)
    yield made
    made.close()


def test_all_five_are_scored_under_a_schema(judge: RagasJudge, server: Fake) -> None:
    scores = judge.score(SAMPLE)
    assert set(scores) == {f"ragas_{name}" for name in FIVE}
    assert {score.status for score in scores.values()} == {"scored"}
    assert scores["ragas_faithfulness"].value == 1
    asked = server.status()["requests"]
    assert all(request["response_format"]["type"] == "json_schema" for request in asked)
    assert all(request["temperature"] == 0 and request["max_tokens"] == 1024 for request in asked)


@pytest.mark.parametrize("mode", ["cut", "off"])
def test_a_reply_of_another_form_is_no_score_and_is_kept(mode: str, judge: RagasJudge, server: Fake) -> None:
    server.mode(mode)
    scores = judge.score(SAMPLE)
    assert {score.status for score in scores.values()} == {"unscored"}
    assert all(score.raw for score in scores.values())
    assert judge.supported("PSI above 0.25 is drift.", "The threshold is 0.25.") is None


@pytest.mark.parametrize("mode", ["refuse", "rubbish"])
def test_a_server_that_gives_no_reply_leaves_it_unscored(mode: str, judge: RagasJudge, server: Fake) -> None:
    server.mode(mode)
    assert {score.status for score in judge.score(SAMPLE).values()} == {"unscored"}


def test_one_verdict(judge: RagasJudge) -> None:
    assert judge.supported("PSI above 0.25 is drift.", "The threshold is 0.25.") == 1


def test_faithfulness_with_one_token_verdicts_is_used_like_ragas_own() -> None:
    asked: list[tuple[str, str]] = []

    def verdicts(pairs: Sequence[tuple[str, str]]) -> list[float]:
        asked.extend(pairs)
        return [0.9 if "0.25" in statement else 0.2 for _, statement in pairs]

    metric = OneTokenFaithfulness(verdicts)
    score = asyncio.run(
        metric.ascore(
            user_input="?", response="The threshold is 0.25. Bins are never empty.", retrieved_contexts=["a", "b"]
        )
    )
    assert score.value == 0.5
    assert asked == [("a\nb", "The threshold is 0.25."), ("a\nb", "Bins are never empty.")]
    nothing = asyncio.run(metric.ascore(user_input="?", response="…", retrieved_contexts=["a"]))
    assert nothing.value != nothing.value
