import numpy as np

from detectors.gates import ledger, payment


def test_an_entry_tells_what_the_epoch_paid():
    meter = payment.opened(budget=2.0, forecast=10)
    payment.enter(meter[0], 6)
    paid = payment.payments(np.zeros(7, np.int64), meter)
    made = ledger.entry(meter, detector="flood", epoch=5)
    assert (made.units, made.promised, made.paid) == (7, 2.0, paid.sum())


def test_an_epoch_without_traffic_paid_nothing():
    meter = payment.opened(budget=2.0, forecast=10)
    payment.enter(meter[0], 6)
    payment.payments(np.zeros(7, np.int64), meter)
    made = ledger.entry(meter, detector="flood", epoch=8)
    assert (made.units, made.promised, made.paid, made.alerts) == (0, 2.0, 0.0, 0)


def days(n):
    return [ledger.Entry(epoch=i, detector="flood", promised=2.0, paid=1.5, units=100, alerts=2) for i in range(n)]


def test_an_audit_adds_up_and_keeps_quiet_where_the_promise_may_hold():
    made = ledger.audit(days(30), false=50)
    assert (made.promised, made.paid) == (60.0, 45.0)
    assert made.low < 50.0 < made.high
    assert made.kept


def test_an_audit_says_when_the_promise_is_surely_broken():
    assert not ledger.audit(days(30), false=90).kept
    assert ledger.audit([], false=0).kept
