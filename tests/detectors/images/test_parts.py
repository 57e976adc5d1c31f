"""Bytes of images in records."""

import base64

from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.images.parts import LARGEST, MOST, any_pictured, parts, pictured
from schemas.formats import native
from schemas.record import Record

DATA = b"\x89PNG not really"
B64 = base64.b64encode(DATA).decode()


def record(*content, **more):
    messages = [{"role": "user", "content": [one]} for one in content] or None
    return Record(time=1.0, model="chat", messages=messages, **more)


def test_every_interfaces_form_is_read():
    forms = (
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{B64}"}},
        {"type": "input_image", "image_url": f"data:image/jpeg;base64,{B64}"},
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": B64}},
        {"inline_data": {"mime_type": "image/png", "data": B64}},
        {"inlineData": {"mimeType": "image/png", "data": B64}},
    )
    for form in forms:
        assert parts(record(form)) == [DATA]
    assert parts(record(image_b64=B64)) == [DATA]


def test_addresses_are_not_followed_and_texts_are_no_images():
    assert parts(record({"type": "image_url", "image_url": {"url": "https://example.org/a.png"}})) == []
    assert parts(record({"type": "text", "text": B64})) == []
    assert parts(record({"type": "image_url", "image_url": {"url": f"data:text/html;base64,{B64}"}})) == []


def test_only_what_was_sent_since_the_last_answer_counts_and_not_more_than_four():
    image = {"type": "image", "source": {"data": B64}}
    said = [{"role": "user", "content": [image] * 3}, {"role": "assistant", "content": "no"}]
    more = [{"role": "user", "content": [image] * 9}]
    assert len(parts(Record(time=1.0, model="chat", messages=said))) == 3
    assert len(parts(Record(time=1.0, model="chat", messages=said + more[:1]))) == MOST


def test_what_is_too_large_is_left_alone():
    assert parts(record(image_b64="A" * (LARGEST * 2))) == []


def test_records_without_images_cost_one_look():
    assert not pictured(Record(time=1.0, model="chat", prompt="hello"))
    assert not pictured(Record(time=1.0, model="chat", messages=[{"role": "user", "content": "hello"}]))
    assert pictured(record({"type": "image"}))


KEYS = st.sampled_from(["type", "image_url", "url", "source", "data", "inline_data", "text"])
LEAVES = st.none() | st.text() | st.integers()


@settings(deadline=None)
@given(st.recursive(LEAVES, lambda s: st.lists(s) | st.dictionaries(KEYS, s), max_leaves=8))
def test_no_content_is_too_strange(content):
    said = [{"role": "user", "content": content}]
    assert isinstance(parts(Record(time=1.0, model="chat", messages=said)), list)


def test_a_slice_is_known_to_hold_images_without_its_bytes_being_read():
    line = b'{"id":"a","time":1.0,"model":"m","principal":"p","features":[1.0],"probabilities":[0.5,0.5]}'
    numbers = native.read_many([line] * 100, range(100)).records
    assert not any_pictured(numbers)
    assert all(isinstance(one, bytes) for one in numbers.items)
    assert not any_pictured([record()])
    assert any_pictured([record(), record(image_b64=B64)])
    asked = (
        b'{"id":"b","time":1.0,"model":"m","principal":"p","prompt":"What is this?","image_b64":"'
        + B64.encode()
        + b'"}'
    )
    assert any_pictured(native.read_many([line] * 99 + [asked], range(100)).records)
