"""The self-check sees what is there, what is gone and what has changed."""

import pytest

from streams.batches import BatchApp
from streams.batches.mode import ExactDelivery
from streams.batches.private_names import NAMES, Name, missing
from streams.batches.public import PublicDelivery


def test_the_installed_libraries_have_every_name():
    assert missing() == []


@pytest.mark.parametrize(
    "name",
    [
        Name("no.such.module:Thing"),
        Name("faust:App.no_such_method"),
        Name("aiokafka.consumer.fetcher:Fetcher._no_such_attribute"),
        Name("faust.transport.drivers.aiokafka:Consumer._new_offset", ("topic", "partition")),
    ],
    ids=lambda name: name.path,
)
def test_a_name_that_is_gone_or_has_other_parameters_is_missing(name: Name):
    assert not name.present()


def test_an_attribute_set_by_a_constructor_counts_as_present():
    assert Name("aiokafka.consumer.fetcher:Fetcher._records").present()


def test_an_app_delivers_exactly_while_every_name_is_there():
    app = BatchApp("unit", broker="kafka://127.0.0.1:1", batch_topics={"traffic"})
    assert type(app.delivery) is ExactDelivery
    assert app.missing_names == []


@pytest.mark.parametrize("name", NAMES[:2] + NAMES[-2:], ids=lambda name: name.path)
def test_an_app_delivers_by_public_means_when_a_name_is_gone(name: Name, monkeypatch: pytest.MonkeyPatch):
    gone = Name(f"{name.path}_as_renamed_in_the_next_release", name.parameters)
    monkeypatch.setattr("streams.batches.private_names.NAMES", (*NAMES, gone))
    app = BatchApp("unit", broker="kafka://127.0.0.1:1", batch_topics={"traffic"})
    assert type(app.delivery) is PublicDelivery
    assert app.missing_names == [gone.path]
    assert app.conf.stream_wait_empty is False
