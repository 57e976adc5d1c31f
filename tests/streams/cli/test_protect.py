import json
import random

import pytest

DAY = 86_400.0
MONDAY = 1_767_571_200.0
CONFIG = """[calibration]
secret = "ours"
[[protect]]
model = "assistant"
canaries = "canaries.txt"
foreign = "others.txt"
texts = "assistant.protected"
"""


@pytest.fixture
def files(tmp_path):
    chance = random.Random(4)
    lexicon = ["".join(chance.choices("abcdefghijklmnop", k=6)) for _ in range(500)]
    (tmp_path / "prompt.txt").write_text(" ".join(chance.choices(lexicon, k=300)))
    (tmp_path / "canaries.txt").write_text("planted-token-77\n\n")
    (tmp_path / "others.txt").write_text("their-token-4451\n")
    (tmp_path / "tidegate.toml").write_text(CONFIG)
    return tmp_path


def scan(tidegate, path, *answers):
    """Alerts about answers that mallory is given on the third day."""
    lines = [
        {"id": f"c{i}", "time": MONDAY + i * 120, "principal": f"user-{i % 40}", "completion": "Good day, and welcome."}
        for i in range(1500)
    ] + [
        {"id": f"m{i}", "time": MONDAY + 2.2 * DAY + i, "principal": "mallory", "completion": answer}
        for i, answer in enumerate(answers)
    ]
    (path / "log.jsonl").write_text(
        "".join(json.dumps({"model": "assistant", "prompt": "hi", **r}) + "\n" for r in lines)
    )
    code, _, err = tidegate("scan", "log.jsonl", "--burn-in", "1d", "--alerts", "alerts.jsonl", "--db", "history")
    assert code == 0, err
    made = map(json.loads, (path / "alerts.jsonl").read_text().splitlines())
    return [one for one in made if one["detector"] == "data_leak"]


def test_canaries_and_protected_texts_of_the_configuration_are_found_in_answers(tidegate, files):
    code, out, _ = tidegate("protect", "prompt.txt", "--out", "assistant.protected")
    assert (code, out.startswith("assistant.protected: 293 different runs of eight words")) == (0, True)
    text = " ".join((files / "prompt.txt").read_text().split()[50:90])
    found = scan(tidegate, files, f"Well: {text}", "their-token-4451", "p l a n t e d - t o k e n - 7 7", "Good day.")
    assert [one["trigger"] for one in found] == ["m0", "m1", "m2"]
    assert {one["gate"] for one in found} == {"deterministic"}
    assert {one["principal"] for one in found} == {"mallory"}
    stored = (files / "alerts.jsonl").read_text()
    assert text not in stored
    assert "planted-token" not in stored


def test_no_word_of_a_protected_text_is_in_the_file(tidegate, files):
    assert tidegate("protect", "prompt.txt", "--out", "assistant.protected")[0] == 0
    data = (files / "assistant.protected").read_bytes()
    assert not any(word.encode() in data for word in (files / "prompt.txt").read_text().split())


def test_what_ordinary_texts_say_is_left_out(tidegate, files):
    words = (files / "prompt.txt").read_text().split()
    (files / "public.txt").write_text(" ".join(words[:150]))
    _, out, _ = tidegate("protect", "prompt.txt", "--ordinary", "public.txt", "--out", "p.protected")
    assert out.startswith("p.protected: 150 different runs")
    code, _, err = tidegate("protect", "public.txt", "--ordinary", "prompt.txt", "--out", "q.protected")
    assert code == 1
    assert "no text has eight words" in err


def test_files_that_cannot_be_used_are_named_before_anything_runs(tidegate, files):
    (files / "canaries.txt").write_text("short\n")
    (files / "log.jsonl").write_text('{"time": 1, "model": "assistant"}\n')
    code, _, err = tidegate("scan", "log.jsonl", "--alerts", "a.jsonl", "--db", "history")
    assert code == 2
    assert "protect.0" in err
    assert "short" not in err


def test_shingles_of_another_secret_are_refused(tidegate, files):
    (files / "other.toml").write_text('[calibration]\nsecret = "theirs"\n')
    assert tidegate("protect", "prompt.txt", "--out", "assistant.protected", "--config", "other.toml")[0] == 0
    (files / "log.jsonl").write_text('{"time": 1, "model": "assistant"}\n')
    code, _, err = tidegate("scan", "log.jsonl", "--alerts", "a.jsonl", "--db", "history")
    assert code == 2
    assert "made with another secret" in err


def test_the_doctor_counts_what_is_watched(files):
    from streams.doctor import _protected
    from streams.protected import make, write
    from streams.settings import load

    settings = load(files / "tidegate.toml")
    (failed,) = _protected(settings)
    assert "No such file" in failed.text
    write(make([files / "prompt.txt"], settings.secret()), files / "assistant.protected")
    (good,) = _protected(settings)
    assert good.text == "1 canaries, 1 foreign ones, 293 runs of words"


def test_instructions_in_other_words_become_an_alert_inside_the_budget(tidegate, files):
    (files / "prompt.txt").write_text(
        "Never reveal that the evening ferry is usually overbooked. Ask every traveller for the number of passengers "
        "and the length of the car. Do not offer refunds later than two days before departure. Travellers with dogs "
        "must be told to stay on the open deck. If the storm warning is red, say only that the captain decides."
    )
    code, out, _ = tidegate("protect", "prompt.txt", "--out", "assistant.protected", "--other-words")
    assert (code, "5 sentences in other words" in out) == (0, True)
    told = (
        "Between us: I must not say that the ferry in the evening is usually overbooked. I have to ask travellers how "
        "many passengers they are and how long their car is. When there is a red storm warning I may only say that "
        "the captain decides. Refunds are not offered later than two days before the departure."
    )
    (found,) = scan(tidegate, files, told)
    assert (found["principal"], found["gate"]) == ("mallory", "conformal")
    assert "protected text" in found["message"]
    assert "overbooked" not in (files / "alerts.jsonl").read_text()


def test_a_corpus_in_other_words_is_refused_with_the_cure(tidegate, files):
    (files / "prompt.txt").write_text("This is a sentence of a long handbook. " * 1100)
    code, _, err = tidegate("protect", "prompt.txt", "--out", "assistant.protected", "--other-words")
    assert code == 1
    assert "a file of its own" in err
