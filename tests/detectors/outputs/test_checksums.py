import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.outputs import checksums

DIGITS = st.text("0123456789", min_size=11, max_size=18)


def completed(digits, check):
    return next(digits + c for c in "0123456789" if check(digits + c))


@pytest.mark.parametrize("check", [checksums.luhn, checksums.verhoeff])
@given(DIGITS, st.data())
def test_one_digit_makes_a_number_right_and_any_other_there_wrong(check, digits, data):
    right = completed(digits, check)
    place = data.draw(st.integers(0, len(right) - 1))
    other = data.draw(st.sampled_from([c for c in "0123456789" if c != right[place]]))
    assert not check(right[:place] + other + right[place + 1 :])


@given(st.text("0123456789", min_size=18, max_size=18), st.integers(4, 21))
def test_an_iban_has_one_pair_of_check_digits_and_no_digit_may_change(account, place):
    value = int("".join(str(int(c, 36)) for c in account + "DE00"))
    right = f"DE{98 - value % 97:02}{account}"
    assert checksums.iban(right)
    assert not checksums.iban(right[:place] + ("1" if right[place] == "0" else "0") + right[place + 1 :])
    assert not checksums.iban(right + "0")
    assert not checksums.iban("ZZ" + right[2:])


@pytest.mark.parametrize(
    ("beginning", "length"), [("4", 16), ("4", 13), ("51", 16), ("2221", 16), ("37", 15), ("6304", 12), ("36", 14)]
)
def test_a_card_has_its_issuers_beginning_and_length_and_a_check_digit(beginning, length):
    body = (beginning + "0192837465091827364")[: length - 1]
    right = completed(body, checksums.luhn)
    assert checksums.card(right)
    assert not checksums.card(right[:-1] + str((int(right[-1]) + 1) % 10))
    assert not checksums.card(completed("9" + body[1:], checksums.luhn))


def test_a_number_of_one_digit_is_no_card():
    assert not checksums.card("4" * 16)


def test_verhoeffs_own_example():
    assert checksums.verhoeff("2363")
    assert not checksums.verhoeff("3263")
