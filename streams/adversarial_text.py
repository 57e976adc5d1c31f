"""The same for classifiers of text: words are changed until the answer does, and a detector learns to see that."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from detectors.classifiers.classifier import Classifier
from detectors.classifiers.declared import Declared
from detectors.classifiers.inputs import ANSWERS
from detectors.classifiers.session import FLOATING, Session
from detectors.classifiers.texts import IDS, MASK, Texts, texts
from detectors.text.embedding import pieces
from detectors.training.inputs import card, words
from detectors.training.inputs.course import Sizes
from detectors.training.inputs.fitting import adam
from detectors.training.inputs.graph import Graph
from detectors.training.inputs.jaxed import jax_numpy
from detectors.training.inputs.network import LOGIT, learnt
from schemas.formats import LIMITS
from streams.adversarial import ADAPTIVE, CLEAN, LEAST, Made, Steps, Tell, Unfit, enough, epochs, written
from streams.files import read_lines

Array = npt.NDArray[Any]
Told = Callable[[int, float], None]

WIDTH = 64  # pieces that are learnt from


class _Line(msgspec.Struct):
    """What a line says in words."""

    prompt: str | None = None
    text: str | None = None


def train(model: Path, data: Path, out: Path, *, sizes: Sizes, tell: Tell) -> Made:
    """Train a detector of attacks on a model of texts; raises ``Unfit`` and ``Refused`` as the other does."""
    content = model.read_bytes()
    answer = Asked(content)
    some = lines(data)
    if len(some) < LEAST:
        raise Unfit(f"{data} has {len(some)} texts (prompt or text); give at least {LEAST}")
    order = np.random.default_rng(sizes.seed).permutation(len(some))
    some = [some[i] for i in order]
    half, rest = len(some) // 2, len(some) * 3 // 4
    parts = {"taught": some[:half], "levels": some[half:rest], "tested": some[rest:]}
    key = sha256(content + "\0".join(some).encode() + repr(sizes).encode()).hexdigest()[:16]
    steps, known = Steps(out.with_name(out.name + ".work"), key, tell), words.Neighbours(parts["taught"])
    tell(f"text: {len(some)} texts, {answer.classes} classes")
    attacks: dict[tuple[str, str], list[str]] = {}
    for name in words.ATTACKS:
        for part in ("taught", "tested") if name in words.TAUGHT else ("tested",):
            work = partial(as_rows, name, parts[part][: sizes.rows], answer, known, sizes.seed)
            attacks[name, part] = steps.rows(f"attack {name} {part}", work).tolist()
    taught = [made for (_, part), made in attacks.items() if part == "taught"]
    enough(taught, LEAST // 8)
    names = ["clean", *words.HONEST]
    honest = {(n, p): words.changed(n, parts[p], known, sizes.seed + len(p)) for n in names for p in parts}
    weights = steps.make("detector", lambda: fitted(answer, honest, taught, sizes, epochs(tell)))
    exported = learnt(words.network(answer.classes, sizes.seed), weights)
    facts = {
        "watched model": f"{model.name}, sha256 {sha256(content).hexdigest()}",
        "data": f"{data.name}, {len(some)} texts: a half taught, a quarter set thresholds, a quarter is measured here",
        "attacks": f"on {sizes.rows} texts each, at most {words.MOST:.0%} of the words changed; seed {sizes.seed}",
        "licence": "yours: it holds what it learnt from your data",
    }
    judge, tried = Asked(exported), min(sizes.rows, len(parts["tested"]))
    last = partial(as_adapted, parts["tested"][: sizes.asked], answer, judge, known, sizes.seed)
    attacks[ADAPTIVE, "tested"] = steps.rows("attack on it", last).tolist()
    counts = dict.fromkeys(words.ATTACKS, tried) | {ADAPTIVE: min(sizes.asked, len(parts["tested"]))}
    page = card.page(f"Attacks on {model.name}", facts, measured(judge, answer, honest, attacks, counts))
    return written(out, exported, page, calm(parts["levels"][:CLEAN], answer), {"input": "text"})


def measured(
    judge: "Asked", answer: "Asked", honest: Mapping[tuple[str, str], Sequence[str]],
    attacks: Mapping[tuple[str, str], Sequence[str]], tried: Mapping[str, int],
) -> card.Measured:  # fmt: skip
    """Scores of what was neither learnt from nor sets a threshold, by the exported file."""
    return card.Measured(
        {n: judge.scores(some, answer) for (n, part), some in honest.items() if part == "levels"},
        {n: judge.scores(some, answer) for (n, part), some in honest.items() if part == "tested"},
        {n: judge.scores(made, answer) for (n, part), made in attacks.items() if part == "tested"},
        tried,
        frozenset(words.TAUGHT),
        ["No attack had gradients; the adaptive one asks model and detector."],
    )


def as_rows(name: str, some: Sequence[str], answer: "Asked", known: words.Neighbours, seed: int) -> Array:
    """Texts as an attack changes them, (N,)."""
    return np.array(words.attacked(name, some, answer, known, seed), np.str_)


def as_adapted(some: Sequence[str], answer: "Asked", judge: "Asked", known: words.Neighbours, seed: int) -> Array:
    """Texts that fool the model and, as far as asking goes, a detector, (N,)."""
    return np.array(words.adaptive(some, answer, lambda texts: judge.scores(texts, answer), known, seed), np.str_)


class Asked:
    """A model of texts that is asked directly.

    Attributes
    ----------
    classes : how many
    """

    def __init__(self, content: bytes) -> None:
        session = Session(content)
        feed = texts(Declared(name="asked", input="text"), session.inputs, pieces)
        output = next(name for name, kind in session.outputs.items() if kind in FLOATING)
        self.model, self.feed = Classifier(feed.declared, session, feed, output), feed
        if ANSWERS not in {one.name for one in session.inputs}:
            self.classes = max(2, self(["a"]).shape[1])

    def __call__(self, some: Sequence[str]) -> Array:
        """Probabilities (N, C)."""
        raw = self.raw(some, np.zeros((len(some), 0), np.float32))
        if raw.shape[1] == 1:
            raw = raw if ((raw >= 0) & (raw <= 1)).all() else 1 / (1 + np.exp(-raw))
            return np.hstack([1 - raw, raw]).astype(np.float32)
        if (raw >= 0).all() and np.abs(raw.sum(1) - 1).max() < 1e-3:
            return raw
        e = np.exp(raw - raw.max(1, keepdims=True))
        return np.asarray(e / e.sum(1, keepdims=True), np.float32)

    def scores(self, some: Sequence[str], answer: "Asked") -> Array:
        """Logits (N,) of a detector that also looks at another model's answers."""
        return self.raw(some, answer(some))[:, 0] if len(some) else np.zeros(0)

    def raw(self, some: Sequence[str], answers: Array) -> Array:
        """Outputs (N, K) of texts."""
        made: dict[int, Array] = {}
        for part in self.feed.read(list(some), np.arange(len(some)), answers):
            for at in range(0, len(part.rows), 64):
                arrays = {name: array[at : at + 64] for name, array in part.arrays.items()}
                (out,) = self.model.session.run(arrays, [self.model.output])
                made |= dict(zip(part.rows[at : at + 64].tolist(), out.reshape(len(out), -1), strict=True))
        return np.stack([made[i] for i in range(len(some))]).astype(np.float32)


def fitted(
    answer: Asked, honest: Mapping[tuple[str, str], Sequence[str]], attacks: list[list[str]], sizes: Sizes, told: Told
) -> dict[str, Array]:
    """Weights of a detector: attacks against honest texts and what honest people do to them."""
    kinds = [(some, 0, 2.0 if name == "clean" else 1.0) for (name, part), some in honest.items() if part == "taught"]
    kinds += [(some, 1, 1.0) for some in attacks if some]
    flat = [text for some, _, _ in kinds for text in some]
    y = np.concatenate([np.full(len(some), label, np.float32) for some, label, _ in kinds])
    weight = np.concatenate([np.full(len(some), share / len(some), np.float32) for some, _, share in kinds])
    for label in (0, 1):
        weight[y == label] *= len(y) / 2 / weight[y == label].sum()
    ids, mask = cut(answer.feed, flat)
    graph, jnp = Graph(words.network(answer.classes, sizes.seed).SerializeToString()), jax_numpy()

    def loss(w: Any, i: Any, m: Any, p: Any, label: Any, share: Any) -> Any:
        (z,) = graph.run({IDS: i, MASK: m, ANSWERS: p}, [LOGIT], w)
        return (share * jnp.logaddexp(0.0, (1 - 2 * label) * z[:, 0])).mean()

    columns = (ids, mask, answer(flat), y, weight)
    return adam(loss, graph.trainable("net."), columns, epochs=sizes.epochs, rate=2e-3, seed=2, told=told)


def cut(feed: Texts, some: Sequence[str]) -> tuple[Array, Array]:
    """Pieces and mask (N, 64) of texts, as run time makes them."""
    ids, mask = np.zeros((2, len(some), WIDTH), np.int64)
    for i, text in enumerate(some):
        found = [101, *feed.pieces(text)[: WIDTH - 2].tolist(), 102]
        ids[i, : len(found)], mask[i, : len(found)] = found, 1
    return ids, mask


def lines(data: Path) -> list[str]:
    """Different texts of a file of lines with ``prompt`` or ``text``."""
    made: dict[str, None] = {}
    for chunk in read_lines([str(data)], limit_bytes=LIMITS.size_bytes):
        for line in chunk.lines:
            try:
                found = msgspec.json.decode(line, type=_Line)
            except msgspec.MsgspecError:
                continue
            made |= {text.strip(): None for text in (found.prompt, found.text) if text and text.strip()}
    return list(made)


def calm(some: Sequence[str], answer: Asked) -> list[bytes]:
    """Clean records as lines."""
    return [
        msgspec.json.encode({"id": str(i), "time": float(i), "model": "-", "prompt": text, "probabilities": p.tolist()})
        for i, (text, p) in enumerate(zip(some, answer(some), strict=True))
    ]
