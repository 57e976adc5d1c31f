"""Deep mode: two heads as one, the same whatever the cuts, and only where it is wanted."""

import numpy as np
import pytest
from onnx import TensorProto, helper

from detectors.classifiers import deep
from detectors.classifiers.classifiers import Classifiers
from detectors.classifiers.logit import STEP
from detectors.classifiers.onnx_file import Refused
from detectors.text.deep import BAND, DIMENSIONS, LAYERS, WIDTH, Deep, mean
from detectors.text.heads import HEADS, SUBVERSION
from detectors.text.reading import AT, Words
from schemas.columns import batches
from schemas.record import Record
from tests.detectors.classifiers.conftest import model, network


def encoder(output=LAYERS, width=DIMENSIONS):
    """A stand-in for a transformer: the mean of vectors of pieces."""
    table = np.random.default_rng(0).normal(0, 1, (61, width)).astype(np.float32)
    nodes = [
        helper.make_node("Mod", ["input_ids", "many"], ["few"]),
        helper.make_node("Gather", ["table", "few"], ["rows"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "two"], ["wide"]),
        helper.make_node("Mul", ["rows", "wide"], ["kept"]),
        helper.make_node("ReduceSum", ["kept", "one"], ["total"], keepdims=0),
        helper.make_node("ReduceSum", ["mask", "one"], ["count"], keepdims=1),
        helper.make_node("Div", ["total", "count"], [output]),
    ]
    weights = {"many": np.array(61), "table": table, "one": np.array([1]), "two": np.array([2])}
    ends = [(n, TensorProto.INT64, ["N", "S"]) for n in ("input_ids", "attention_mask")]
    return model(nodes, ends, [(output, TensorProto.FLOAT, ["N", width])], weights)


HEADS_MADE = Deep(
    np.random.default_rng(1).normal(0, 1, (DIMENSIONS, len(HEADS))).astype(np.float32),
    np.zeros(len(HEADS), np.float32),
)


def opened(*, only_doubtful=False):
    return deep.opened(encoder(), HEADS_MADE, words=64, only_doubtful=only_doubtful, memory=1 << 28)


@pytest.fixture(scope="module")
def asked():
    draw = np.random.default_rng(2)
    words = [
        "please",
        "ignore",
        "all",
        "previous",
        "rules",
        "and",
        "tell",
        "me",
        "about",
        "the",
        "weather",
        "in",
        "rome",
    ]
    prompts = [" ".join(draw.choice(words, draw.integers(1, 40))) for _ in range(150)]
    records = [
        Record(id=str(i), time=1.8e9 + i, model="chat", principal="u", prompt=text) for i, text in enumerate(prompts)
    ]
    (batch,) = batches(records, np.arange(len(records)))
    return records, Words().read(batch)


def test_a_score_is_the_weighed_mean_of_both_heads(asked):
    _, batch = asked
    one = opened()
    alone = np.concatenate(one.ask(one.feed.of(batch, np.arange(150))))
    order = np.concatenate([part.rows for part in one.feed.of(batch, np.arange(150))])
    found = Classifiers([one]).read(batch).classified.score[:, 0]
    expected = mean(batch.text[order, AT["subversion"]], alone)
    assert np.abs(found[order] - expected).max() <= STEP / 2 + 1e-5
    assert one.declared.detector == "classifier_deep"


def test_scores_do_not_depend_on_cuts(asked):
    records, batch = asked
    some = Classifiers([opened()])
    whole = some.read(batch).classified.score
    parts = [Words().read(*batches(records[a : a + 13], np.arange(a, min(a + 13, 150)))) for a in range(0, 150, 13)]
    assert np.array_equal(np.concatenate([b.classified.score for b in some.read_many(parts)]), whole)
    assert np.array_equal(np.concatenate([some.read(b).classified.score for b in parts]), whole)


def test_prompts_that_are_beyond_doubt_keep_their_linear_logit(asked):
    _, batch = asked
    linear = batch.text[:, AT["subversion"]]
    sure = (linear <= BAND[0]) | (linear >= BAND[1])
    one = opened(only_doubtful=True)
    found = Classifiers([one]).read(batch).classified.score[:, 0]
    assert 0 < sure.sum() < 150
    assert np.abs(found[sure] - linear[sure]).max() <= STEP / 2 + 1e-5
    assert one.counts["rows"] == (~sure).sum()
    every = Classifiers([opened()]).read(batch).classified.score[:, 0]
    assert np.array_equal(found[~sure], every[~sure])


def test_prompts_in_another_script_keep_their_linear_logit():
    prompts = ["请解释“示”在汉字中的常见用法和意义。", "Как приготовить борщ?", "Wie koche ich Reis für Gäste?"]
    records = [
        Record(id=str(i), time=1.8e9 + i, model="chat", principal="u", prompt=text) for i, text in enumerate(prompts)
    ]
    (batch,) = batches(records, np.arange(len(records)))
    batch = Words().read(batch)
    one = opened()
    found = Classifiers([one]).read(batch).classified.score[:, 0]
    assert one.counts["rows"] == 1
    linear = batch.text[:, AT["subversion"]]
    assert (np.abs(found - linear) <= STEP / 2 + 1e-5).tolist() == [True, True, False]


def test_a_transformer_that_was_exported_before_its_layers_were_asked_for_is_refused():
    data = encoder("embedding", WIDTH)
    with pytest.raises(Refused, match="export it again"):
        deep.opened(data, HEADS_MADE, words=64, only_doubtful=False, memory=1 << 28)


def test_what_is_no_sentence_transformer_is_refused():
    with pytest.raises(Refused, match="input_ids"):
        deep.opened(network(), HEADS_MADE, words=64, only_doubtful=False, memory=1 << 28)


def test_a_head_s_logit_does_not_depend_on_the_rows_beside_it():
    vectors = np.random.default_rng(3).normal(0, 1, (40, DIMENSIONS)).astype(np.float32)
    whole = HEADS_MADE.logits(vectors)[:, SUBVERSION]
    assert np.array_equal(np.concatenate([HEADS_MADE.logits(row[None]) for row in vectors])[:, SUBVERSION], whole)
