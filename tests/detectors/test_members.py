import numpy as np
import pytest

from detectors.affinity import PER_Z
from detectors.members import Members, row_dtype
from detectors.packing import Corrupt
from detectors.statistics import TABLE
from schemas.signal import MARKS, Sketch

ODD = np.where(np.arange(len(TABLE)) % 3 == 0, 4.0, 0.0)


def sketch(name, count=16, *, z=0.0, marks=(), first=0.0, last=None, seed=0) -> Sketch:
    r = np.random.default_rng([seed, *name.encode()])
    level = np.clip(np.rint((np.broadcast_to(z, len(TABLE)) + r.normal(0, 0.1, len(TABLE))) * PER_Z), -127, 127)
    return Sketch(
        principal=name,
        number=1,
        count=count,
        first=first,
        last=first + count if last is None else last,
        z=level.astype(np.int8).tobytes(),
        marks=sorted(marks),
    )


def members(*sketches, limit=100) -> Members:
    made = Members(limit)
    for one in sketches:
        made.take(one)
    return made


def names(made, rows) -> set[str]:
    return {made.names[k] for k in rows}


def test_the_latest_sketch_counts_and_an_old_one_says_nothing_new():
    made = members(sketch("a", 4), sketch("a", 16))
    assert made.take(sketch("a", 16)) is None
    assert made.take(sketch("a", 8)) is None
    assert len(made) == 1
    assert made.held["count"].tolist() == [16]
    assert made.take(sketch("a", 32)) == 0


def test_a_principal_that_counts_anew_because_it_was_forgotten_is_heard():
    made = members(sketch("a", 64, first=0.0))
    assert made.take(sketch("a", 4, first=1000.0)) == 0
    assert made.held["count"].tolist() == [4]
    assert made.held["first"].tolist() == [0.0]


def test_the_one_heard_of_longest_ago_makes_room_but_not_a_member_of_a_cohort():
    made = members(*(sketch(f"p{k}", last=float(k)) for k in range(8)), limit=8)
    made.rows["cohort"][0] = 1
    made.take(sketch("new", last=99.0))
    assert len(made) == 8
    assert "p0" in made.row_of
    assert "p1" not in made.row_of
    assert names(made, range(8)) == set(made.row_of)


def test_room_grows_up_to_the_limit_and_not_beyond():
    made = members(*(sketch(f"p{k}", last=float(k)) for k in range(500)), limit=150)
    assert len(made) == len(made.row_of) == 150
    assert len(made.rows) == 150


def test_who_behaves_alike_in_an_unusual_way_is_found_among_usual_principals():
    odd = [sketch(f"odd{k}", 24, z=ODD) for k in range(6)]
    usual = [sketch(f"usual{k}", 24) for k in range(40)]
    made = members(*odd, *usual)
    assert names(made, made.star(0)) == {f"odd{k}" for k in range(6)}
    assert len(made.star(10)) == 1


def test_who_sends_the_same_is_found_although_it_behaves_a_little_otherwise():
    marks = range(100, 100 + MARKS)
    r = np.random.default_rng(4)
    levels = 0.3 * r.normal(0, 1, (65, len(TABLE)))
    usual = [sketch(f"u{k}", 24, z=levels[k], marks=range(1000 * k, 1000 * k + MARKS)) for k in range(5, 65)]
    linked = members(*(sketch(f"a{k}", 24, z=levels[k], marks=marks) for k in range(5)), *usual)
    apart = members(*(sketch(f"a{k}", 24, z=levels[k]) for k in range(5)), *usual)
    assert {"a0"} < names(linked, linked.star(0)) <= {f"a{k}" for k in range(5)}
    assert apart.star(0).tolist() == [0]


def test_content_that_everybody_shares_links_nobody():
    marks = range(100, 100 + MARKS)
    r = np.random.default_rng(4)
    everybody = [sketch(f"u{k}", 24, z=0.5 * r.normal(0, 1, len(TABLE)), marks=marks) for k in range(30)]
    assert members(*everybody).star(0).tolist() == [0]


def test_who_was_not_heard_of_lately_is_left_out():
    made = members(*(sketch(f"odd{k}", 24, z=ODD, last=float(k)) for k in range(6)))
    assert names(made, made.star(5, since=3.0)) == {"odd3", "odd4", "odd5"}


def test_what_is_held_comes_back_and_what_does_not_fit_is_refused():
    made = members(*(sketch(f"p{k}") for k in range(5)))
    again = Members(100)
    again.load(made.names, made.held)
    assert again.row_of == made.row_of
    assert (again.held == made.held).all()
    for listed, rows in (
        (["a"], made.held),
        (made.names, np.zeros(5)),
        ([f"p{k}" for k in range(200)], np.zeros(200, row_dtype)),
    ):
        with pytest.raises(Corrupt):
            Members(100).load(listed, rows)
