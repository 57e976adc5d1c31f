"""Every secret here is made by chance from the rules' own patterns: none was ever given out."""

import random
import re
import time
from functools import cache
from re import _parser as parser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.outputs import secrets
from detectors.outputs.plain import plain
from detectors.outputs.secret_forms import RULES

EVERY = [chr(c) for c in range(33, 127)]
CONTEXTS = ("{}", "the key is `{}`.", '{{"key": "{}"}}', "export KEY={}\n", "use {} here", "Token: {},")


def written(pattern, chance):
    """A text that the pattern matches, drawn by ``chance``."""
    return "".join(piece(op, value, chance) for op, value in parser.parse(pattern))


def piece(op, value, chance):
    match str(op):
        case "LITERAL":
            return chr(value)
        case "IN":
            return chance.choice(members(klass(value)))
        case "BRANCH":
            return "".join(piece(*one, chance) for one in chance.choice(value[1]))
        case "SUBPATTERN":
            return "".join(piece(*one, chance) for one in value[3])
        case "MAX_REPEAT":
            low, high, rest = value
            return "".join(piece(*one, chance) for _ in range(chance.randint(low, min(high, low + 8))) for one in rest)
    raise AssertionError(op)


@cache
def members(letters):
    return [c for c in EVERY if re.match(f"[{letters}]", c)]


def klass(items):
    made = {"CATEGORY_DIGIT": r"\d", "CATEGORY_WORD": r"\w", "CATEGORY_SPACE": r"\s"}
    return "".join(
        re.escape(chr(v)) if str(op) == "LITERAL"
        else f"{re.escape(chr(v[0]))}-{re.escape(chr(v[1]))}" if str(op) == "RANGE"
        else made[str(v)]
        for op, v in items
    )  # fmt: skip


def fresh(rule, seed=0):
    """A secret of this rule that is random enough."""
    chance = random.Random(f"{rule.text}{seed}")
    text = rule.text if rule.own else rule.text.removeprefix(secrets_given())
    while True:
        made = written(text, chance)
        digit = rule.own or any(c.isdigit() for c in made)
        if (
            digit
            and secrets.entropy(made) > rule.entropy + 0.2
            and not secrets.placeholder(made)
            and made[-1] not in "-_~"
        ):
            return made


def secrets_given():
    from detectors.outputs.secret_forms import _GIVES

    return _GIVES


def kinds(text):
    return [f.kind.removeprefix("secret.") for f in secrets.find(plain(text))]


OWN = [r for r in RULES if r.own and r.name not in ("sidekiq", "gcp_account", "jwt", "private_key")]
GIVEN = [r for r in RULES if not r.own and not r.reach]


@pytest.mark.parametrize("rule", OWN, ids=lambda r: f"{r.name} {r.words[0]}")
def test_a_secret_with_a_form_of_its_own_is_found_wherever_it_stands(rule):
    for i, context in enumerate(CONTEXTS):
        secret = fresh(rule, i)
        text = context.format(secret)
        found = [f for f in secrets.find(plain(text)) if f.kind == f"secret.{rule.name}"]
        assert found, text
        assert secret[3:-3] not in found[0].masked
        assert text[found[0].start : found[0].end] in secret


@pytest.mark.parametrize("rule", OWN, ids=lambda r: f"{r.name} {r.words[0]}")
def test_the_same_form_filled_with_one_letter_is_an_example(rule):
    secret = fresh(rule)
    word = rule.words[0].lower()
    place = secret.lower().index(word)
    filled = "".join(c if place <= i < place + len(word) or not c.isalnum() else "x" for i, c in enumerate(secret))
    assert not [f for f in secrets.find(plain(f"key={filled}")) if f.certain]


@pytest.mark.parametrize("rule", GIVEN, ids=lambda r: f"{r.name} {r.text[-24:]}")
def test_a_value_that_is_given_to_a_services_name_is_found(rule):
    for i, context in enumerate(('{}_API_KEY="{}"', "{}.token: {}", "const {}Key = '{}';", "The {} key is `{}`.")):
        secret = fresh(rule, i)
        assert rule.name in kinds(context.format(rule.words[0], secret))
        assert rule.name not in kinds(f"{rule.words[0]} was here. {'Some other words. ' * 4}{secret}")


@pytest.mark.parametrize(
    "text",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "sk-proj-your-key-here",
        "ghp_" + "x" * 36,
        "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
        "AIzaSyabcdefghijklmnopqrstuvwxyz1234567",
        "https://user:password@example.org/",
        "postgres://app:${DB_PASSWORD}@db/app",
        'curl -u "$USER:$PASS" https://example.org',
        "curl --user <user:password> https://example.org",
        'curl -H "Authorization: Bearer $TOKEN" https://example.org',
        "DATADOG_API_KEY=<your 40 character key goes here>",
        "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
        "s.AcceptanceTimeoutSecondsXy",
        "rookTable = 0" + "0" * 41,
    ],
)
def test_examples_variables_and_placeholders_are_no_secrets(text):
    assert kinds(text) == []


def test_a_command_line_with_a_password_is_told_of_but_is_not_certain():
    header = 'curl -X GET https://api.example.org \\\n  -H "Authorization: Bearer 7d1f0c94ab35e2268fd0"'
    found = secrets.find(plain("curl -u deploy:q9Zr7Lk2Wp https://example.org\n" + header))
    assert [f.kind for f in found] == ["secret.curl", "secret.curl"]
    assert not any(f.certain for f in found)
    assert kinds("postgres://app:q9Zr7Lk2Wp@db.example.org/app") == ["url"]


def test_a_private_key_is_one_where_there_is_a_key_in_it():
    chance = random.Random(3)
    body = "\n".join("".join(chance.choices("ABCDEFabcdefghijk0123456789+/", k=64)) for _ in range(6))
    found = secrets.find(plain(f"-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----"))
    assert [(f.kind, f.certain) for f in found] == [("secret.private_key", True)]


def test_githubs_tokens_are_certain_by_their_check_digits():
    body = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5"
    right = next(t for t in checked(body) if secrets.github_checked(t))
    assert [f.certain for f in secrets.find(plain(right))] == [True]
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    assert [f.certain for f in secrets.find(plain(wrong))] == [False]


def checked(body):
    import zlib

    left, made = zlib.crc32(body.encode()), ""
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    while left:
        left, digit = divmod(left, 62)
        made = letters[digit] + made
    yield "ghp_" + body + made.rjust(6, "0")


@given(st.text(max_size=300))
def test_nothing_that_can_be_written_stops_it(text):
    for found in secrets.find(plain(text)):
        assert 0 <= found.start < found.end <= len(text)


@given(st.text(max_size=60))
def test_places_are_characters_of_the_answer_whatever_stands_before(before):
    secret = "AKIA" + "Q3ZR7LKW2PT5VXYJ"
    text = f"{before} é {secret}"
    assert secret in [text[f.start : f.end] for f in secrets.find(plain(text))]


@pytest.mark.parametrize(
    "piece",
    ["curl -u ", "facebook ", "twitter=a1 ", "eyJ", "ghp_", "-----BEGIN PRIVATE KEY-----", "a://b:", "q~", "sumo su",
     "curl -H 'Authorization: ", "snyk plaid asana twitter yandex = 1a", "SK", "s.a"],
)  # fmt: skip
def test_a_megabyte_that_was_made_to_be_slow_is_not(piece):
    text = plain(piece * (1_000_000 // len(piece)))
    begun = time.process_time()
    secrets.find(text)
    assert time.process_time() - begun < 5
