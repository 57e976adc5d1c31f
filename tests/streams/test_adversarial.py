"""From a user's model and honest data to a classifier of attacks that the printed lines load; stopped, it goes on."""

import tomllib

import numpy as np
import pytest
from onnx import TensorProto, helper

from detectors.classifiers.onnx_file import Refused
from detectors.training.inputs import network
from detectors.training.inputs.course import Course, Sizes
from detectors.training.inputs.gradient import Follower, Reach, margin
from detectors.training.inputs.victim import Victim, copied
from schemas.columns import batches
from schemas.record import Record
from streams import adversarial, adversarial_text, classifiers
from streams.settings import load
from tests.detectors.classifiers.conftest import model
from tests.detectors.classifiers.conftest import network as two_layers

SIZES = Sizes(rows=100, asked=1, epochs=3)


def rows(n=900, seed=0):
    """Two heaps, a column of whole numbers, and a flag."""
    draw = np.random.default_rng(seed)
    x = draw.normal(0, 1, (n, 8)) + 1.2 * draw.integers(0, 2, (n, 1))
    x[:, 5], x[:, 7] = draw.poisson(4, n), draw.integers(0, 2, n)
    return x.astype(np.float32)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("train")
    (folder / "victim.onnx").write_bytes(two_layers(features=8, seed=3))
    np.savez(folder / "data.npz", x=rows())
    told = []
    made = adversarial.train(
        "tabular",
        folder / "victim.onnx",
        folder / "data.npz",
        folder / "out.onnx",
        sizes=SIZES,
        tell=told.append,
    )
    return folder, made, told


def test_the_printed_lines_load_what_was_trained(trained):
    folder, made, _ = trained
    file = folder / "tidegate.toml"
    file.write_text(made.toml)
    assert tomllib.loads(made.toml)["classifier"][0]["name"] == "out"
    (found,) = classifiers.loaded(load(file)).some
    assert found.declared.calibrated_on == 225
    assert not found.alone


def test_the_card_says_rates_for_every_attack_and_corruption(trained):
    _, made, _ = trained
    for name in ("fgsm", "pgd", "pgd_l2", "deepfool", "hopskipjump", "boundary", "adaptive"):
        assert f"| {name} |" in made.card
    assert "| missing as zero | 225 |" in made.card
    assert "a rate of one in 1,000 is then a guess" in made.card
    assert "sha256" in made.card


def test_it_tells_attacks_from_honest_inputs(trained):
    folder, made, _ = trained
    file = folder / "tidegate.toml"
    file.write_text(made.toml)
    some = classifiers.loaded(load(file))
    victim = Victim((folder / "victim.onnx").read_bytes())
    x = rows(400, seed=9)
    course = Course.of("tabular", victim, rows(), SIZES)
    label = victim.label(x)
    attack = Follower(victim.logits(), course.place).pgd(x, label, Reach(0.8))
    attack = attack[victim.label(attack) != label]
    assert len(attack) > 50
    honest, odd = (scores(some, victim, part) for part in (x, attack))
    assert (honest[:, None] < odd[None]).mean() > 0.75


def scores(some, victim, x):
    p = victim.probabilities(x)
    records = [
        Record(id=str(i), time=1.8e9, model="m", features=a.tolist(), probabilities=b.tolist())
        for i, (a, b) in enumerate(zip(x, p, strict=True))
    ]
    made = some.read_many(batches(records, np.arange(len(records))))
    return np.concatenate([batch.classified.score[:, 0] for batch in made])


def test_stopped_and_started_again_it_goes_on_where_it_was(trained):
    folder, made, told = trained
    assert not any("kept" in line for line in told)
    kept = {file: file.read_bytes() for file in made.files}
    work = sorted((folder / "out.onnx.work").iterdir())
    for file in [file for file in work if file.name.endswith(("-detector.npz", "again.npz"))]:
        file.unlink()
    again = []
    arguments = ("tabular", folder / "victim.onnx", folder / "data.npz", folder / "out.onnx")
    assert adversarial.train(*arguments, sizes=SIZES, tell=again.append).card == made.card
    assert sum("kept from before" in line for line in again) == len(work) - 2
    assert {file: file.read_bytes() for file in made.files} == kept


def test_a_step_is_kept_whole_or_not_at_all(tmp_path):
    told = []
    steps = adversarial.Steps(tmp_path, "key", told.append)

    def broken():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        steps.rows("one", broken)
    assert not list(tmp_path.iterdir())
    assert steps.rows("one", lambda: np.ones(3)).tolist() == [1, 1, 1]
    assert steps.rows("one", broken).tolist() == [1, 1, 1]
    assert adversarial.Steps(tmp_path, "other", told.append).rows("one", lambda: np.zeros(2)).tolist() == [0, 0]


def test_what_attackers_may_not_change_stays_as_it_is():
    victim = Victim(two_layers(features=8, seed=3))
    course = Course.of("tabular", victim, rows(), SIZES)
    made = course.attacked("pgd", "tested", Follower(course.logits(), course.place))
    assert len(made) > 20
    assert set(np.unique(made[:, 7])) <= {0.0, 1.0}
    assert np.array_equal(made[:, 5], np.rint(made[:, 5]))
    assert (made >= course.place.low - 1e-6).all()
    assert (made <= course.place.high + 1e-6).all()


def test_a_model_without_gradients_is_attacked_through_a_copy():
    tree = helper.make_node(
        "TreeEnsembleClassifier", ["x"], ["label", "p"], domain="ai.onnx.ml", post_transform="NONE",
        nodes_treeids=[0] * 3, nodes_nodeids=[0, 1, 2], nodes_featureids=[0] * 3, nodes_values=[0.6, 0.0, 0.0],
        nodes_modes=["BRANCH_LEQ", "LEAF", "LEAF"], nodes_truenodeids=[1, 0, 0], nodes_falsenodeids=[2, 0, 0],
        class_treeids=[0] * 4, class_nodeids=[1, 1, 2, 2], class_ids=[0, 1, 0, 1],
        class_weights=[0.9, 0.1, 0.2, 0.8], classlabels_int64s=[0, 1],
    )  # fmt: skip
    ends = [("x", TensorProto.FLOAT, ["N", 8])], [("p", TensorProto.FLOAT, ["N", 2])]
    victim = Victim(model([tree], *ends))
    assert "TreeEnsembleClassifier" in victim.why_copied
    x = rows()
    course = Course.of("tabular", victim, x, SIZES)
    logits = copied(victim, course.taught, course.place.spread, course.taught.mean(0))
    agrees = np.asarray(logits(x)).argmax(1) == victim.label(x)
    assert agrees.mean() > 0.9
    assert len(course.attacked("pgd", "tested", Follower(logits, course.place))) > 20


def test_a_margin_is_the_label_s_logit_above_the_next():
    assert np.asarray(margin(np.array([[1.0, 3.0, 2.5]]), np.array([1]))).tolist() == [0.5]


@pytest.mark.parametrize(("data", "said"), [(rows(30), "30 rows; give at least"), (rows()[:, :5], "rows of 5 numbers")])
def test_data_that_teaches_nothing_is_refused(tmp_path, data, said):
    (tmp_path / "victim.onnx").write_bytes(two_layers(features=8))
    np.savez(tmp_path / "data.npz", x=data)
    with pytest.raises(adversarial.Unfit, match=said):
        adversarial.train(
            "tabular", tmp_path / "victim.onnx", tmp_path / "data.npz", tmp_path / "o.onnx", sizes=SIZES, tell=print
        )


def test_a_model_that_attacks_hardly_ever_change_is_said_to_need_more_rows_of_them(tmp_path):
    (tmp_path / "victim.onnx").write_bytes(two_layers(features=8, seed=3))
    np.savez(tmp_path / "data.npz", x=rows())
    few = Sizes(rows=5, asked=1, epochs=1)
    with pytest.raises(adversarial.Unfit, match=r"on \d+ inputs, and 200 are needed to learn from: give more --rows"):
        adversarial.train(
            "tabular", tmp_path / "victim.onnx", tmp_path / "data.npz", tmp_path / "o.onnx", sizes=few, tell=print
        )


def test_pixels_with_channels_last_are_turned():
    x = np.arange(2 * 4 * 5 * 3, dtype=np.float32).reshape(2, -1)
    turned = adversarial.turned(x, (3, 4, 5)).reshape(2, 3, 4, 5)
    assert np.array_equal(turned[1, 2, 3, 4], x.reshape(2, 4, 5, 3)[1, 3, 4, 2])


def test_a_model_that_takes_pixels_in_one_row_is_attacked_as_one_of_square_images(tmp_path):
    x = np.random.default_rng(0).integers(0, 256, (800, 81)).astype(np.float32)
    course = Course.of("image", Victim(two_layers(features=81)), x, SIZES)
    assert course.place.shape == (9, 9)
    adversarial.check(network.learnt(course.graph(), {}), course, {})
    follow = Follower(course.victim.logits(), course.place)
    for name in ("patch", "square"):
        assert course.attacked(name, "tested", follow).shape[1] == 81
    assert np.array_equal(adversarial.turned(x, (9, 9)), x)
    (tmp_path / "victim.onnx").write_bytes(two_layers(features=8))
    np.savez(tmp_path / "data.npz", x=rows())
    with pytest.raises(Refused, match="fill no square"):
        adversarial.train(
            "image", tmp_path / "victim.onnx", tmp_path / "data.npz", tmp_path / "o.onnx", sizes=SIZES, tell=print
        )


def test_a_detector_of_images_says_the_same_here_and_there():
    """Also where the sides are no multiples of what its convolutions halve."""
    x = np.random.default_rng(0).integers(0, 256, (80, 90)).astype(np.float32)
    w = {"d": np.random.default_rng(1).normal(0, 0.01, (90, 3)).astype("f")}
    nodes = [helper.make_node("Flatten", ["x"], ["f"]), helper.make_node("MatMul", ["f", "d"], ["y"])]
    ends = [("x", TensorProto.FLOAT, ["N", 1, 9, 10])], [("y", TensorProto.FLOAT, ["N", 3])]
    course = Course.of("image", Victim(model(nodes, *ends, w)), x, SIZES)
    adversarial.check(network.learnt(course.graph(), {}), course, {})
    assert course.place.grid[0] == pytest.approx(1.0, abs=0.01)
    assert len(course.corruptions()) == 9
    assert all(course.honest(name, "tested").shape == (20, 90) for name in course.corruptions())


def test_texts_are_learnt_from_too(tmp_path):
    draw = np.random.default_rng(0)
    good, bad = (
        ["lovely", "bright", "happy", "fine", "great", "warm"],
        ["awful", "dark", "sad", "poor", "nasty", "cold"],
    )
    filler = [
        "the",
        "day",
        "was",
        "long",
        "and",
        "we",
        "went",
        "home",
        "with",
        "some",
        "bread",
        "from",
        "a",
        "shop",
        "near",
        "our",
        "old",
        "house",
    ]
    lines = []
    for i in range(840):
        words = draw.choice(filler, 8).tolist() + draw.choice((good, bad)[i % 2], 2).tolist()
        draw.shuffle(words)
        lines.append(f'{{"text": "{" ".join(words)} {i}"}}')
    (tmp_path / "data.jsonl").write_text("\n".join(lines))
    (tmp_path / "victim.onnx").write_bytes(counting(good, bad))
    made = adversarial_text.train(
        tmp_path / "victim.onnx", tmp_path / "data.jsonl", tmp_path / "o.onnx",
        sizes=Sizes(rows=90, epochs=1), tell=print,
    )  # fmt: skip
    assert "| homoglyph | yes | 90 |" in made.card
    file = tmp_path / "tidegate.toml"
    file.write_text(made.toml)
    (found,) = classifiers.loaded(load(file)).some
    assert found.declared.calibrated_on == 210


def counting(good, bad):
    """A model that counts words of two kinds."""
    from detectors.text.embedding import pieces

    table = np.zeros((30_522, 2), np.float32)
    for k, some in enumerate((bad, good)):
        for word in some:
            table[pieces(np.frombuffer(word.encode(), np.uint8))[0], k] = 2.0
    nodes = [
        helper.make_node("Gather", ["t", "input_ids"], ["g"]),
        helper.make_node("ReduceSum", ["g", "one"], ["s"], keepdims=0),
        helper.make_node("Softmax", ["s"], ["p"], axis=1),
    ]
    names = ("input_ids", "attention_mask")
    ends = [(n, TensorProto.INT64, ["N", "S"]) for n in names], [("p", TensorProto.FLOAT, ["N", 2])]
    return model(nodes, *ends, {"t": table, "one": np.array([1])})
