"""Notes, golden cases and an assistant made of them, for tests of the evaluation that need no encoder."""

from dataclasses import dataclass, field, replace

from assistant.answer import Ask
from assistant.errors import NotFoundError, StoreError
from assistant.grade.result import Grade, PointGrade, graded
from assistant.types import Answer, Chunk, Citation, KeyPoint, Note, Passage, Retrieved, Span, Timings
from eval.cases import Answerable, Cases, Evidence, Graded, Manner, Mark, Unanswerable, Verdict

POINTS = (KeyPoint("порог 0,25", 2), KeyPoint("бины", 1))


def note(number: int) -> Note:
    """A note of which only the number is its own."""
    text = f"Ответ {number}. Порог равен {number},25, считается по бинам."
    return Note(f"n{number}", "notes/a.md", "Drift", "Basic", f"Вопрос {number}?", text, ("Drift",), "ru", POINTS)


def answerable(number: int) -> Answerable:
    """A question that note `number` answers."""
    evidence = Evidence(f"n{number}", f"n{number}", f"Порог равен {number},25")
    wanted = ((f"{number},25", f"{number}.25"), ("бин", "bin"))
    return Answerable(f"a{number}", "russian", "ru", f"порог {number}?", (), (evidence,), "Порог.", wanted)


def unanswerable(number: int) -> Unanswerable:
    """A question that no note answers."""
    return Unanswerable(f"u{number}", "near_miss", "ru", f"чужое {number}?", "not in the notes")


def marked(number: int) -> Graded:
    """An answer that covers the first point and not the second."""
    verdicts: tuple[Verdict, Verdict] = ("covered", "missing")
    marks = tuple(Mark(point.text, v, (v, v)) for point, v in zip(POINTS, verdicts, strict=True))
    kind: Manner = "terse" if number % 2 else "plea"
    return Graded(f"g{number}", kind, "ru", f"n{number}", "порог 0,25", marks)


def cases(count: int) -> Cases:
    """So many of each kind."""
    numbers = range(count)
    return Cases(
        tuple(answerable(n) for n in numbers),
        tuple(unanswerable(n) for n in numbers),
        tuple(marked(n) for n in numbers),
    )


@dataclass
class FakeSubject:
    """Finds note N for "порог N?", refuses the rest, grades as marked. `broken` cases raise; `lost` notes are gone.

    `cut` is how much of an answer is kept, `shift` moves citations, `obliging` never refuses.
    """

    notes: int
    broken: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()
    cut: int | None = None
    shift: int = 0
    obliging: bool = False
    asked: list[str] = field(default_factory=list)

    def answer(self, ask: Ask) -> Answer:
        """A quote of the note, or a refusal."""
        self.asked.append(ask.question)
        if ask.question in self.broken:
            raise StoreError("the index is on fire")
        found = self.search(ask, 10)
        base = Answer(ask.question, ask.question, "", "refused", None, (), (), (), None, Timings(1, 1, 1))
        if found.answerable < 0.5 and not self.obliging:
            return replace(base, answer="В ваших заметках этого нет.")
        passage = found.passages[0]
        text = f"{passage.text}\n[1]"[: self.cut]
        start, end = self.shift, len(passage.text) + self.shift
        where = passage.note
        cited = Citation(
            1,
            where.note_id,
            where.note_id,
            where.source,
            where.topic,
            where.level,
            where.title,
            start,
            end,
            passage.text,
        )
        return replace(base, answer=text, mode="quoted", citations=(cited,))

    def search(self, ask: Ask, limit: int) -> Retrieved:
        """The wanted note first, another after it."""
        number = int("".join(filter(str.isdigit, ask.question)))
        known = ask.question.startswith("порог")
        order = [number, (number + 1) % self.notes] if known else [(number + 1) % self.notes]
        passages = [
            Passage(rank, 1.0 - rank / 10, Chunk(f"n{n}", f"n{n}", 0, 0, len(note(n).text), "h"), note(n))
            for rank, n in enumerate(order, 1)
        ]
        return Retrieved(ask.question, tuple(passages[:limit]), 0.9 if known else 0.2, False)

    def note(self, note_id: str) -> Note | None:
        """A note that is not lost."""
        return None if note_id in self.lost else note(int(note_id[1:]))

    def chunks(self, note_id: str) -> list[Chunk]:
        """One a note."""
        return [Chunk(note_id, note_id, 0, 0, 1, "h")]

    def grade(self, given: Note, answer: str) -> Grade:
        """The first point covered, the second missing."""
        if given.note_id in self.broken:
            raise NotFoundError("no such note")
        points = [
            PointGrade(point.text, point.weight, "covered" if not place else "missing", 0.9, None, Span(0, 1))
            for place, point in enumerate(POINTS)
        ]
        return graded(given.note_id, points, "written")
