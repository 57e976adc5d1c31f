import tomllib

from hypothesis import given
from hypothesis import strategies as st

from streams.settings.places import line, lines

TEXT = """# first
top = 1
[kafka]          # a comment
brokers = ["a",
  "b"]
topics.alerts = "x"
[[source]]
topic = "one"
[[source]]
"topic" = "two"
[detectors.flood]
enabled = false
"""


def test_keys_are_found_in_tables_lists_of_tables_and_dotted():
    found = lines(TEXT)
    assert found["top",] == 2
    assert found["kafka", "brokers"] == 4
    assert found["kafka", "topics", "alerts"] == 6
    assert found["source", 0, "topic"] == 8
    assert found["source", 1, "topic"] == 10
    assert found["detectors", "flood", "enabled"] == 12


def test_what_is_not_there_falls_back_to_the_table_around_it():
    assert line(lines(TEXT), ("source", 1, "format")) == 9
    assert line(lines(TEXT), ("nowhere",)) is None


@given(st.lists(st.sampled_from(["alpha", "beta", "gamma"]), min_size=1, max_size=3, unique=True), st.integers(0, 5))
def test_any_key_is_found_on_the_line_where_it_was_written(names, blank):
    text = "\n" * blank + "[section]\n" + "".join(f"{name} = {n}\n" for n, name in enumerate(names))
    assert tomllib.loads(text)["section"]
    found = lines(text)
    assert [found["section", name] for name in names] == [blank + 2 + n for n in range(len(names))]
