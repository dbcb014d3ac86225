"""Long notes in parts: nothing lost, nothing torn that need not be, ids that depend on the note alone."""

from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from assistant.types import Note
from ingest.chunks import parts, split

IDENTITY = "5b1c1f0e-7a52-5d3c-9d55-6d0b6c2f9a11"


def note(text: str, title: str = "Что такое PSI?") -> Note:
    return Note(IDENTITY, "notes/a.md", "Drift", "Basic", title, text, ("1. Drift",), "ru")


def pieces(text: str, limit: int) -> list[str]:
    return [text[span.start : span.end] for span in parts(text, limit)]


def test_a_short_note_is_one_chunk_with_the_notes_id() -> None:
    (chunk,) = split(note("Мера."), 200)
    assert (chunk.chunk_id, chunk.part, chunk.start, chunk.end) == (IDENTITY, 0, 0, 5)
    assert chunk.heading == "Drift: Что такое PSI?"
    assert split(note("Мера.", title="Drift"), 200)[0].heading == "Drift"


def test_a_note_without_text_can_still_be_found() -> None:
    (chunk,) = split(note(""), 200)
    assert (chunk.start, chunk.end, chunk.chunk_id) == (0, 0, IDENTITY)


def test_parts_have_ids_of_their_own_and_the_same_heading() -> None:
    chunks = split(note("Слово за словом. " * 60), 200)
    assert [chunk.chunk_id for chunk in chunks] == [str(uuid5(UUID(IDENTITY), str(n))) for n in range(len(chunks))]
    assert {chunk.heading for chunk in chunks} == {"Drift: Что такое PSI?"}


@given(st.text(st.sampled_from("ab .\n-|`~$\\[]()ёЖ\u0301"), max_size=800), st.integers(1, 120))
def test_parts_cover_the_text_exactly(text: str, limit: int) -> None:
    found = pieces(text, limit)
    assert "".join(found) == text
    assert all(0 < len(piece) <= limit for piece in found) or not text


def test_cuts_prefer_paragraphs_then_lines_then_sentences() -> None:
    paragraphs = "\n\n".join(f"{letter * 70}. {letter * 20}." for letter in "abcd")
    assert [piece[-2:] for piece in pieces(paragraphs, 200)] == ["\n\n", "d."]
    items = "\n".join(f"- {letter * 60}, {letter * 20}" for letter in "abcd")
    assert all(piece.startswith("- ") for piece in pieces(items, 200))
    prose = " ".join(f"Предложение номер {number} о разном." for number in range(30))
    assert all(piece.rstrip().endswith(".") for piece in pieces(prose, 200))


def test_a_fence_or_formula_that_fits_is_not_torn() -> None:
    code = "```python\n" + "x = 1\n\n" * 20 + "```"
    assert any(code in piece for piece in pieces(f"{'слово ' * 20}\n\n{code}\n\n{'слово ' * 20}", 200))
    formula = r"\[ a + b = " + "c + " * 30 + r"d \]"
    assert any(formula in piece for piece in pieces(f"{'слово ' * 25}{formula}{' слово' * 25}", 200))


def test_parts_are_about_equally_long() -> None:
    sizes = [len(piece) for piece in pieces("слово " * 100, 500)]
    assert len(sizes) == 2 and max(sizes) - min(sizes) < 20


def test_one_endless_word_is_cut_all_the_same() -> None:
    assert [len(piece) for piece in pieces("a" * 450, 200)] == [200, 200, 50]
