"""Hidden images: what an alert says of what was found, and where."""

import base64
import dataclasses

import numpy as np
import pytest

from detectors import stage
from detectors.api import Scores
from detectors.library.hidden_image import HiddenImage
from detectors.text.reading import AT
from schemas.record import Record
from tests.detectors.images.test_reading import SAID, png


def said(data, parts):
    rows, _ = stage.ordinary()
    n, records = len(rows.batch.time), list(rows.batch.records)
    records[0] = Record(time=1.0, model="loan", image_b64=base64.b64encode(data).decode())
    text = np.zeros((n, len(AT)), np.float32)
    rows = dataclasses.replace(rows, batch=dataclasses.replace(rows.batch, records=records, text=text))
    return HiddenImage().explain(rows, Scores(np.ones(n), {"parts": np.tile(parts, (n, 1))}), 0)


def test_words_that_everybody_sees_are_not_said_to_be_hidden():
    made = said(png(), [0.0, 5.0, 0.0, 1.0])
    assert "orders that are written in images" in made.title
    assert "has sent 1 image. Of the last: the words in the picture read like orders to a model." in made.message
    assert "Normal for screenshots" in made.message


@pytest.mark.parametrize(("data", "parts"), [(png(SAID), [0, 5.0, 0, 2]), (png(behind=b"PK\x03\x04"), [0, 0, 4.0, 2])])
def test_what_stands_beside_or_behind_a_picture_is_hidden(data, parts):
    made = said(data, parts)
    assert "images that hold what nobody sees" in made.title
    assert "has sent 2 images. Of the last: " in made.message
    assert "behind its end" in made.message
    assert "Look at the image at the size" not in made.message


def test_another_image_is_to_be_looked_at_as_the_model_scales_it():
    assert "Look at the image at the size to which the model scales it." in said(png(), [3.0, 0, 0, 2]).message
