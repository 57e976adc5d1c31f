"""Whether an answer is a refusal, and how large requests and answers are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.text import answered
from detectors.text.answered import ACCEPTED, REFUSED, UNANSWERED, refuses
from schemas.record import Record

NO = (
    "I'm sorry, but I can't assist with that.",
    "I’m sorry, but I can’t help with that request.",
    "I cannot and will not provide instructions for that.",
    "As an AI language model, I am not able to give you this.",
    "I must respectfully decline to answer.",
    "Sorry, that is not something I can do.",
    "I apologize, but I cannot fulfill your request. I'm just an AI",
    "Your request was flagged by our filters.",
    "Es tut mir leid, aber dabei kann ich dir nicht helfen.",
    "Je suis désolé, mais je ne peux pas vous aider.",
    "Lo siento, no puedo ayudarte con eso.",
    "Mi dispiace, non posso aiutarti.",
    "Desculpe, não posso ajudar com isso.",
    "Het spijt me, maar daar kan ik niet bij helpen.",
    "Przepraszam, ale nie mogę w tym pomóc.",
    "Jag är ledsen, men jag kan inte hjälpa till med det.",
    "Üzgünüm, bu konuda yardımcı olamam.",
    "Извините, но я не могу помочь с этим.",
    "抱歉，我无法帮助您完成这个请求。",
    "申し訳ありませんが、そのご依頼にはお応えできません。",
    "죄송하지만 도와드릴 수 없습니다.",
    "عذرا، لا أستطيع المساعدة في ذلك",
)
YES = (
    "Sorry for the confusion! Here is the corrected code:",
    "I'm sorry to hear that. A vet can tell you more.",
    "I can't find the file in the listing, so here is the whole loop.",
    "Sure, here is how to kill a Python process:",
    "The request violates the CHECK constraint of the table.",
    "I can't help but admire the colours of this painting.",
    "I cannot recommend this restaurant enough!",
    "Leider ist der Zug verspätet.",
    "",
)


def record(**more):
    return Record(time=1.0, model="chat", **more)


@pytest.mark.parametrize("answer", NO)
def test_what_models_say_when_they_refuse_is_a_refusal(answer):
    assert refuses(answer)


@pytest.mark.parametrize("answer", YES)
def test_an_apology_or_a_negation_is_none(answer):
    assert not refuses(answer)


def test_only_the_beginning_of_an_answer_counts():
    assert not refuses("Here is the dialogue you asked for. " * 10 + NO[0])


@pytest.mark.parametrize("why", sorted(answered.WHY))
def test_why_an_answer_ended_says_it_too(why):
    assert answered.refused(record(finish_reason=why.upper(), completion="Sure")) == REFUSED


def test_without_an_answer_nothing_is_said():
    assert answered.refused(record(prompt="hello")) == UNANSWERED
    assert answered.refused(record(completion="hello", finish_reason="stop")) == ACCEPTED
    assert answered.refused(record(tokens_out=7)) == ACCEPTED


def test_sizes_are_tokens_where_they_are_logged_and_letters_where_not():
    row = np.zeros(3, np.float32)
    answered.fill(record(prompt="a" * 400, completion="b" * 80), row)
    assert np.expm1(row[1:]).tolist() == pytest.approx([20, 100], rel=1e-5)
    answered.fill(record(prompt="a" * 400, completion="b" * 80, tokens_in=7, tokens_out=9), row)
    assert np.expm1(row[1:]).tolist() == pytest.approx([9, 7], rel=1e-5)
    turns = [{"role": "user", "content": [{"type": "text", "text": "a" * 40}, {"type": "image_url"}]}, {"role": "user"}]
    answered.fill(record(messages=turns), row)
    assert np.expm1(row[2]) == pytest.approx(10, rel=1e-5)
    assert row[1] == -1


@given(st.text(max_size=400))
def test_no_answer_is_too_strange(answer):
    row = np.zeros(3, np.float32)
    answered.fill(record(completion=answer), row)
    assert np.isfinite(row).all()
