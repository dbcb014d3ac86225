"""Fusion against arithmetic written out here."""

import pytest

from assistant.retrieve.fuse import fuse
from assistant.types import Scored


def hits(*ids: str) -> list[Scored]:
    return [Scored(chunk_id, 0.0) for chunk_id in ids]


def test_scores_are_the_textbook_sum() -> None:
    fused = {hit.chunk_id: hit.score for hit in fuse([(5.0, hits("a", "b")), (1.0, hits("b", "c"))], k=10)}
    assert fused == pytest.approx({"a": 5 / 11, "b": 5 / 12 + 1 / 11, "c": 1 / 12})


def test_a_weight_multiplies_the_share_and_not_the_rank() -> None:
    """The heavy list decides a mirrored pair whatever k is; with weights that divide the rank it would not."""
    for k in (2, 10, 60):
        order = [hit.chunk_id for hit in fuse([(3.0, hits("a", "x", "b")), (1.0, hits("b", "x", "a"))], k=k)]
        assert order.index("a") < order.index("b")


def test_ties_are_broken_by_id_whatever_the_order_of_the_lists() -> None:
    one, other = (1.0, hits("b")), (1.0, hits("a"))
    assert [h.chunk_id for h in fuse([one, other], k=60)] == ["a", "b"]
    assert fuse([one, other], k=60) == fuse([other, one], k=60)


def test_nothing_fuses_to_nothing() -> None:
    assert fuse([(1.0, []), (1.0, [])], k=60) == []
