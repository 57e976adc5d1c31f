"""Routes: who reads what, and how the false-alert budget is divided over it."""

import pytest

from detectors.plan import Plan
from streams import routes
from streams.settings import Settings
from streams.settings.connections import Source


def settings(*sources):
    return Settings(source=[Source(**one) for one in sources])


def test_models_of_all_topics_together_have_one_budget():
    shared = routes.shares(settings({"topic": "fraud"}, {"topic": "credit"}, {"topic": "chat"}))
    assert shared == pytest.approx({"fraud": 1 / 3, "credit": 1 / 3, "chat": 1 / 3})


def test_a_topic_of_more_weight_has_more_of_it():
    shared = routes.shares(settings({"topic": "fraud", "weight": 3}, {"topic": "credit"}))
    assert shared == {"fraud": 0.75, "credit": 0.25}


def test_what_a_router_rekeys_is_one_topic_for_workers():
    asked = settings(
        {"topic": "fraud"}, {"topic": "chat", "format": "openai"}, {"topic": "more", "format": "openai", "weight": 2}
    )
    assert routes.shares(asked) == {"fraud": 0.25, "tidegate.records": 0.75}
    assert [one.topic for one in routes.watched(asked)] == ["fraud", "tidegate.records"]


def test_feedback_takes_nothing_from_the_budget_of_gates():
    asked = settings({"topic": "fraud"}, {"topic": "truth", "phase": "feedback"})
    assert routes.shares(asked) == {"fraud": 1.0}


def test_a_plan_of_one_topic_has_its_part_and_a_plan_without_topics_all():
    plan = Plan(alerts_per_day=2.0, shares={"fraud": 0.75, "credit": 0.25})
    assert plan.of("credit").alerts_per_day == 0.5
    assert plan.of("credit").of("credit").alerts_per_day == 0.5
    assert plan.of("truth").alerts_per_day == 2.0
    assert Plan(alerts_per_day=2.0).of("fraud").alerts_per_day == 2.0
