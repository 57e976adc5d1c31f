"""Deep mode from the configuration: opened when its folder is right, in the place of the linear detector."""

import pytest

from detectors.text.deep import DIMENSIONS, shipped
from streams import classifiers, text_model
from streams.planning import plan_of
from streams.settings import Invalid, load
from tests.detectors.classifiers.test_deep import encoder


@pytest.fixture
def folder(tmp_path):
    text_model.write(tmp_path / "made", {text_model.file_of("fp32"): encoder()})
    return tmp_path


def settings(folder, more=""):
    file = folder / "tidegate.toml"
    file.write_text(
        f'[onnx]\nmemory_bytes = 268_435_456\nprovider = "cpu"\n[deep]\nfolder = "{folder / "made"}"\n{more}'
    )
    return load(file)


def test_it_stands_in_for_the_linear_detector_unless_that_is_configured(folder):
    plan = plan_of(settings(folder))
    assert [one.declared.detector for one in plan.classifiers.some] == ["classifier_deep"]
    assert plan.detectors["prompt_attack"] == {"enabled": False}
    both = plan_of(settings(folder, "[detectors.prompt_attack]\nenabled = true\n"))
    assert both.detectors["prompt_attack"] == {"enabled": True}


def test_a_changed_file_is_refused(folder):
    file = folder / "made" / text_model.file_of("fp32")
    file.write_bytes(file.read_bytes() + b"\0")
    with pytest.raises(Invalid, match=r"is not the file that manifest\.json lists"):
        classifiers.loaded(settings(folder))


def test_a_precision_that_was_not_exported_is_said(folder):
    with pytest.raises(Invalid, match=r"deep.folder: .*No such file"):
        classifiers.loaded(settings(folder, 'precision = "fp16"\n'))


def test_the_shipped_heads_are_those_of_the_manifest():
    assert shipped().weights.shape == (DIMENSIONS, 7)
