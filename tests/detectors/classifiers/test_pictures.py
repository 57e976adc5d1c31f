"""Images as they were sent reach a model at its size, and what is none is said."""

import base64
import io

import numpy as np
import pytest
from onnx import TensorProto, helper
from PIL import Image

from detectors.classifiers.classifiers import Classifiers
from detectors.classifiers.logit import STEP
from schemas.columns import batches
from schemas.record import Record
from tests.detectors.classifiers.conftest import model, open_


def brightness(shape):
    """A model whose logit is the mean of its input."""
    nodes = [helper.make_node("ReduceMean", ["x"], ["y"], axes=[1, 2, 3][: len(shape)], keepdims=0)]
    ends = [("x", TensorProto.FLOAT, ["N", *shape])], [("y", TensorProto.FLOAT, ["N"])]
    return open_(model(nodes, *ends, opsets=[helper.make_opsetid("", 17)]), logit=True, input="image", scale=0.1)


def sent(pixels, kind="PNG"):
    file = io.BytesIO()
    Image.fromarray(np.asarray(pixels, np.uint8)).save(file, kind)
    return base64.b64encode(file.getvalue()).decode()


@pytest.mark.parametrize("shape", [(3, 20, 24), (20, 24, 3), (1, 20, 24), (20, 24)])
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_an_image_reaches_the_model_at_its_size(shape, kind):
    draw = np.random.default_rng(0)
    levels = draw.integers(20, 200, 4)
    records = [
        Record(id=str(i), time=1.8e9, model="m", image_b64=sent(np.full((40, 60, 3), level), kind))
        for i, level in enumerate(levels.tolist())
    ]
    records.append(Record(id="none", time=1.8e9, model="m", image_b64="bm8="))
    records.append(Record(id="bomb", time=1.8e9, model="m"))
    made = [b for batch in batches(records, np.arange(6)) for b in [Classifiers([brightness(shape)]).read(batch)]]
    score = np.concatenate([batch.classified.score[:, 0] for batch in made])
    assert np.abs(score[:4] - 0.1 * levels).max() <= STEP / 2 + 0.11  # JPEG is a level off
    assert np.isnan(score[4:]).all()


def test_a_picture_that_says_it_is_huge_is_not_decoded():
    bomb = bytearray(base64.b64decode(sent(np.zeros((8, 8, 3)))))
    bomb[16:24] = (60_000).to_bytes(4, "big") * 2
    record = Record(id="a", time=1.8e9, model="m", image_b64=base64.b64encode(bytes(bomb)).decode())
    (batch,) = (Classifiers([brightness((3, 8, 9))]).read(b) for b in batches([record], np.arange(1)))
    assert batch.classified.reasons == ("no image logged that can be read",)


def test_a_model_that_leaves_the_size_open_is_told_to_fix_it():
    record = Record(id="a", time=1.8e9, model="m", image_b64=sent(np.zeros((8, 8, 3))))
    (batch,) = (Classifiers([brightness((3, None, None))]).read(b) for b in batches([record], np.arange(1)))
    assert "fixed height and width" in batch.classified.reasons[0]
