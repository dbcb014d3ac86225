"""An engine's one-token verdicts on an answer: "covered?" for every point, "contradicted?" where it is not.

Every prompt begins with the question and the answer, so the engine computes them once. The first verdict is on a
statement that no answer makes: an engine that says yes to it has been talked into it, and is not heard.
"""

from collections.abc import Callable, Sequence

from assistant import prompts
from assistant.grade.calibration import Judged
from assistant.llm import ChatModel

DECOY = "The Baltic Sea is less salty than the Atlantic Ocean."
# A yes to the decoy this likely means that the answer, not the statement, is being obeyed.
_SWAYED = 0.5


def judge(
    chat: ChatModel, question: str, answer: str, points: Sequence[str], covered: Callable[[int, float], bool]
) -> list[Judged] | None:
    """Verdicts in the points' order, or None from an engine that the answer has swayed.

    `covered` tells from a point's number and its P(yes) whether it counts as covered, so that no more is asked.

    Raises:
        EngineError: the engine failed; there is no half of a grade.
    """
    system, said = prompts.render("grader"), block(question, answer)
    # Asked alone, so that what all prompts share is in the engine's cache when the others come side by side.
    if chat.verdict(system, prompts.render("covered", answer=said, point=DECOY)) >= _SWAYED:
        return None
    yes = chat.verdicts([(system, prompts.render("covered", answer=said, point=point)) for point in points])
    open_points = [place for place, chance in enumerate(yes) if not covered(place, chance)]
    no = chat.verdicts([(system, prompts.render("contradicted", answer=said, point=points[p])) for p in open_points])
    against = dict(zip(open_points, no, strict=True))
    return [Judged(chance, against.get(place)) for place, chance in enumerate(yes)]


def rejudge(chat: ChatModel, question: str, answer: str, point: str, remark: str) -> float | None:
    """P(covered) of one point in the light of the learner's remark, or None from an engine that has been swayed.

    Raises:
        EngineError: the engine failed.
    """
    system, said = prompts.render("grader"), block(question, answer)
    remark = _harmless(remark)
    if chat.verdict(system, prompts.render("disputed", answer=said, point=DECOY, remark=remark)) >= _SWAYED:
        return None
    return chat.verdict(system, prompts.render("disputed", answer=said, point=point, remark=remark))


def block(question: str, answer: str) -> str:
    """Question and answer between marks that no answer can write itself."""
    return f"Question: {_harmless(question)}\n<answer>\n{_harmless(answer)}\n</answer>"


def _harmless(words: str) -> str:
    return " ".join(words.replace("<", "‹").replace(">", "›").split())
