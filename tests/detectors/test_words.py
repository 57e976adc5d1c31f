"""Words: what a detector puts beside something ordinary stands at the request that crossed the line."""

import numpy as np

from detectors import stage
from detectors.library.flood import Flood
from detectors.words import CROSSED, beside
from schemas.alert import Difference, Example


def crossing():
    rows, slots, _ = stage.performance("flood", "backlog")
    scores, _ = stage.play(Flood(), rows, slots)
    row = int(np.argmax(scores.value))
    return rows.batch, row, Flood().explain(rows, scores, row)


def test_what_a_detector_measured_comes_before_what_else_differs():
    batch, row, said = crossing()
    other = Difference(name="age", value=17.0, ordinary=40.0)
    first, second = beside(said, batch, row, [Example(id="a", time=1.0, differs=[other]), Example(id="b", time=0.0)])
    assert [line.name for line in first.differs] == [said.beside[0][0], "age"]
    assert second.differs == []


def test_of_requests_that_have_nothing_to_compare_the_one_that_crossed_the_line_is_shown_all_the_same():
    batch, row, said = crossing()
    (only,) = beside(said, batch, row, [])
    assert (only.id, only.time, only.text) == (batch.records[row].id, float(batch.time[row]), CROSSED)
    assert only.differs[0].value > only.differs[0].ordinary
    assert only.ordinary == "what is usual"


def test_where_nothing_was_measured_examples_stay_as_they_are():
    batch, row, said = crossing()
    said.beside.clear()
    shown = [Example(id="a", time=1.0)]
    assert beside(said, batch, row, shown) == shown
    assert beside(said, batch, row, []) == []
