"""Which words of a record are its caller's."""

from hypothesis import given
from hypothesis import strategies as st

from detectors.text.asked import LONGEST, asked
from schemas.record import Record


def of(**fields):
    return asked(Record(time=1.0, model="chat", **fields))


def test_a_prompt_is_what_is_asked():
    assert of(prompt="hello") == "hello"
    assert of() == ""


def test_of_a_conversation_it_is_what_came_since_the_model_last_answered():
    messages = [
        {"role": "system", "content": "you are kind"},
        {"role": "user", "content": "first"},
        {"role": "assistant", "content": "answer"},
        {"role": "user", "content": "second"},
        {"role": "tool", "content": "found this"},
    ]
    assert of(messages=messages) == "second\nfound this"


def test_a_conversation_that_ends_with_an_answer_still_has_its_question():
    assert of(messages=[{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]) == "q"


def test_parts_of_a_message_are_read_and_images_are_not():
    parts = [
        {"type": "text", "text": "what is this"},
        {"type": "image_url", "image_url": {"url": "data:..."}},
        "and this",
    ]
    assert of(messages=[{"role": "user", "content": parts}]) == "what is this \n and this"


def test_of_endless_words_both_ends_are_read():
    text = of(prompt="a" * LONGEST + "b" * LONGEST)
    assert text[0] == "a"
    assert text[-1] == "b"
    assert len(text) == LONGEST + 1


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["role", "content", "text"]), inner),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.sampled_from(["role", "content", "text", "x"]), anything, max_size=3), max_size=4))
def test_no_message_however_odd_raises(messages):
    assert isinstance(of(messages=messages), str)
