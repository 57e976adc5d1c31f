"""A part of the rows for what ships: drawn at random, each row whole, the same every time."""

import numpy as np

from detectors.training.samples import Samples, part


def test_a_part_is_whole_rows_each_at_most_once_and_the_same_every_time():
    count = 100
    number = np.arange(count)
    rows = Samples(
        x=np.repeat(number[:, None], 64, axis=1).astype(np.float32),
        attack=(number % 2).astype(np.float32),
        threat=number % 7,
        weight=(number + 1.0).astype(np.float32),
        **{name: number for name in Samples._fields if name not in {"x", "attack", "threat", "weight"}},
    )
    some = part(rows, 30)
    picked = some.x[:, 0].astype(int)
    assert len(set(picked)) == 30
    assert (some.x == picked[:, None]).all()
    assert (some.attack == picked % 2).all()
    assert (some.threat == picked % 7).all()
    assert (some.weight == picked + 1).all()
    assert (part(rows, 30).x == some.x).all()
    assert len(part(rows, 1000).x) == count
