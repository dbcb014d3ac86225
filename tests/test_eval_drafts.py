"""Cases drafted from notes, checked by a person, taken over: nothing unchecked, nothing wrong, nothing twice."""

import json
from pathlib import Path
from typing import Any

import pytest
from fakes_eval import FakeSubject, note

from assistant.errors import UsageError
from assistant.types import Chunk
from eval.cases import SPLITS, load
from eval.drafts import Drafted, init

COUNT = 6


def run(folder: Path) -> Drafted:
    return init(folder, [note(number) for number in range(COUNT)], FakeWide(COUNT))


class FakeWide(FakeSubject):
    """Its chunks hold the whole note."""

    def chunks(self, note_id: str) -> list[Chunk]:
        return [Chunk(note_id, note_id, 0, 0, 1000, "h")]


def drafts(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "drafts.jsonl").read_text("utf-8").splitlines()]


def store(folder: Path, some: list[dict[str, Any]]) -> None:
    (folder / "drafts.jsonl").write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in some), "utf-8")


def check(folder: Path, **changes: object) -> None:
    """Check every draft, with these changes to the answerable ones."""
    some = drafts(folder)
    store(folder, [{**one, "checked": True, **(changes if "evidence" in one else {})} for one in some])


def cases(folder: Path) -> int:
    loaded = [load(split, folder) for split in SPLITS]
    return sum(len(one.answerable) + len(one.unanswerable) for one in loaded)


def test_each_note_gets_a_draft_that_nobody_has_checked(tmp_path: Path) -> None:
    done = run(tmp_path)
    some = drafts(tmp_path)
    assert done == Drafted(len(some), 0, ())
    assert sum("evidence" in one for one in some) == COUNT
    assert not any(one["checked"] for one in some)
    assert cases(tmp_path) == 0
    assert ["1,25", "1.25"] in some[1]["must_contain"]


def test_what_was_checked_is_taken_over_once(tmp_path: Path) -> None:
    run(tmp_path)
    check(tmp_path, question="С какого числа начинать беспокоиться?")
    done = run(tmp_path)
    assert (done.waiting, done.wrong) == (0, ())
    assert done.taken == cases(tmp_path) == COUNT + 6
    assert run(tmp_path) == Drafted(0, 0, ())
    assert cases(tmp_path) == COUNT + 6


def test_a_kill_between_cases_and_drafts_adds_nothing_twice(tmp_path: Path) -> None:
    run(tmp_path)
    check(tmp_path, question="С какого числа начинать беспокоиться?")
    before = drafts(tmp_path)
    run(tmp_path)
    store(tmp_path, before)
    run(tmp_path)
    assert cases(tmp_path) == COUNT + 6


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "still the note's title"),
        ({"question": "Где граница?", "must_contain": [["9,99"]]}, "does not hold"),
        ({"question": "Где граница?", "evidence": [{"note_id": "n1", "chunk_id": "n1", "quote": "?"}]}, "no longer"),
        ({"question": "Где граница?", "evidence": []}, "no evidence"),
        ({"question": 3}, "question"),
        ({"question": "Где граница?", "extra": 1}, "extra"),
    ],
)
def test_a_wrong_case_stays_a_draft_and_says_why(changes: dict[str, object], said: str, tmp_path: Path) -> None:
    run(tmp_path)
    check(tmp_path, **changes)
    done = run(tmp_path)
    assert len(done.wrong) == COUNT
    assert all(said in line and "drafts.jsonl:" in line for line in done.wrong)


def test_a_damaged_file_is_named_and_kept(tmp_path: Path) -> None:
    for content in ("{oops", "[]"):
        (tmp_path / "drafts.jsonl").write_text(content)
        with pytest.raises(UsageError, match=r"drafts\.jsonl:1"):
            run(tmp_path)
        assert (tmp_path / "drafts.jsonl").read_text() == content
