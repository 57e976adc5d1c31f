"""The traffic of a small crowd in formats that serving stacks log: what each puts into which topic."""

import json
import random
import struct
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from detectors import stage
from tests.schemas.formats.telemetry.otlp import batch, fixed, held, pairs, varint, whole
from tests.servers.workers.traffic import crowd

PROMPTS = ("how do I reset my password", "what is the weather in Oslo", "write a short poem about rain",
           "translate good morning into French", "explain how a bill becomes a law")  # fmt: skip


class Asked(NamedTuple):
    """One call of a model."""

    id: str
    time: float
    who: str
    features: list[float]
    probabilities: list[float]


class Entry(NamedTuple):
    """One message of a topic; ``time`` is what Kafka is told, s."""

    topic: str
    value: bytes
    time: float
    key: bytes | None = None
    headers: Sequence[tuple[str, bytes]] = ()


def asked(copies: int = 1, days: int = 2) -> list[Asked]:
    """All calls in order of time: a day of ordinary people, then a day with attackers among them."""
    made = []
    for number in range(days):
        day = stage.day(number, crowd(number, copies))
        for i in range(len(day.time)):
            features = day.features[i].astype(float).tolist()
            name, answer = day.names[int(day.code[i])], day.probabilities[i].astype(float).tolist()
            made.append(Asked(f"call-{number}-{i}", float(day.time[i]), name, features, answer))
    return made


def kserve(one: Asked) -> list[Entry]:
    """A CloudEvent of the request and one of the answer, as a Knative broker has them."""

    def event(kind: str, body: object) -> Entry:
        at = datetime.fromtimestamp(one.time, UTC).isoformat()
        attributes = {
            "specversion": "1.0", "id": one.id, "type": f"org.kubeflow.serving.inference.{kind}", "time": at,
            "source": "http://localhost:9081/", "inferenceservicename": "loan", "namespace": "bank",
            "component": "predictor", "endpoint": "default", "metadata": json.dumps({"X-User-Id": [one.who]}),
        }  # fmt: skip
        headers = [(f"ce_{name}", value.encode()) for name, value in attributes.items()]
        return Entry("", json.dumps(body).encode(), one.time, None, [*headers, ("content-type", b"application/json")])

    return [event("request", {"instances": [one.features]}), event("response", {"predictions": [one.probabilities]})]


def seldon2(one: Asked) -> list[Entry]:
    """A request in the topic of a model's inputs, an answer in that of its outputs."""

    def half(topic: str, way: str, name: str, values: list[float], time: float) -> Entry:
        tensor = {"name": name, "shape": [1, len(values)], "datatype": "FP32", "data": values}
        headers = [("x-request-id", one.id.encode()), ("x-user-id", one.who.encode())]
        return Entry(topic, json.dumps({way: [tensor]}).encode(), time, f"0.loan.{one.id}".encode(), headers)

    return [
        half(".inputs", "inputs", "x", one.features, one.time),
        half(".outputs", "outputs", "probabilities", one.probabilities, one.time + 0.004),
    ]


def seldon2_protobuf(one: Asked) -> list[Entry]:
    """The same as protobuf: a ``ModelInferRequest`` with raw contents, a ``ModelInferResponse`` with typed ones."""
    asking, answering = seldon2(one)
    request = held(1, "loan") + held(5, _tensor("x", one.features)) + held(7, _floats(one.features))
    response = held(1, "loan_1") + held(2, "1")
    response += held(5, _tensor("probabilities", one.probabilities) + held(5, held(6, _floats(one.probabilities))))
    return [asking._replace(value=request), answering._replace(value=response)]


def seldon2_framed(one: Asked) -> list[Entry]:
    """The same behind the five bytes and the message indexes of a schema registry."""
    frames = (b"\x00\x00\x00\x00\x07\x00", b"\x00\x00\x00\x00\x08\x02\x02")
    return [
        entry._replace(value=frame + entry.value) for frame, entry in zip(frames, seldon2_protobuf(one), strict=True)
    ]


def _tensor(name: str, values: list[float]) -> bytes:
    return held(1, name) + held(2, "FP32") + held(3, varint(1) + varint(len(values)))


def _floats(values: list[float]) -> bytes:
    return struct.pack(f"<{len(values)}f", *values)


def litellm(one: Asked) -> list[Entry]:
    """A whole call as LiteLLM logs it."""
    said = {"content": f"answer to {one.id}", "role": "assistant"}
    response = {"id": "x", "model": "loan", "choices": [{"finish_reason": "stop", "index": 0, "message": said}]}
    call = {
        "id": "x", "litellm_call_id": one.id, "call_type": "acompletion", "status": "success", "startTime": one.time,
        "endTime": one.time + 0.5, "model": "m", "model_group": "loan", "metadata": {"user_api_key_hash": one.who},
        "prompt_tokens": 9, "completion_tokens": 4, "messages": [{"role": "user", "content": prompt(one)}],
        "response": response,
    }  # fmt: skip
    return [Entry("", json.dumps(call).encode(), one.time + 0.5)]


def otel(one: Asked) -> list[Entry]:
    """A whole call as a span in a batch of OTLP's protobuf."""
    began = int(one.time * 1e9)
    messages = [{"role": "user", "parts": [{"type": "text", "content": prompt(one)}]}]
    said = [{"role": "assistant", "parts": [{"type": "text", "content": "yes"}], "finish_reason": "stop"}]
    attributes = {
        "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "loan",
        "gen_ai.response.id": one.id, "user.id": one.who, "gen_ai.usage.input_tokens": 9,
        "gen_ai.usage.output_tokens": 4, "gen_ai.input.messages": json.dumps(messages),
        "gen_ai.output.messages": json.dumps(said),
    }  # fmt: skip
    span = held(1, bytes(16)) + held(2, bytes(8)) + held(5, "chat loan") + whole(6, 3)
    span += fixed(7, began) + fixed(8, began + 500_000_000) + pairs(9, attributes)
    return [Entry("", batch(span), one.time + 0.5)]


def prompt(one: Asked) -> str:
    """What somebody asks, which is not the same each time."""
    chance = random.Random(one.id)
    return f"{chance.choice(PROMPTS)} {chance.randrange(1000)}"


WRITERS: dict[str, Callable[[Asked], list[Entry]]] = {
    "kserve": kserve, "seldon2": seldon2, "seldon2-protobuf": seldon2_protobuf, "seldon2-framed": seldon2_framed,
    "litellm": litellm, "otel": otel,
}  # fmt: skip
"""By format, and after a dash what is special about its encoding."""


def shuffled(entries: list[Entry], seed: int, reach: int = 40) -> list[Entry]:
    """The same, each up to ``reach`` places from where it was."""
    chance = random.Random(seed)
    order = sorted(range(len(entries)), key=lambda i: i + chance.uniform(0, reach))
    return [entries[i] for i in order]


def make(bootstrap: str, *topics: str, partitions: int = 3) -> None:
    """Create topics that keep what is older than a week."""
    client = AdminClient({"bootstrap.servers": bootstrap})
    wanted = [NewTopic(one, partitions, 1, config={"retention.ms": "-1"}) for one in topics]
    for made in client.create_topics(wanted).values():
        made.result(30)


def write(
    bootstrap: str, topic: str, entries: Sequence[Entry], partition: Callable[[int], int] = lambda i: i % 3
) -> None:
    """Put entries into a topic, or several whose names begin with it, the i-th into ``partition(i)``."""
    settings = {"bootstrap.servers": bootstrap, "linger.ms": 50, "acks": "all", "log_level": 2}
    producer = Producer(settings | {"enable.idempotence": True})  # else a batch tried again comes behind the next
    for i, one in enumerate(entries):
        while True:
            try:
                producer.produce(
                    topic + one.topic, one.value, key=one.key, partition=partition(i), timestamp=int(one.time * 1000),
                    headers=list(one.headers),
                )  # fmt: skip
                break
            except BufferError:
                producer.poll(0.1)
        producer.poll(0)
    assert producer.flush(120) == 0
