from detectors.training.traffic import traffic
from streams.demo.seeds import watch


def test_two_models_on_two_topics_promise_one_budget_together():
    made = traffic(3, records=12_000, attacks=("fuzzing",))
    seen = watch(made, 2.0)
    days = 2.0
    assert 1.5 * days < seen.promised <= 2.0 * days
    assert seen.paid <= seen.promised
    assert {alert.model for alert in seen.alerts} <= {"fraud", "credit"}
    caught = [alert for alert in seen.alerts if set(made.campaigns[0].principals) & {alert.principal}]
    assert caught
