"""Alerts about the same accounts are one incident."""

from msgspec.structs import replace

from detectors.incidents import MOST, Incidents
from tests.detectors.test_young import YoungPool, alerts_of, of_a_classifier

(ALERT,) = alerts_of(YoungPool(), [of_a_classifier(f"s{k}", 1e6 + 20 * k, 5.0) for k in range(40)])[:1]


def alert(incident, *who):
    return replace(ALERT, incident=incident, principals=list(who))


def test_an_alert_about_nobody_known_is_an_incident_of_its_own():
    known = Incidents()
    assert known.join(alert("a", "p", "q")).incident == "a"
    assert known.join(alert("b", "r", "s")).incident == "b"
    assert known.join(alert("c")).incident == "c"


def test_an_alert_about_the_same_accounts_is_the_same_incident():
    known = Incidents()
    known.join(alert("a", "p", "q", "r", "s"))
    assert known.join(alert("b", "q", "r", "t")).incident == "a"
    assert known.join(alert("c", "t")).incident == "a"


def test_fewer_than_half_make_no_incident_one():
    known = Incidents()
    known.join(alert("a", "p", "q"))
    assert known.join(alert("b", "q", "t", "u")).incident == "b"


def test_an_alert_that_grows_stays_in_its_incident():
    known = Incidents()
    many = [f"p{k}" for k in range(30)]
    assert {known.join(alert("a", *many[:k])).incident for k in range(4, 31)} == {"a"}


def test_no_more_principals_are_remembered_than_there_is_room_for():
    known = Incidents()
    for k in range(MOST // 8 + 50):
        known.join(alert(f"i{k}", *[f"p{k}-{j}" for j in range(8)]))
    assert len(known.of) == MOST
    assert known.join(alert("z", "p0-0", "p0-1")).incident == "z"


def test_what_is_restored_joins_as_before():
    known = Incidents()
    known.join(alert("a", "p", "q"))
    again = Incidents(known.plain())
    assert again.join(alert("b", "p")).incident == "a"
    assert again.of == known.of
