"""Grades an answer to a note's question: guards, then the text analyser, then the engine's verdicts if there is one."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from threading import Lock

from assistant.errors import EngineError
from assistant.grade import calibration, guards, verdicts
from assistant.grade.calibration import Chances, Judged, Parameters
from assistant.grade.evidence import Evidence, Expected, expect, gather
from assistant.grade.reading import read
from assistant.grade.result import Grade, PointGrade, graded, ungraded
from assistant.grade.rubric import Rubric, rubric
from assistant.grade.store import GradeStore
from assistant.llm import ChatModel
from assistant.types import Encoder, Note, Span

# Points of this many notes are kept ready for comparing.
_READY = 64


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found of one point: its evidence, the engine's verdict if it had a say, the chances that follow."""

    evidence: Evidence
    judged: Judged | None
    chances: Chances


@dataclass(frozen=True)
class Grader:
    """Grades answers by one home's notes. `chat` gives the language model when it is ready, else None."""

    encoder: Encoder
    store: GradeStore
    chat: Callable[[], ChatModel | None]
    answer_characters: int
    parameters: Parameters = field(default_factory=calibration.load)
    _ready: "OrderedDict[str, Expected]" = field(default_factory=OrderedDict, init=False, repr=False)
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)

    def rubric(self, note: Note) -> Rubric:
        """The points that answers to a note are graded by."""
        return rubric(note, self.store, self.encoder)

    def grade(self, note: Note, answer: str) -> Grade:
        """The grade of an answer, the same one every time.

        Raises:
            StoreError: grades cannot be kept.
        """
        if len(answer) > self.answer_characters:
            detail = (
                f"The answer has {len(answer)} characters; at most {self.answer_characters} are graded. Shorten it."
            )
            return ungraded(note.note_id, "too_long", detail)
        if not note.text.strip():
            return ungraded(note.note_id, "no_answer_in_note", "The note has a question and no answer to compare with.")
        expected = self.rubric(note)
        if not expected.points:
            return ungraded(note.note_id, "no_answer_in_note", "Nothing in the note can be asked for point by point.")
        chat = self.chat()
        key = self._key(expected, answer, chat)
        known = self.store.grade(key)
        if known is not None:
            return known
        try:
            given = self._graded(expected, answer, chat)
        except EngineError as failed:
            return ungraded(note.note_id, "engine", f"The language model failed while grading: {failed}")
        self.store.set_grade(key, given)
        return given

    def examine(self, expected: Rubric, answer: str, chat: ChatModel | None) -> list[Examined] | guards.Dropped:
        """Every point's evidence and chances, or why nothing of a cleaned answer is evidence.

        Raises:
            EngineError: the engine failed on the way.
        """
        screened = guards.screen(answer, expected.note.title, expected.note.text)
        if screened.dropped is not None:
            return screened.dropped
        # What was dropped becomes line ends, so that places stay and sentences do not run together.
        said = _masked(answer, screened.kept)
        reading = read(said)
        if not reading.sentences:
            return "empty"
        found = gather(self._expected(expected), reading, self.encoder)
        judged = self._judged(expected, said, found, chat) if chat is not None else None
        each: Sequence[Judged | None] = judged or [None] * len(found)
        return [
            Examined(evidence, verdict, calibration.chances(self.parameters, evidence.signals, verdict))
            for evidence, verdict in zip(found, each, strict=True)
        ]

    def _graded(self, expected: Rubric, answer: str, chat: ChatModel | None) -> Grade:
        cleaned = guards.clean(answer)
        examined = self.examine(expected, cleaned.text, chat)
        note_id = expected.note.note_id
        if isinstance(examined, str):
            nothing = [
                PointGrade(point.text, point.weight, "missing", 0.0, None, source)
                for point, source in zip(expected.points, expected.sources, strict=True)
            ]
            return Grade(note_id, "graded", 0.0, None, tuple(nothing), expected.origin, examined)
        heard = examined[0].judged is not None
        bands = self.parameters.engine_bands if heard else self.parameters.bands
        points = []
        for one, point, source in zip(examined, expected.points, expected.sources, strict=True):
            verdict = calibration.verdict(bands, one.chances)
            quote = None if verdict == "missing" else cleaned.original(one.evidence.span)
            chance = round(one.chances.covered, 4)
            points.append(PointGrade(point.text, point.weight, verdict, chance, quote, source))
        return graded(note_id, points, expected.origin, chat.name if chat and heard else None)

    def _judged(self, expected: Rubric, said: str, found: list[Evidence], chat: ChatModel) -> list[Judged] | None:
        def covered(place: int, yes: float) -> bool:
            chance = calibration.chances(self.parameters, found[place].signals, Judged(yes))
            return chance.covered >= self.parameters.engine_bands.covered

        return verdicts.judge(chat, expected.note.title, said, [point.text for point in expected.points], covered)

    def _expected(self, wanted: Rubric) -> Expected:
        """The rubric prepared for comparing; the last ones are kept."""
        with self._lock:
            if wanted.digest in self._ready:
                self._ready.move_to_end(wanted.digest)
                return self._ready[wanted.digest]
        points = [point.text for point in wanted.points]
        made = expect(wanted.note.title, points, wanted.note.text, self.encoder)
        with self._lock:
            self._ready[wanted.digest] = made
            while len(self._ready) > _READY:
                self._ready.popitem(last=False)
        return made

    def _key(self, expected: Rubric, answer: str, chat: ChatModel | None) -> str:
        parts = [answer, expected.digest, expected.origin, chat.name if chat else "", self.encoder.name]
        whole = "\0".join([*parts, self.parameters.digest])
        return blake2b(whole.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _masked(answer: str, kept: tuple[Span, ...]) -> str:
    masked = ["\n"] * len(answer)
    for span in kept:
        masked[span.start : span.end] = answer[span.start : span.end]
    return "".join(masked)
