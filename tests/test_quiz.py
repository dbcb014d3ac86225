"""A quiz from the first question to the debrief: nothing answered is lost, nothing missing is told."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from fakes_grade import engine_decides, grader
from fakes_quiz import Reader, School, answer, notes

from assistant.quiz import hints, session
from assistant.quiz.events import (
    Asked,
    Disputed,
    Ended,
    Event,
    Graded,
    Hinted,
    Notice,
    Probed,
    Reply,
    Revealed,
    Skipped,
    UnknownTopic,
)
from assistant.quiz.intent import Request
from assistant.quiz.session import Session

BANDITS = Request(topic="bandits", count=2, language="en")


def kinds(reply: Reply) -> list[type[Event]]:
    return [type(event) for event in reply.events]


def open_session(reply: Reply) -> Session:
    assert reply.session is not None
    return reply.session


def everything(school: School, now: Session) -> str:
    assert now.current is not None
    return school.note(now.current.note_id).text


@pytest.fixture
def school(tmp_path: Path) -> School:
    return School(tmp_path)


def test_a_session_asks_grades_and_ends(school: School) -> None:
    reply = school.coach.begin(BANDITS)
    assert kinds(reply) == [Asked]
    now = open_session(reply)
    reply = school.coach.say(now, everything(school, now))
    assert kinds(reply) == [Graded, Asked]
    graded = reply.events[0]
    assert isinstance(graded, Graded)
    assert graded.grade.score == 1.0
    assert graded.due is not None and graded.due > school.clock.now
    reply = school.coach.say(open_session(reply), "nothing of this kind")
    assert kinds(reply) == [Graded, Ended]
    ended = reply.events[-1]
    assert isinstance(ended, Ended)
    assert ended.debrief.score == pytest.approx(0.5)
    assert [note.note_id for note in ended.debrief.reread] == [open_session(reply).results[1].note_id]
    assert [attempt.kind for attempt in school.journal.attempts()] == ["answer", "answer"]


def test_hints_lead_nowhere_they_should_not(school: School) -> None:
    now = open_session(school.coach.begin(BANDITS))
    note = school.note(now.current.note_id) if now.current else None
    assert note is not None
    for _ in range(4):
        reply = school.coach.say(now, "hint")
        [event] = reply.events
        assert isinstance(event, Hinted)
        assert not hints.leaks(event.words, note.key_points, note.title)
        now = open_session(reply)
    assert school.coach.say(now, "hint").events == (Notice("no_hints"),)
    school.coach.say(now, everything(school, now))
    assert school.journal.attempts()[-1].hints == 4


def test_skip_dont_know_and_reveal(school: School) -> None:
    now = open_session(school.coach.begin(replace(BANDITS, count=3)))
    reply = school.coach.say(now, "skip")
    assert kinds(reply) == [Skipped, Asked]
    reply = school.coach.say(open_session(reply), "I have no idea")
    assert kinds(reply) == [Revealed, Asked]
    reply = school.coach.say(open_session(reply), "show the answer")
    assert kinds(reply) == [Revealed, Ended]
    assert [a.kind for a in school.journal.attempts()] == ["skip", "dont_know", "reveal"]
    assert [r.score for r in open_session(reply).results] == [None, 0.0, 0.0]


def test_a_session_is_resumed_where_it_was_killed(school: School) -> None:
    now = open_session(school.coach.begin(BANDITS))
    after = open_session(school.coach.say(now, everything(school, now)))
    reply = school.make().resume()
    assert kinds(reply) == [Notice, Asked]
    assert reply.session == after
    hinted = open_session(school.coach.say(after, "hint"))
    assert school.make().resume().session == hinted


def test_an_interview_is_resumed_at_its_probe(school: School) -> None:
    now = open_session(school.coach.begin(replace(BANDITS, mode="interview")))
    school.coach.say(now, "nothing of this kind")
    reply = school.make().resume()
    assert kinds(reply) == [Notice, Asked, Probed]


def test_nothing_is_resumed_after_the_end(school: School) -> None:
    school.coach.say(open_session(school.coach.begin(BANDITS)), "stop")
    assert school.make().resume() == Reply(None, (Notice("none_open"),))


def test_an_unknown_topic_offers_the_nearest_and_begins_nothing(school: School) -> None:
    reply = school.coach.begin(Request(topic="кулинария"))
    assert kinds(reply) == [UnknownTopic]
    assert reply.session is None


def test_without_questions_it_says_so(tmp_path: Path) -> None:
    assert School(tmp_path, notes=[]).coach.begin(BANDITS).events == (Notice("nothing_to_ask"),)


def test_it_ends_when_all_were_asked(tmp_path: Path) -> None:
    school = School(tmp_path, notes=notes(each=1)[:1])
    reply = school.coach.say(open_session(school.coach.begin(BANDITS)), "whatever it may be")
    assert kinds(reply) == [Graded, Notice, Ended]


def test_a_note_that_was_removed_is_passed_over(school: School) -> None:
    now = open_session(school.coach.begin(BANDITS))
    gone = replace(now, current=replace(now.current, note_id="gone")) if now.current else now
    assert kinds(school.coach.say(gone, "an answer")) == [Notice, Asked]


def test_an_engine_that_dies_leaves_the_answer_ungraded_and_kept(school: School) -> None:
    assert isinstance(school.chat, Reader)
    now = open_session(school.coach.begin(BANDITS))
    school.chat.down = True
    reply = school.coach.say(now, "words that took me five minutes")
    graded = reply.events[0]
    assert isinstance(graded, Graded)
    assert (graded.grade.status, graded.grade.score, graded.due) == ("ungraded", None, None)
    assert school.journal.attempts()[-1].answer == "words that took me five minutes"
    assert open_session(reply).results[0].outcome == "ungraded"


def test_the_probe_asks_for_the_most_valuable_miss_without_naming_it(school: School) -> None:
    now = open_session(school.coach.begin(replace(BANDITS, mode="interview")))
    note = school.note(now.current.note_id) if now.current else None
    assert note is not None
    reply = school.coach.say(now, ". ".join(point.text for point in note.key_points[1:]))
    probe = reply.events[-1]
    assert isinstance(probe, Probed)
    assert open_session(reply).current == session.Question(note.note_id, note.topic, note.level, note.title, 0, 0)
    assert not hints.leaks(probe.words, note.key_points, note.title)
    before = open_session(reply).results[-1].worth
    reply = school.coach.say(open_session(reply), note.key_points[0].text)
    after = open_session(reply).results[-1].worth
    assert before is not None and after is not None
    assert after - before == pytest.approx(0.5 * 4 / 10)
    assert school.journal.attempts()[-1].kind == "probe"


def test_a_dispute_is_looked_at_again_and_kept_as_a_case(school: School) -> None:
    now = open_session(school.coach.begin(BANDITS))
    reply = school.coach.say(now, "nothing of this kind")
    reply = school.coach.say(open_session(reply), "disagree with 1: I did say it")
    assert kinds(reply) == [Disputed]
    [line] = (school.home / "logs" / "disputes.jsonl").read_text("utf-8").splitlines()
    case = json.loads(line)
    assert case["reason"] == "I did say it"
    assert case["answer"] == "nothing of this kind"
    assert [point["after"] for point in case["points"]] == ["missing"] * 4
    assert school.coach.say(open_session(reply), "disagree with 9: no").events == (Notice("no_such_point"),)


def test_a_dispute_that_is_won_changes_the_score_and_only_upwards(school: School) -> None:
    now = open_session(school.coach.begin(BANDITS))
    note = school.note(now.current.note_id) if now.current else None
    assert note is not None
    text = note.key_points[0].text
    words = f"{text.replace(' ', ' so to say ', 1)} and more"
    after = open_session(school.coach.say(now, words))
    # With the engine away the words decide: the reason says the point in the answer's own words.
    coach = replace(school.make(), grader=grader(school.home))
    reply = coach.say(after, f"disagree with 1: {text}")
    event = reply.events[0]
    assert isinstance(event, Disputed)
    assert event.after.score is not None and event.before.score is not None
    assert event.after.score >= event.before.score
    assert school.journal.attempts()[0].grade == event.after


def test_there_is_nothing_to_dispute_before_an_answer(school: School) -> None:
    now = open_session(school.coach.begin(BANDITS))
    assert school.coach.say(now, "disagree with 1: no").events == (Notice("nothing_to_dispute"),)


def test_states_survive_being_stored(school: School) -> None:
    now = open_session(school.coach.begin(replace(BANDITS, mode="interview")))
    later = open_session(school.coach.say(now, "nothing of this kind"))
    for one in (now, later, session.finish(later)):
        assert session.from_dict(json.loads(json.dumps(session.to_dict(one)))) == one


def test_weak_topics_come_first_when_asked_for(school: School) -> None:
    rng = school.coach.rng
    for topic, share in (("bandits", 0.0), ("feature store", 1.0)):
        now = open_session(school.coach.begin(Request(topic=topic, count=4, language="en")))
        while now.status != "done":
            note = school.note(now.current.note_id) if now.current else None
            assert note is not None
            now = open_session(school.coach.say(now, answer(note, share, rng)))
    now = open_session(school.coach.begin(Request(weak=True, language="en")))
    assert now.current is not None and now.current.topic == "Multi-Armed Bandits"


def test_the_engine_decides_alone_in_these_tests() -> None:
    assert engine_decides().covered_mix.text == 0.0
