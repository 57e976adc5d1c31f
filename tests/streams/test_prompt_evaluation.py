"""The command that judges prompt heads: folds, what was never seen, and deep heads beside the linear ones."""

import re

import msgspec
import numpy as np
import pytest

from detectors.training.text.altered import ALTERED
from detectors.training.text.ours import own
from streams import deep_training, prompt_evaluation, text_model
from tests.detectors.classifiers.test_deep import encoder

KINDS = ("injection_direct", "injection_indirect", "jailbreak_dan", "prompt_extraction", "encoding", "harmful_direct")


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    """Labelled prompts, as somebody might have collected them."""
    rows = [
        {"text": one.text, "family": "math" if one.family == "own_twin" else kind, "source": kind, "licence": "MIT"}
        for k, kind in enumerate(KINDS)
        for one in own(np.random.default_rng(k), 8, 8)
    ]
    rows += [
        {"text": f"what is {i} times {i + 2}, in words", "family": "math", "source": "sums", "licence": "MIT"}
        for i in range(40)
    ]
    file = tmp_path_factory.mktemp("prompts") / "prompts.jsonl"
    file.write_bytes(b"\n".join(msgspec.json.encode(row) for row in rows))
    return file


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("transformer")
    text_model.write(made, {text_model.file_of("fp32"): encoder()})
    return made


def test_it_says_what_is_found_in_folds_what_was_never_seen_and_what_deep_mode_finds(
    sent, folder, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(deep_training, "OURS", (20, 20))
    prompt_evaluation.main(sent, attacks=30, twins=30, draws=1, unseen=True, deep=folder, cache=tmp_path)
    lines = capsys.readouterr().out.splitlines()
    for name in ("draw 1", "mean of 1", "deep heads alone", "deep mode"):
        mine = [line for line in lines if line.startswith(f"{name}, ")]
        found = [re.search(r"% flagged: ([01]\.\d{4}) found; .*math 0\.", line) for line in mine]
        assert len([one for one in found if one]) == 4
        assert any(
            re.search(r"subversion, unseen injection_direct: [01]\.\d{4} \(\d+ of \d+\), ", line) for line in mine
        )
        assert any("harmful, unseen harmful_direct: " in line for line in mine)
        assert not any("subversion, unseen harmful_direct" in line for line in mine)
        assert re.search(r"mean of 6 families unseen: [01]\.\d{4}, [01]\.\d{4}$", mine[-1])


def test_it_leaves_nothing_out_that_was_not_asked_for(sent, capsys):
    prompt_evaluation.main(sent, attacks=30, twins=30, draws=1)
    said = capsys.readouterr().out
    assert "unseen: not asked for (--unseen)" in said
    assert "deep" not in said
    assert re.search(r"by hand, harm, plainly: [01]\.\d\d, [01]\.\d\d flagged", said)


def test_it_says_what_is_found_in_disguise(sent, capsys):
    prompt_evaluation.main(sent, attacks=60, twins=60, draws=1, mistyped=True)
    lines = [line for line in capsys.readouterr().out.splitlines() if "prompts flagged" in line]
    share = r"([01]\.\d{4})"
    found = [
        re.match(rf"mean of 1, (\w+), (.+): {share} found, {share} of ordinary prompts flagged", line) for line in lines
    ]
    assert len({(one[1], one[2]) for one in found if one}) == 2 * len(ALTERED)
    (plain,) = [one for one in found if one and (one[1], one[2]) == ("subversion", "as they are")]
    assert 0 < float(plain[4]) < 0.03
    assert float(plain[3]) > float(plain[4])


def test_layers_are_read_once(sent, folder, tmp_path, monkeypatch):
    found = deep_training.added(1)[:5]
    first = deep_training.layers(folder, found, found[:2], tmp_path)
    assert first.shape == (7, 1920)
    monkeypatch.setattr(deep_training, "transformer", None)
    assert np.array_equal(deep_training.layers(folder, found, found[:2], tmp_path), first)


def test_deep_heads_are_written_with_their_digest(sent, folder, tmp_path, monkeypatch):
    monkeypatch.setattr(deep_training, "OURS", (20, 20))
    (tmp_path / "out").mkdir()
    deep_training.main(folder, sent, out=tmp_path / "out", cache=tmp_path)
    listed = msgspec.json.decode((tmp_path / "out" / "manifest.json").read_bytes())
    assert "deep_heads.arrays" in listed["files"]
    assert (tmp_path / "out" / "deep_heads.arrays").stat().st_size > 1000
