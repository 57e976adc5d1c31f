import json
import stat

from hypothesis import given
from hypothesis import strategies as st

from streams.dead_letters import DeadLetters

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=[]))
    | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(st.dictionaries(st.text(st.characters(exclude_categories=[])), values, max_size=4))
def test_whatever_was_refused_becomes_one_line_of_json(tmp_path_factory, row):
    letters = DeadLetters(tmp_path_factory.mktemp("letters") / "dead.jsonl")
    letters.append([{"row": row}])
    (line,) = letters.path.read_text("ascii").splitlines()
    assert set(json.loads(line)) == {"row"}
    assert (letters.kept, letters.dropped) == (1, 0)


def test_the_file_is_for_its_owner_only(tmp_path):
    letters = DeadLetters(tmp_path / "new" / "dead.jsonl")
    letters.append([{"a": 1}])
    assert stat.S_IMODE(letters.path.stat().st_mode) == 0o600


def test_a_full_file_counts_what_it_drops(tmp_path):
    letters = DeadLetters(tmp_path / "dead.jsonl", largest_bytes=100)
    letters.append({"number": number} for number in range(50))
    letters.append([{"number": 50}])
    lines = letters.path.read_text().splitlines()
    assert [json.loads(line)["number"] for line in lines] == list(range(letters.kept))
    assert letters.kept + letters.dropped == 51
    assert letters.path.stat().st_size <= 100


def test_a_restart_goes_on_in_the_same_file(tmp_path):
    for number in range(2):
        DeadLetters(tmp_path / "dead.jsonl").append([{"number": number}])
    assert len((tmp_path / "dead.jsonl").read_text().splitlines()) == 2


def test_a_place_that_cannot_be_written_is_counted_and_does_not_raise(tmp_path):
    (tmp_path / "file").write_text("in the way")
    letters = DeadLetters(tmp_path / "file" / "dead.jsonl")
    letters.append([{"a": 1}, {"a": 2}])
    assert (letters.kept, letters.dropped) == (0, 2)


def test_no_file_is_a_place_too():
    letters = DeadLetters(None)
    letters.append([{"a": 1}])
    assert letters.dropped == 1
