"""Attacks on classifiers of text, honest changes of text, and the detector that tells them apart.

Attacks ask: they rank words by how much the answer changes without them, then change one after the other until the
class does. A changed letter, an imitated letter, another word nearby, or a word put in.

References
----------
Gao et al. 2018, https://arxiv.org/abs/1801.04354 (DeepWordBug). Jin et al. 2020, https://arxiv.org/abs/1907.11932
(TextFooler, here with the words of the data instead of a thesaurus). Boucher et al. 2022,
https://arxiv.org/abs/2106.09898 (imperceptible characters).
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, TensorProto, helper

from detectors.classifiers.inputs import ANSWERS
from detectors.classifiers.texts import IDS, MASK
from detectors.text.embedding import DIMENSIONS, embed
from detectors.training.inputs.network import Builder

Array = npt.NDArray[Any]
Answer = Callable[[Sequence[str]], Array]
Change = Callable[[str, np.random.Generator, "Neighbours"], str]

PIECES, WIDE = 30_522, 48  # of BERT's vocabulary; numbers that a piece is worth
MOST = 0.4  # share of a text's words that an attack may change
LIKE = {"a": "а", "e": "е", "o": "о", "c": "с", "p": "р", "x": "х", "i": "і", "s": "ѕ", "y": "у"}
KEYS = {"a": "s", "e": "r", "i": "o", "o": "p", "s": "d", "t": "y", "n": "m", "r": "t", "l": "k", "c": "v"}


class Neighbours:
    """Words of some texts, and which of them mean nearly the same."""

    def __init__(self, texts: Sequence[str], most: int = 4000) -> None:
        counts = Counter(word for text in texts for word in text.split() if word.isalpha() and len(word) > 2)
        self.words = [word for word, n in counts.most_common(most) if n > 1]
        vectors = np.zeros((len(self.words), DIMENSIONS), np.float32)
        for word, row in zip(self.words, vectors, strict=True):
            embed(np.frombuffer(word.lower().encode(), np.uint8), row)
        self.vectors = vectors
        self.at = {word: k for k, word in enumerate(self.words)}

    def near(self, word: str, draw: np.random.Generator) -> str:
        """One of the five nearest other words; the word itself where it is unknown."""
        k = self.at.get(word)
        if k is None:
            return word
        order = np.argsort(-(self.vectors @ self.vectors[k]), kind="stable")[:6]
        others = [i for i in order.tolist() if i != k]
        return self.words[others[int(draw.integers(len(others)))]] if others else word


def swapped(word: str, draw: np.random.Generator, _: Neighbours) -> str:
    """Two letters change places, one is dropped, or one is the key beside it."""
    if len(word) < 3:
        return word
    at, how = int(draw.integers(0, len(word) - 1)), int(draw.integers(3))
    if how == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + (word[at + 1 :] if how == 1 else KEYS.get(word[at].lower(), word[at]) + word[at + 1 :])


def imitated(word: str, draw: np.random.Generator, _: Neighbours) -> str:
    """Letters that look the same, of another script."""
    del draw
    return "".join(LIKE.get(c, c) for c in word)


def hidden(word: str, draw: np.random.Generator, _: Neighbours) -> str:
    """A character that nobody sees inside the word."""
    at = int(draw.integers(1, max(2, len(word))))
    return word[:at] + "\u200b" + word[at:]


def reworded(word: str, draw: np.random.Generator, known: Neighbours) -> str:
    """Another word that means nearly the same."""
    return known.near(word, draw)


ATTACKS: dict[str, Change] = {"typo": swapped, "homoglyph": imitated, "invisible": hidden, "reworded": reworded}
TAUGHT = ("typo", "homoglyph", "reworded")


def attacked(name: str, texts: Sequence[str], answer: Answer, known: Neighbours, seed: int) -> list[str]:
    """Texts as an attack changes them, only those whose class changed."""
    draw, made = np.random.default_rng(seed), []
    for text in texts:
        found = _attacked(ATTACKS[name], text, answer, known, draw)
        if found is not None:
            made.append(found)
    return made


def _attacked(change: Change, text: str, answer: Answer, known: Neighbours, draw: np.random.Generator) -> str | None:
    words = text.split()[:120]
    if len(words) < 3:
        return None
    whole = answer([" ".join(words)])[0]
    label = int(whole.argmax())
    without = [" ".join(words[:k] + words[k + 1 :]) for k in range(len(words))]
    order = np.argsort(answer(without)[:, label], kind="stable")[: max(1, int(MOST * len(words)))]
    for k in order.tolist():
        words[k] = change(words[k], draw, known)
        if int(answer([" ".join(words)])[0].argmax()) != label:
            return " ".join(words)
    return None


def adaptive(
    texts: Sequence[str], answer: Answer, alarm: Callable[[Sequence[str]], Array], known: Neighbours, seed: int
) -> list[str]:
    """Texts whose class changed, as an attacker leaves them who asks a detector for its alarm (N,) too.

    Of several changes to a word, the one that the detector minds least among those that serve; once the class has
    changed, words go on changing while that makes the alarm fall.
    """
    draw, made = np.random.default_rng(seed), []
    for text in texts:
        words = text.split()[:120]
        label = int(answer([" ".join(words)])[0].argmax())
        without = [" ".join(words[:k] + words[k + 1 :]) for k in range(len(words))]
        order = np.argsort(answer(without)[:, label], kind="stable") if len(words) > 2 else np.zeros(0, np.int64)
        best, least = "", np.inf
        for k in order[: max(1, int(MOST * len(words)))].tolist():
            some = [[*words[:k], change(words[k], draw, known), *words[k + 1 :]] for change in ATTACKS.values()]
            said = [" ".join(one) for one in some]
            p, odd = answer(said), alarm(said)
            fooled = p.argmax(1) != label
            at = int(np.where(fooled, odd, np.inf).argmin()) if fooled.any() else int(p[:, label].argmin())
            if fooled.any() and odd[at] < least:
                best, least = said[at], float(odd[at])
            elif best:
                break
            words = some[at]
        made += [best] if best else []
    return made


def _typed(text: str, draw: np.random.Generator, known: Neighbours) -> str:
    return " ".join(swapped(w, draw, known) if draw.random() < 0.04 else w for w in text.split(" "))


def _cased(text: str, draw: np.random.Generator, _: Neighbours) -> str:
    return text.upper() if draw.random() < 0.3 else text.lower()


def _bare(text: str, draw: np.random.Generator, _: Neighbours) -> str:
    del draw
    return "".join(c for c in text if c.isalnum() or c.isspace())


def _spaced(text: str, draw: np.random.Generator, _: Neighbours) -> str:
    return "".join(c + "  " if c == " " and draw.random() < 0.2 else c for c in text)


def _cut(text: str, draw: np.random.Generator, _: Neighbours) -> str:
    words = text.split(" ")
    return " ".join(words[: max(3, int(len(words) * draw.uniform(0.5, 0.9)))])


def _rephrased(text: str, draw: np.random.Generator, known: Neighbours) -> str:
    return " ".join(known.near(w, draw) if draw.random() < 0.06 else w for w in text.split(" "))


HONEST: dict[str, Change] = {
    "typing errors": _typed, "case": _cased, "no punctuation": _bare, "spaces": _spaced, "cut off": _cut,
    "other words": _rephrased,
}  # fmt: skip


def changed(name: str, texts: Sequence[str], known: Neighbours, seed: int) -> list[str]:
    """Honest texts after what honest people do to them; as they are for ``clean``."""
    draw = np.random.default_rng(seed)
    return list(texts) if name == "clean" else [HONEST[name](text, draw, known) for text in texts]


def network(classes: int, seed: int = 0) -> ModelProto:
    """The detector: how pieces follow each other, how many a word takes, and the watched model's answer."""
    b = Builder(seed)
    b.fixed("net.table", b.draw.normal(0, 0.1, (PIECES, WIDE)).astype(np.float32))
    rows = b.node("Gather", ["net.table", IDS])
    mask = b.node("Unsqueeze", [b.node("Cast", [MASK], to=TensorProto.FLOAT), b.fixed("third", np.array([2]))])
    lines = b.node("Transpose", [b.node("Mul", [rows, mask])], perm=[0, 2, 1])
    b.fixed("net.c.w", b.draw.normal(0, 0.1, (64, WIDE, 3)).astype(np.float32))
    b.fixed("net.c.b", np.zeros(64, np.float32))
    h = b.node("Relu", [b.node("Conv", [lines, "net.c.w", "net.c.b"], pads=[1, 1], kernel_shape=[3])])
    h = b.node("Mul", [h, b.node("Transpose", [mask], perm=[0, 2, 1])])
    top = b.node("ReduceMax", [h], axes=[2], keepdims=0)
    b.fixed("second", np.array([2]))
    total = b.node("ReduceSum", [h, "second"], keepdims=0)
    count = b.node("ReduceSum", [b.node("Transpose", [mask], perm=[0, 2, 1]), "second"], keepdims=0)
    mean = b.node("Div", [total, count])
    said, more = b.answers(classes)
    h = b.dense("net.1", b.node("Concat", [top, mean, said], axis=1), (128 + more, 64))
    b.last("net.2", h, 64)
    ends = [helper.make_tensor_value_info(name, TensorProto.INT64, ["N", "S"]) for name in (IDS, MASK)]
    ends.append(helper.make_tensor_value_info(ANSWERS, TensorProto.FLOAT, ["N", classes]))
    return b.finished(ends)
