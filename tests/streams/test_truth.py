import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.truth import Unusable, read

MANIFEST = {
    "t0": 0.0,
    "t1": 259200.0,
    "clean_until": 86400.0,
    "attacks": [
        {
            "attack_id": 3,
            "label": "extract",
            "variant": "slow",
            "principals": ["u-1"],
            "fidelity": {"100": 0.5, "300": 0.9},
        },
        {"attack_id": 13, "label": "flood", "variant": "fast", "principals": ["u-2", "u-3"], "start": 90000.0},
    ],
    "personas": {"u-9": "camera"},
}


def test_empty_zero_and_benign_are_nobodys():
    truth = read(["a,benign,\n", "b,0,0\n", "c,,\n", "d,normal\n", "e,drift_scale,\n"])
    assert not truth.campaigns
    assert truth.campaign.tolist() == [-1] * 5


def test_a_header_is_no_campaign_and_moves_no_record():
    rows = ["a,benign,\n", "b,extract,tab-3-slow\n"]
    truth, plain = read(["id,label,attack_id\n", *rows]), read(rows)
    assert [one.id for one in truth.campaigns] == ["tab-3-slow"]
    assert truth.campaigns[0].places.tolist() == plain.campaigns[0].places.tolist() == [1]
    assert dict(truth.place) == dict(plain.place) == {"a": 0, "b": 1}
    with pytest.raises(Unusable, match="line 3"):
        read(["id,label\n", "a,benign\n", "b\n"])


def test_campaigns_know_their_records_and_what_the_manifest_says():
    truth = read(["a,extract,tab-3-slow\n", "b,benign,\n", "c,extract,tab-3-slow\n", "d,flood,tab-13-fast\n"], MANIFEST)
    first, second = truth.campaigns
    assert (first.id, first.variant, first.principals) == ("tab-3-slow", "slow", frozenset({"u-1"}))
    assert first.places.tolist() == [0, 2]
    assert (second.variant, second.start) == ("fast", 90000.0)
    assert truth.days == 2.0
    assert truth.personas == {"u-9": "camera"}


def test_an_attack_without_an_id_goes_by_its_label():
    truth = read(["a,jailbreak,\n", "b,jailbreak,0\n"])
    assert [one.id for one in truth.campaigns] == ["jailbreak"]


def test_fidelity_lies_between_what_was_measured():
    (campaign,) = read(["a,extract,3\n"], MANIFEST).campaigns
    assert campaign.fidelity_after(10) == 0.5
    assert campaign.fidelity_after(200) == pytest.approx(0.7)
    assert campaign.fidelity_after(5000) == 0.9


@pytest.mark.parametrize(
    ("said", "kept"),
    [(0.9, {2: 0.9}), ({"100": 0.5, "often": 0.6, "200": "good"}, {100: 0.5}), (None, {}), ("high", {}), ([1], {})],
)
def test_a_manifest_may_say_fidelity_at_the_end_only_and_nonsense_is_left_out(said, kept):
    made = read(["a,extract,x\n", "b,extract,x\n"], {"attacks": [{"attack_id": "x", "fidelity": said}]})
    assert made.campaigns[0].fidelity == kept


def test_no_theft_no_fidelity():
    assert read(["a,flood,13\n"], MANIFEST).campaigns[0].fidelity_after(10) is None


def test_a_line_that_says_too_little_is_named():
    with pytest.raises(Unusable, match="line 2"):
        read(["a,benign,\n", "b\n"])


@given(st.lists(st.sampled_from(["", "3", "13"]), max_size=60))
def test_counting_records_up_to_a_place_counts_the_campaigns_own(attacks):
    truth = read(f"r{n},{'x' if attack else 'benign'},{attack}\n" for n, attack in enumerate(attacks))
    for index, campaign in enumerate(truth.campaigns):
        for place in range(-1, len(attacks)):
            assert campaign.records_until(place) == int((truth.campaign[: place + 1] == index).sum())
    assert np.array_equal(truth.campaign >= 0, np.array([bool(one) for one in attacks], bool))


def test_what_a_campaign_is_for_is_what_the_manifest_says_or_else_what_its_label_means():
    entry = {"attack_id": "a", "threat": "probing", "adaptive": ["grid"], "start": 1.0, "end": 5, "success": 0.5}
    made = read(["r0,extract,a", "r1,extract,b"], {"attacks": [entry]})
    first, second = made.campaigns
    assert (first.threat, first.adaptive, first.start, first.end, first.success) == (
        "probing",
        ("grid",),
        1.0,
        5.0,
        0.5,
    )
    assert (second.threat, second.adaptive, second.end) == ("extraction", (), None)
