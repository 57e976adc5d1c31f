"""The bench of the transformer runs on whatever is here, and says what that is."""

import pytest

from streams import classifiers, text_model
from streams.bench import gpu
from tests.detectors.classifiers.test_deep import encoder


@pytest.fixture
def small(monkeypatch, tmp_path):
    monkeypatch.setattr(gpu, "PROMPTS", {True: 40, False: 40})
    monkeypatch.setattr(gpu, "CPU_ROWS", (1, 2))
    text_model.write(tmp_path, {text_model.file_of(one): encoder() for one in text_model.PRECISIONS})
    return tmp_path


def test_without_a_gpu_it_says_so_and_measures_the_cpu(small, monkeypatch):
    monkeypatch.setattr(classifiers, "DEVICES", ())
    found = gpu.measure(small)
    assert found["provider"] == "CPUExecutionProvider"
    assert found["says"] == gpu.NO_GPU
    assert [(row["pieces"], row["rows"]) for row in found["batches"]] == [(32, 1), (32, 2), (128, 1), (128, 2)]
    assert found["mix"]["prompts_per_second"] > 0
    assert "against_cpu" not in found


def test_two_sessions_of_one_transformer_agree(small):
    one, other = gpu.opened(small, "cpu"), gpu.opened(small, "cpu", "fp32")
    found = gpu.differences(one, other)
    assert found["agrees"]
    assert found["largest_difference"] <= gpu.NEAR


def test_a_mix_has_every_prompt_once_and_no_longer_ones():
    parts = gpu.mixed(500)
    assert sorted(row for part in parts for row in part.rows.tolist()) == list(range(500))
    assert max(part.arrays["input_ids"].shape[1] for part in parts) <= 128


def test_random_weights_have_the_transformer_s_shape():
    data = gpu.random("fp16")
    assert 40e6 < len(data) < 50e6
