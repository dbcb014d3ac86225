"""What of an answer is judged, against what: each statement of the words that were written, not those quoted."""

import re
from dataclasses import dataclass

from assistant import text
from assistant.types import Answer

_MARKER = re.compile(r"\s*\[\d+\]")
_SUPPORTED = 0.5


@dataclass(frozen=True, slots=True)
class Judged:
    """Statements with the probability that each is supported."""

    statements: tuple[str, ...]
    chances: tuple[float, ...]

    @property
    def share(self) -> float:
        """The share supported: what Ragas calls faithfulness."""
        return sum(chance >= _SUPPORTED for chance in self.chances) / len(self.chances)


def written(answer: Answer) -> str:
    """What a model wrote, without markers; nothing where the answer is the note's own words."""
    words = answer.answer if answer.mode == "generated" else answer.lead or ""
    return _MARKER.sub("", words).strip()


def response(answer: Answer) -> str:
    """What stands for the answer as a whole: what was written, else the cited words of the note."""
    return written(answer) or "\n".join(citation.quote for citation in answer.citations)


def shown(answer: Answer) -> str:
    """Everything on the screen, without markers."""
    return _MARKER.sub("", answer.answer).strip()


def contexts(answer: Answer, most: int) -> list[str]:
    """The passages that the answer was made from, best first."""
    return [f"{passage.note.title}\n{passage.text}" for passage in answer.passages[:most]]


def statements(words: str) -> list[str]:
    """Sentences that say something; list marks and headings' signs are taken off."""
    pieces = [words[span.start : span.end] for span in text.sentences(words)]
    bare = [re.sub(r"^(?:[-*+>#]+|\d{1,2}[.)])\s+", "", piece).strip() for piece in pieces]
    return [piece for piece in bare if text.terms(piece)]


def cited(answer: Answer) -> list[tuple[str, str]]:
    """Each supported sentence with the words that its markers cite: (source, statement)."""
    quotes = {citation.marker: citation.quote for citation in answer.citations}
    return [
        ("\n".join(quotes.get(marker, "") for marker in support.markers), support.sentence)
        for support in answer.support
        if support.markers
    ]
