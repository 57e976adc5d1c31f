import hmac
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.outlets.signature import TOLERANCE, WrongKey, genuine, headers, key_of

KEY = b"k" * 32


@given(st.binary(min_size=1), st.binary(), st.text(), st.floats(0, 4e9))
def test_what_was_signed_is_genuine(key, body, name, time):
    assert genuine(key, headers(key, id=name, time=time, body=body), body, now=time)


def test_the_signature_is_the_one_of_the_standard():
    signed = hmac.digest(KEY, b'msg_1.1614265330.{"test": 2432232314}', "sha256")
    made = headers(KEY, id="msg_1", time=1614265330.7, body=b'{"test": 2432232314}')
    assert made == {
        "webhook-id": "msg_1",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1," + b64encode(signed).decode(),
    }


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "other"},
        {"webhook-timestamp": "1001"},
        {"webhook-timestamp": "-1000"},
        {"webhook-timestamp": "²"},
        {"webhook-timestamp": ""},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,\ud800"},
    ],
)
def test_what_was_changed_is_not_genuine(change):
    assert not genuine(KEY, headers(KEY, id="a", time=1000, body=b"x") | change, b"x", now=1000)


def test_another_body_or_key_is_not_genuine():
    made = headers(KEY, id="a", time=1000, body=b"x")
    assert not genuine(KEY, made, b"y", now=1000)
    assert not genuine(b"other", made, b"x", now=1000)


def test_an_old_request_cannot_be_sent_again():
    made = headers(KEY, id="a", time=1000, body=b"x")
    assert genuine(KEY, made, b"x", now=1000 + TOLERANCE)
    assert not genuine(KEY, made, b"x", now=1001 + TOLERANCE)


def test_one_of_several_signatures_is_enough_while_keys_change():
    made = headers(KEY, id="a", time=1000, body=b"x")
    made["webhook-signature"] = f"v1,b2xk {made['webhook-signature']}"
    assert genuine(KEY, made, b"x", now=1000)


def test_a_key_is_base64_or_plain():
    assert key_of("whsec_" + b64encode(KEY).decode() + "\n") == KEY
    assert key_of(" plain secret \n") == b"plain secret"


@pytest.mark.parametrize("text", ["", " \n", "whsec_", "whsec_!!"])
def test_a_key_that_is_none_is_refused(text):
    with pytest.raises(WrongKey):
        key_of(text)
