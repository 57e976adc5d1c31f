"""What an alert says about recent requests."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detectors import activity
from schemas.batch import ID
from schemas.columns import encoded


def noted(ids, epochs):
    rows = np.zeros(2, activity.state)
    n = len(ids)
    activity.update(np.ones(n, np.int64), encoded(ids), np.arange(n, dtype=float), np.array(epochs, np.int64), rows)
    return activity.recent(rows[1])


@given(
    st.lists(
        st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=8),
        min_size=1,
        max_size=30,
    )
)
def test_the_last_ten_ids_in_order(ids):
    found = noted(ids, [1] * len(ids))
    assert found.ids == ids[-activity.IDS :]
    assert found.records == len(ids)
    assert found.first == 0.0


def test_a_new_epoch_begins_anew():
    assert noted(["a", "b", "c"], [1, 1, 2]) == activity.Recent(2.0, 1, ["c"])


def test_long_ids_are_cut_and_do_not_break_a_character():
    assert len(noted(["é" * 50], [1]).ids[0].encode()) <= ID + 2
