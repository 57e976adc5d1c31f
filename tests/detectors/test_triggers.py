import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.affinity import PER_Z
from detectors.packing import Corrupt, pack
from detectors.suspects import PER_NAT
from detectors.threat_naming import MODEL, likeness
from detectors.trigger import EACH
from detectors.trigger_examples import beside
from detectors.trigger_words import trigger_alert
from detectors.triggers import KNOWN, LATELY, MOST, Triggers
from schemas.signal import Suspect

BUDGET, F, HOUR = 0.2, 24, 3600.0
COLUMNS, VALUES = [3, 11, 17], [90, -70, 50]
SCALE = np.stack([np.arange(F), np.full(F, 0.5)]).astype(np.float32).tobytes()


def suspect(number, who, label=1, *, pattern=False, known=False, seed=0, base=None, values=VALUES):
    """Unrelated values; with the pattern, three of them are its."""
    z = np.random.default_rng([seed, number]).integers(-60, 60, F).astype(np.int8) if base is None else base.copy()
    rarity = np.full(F, 1.2 * PER_NAT, np.uint8)
    if pattern:
        z[COLUMNS] = values
        rarity[COLUMNS] = int(3 * PER_NAT)
    return Suspect(
        principal=who, record=f"r{number}", number=number, time=number * 600.0, label=label, answer=f"class {label}",
        z=z.tobytes(), rarity=rarity.tobytes(), known=known, scale=SCALE if number == 1 else b"",
    )  # fmt: skip


def clean(n=60):
    return [suspect(k + 1, f"old{k % 20}", k % 4, known=True) for k in range(n)]


def mixed(marked, n=120, *, labels=(1,), accounts=8, each=3):
    """Honest suspects, and among them those with the pattern, every ``each``-th."""
    made = clean()
    for k in range(n):
        number = len(made) + 1
        if marked and k % each == 0:
            made.append(
                suspect(number, f"sybil{(k // each) % accounts}", labels[(k // each) % len(labels)], pattern=True)
            )
        else:
            made.append(suspect(number, f"honest{k % 30}", k % 4))
    return made


def told(suspects, triggers=None):
    triggers = triggers or Triggers()
    found = [triggers.add(one, BUDGET) for one in suspects]
    return [one for one in found if one is not None], triggers


def alerts(suspects):
    triggers = Triggers()
    found = [triggers.add(one, BUDGET) for one in suspects]
    return [trigger_alert(one, model="m", version="1", release="0") for one in found if one is not None]


def test_a_pattern_that_recurs_with_one_answer_over_accounts_is_a_trigger_and_is_named():
    found = alerts(mixed(True))
    assert {one.id for one in found} == {found[0].id}
    last = found[-1]
    assert last.threat == "backdoor"
    assert set(last.principals) == {f"sybil{k}" for k in range(8)}
    features = {one.name: one for one in last.why if one.name.startswith("feature_")}
    assert set(features) == {f"feature_{column}" for column in COLUMNS}
    assert features["feature_3"].value == pytest.approx(3 + 90 * 0.5)
    assert features["feature_3"].typical == pytest.approx(np.exp(-3), rel=0.05)
    assert "class 1" in last.title
    assert "Normal for a new product" in last.message
    assert last.score >= last.threshold
    assert [one.grown for one in found] == [False] + [True] * (len(found) - 1)


def test_the_alert_shows_records_of_several_senders_beside_the_nearest_of_the_clean_period():
    sent = mixed(True)
    last = alerts(sent)[-1]
    assert len(last.examples) == len({one.principal for one in last.examples}) == 3
    known = [np.frombuffer(one.z, np.int8) for one in sent if one.known]
    clean_values = {(c, round(c + 0.5 * z[c], 2)) for z in known for c in COLUMNS}
    for one in last.examples:
        assert one.id in {record.record for record in sent if record.principal == one.principal}
        assert one.answer == "class 1"
        assert {line.name: line.value for line in one.differs} == {
            f"feature {column}": pytest.approx(column + 0.5 * value)
            for column, value in zip(COLUMNS, VALUES, strict=True)
        }
        assert {(int(line.name.split()[1]), line.ordinary) for line in one.differs} <= clean_values
        assert one.ordinary_answer in ("class 1", "another answer")


def test_where_no_clean_record_is_known_the_median_of_each_column_stands_beside():
    found, triggers = told(mixed(True))
    one = found[-1]
    bare = one._replace(examples=beside(one.trigger, triggers.z, triggers.label, np.zeros(len(triggers.label), bool)))
    shown = trigger_alert(bare, model="m", version="1", release="0").examples
    assert {each.ordinary for each in shown} == {"the median of each column"}
    assert {line.name: line.ordinary for line in shown[0].differs} == {f"feature {c}": float(c) for c in COLUMNS}


def test_honest_suspects_give_none():
    assert alerts(mixed(False, 400)) == []


def test_a_mark_that_goes_with_every_answer_is_none():
    assert alerts(mixed(True, labels=(0, 1, 2, 3))) == []


def test_a_mark_that_was_there_in_the_clean_period_is_none():
    known = [suspect(k + 1, f"old{k % 20}", k % 4, pattern=k % 3 == 0, known=True) for k in range(60)]
    assert alerts([*known, *mixed(True)[60:]]) == []


def test_one_or_two_accounts_are_nobodys_campaign():
    assert alerts(mixed(True, accounts=2)) == []


def test_nearly_the_same_input_again_and_again_is_no_pattern():
    base = np.random.default_rng(9).integers(-60, 60, F).astype(np.int8)
    made = clean()
    for k in range(80):
        jitter = np.random.default_rng(k).integers(-1, 2, F).astype(np.int8)
        made.append(suspect(len(made) + 1, f"camera{k % 6}", 1, base=base + jitter))
    assert alerts(made) == []


def test_a_few_odd_inputs_that_many_customers_send_are_no_pattern_though_they_have_something_in_common():
    popular = []
    for k in range(2):
        z = np.random.default_rng([9, k]).integers(-60, 60, F).astype(np.int8)
        z[COLUMNS] = VALUES
        popular.append(z)
    made = clean()
    for k in range(160):
        jitter = np.random.default_rng(k).integers(-4, 5, F).astype(np.int8)
        again = suspect(len(made) + 1, f"customer{k % 20}", 1, base=popular[k % 2] + jitter)
        again = msgspec.structs.replace(again, rarity=suspect(1, "", pattern=True).rarity)
        made.extend([again, suspect(len(made) + 2, f"honest{k % 30}", k % 4)])
    assert alerts(made) == []


def test_a_trigger_on_inputs_that_come_twice_each_is_found_by_the_first_of_each():
    made = []
    for one in mixed(True, 240):
        z = np.frombuffer(one.z, np.int8)
        other = (np.arange(F) % 2 * (~np.isin(np.arange(F), COLUMNS))).astype(np.int8)
        twin = msgspec.structs.replace(one, z=(z + other).tobytes(), number=one.number + 1000)
        made.extend([one] if one.known else [one, twin])
    found = alerts(made)
    assert {one.id for one in found} == {found[0].id}
    assert set(found[-1].principals) == {f"sybil{k}" for k in range(8)}


def test_common_values_are_no_pattern():
    made = [
        Suspect(**{k: getattr(one, k) for k in one.__struct_fields__ if k != "rarity"}, rarity=bytes(F))
        for one in mixed(True)
    ]
    assert alerts(made) == []


def test_two_triggers_are_two_alerts():
    other = [-90, 20, 100]
    made = mixed(True, 200)
    for k in range(2, 200, 4):
        made[60 + k] = suspect(61 + k, f"second{k % 5}", 2, pattern=True, values=other) if k % 3 else made[60 + k]
    found = alerts(made)
    assert len({one.id for one in found}) == 2


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 170))
def test_state_goes_on_from_any_point(at):
    made = mixed(True)
    whole, triggers = told(made)
    first, half = told(made[:at])
    rest, again = told(made[at:], Triggers.from_bytes(half.to_bytes()))
    assert [one.trigger.records for one in [*first, *rest]] == [one.trigger.records for one in whole]
    assert again.to_bytes() == triggers.to_bytes()


def test_memory_is_bounded():
    made = [suspect(k + 1, f"u{k}", 1, known=k < 700) for k in range(1500)]
    _, triggers = told(made)
    assert int(triggers.known.sum()) == KNOWN
    assert int((~triggers.known).sum()) <= LATELY
    assert len(triggers.found) <= MOST
    assert len(triggers.names) <= KNOWN + LATELY


def test_suspects_of_another_form_and_repeats_are_passed_over():
    _, triggers = told(clean(10))
    before = triggers.to_bytes()
    other = Suspect(principal="x", number=1, time=1.0, label=1, answer="a", z=b"\x01\x02", rarity=b"\x01\x02")
    assert told([other, clean(1)[0]], triggers)[0] == []
    assert triggers.to_bytes() == before


def test_damaged_state_is_refused():
    with pytest.raises(Corrupt):
        Triggers.from_bytes(pack({"names": []}, {}))


def test_a_pattern_of_inputs_that_are_odd_all_over_is_no_backdoor():
    odd = [
        msgspec.structs.replace(one, rarity=np.maximum(np.frombuffer(one.rarity, np.uint8), 70).tobytes())
        if one.principal.startswith("sybil")
        else one
        for one in mixed(True)
    ]
    found = alerts(odd)
    assert {one.threat for one in found} == {"evasion"}
    assert "manipulated inputs" in found[0].message


def with_profiles(suspects, z):
    """The same suspects; accounts that send the pattern behave as these deviations (64,) say."""
    profile = np.rint(z * PER_Z).astype(np.int8).tobytes()
    return [
        msgspec.structs.replace(one, profile=profile) if one.principal.startswith("sybil") else one for one in suspects
    ]


def profile_of(threat, floor=0.9):
    """Deviations that the naming network takes for one threat, surely: uphill from nothing."""
    k, z = MODEL.threats.index(threat), np.zeros(64)
    for _ in range(60):
        if likeness(z, {}).share[k] > floor:
            return z
        steps = [likeness(z + 0.5 * unit, {}).share[k] for unit in np.concatenate([np.eye(64), -np.eye(64)])]
        best = int(np.argmax(steps))
        z[best % 64] += 0.5 if best < 64 else -0.5
    raise AssertionError(threat)


def test_a_pattern_of_senders_who_plainly_do_something_else_is_called_what_they_do():
    found = alerts(with_profiles(mixed(True), profile_of("extraction", 0.99)))
    assert {one.threat for one in found} == {"extraction"}
    assert found[-1].runbook.endswith("extraction.md")
    assert "With what else its senders do, this is most like: copying the model" in found[-1].message
    assert "feature 3 is about" in found[-1].message


def test_a_pattern_of_senders_of_whom_little_is_known_is_still_a_backdoor():
    found = alerts(with_profiles(mixed(True), profile_of("backdoor", 0.3)))
    assert {one.threat for one in found} == {"backdoor"}
    assert "most like: " in found[-1].message


def test_a_profile_of_another_form_says_nothing():
    odd = [msgspec.structs.replace(one, profile=b"\x7f" * 9) for one in mixed(True)]
    assert {one.threat for one in alerts(odd)} == {"backdoor"}


def test_one_loud_sender_does_not_name_a_pattern_alone():
    """What one account sends counts four times at most."""
    thief = np.rint(profile_of("extraction", 0.99) * PER_Z).astype(np.int8).tobytes()
    _, triggers = told(mixed(True))
    one = triggers.found[0]
    before = one.looks
    for number in range(200, 240):
        again = suspect(number, "thief", pattern=True)
        triggers.add(msgspec.structs.replace(again, profile=thief), BUDGET)
    assert one.counts["thief"] == 40
    assert one.looks - before == EACH
