"""What a message means: a request for a quiz, a move in one, or neither; and which topic is meant."""

import pytest
from fakes_quiz import TOPICS, WordFinder, notes

from assistant.quiz import moves, topics
from assistant.quiz.intent import Request, recognise
from assistant.quiz.words import WORDS


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("погоняй меня по бандитам", Request(topic="бандитам")),
        ("Погоняй меня по калибровке, killer, 5 вопросов", Request(topic="калибровке", level="Killer", count=5)),
        ("quiz me on bandits, killer, 5 questions", Request("practice", "bandits", "Killer", 5, False, "en")),
        ("ask me something I'm weak at", Request(weak=True, language="en")),
        ("спроси меня, в чём я слаб", Request(weak=True)),
        ("погоняй по слабым местам", Request(weak=True)),
        ("задай пару вопросов по агентам", Request(topic="агентам", count=2)),
        ("проверь меня по A/B тестам", Request(topic="A/B тестам")),
        ("можешь погонять меня по NDCG?", Request(topic="NDCG")),
        ("устрой мне собеседование по RAG", Request("interview", "RAG")),
        ("mock interview", Request("interview", language="en")),
        ("Test me on medium questions about calibration", Request("practice", "calibration", "Medium", language="en")),
        ("ask me about calibration", Request(topic="calibration", language="en")),
        ("задай мне сложный вопрос", Request(level="Killer")),
        ("спроси меня что-нибудь", Request()),
        ("Погоняй, пожалуйста", Request()),
        ("quiz", Request(language="en")),
    ],
)
def test_a_request_for_a_quiz_is_read(message: str, expected: Request) -> None:
    assert recognise(message) == expected


@pytest.mark.parametrize(
    "message",
    """как проверить гипотезу?|что такое бандит?|How do I test me-too features?|проверь, верно ли, что PSI симметричен
    |what is a quiz|Как устроить тест на дрейф?|собеседование — что спрашивают про бандитов?|спроси у модели
    |Какие вопросы задают на собеседовании?|проверь мой ответ: PSI это сумма|test the hypothesis|ask the retriever
    |interview questions about bandits?|расскажи про бандитов|А если наград нет?|Тест Колмогорова-Смирнова
    |testing in production|can you explain bandits?|задать порог|опрос пользователей как метрика
    |Why does the quiz metric drop?
    |квизы как формат обучения||what would you ask me about bandits in an interview?""".split("|"),
)
def test_an_ordinary_question_starts_no_quiz(message: str) -> None:
    assert recognise(message.strip()) is None


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("подсказка", "hint"),
        ("Hint!", "hint"),
        ("дальше", "skip"),
        ("skip", "skip"),
        ("не знаю.", "dont_know"),
        ("I don't know", "dont_know"),
        ("покажи ответ", "reveal"),
        ("show me the answer", "reveal"),
        ("стоп", "stop"),
        ("Stop.", "stop"),
        ("стоп-слова мешают поиску", "answer"),
        ("не знаю точно, но думаю, что regret растёт", "answer"),
        ("skip connections help gradients", "answer"),
        ("5", "answer"),
    ],
)
def test_moves_are_whole_messages(message: str, kind: str) -> None:
    assert moves.read(message).kind == kind


def test_a_dispute_names_its_point_and_reason() -> None:
    assert moves.read("не согласен с 2: я это сказал") == moves.Move("dispute", 1, "я это сказал")
    assert moves.read("I disagree with point 3, see my last line") == moves.Move("dispute", 2, "see my last line")
    assert moves.read("не согласен с выводом статьи").kind == "answer"
    assert moves.read("не согласен с 0: нет").kind == "answer"


@pytest.mark.parametrize(
    ("words", "topic"),
    [
        ("бандитам", TOPICS[0]),
        ("bandits", TOPICS[0]),
        ("хранилищам признаков", TOPICS[1]),
        ("feature store", TOPICS[1]),
    ],
)
def test_a_topic_is_found_in_either_language(words: str, topic: str) -> None:
    assert topics.find(words, TOPICS, WordFinder(notes())).topic == topic


def test_an_unknown_topic_offers_the_nearest() -> None:
    found = topics.find("кулинария about bandits", TOPICS, WordFinder(notes()))
    assert found.topic is None
    assert found.near[0] == TOPICS[0]


def test_every_word_is_there_in_both_languages_with_the_same_blanks() -> None:
    assert WORDS["ru"].keys() == WORDS["en"].keys()
    for key, words in WORDS["ru"].items():
        assert {part.partition("}")[0] for part in words.split("{")[1:]} == {
            part.partition("}")[0] for part in WORDS["en"][key].split("{")[1:]
        }
