import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.outputs import personal
from detectors.outputs.checksums import luhn
from detectors.outputs.plain import plain


def kinds(text):
    return [f.kind.removeprefix("personal.") for f in personal.find(plain(text))]


def card(beginning="4539148803"):
    body = beginning + "43646"
    return next(body + c for c in "0123456789" if luhn(body + c))


GERMAN = "DE89370400440532013000"  # the example of the standard


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("write to ada.l@analytical.engine.org.", "email"),
        (f"my card is {card()}.", "card"),
        (f"{card()[:4]}-{card()[4:8]}-{card()[8:12]}-{card()[12:]}", "card"),
        (f"pay to {GERMAN}, please", "iban"),
        ("pay to DE89 3704 0044 0532 0130 00 today", "iban"),
        (f"pay to {GERMAN.lower()} Ada Lovelace", "iban"),
        ("SSN 536-22-1234", "us_ssn"),
        ("her social security number is 536221234", "us_ssn"),
        ("from 91.198.174.192 and", "ip"),
        ("at 2620:0:862:ed1a::1 now", "ip"),
        ("DNI 12345678Z", "es_dni"),
        ("CPF 529.982.247-25", "br_cpf"),
        ("id 11010519491231002X", "cn_resident"),
        ("hetu 131052-308T", "fi_hetu"),
        ("Aadhaar: 2341 2341 2346", "in_aadhaar"),
        ("BSN 111222333", "nl_bsn"),
        ("NHS number 943 476 5919", "uk_nhs"),
        ("call +44 20 7946 0958", "phone"),
        ("(212) 736-5000", "phone"),
        ("Mobile: 699 956 915", "phone"),
        ("467 3395 office", "phone"),
    ],
)
def test_a_number_is_found_with_its_kind(text, kind):
    assert kinds(text) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "1234567812345678",
        "2024-01-02 12:34:56.789",
        "from 1998-2004 and 2005/06",
        "3.14159265358979",
        "10.0.0.1 and 192.168.1.20 and 127.0.0.1 and 224.0.0.1",
        "version 1.2.3.4.5",
        "me@example.com, you@example.org, git@github.com",
        "123456789 * 987654321 = 121932631112635269",
        "order 1234 5678 90 was sent",
        "0x7fff5fbff8c0 and deadbeef",
        "DE00370400440532013000",
        "12:34:56 and std::vector<int>",
        "111222333",
        "icon@2x.png",
        f"{card()}7",
        f"id-{card()}",
    ],
)
def test_what_only_looks_like_one_is_left_alone(text):
    assert kinds(text) == []


@given(st.sampled_from([card(), GERMAN, "536-22-1234", "ada@engine.org", "+44 20 7946 0958"]), st.text(max_size=40))
def test_places_are_characters_of_the_answer_whatever_stands_before(number, before):
    text = f"{before}é 漢 {number}"
    found = [f for f in personal.find(plain(text)) if text[f.start : f.end] == number]
    assert found
    assert number not in found[0].masked


@given(st.text(max_size=200))
def test_nothing_that_can_be_written_stops_it(text):
    for found in personal.find(plain(text)):
        assert 0 <= found.start < found.end <= len(text)


def test_other_digits_dashes_and_spaces_hide_nothing():
    wide = card().translate({48 + i: 0xFF10 + i for i in range(10)})
    assert kinds(wide) == ["card"]
    assert kinds("536\u201122\u20111234") == ["us_ssn"]
    assert kinds("DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000") == ["iban"]


@pytest.mark.parametrize(
    "piece", ["4", "4111 ", "a@a.", "a@", "1.", "DE89 ", "1:", "+1 (2", "call 555 1234 ", "::", "x1-", "12:", "%.a"]
)
def test_a_megabyte_that_was_made_to_be_slow_is_not(piece):
    text = plain(piece * (1_000_000 // len(piece)))
    begun = time.process_time()
    found = personal.find(text)
    assert time.process_time() - begun < 5
    assert len(found) < 6000
