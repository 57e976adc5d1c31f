import pytest

from schemas.threats import THREATS
from streams.aims import ALIKE, named_right, threat_of


@pytest.mark.parametrize(
    ("label", "threat"),
    [
        ("extract_knockoff_random", "extraction"),
        ("pgd_transfer", "evasion"),
        ("hopskipjump", "query_evasion"),
        ("membership_label_only", "membership"),
        ("dos_flood", "flood"),
        ("fuzz", "fuzzing"),
        ("query_evasion", "query_evasion"),
        ("weather", ""),
    ],
)
def test_a_label_says_what_the_attack_is_for(label, threat):
    assert threat_of(label) == threat
    assert not threat or threat in THREATS


def test_names_for_one_aim_are_both_right():
    assert named_right("cost_abuse", "flood")
    assert named_right("evasion", "evasion")
    assert not named_right("evasion", "query_evasion")
    assert frozenset().union(*ALIKE) <= set(THREATS)
