import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.outputs import nations

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def ways(check, before, after="", alphabet="0123456789"):
    return [before + c + after for c in alphabet if check(before + c + after)]


@pytest.mark.parametrize(
    ("check", "before", "alphabet", "most"),
    [
        (nations.spanish, "12345678", ALPHABET[10:], 1),
        (nations.spanish, "X1234567", ALPHABET[10:], 1),
        (nations.italian, "RSSMRA85T10A562", ALPHABET[10:], 1),
        (nations.finnish, "131052-308", ALPHABET, 1),
        (nations.polish, "4405140135", ALPHABET[:10], 1),
        (nations.british_nhs, "943476591", ALPHABET[:10], 1),
        (nations.indian, "23412341234", ALPHABET[:10], 1),
        (nations.canadian, "13069254", ALPHABET[:10], 1),
        (nations.dutch, "11122233", ALPHABET[:10], 1),
        (nations.chinese, "11010519491231002", "0123456789X", 1),
    ],
)
def test_one_last_character_at_most_is_right(check, before, alphabet, most):
    assert len(ways(check, before, alphabet=alphabet)) == most


@given(st.text("0123456789", min_size=9, max_size=9).filter(lambda d: len(set(d)) > 1))
def test_every_cpf_has_one_pair_of_check_digits(digits):
    assert sum(nations.brazilian(f"{digits}{pair:02}") for pair in range(100)) == 1


@given(st.integers(1, 2), st.integers(10**10, 10**11 - 1))
def test_every_french_number_has_one_key(sex, rest):
    number = f"{sex}{rest:011}"[:3] + "07" + f"{rest:011}"[:8]
    assert sum(nations.french(f"{number}{key:02}") for key in range(1, 98)) == 1


def test_a_belgian_number_is_checked_with_and_without_its_century():
    number = 850730033
    assert nations.belgian(f"{number}{97 - number % 97:02}")
    young = 170730033
    assert nations.belgian(f"{young:09}{97 - (2_000_000_000 + young) % 97:02}")
    assert not nations.belgian(f"{number}{(98 - number % 97) % 97:02}")


@pytest.mark.parametrize("digits", ["000123456", "666123456", "900123456", "123001234", "123450000", "078051120"])
def test_a_social_security_number_that_was_never_given_out_is_none(digits):
    assert not nations.us_ssn(digits)
    assert nations.us_ssn("536221234")
