import base64
import codecs
import random
import urllib.parse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.outputs.canaries import Canaries
from detectors.outputs.finding import masked
from detectors.outputs.watched import Watched

TOKEN = "canary-7f3Kq9-Vx2"
KNOWN = Canaries([TOKEN, "another-one-0451"])

VEILS = {
    "plain": lambda t: t,
    "capitals": str.upper,
    "reversed": lambda t: t[::-1],
    "spaced": " ".join,
    "dashed": "-".join,
    "invisible": "\u200b".join,
    "lines": "\n".join,
    "rot13": lambda t: codecs.encode(t, "rot13"),
    "hex": lambda t: t.encode().hex(),
    "hex with spaces": lambda t: t.encode().hex(" "),
    "base64": lambda t: base64.b64encode(t.encode()).decode(),
}


@pytest.mark.parametrize("veil", VEILS.values(), ids=VEILS)
@given(before=st.text(max_size=30), after=st.text(max_size=30))
def test_a_canary_is_found_in_every_veil_whatever_stands_around_it(veil, before, after):
    found = KNOWN.find(f"{before} {veil(TOKEN)} {after}", "canary")
    assert [f.kind for f in found] == ["canary"]
    assert found[0].certain
    assert TOKEN not in found[0].masked


@given(st.text(alphabet=st.characters(max_codepoint=126, min_codepoint=32), max_size=40))
def test_a_canary_is_found_in_a_longer_text_that_was_encoded(before):
    assert KNOWN.find(base64.b64encode(f"{before}{TOKEN} and more".encode()).decode(), "canary")


def test_its_place_is_told_where_it_stands_as_it_was_written():
    (found,) = KNOWN.find(f"It is {TOKEN}, they say.", "canary")
    assert (found.start, found.end) == (6, 6 + len(TOKEN))


@given(st.text())
def test_other_texts_have_none(text):
    assert not KNOWN.find(text, "canary")
    assert not Canaries([]).find(text, "canary")


def test_an_address_keeps_it_whole():
    assert KNOWN.find(f"https://x.example/?q={urllib.parse.quote(TOKEN)}", "canary")


def test_a_canary_that_could_turn_up_by_chance_is_refused():
    with pytest.raises(ValueError, match="fewer than 8"):
        Canaries(["se-cr-et"])


def test_another_tenants_canary_has_a_kind_of_its_own():
    watched = Watched(Canaries(["my-own-canary-1"]), Canaries([TOKEN]))
    assert [f.kind for f in watched.find(f"{TOKEN} my-own-canary-1")] == ["canary", "canary.foreign"]


def test_letters_of_every_script_may_be_in_a_canary():
    assert Canaries(["слово-тайное-42"]).find("here: с л о в о т а й н о е 4 2", "canary")


def test_ten_thousand_canaries_are_looked_for_and_text_made_to_tire_the_search_hides_none():
    chance = random.Random(1)
    tokens = [f"planted-{i:05}-{chance.getrandbits(48):012x}" for i in range(10_000)]
    known = Canaries(tokens)
    noise = "".join(token[: chance.randint(3, 20)] for token in chance.choices(tokens, k=20_000))
    assert [f.masked for f in known.find(noise + tokens[7_777][::-1] + noise, "canary")] == [masked(tokens[7_777])]
    assert not known.find(noise, "canary")
