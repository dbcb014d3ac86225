"""The fast suite on a made-up assistant: every case is accounted for, whatever happens to it."""

import io

import pytest
from fakes_eval import FakeSubject, cases

from assistant.errors import UsageError
from eval import fast, rows, summary
from eval.cases import Cases
from eval.progress import Progress
from eval.rows import Row
from eval.subset import Subset, choose


def run(subject: FakeSubject, count: int = 6) -> dict[str, Row]:
    found = fast.run(cases(count), subject, lambda case: None)
    return {row.case: row for row in found}


def test_a_good_assistant_gets_all_there_is_to_get() -> None:
    found = run(FakeSubject(6))
    numbers = summary.numbers(list(found.values()))
    for name in ("completed", "hit@1", "mrr@10", "answered_right", "refused_right", "spans", "points_agree"):
        assert numbers[name].interval.mean == 1, name
    assert numbers["score_error"].interval.mean == 0
    assert numbers["answerable_auc"].interval.mean == 1
    assert numbers["brier"].interval.mean == pytest.approx((0.1**2 + 0.2**2) / 2)
    assert summary.outcomes(found.values()) == {
        "answered_right": 6,
        "answered_wrong": 0,
        "refused_right": 6,
        "refused_wrong": 0,
    }
    assert set(numbers) > {"answerable_auc", "answerable_ece", "share_refused_right", "points_kappa", "score_qwk"}


def test_a_broken_case_has_failed_and_is_not_dropped() -> None:
    found = run(FakeSubject(6, broken=frozenset({"порог 2?", "чужое 3?", "n4"})))
    assert len(found) == 18
    for case, measure in (("a2", "mrr@10"), ("u3", "refused_right"), ("g4", "points_agree")):
        assert found[case].scores["completed"].value == 0
        assert found[case].scores[measure].status == "failed"
    assert "on fire" in found["a2"].scores["mrr@10"].reason
    numbers = summary.numbers(list(found.values()))
    assert (numbers["mrr@10"].scored, numbers["mrr@10"].failed) == (5, 1)
    assert numbers["completed"].interval.mean == pytest.approx(15 / 18)


def test_missing_gold_is_no_zero() -> None:
    found = run(FakeSubject(6, lost=frozenset({"n1"})))
    assert found["a1"].scores["gold_indexed"].value == 0
    for name in ("hit@1", "recall@50", "answered_right"):
        assert found["a1"].scores[name].status == "unscored"
        assert "n1" in found["a1"].scores[name].reason
    assert found["g1"].scores["points_agree"].status == "unscored"
    assert summary.numbers(list(found.values()))["mrr@10"].interval.mean == 1


def test_a_refusal_has_no_citations_to_score() -> None:
    found = run(FakeSubject(6))
    assert found["u0"].scores["spans"].status == "unscored"
    assert "evidence_shown" not in found["u0"].scores


def test_key_points_changed_since_they_were_marked() -> None:
    given = cases(1)
    [old] = given.graded
    fewer = type(old)(old.id, old.kind, old.language, old.note_id, old.answer, old.marks[:1])
    [row] = fast.run(Cases((), (), (fewer,)), FakeSubject(1), lambda case: None)
    assert row.scores["points_agree"].status == "unscored"
    assert row.scores["completed"].value == 1


def test_rows_are_stored_and_read_back() -> None:
    for row in run(FakeSubject(3, broken=frozenset({"порог 2?"})), 3).values():
        assert rows.from_dict(rows.to_dict(row)) == row


def test_subsets() -> None:
    subject, everything = FakeSubject(9), cases(9)
    few = choose(everything, Subset(limit=4), subject.note)
    assert [len(kind) for kind in (few.answerable, few.unanswerable, few.graded)] == [4, 4, 4]
    assert few == choose(everything, Subset(limit=4), subject.note)
    assert choose(everything, Subset(ids=("a1", "g2")), subject.note).answerable[0].id == "a1"
    assert len(choose(everything, Subset(slice="plea"), subject.note).graded) == 5
    of_topic = choose(everything, Subset(topic="drift", level="Basic"), subject.note)
    assert (len(of_topic.answerable), len(of_topic.unanswerable)) == (9, 0)
    with pytest.raises(UsageError, match="nobody"):
        choose(everything, Subset(ids=("nobody",)), subject.note)
    with pytest.raises(UsageError, match="No case is left"):
        choose(everything, Subset(level="Killer"), subject.note)


def test_progress_tells_the_time_left() -> None:
    ticks = iter(range(0, 1000, 10))
    stream = io.StringIO()
    progress = Progress(stream, 20, done=10, clock=lambda: float(next(ticks)))
    for _ in range(10):
        progress.step("a1")
    assert stream.getvalue().splitlines()[0] == "12/20, 40 s left"
    assert stream.getvalue().splitlines()[-1] == "20/20, 0 s left"
