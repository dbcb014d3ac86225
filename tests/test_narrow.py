"""Filters typed in a question are understood in both languages, and words that merely look like filters are left."""

import pytest
from conftest import PROJECT

from assistant.narrow import Narrowed, narrow
from assistant.types import EVERYTHING, Filters, Level

TOPICS = (
    "A/B Testing",
    "Multi-Armed Bandits",
    "Model Calibration",
    "Drift Detection",
    "LLM Serving",
    "Model Monitoring",
    "Multi-Stage Recommenders",
    "Retrieval-Augmented Generation",
    "Vector Databases & Hybrid Search",
    "Метрики ранжирования",
)


@pytest.mark.parametrize(
    ("typed", "question", "level"),
    [
        ("как работает UCB, только Killer?", "как работает UCB?", "Killer"),
        ("как работает UCB только killer", "как работает UCB", "Killer"),
        ("только Killer: как работает UCB?", "как работает UCB?", "Killer"),
        ("Только Medium про дрейф", "про дрейф", "Medium"),
        ("Только базовые вопросы: что такое PSI?", "что такое PSI?", "Basic"),
        ("что такое PSI (только средние)", "что такое PSI", "Medium"),
        ("что такое PSI? Только киллер-вопросы.", "что такое PSI?", "Killer"),
        ("что спрашивают о дрейфе, уровень: базовый", "что спрашивают о дрейфе", "Basic"),
        ("что спрашивают о дрейфе, на уровне Killer", "что спрашивают о дрейфе", "Killer"),
        ("what is drift, only medium", "what is drift", "Medium"),
        ("what is drift only medium?", "what is drift?", "Medium"),
        ("Only killer questions: how does UCB work?", "how does UCB work?", "Killer"),
        ("how does UCB work? Killer only.", "how does UCB work?", "Killer"),
        ("how does UCB work — just basic notes", "how does UCB work", "Basic"),
        ("how does UCB work, level: killer", "how does UCB work", "Killer"),
        ("level killer how does UCB work?", "how does UCB work?", "Killer"),
        ("а только Killer?", "", "Killer"),
        ("only medium please", "", "Medium"),
        ("только Basic", "", "Basic"),
    ],
)
def test_a_level_beside_the_question_is_taken_out(typed: str, question: str, level: Level) -> None:
    assert narrow(typed, TOPICS) == Narrowed(question, Filters(level=level))


@pytest.mark.parametrize(
    ("typed", "question", "topic"),
    [
        ("чем UCB лучше, по теме бандиты?", "чем UCB лучше?", "Multi-Armed Bandits"),
        ("по теме бандиты чем UCB лучше?", "чем UCB лучше?", "Multi-Armed Bandits"),
        ("По теме «Drift Detection»: какой порог?", "какой порог?", "Drift Detection"),
        ("какой порог в теме дрифт?", "какой порог?", "Drift Detection"),
        ("тема: калибровка, когда она ломается", "когда она ломается", "Model Calibration"),
        ("какие метрики по теме ранжирование", "какие метрики", "Метрики ранжирования"),
        ("зачем два этапа? по теме рекомендации", "зачем два этапа?", "Multi-Stage Recommenders"),
        ("which threshold, in topic drift?", "which threshold?", "Drift Detection"),
        ("in the topic of multi-armed bandits, why explore?", "why explore?", "Multi-Armed Bandits"),
        ("topic: RAG how to chunk?", "how to chunk?", "Retrieval-Augmented Generation"),
        ("how long to run it? within topic A/B testing", "how long to run it?", "A/B Testing"),
        ("что есть по теме бандиты?", "что есть по теме бандиты?", "Multi-Armed Bandits"),
        ("по теме бандиты", "", "Multi-Armed Bandits"),
    ],
)
def test_a_topic_is_known_by_a_part_of_its_name_in_either_script(typed: str, question: str, topic: str) -> None:
    assert narrow(typed, TOPICS) == Narrowed(question, Filters(topic=topic))


def test_both_at_once_in_any_order() -> None:
    wanted = Filters(topic="Multi-Armed Bandits", level="Killer")
    assert narrow("только Killer по теме бандиты: чем UCB лучше?", TOPICS) == Narrowed("чем UCB лучше?", wanted)
    assert narrow("по теме бандиты только Killer: чем UCB лучше?", TOPICS) == Narrowed("чем UCB лучше?", wanted)
    assert narrow("why explore, in topic bandits, killer only", TOPICS) == Narrowed("why explore", wanted)


@pytest.mark.parametrize(
    "typed",
    [
        "Почему только Killer?",
        "Чем вопросы уровня Killer отличаются от Medium?",
        "почему порог PSI только средний?",
        "Хватит ли PSI только базового порога?",
        "Только базовый мониторинг спасёт от дрейфа?",
        "Объясни на базовом уровне, что такое attention",
        "Как выбрать уровень значимости средний или строгий?",
        "что значит «только Killer»?",
        "не только Killer",
        "только Basic и Medium",
        "Кто убил киллера, только базовые факты о деле не нужны",
        "Is basic auth only a medium risk?",
        "Only medium risk changes need approval?",
        "Why is it only basic?",
        "Is the medium only a carrier?",
        "At a basic level, what is attention?",
        "Explain the killer feature of a feature store",
        "Does a confidence level medium exist in the notes?",
        "not only killer",
        "just basic statistics of a column, how?",
        "in topic modeling, what is LDA?",
        "по теме модели что есть?",
        "по теме квантовая гравитация, что спросить",
        "in topic cooking, what is a roux?",
        "What is a hot topic in drift detection?",
        "Как топики Kafka связаны с дрейфом?",
        "В чём тема: спор о байесовском подходе",
        "",
        "   ",
        "???",
    ],
)
def test_words_that_merely_look_like_filters_stay(typed: str) -> None:
    assert narrow(typed, TOPICS) == Narrowed(typed, EVERYTHING)


def test_no_question_of_the_bundled_notes_holds_a_filter() -> None:
    lines = [line for file in (PROJECT / "notes").glob("*.md") for line in file.read_text("utf-8").splitlines()]
    titles = [line.lstrip("# ") for line in lines if line.startswith("### ")]
    assert len(titles) > 100
    assert [title for title in titles if narrow(title, TOPICS) != Narrowed(title, EVERYTHING)] == []
