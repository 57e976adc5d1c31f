"""Training against attacks on a user's model, step by step: what a step made is kept, so that it can be taken up again.

Beside the output lies a folder ``NAME.work`` with one file a step. Its name holds a digest of everything that the step
depends on; after a change of model, data or options, steps are made anew.
"""

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from detectors.classifiers.inputs import ANSWERS
from detectors.classifiers.onnx_file import Refused
from detectors.classifiers.session import Session
from detectors.training.inputs import card, network
from detectors.training.inputs.course import TAUGHT, Course, Sizes
from detectors.training.inputs.gradient import Follower
from detectors.training.inputs.victim import Victim
from schemas.formats import LIMITS
from streams.manifests import Rows

Array = npt.NDArray[Any]
Tell = Callable[[str], None]

LEAST = 800  # honest rows: a quarter of them calibrates
CLEAN = 2000  # rows of the calibration set that is written
FAR = 1e-2  # logits that the exported file may differ by
ADAPTIVE = "adaptive"
COPIED = "Gradients were a copy's: attacks with the model's own would do better."


class Unfit(ValueError):
    """Data or a model that nothing can be learnt from; the sentence says why."""


@dataclass(slots=True)
class Steps:
    """Steps and what they made.

    Attributes
    ----------
    folder : where it is kept
    key : digest of what all steps depend on
    tell : says what goes on
    """

    folder: Path
    key: str
    tell: Tell
    done: int = field(default=0)

    def make(self, name: str, work: Callable[[], Mapping[str, Array]]) -> dict[str, Array]:
        """What a step made, from its file if it is there."""
        self.done += 1
        file = self.folder / f"{self.key}-{name.replace(' ', '-')}.npz"
        if file.exists():
            self.tell(f"{self.done:2}  {name}: kept from before")
        else:
            began = perf_counter()
            made = work()
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as beside:
                np.savez_compressed(beside, **made)  # type: ignore[arg-type]  # NumPy's stubs take it for allow_pickle
            Path(beside.name).replace(file)
            self.tell(f"{self.done:2}  {name}: {_said(made)}{perf_counter() - began:.1f} s")
        with np.load(file, allow_pickle=False) as stored:
            return {key: stored[key] for key in stored.files}

    def rows(self, name: str, work: Callable[[], Array]) -> Array:
        """Rows that a step made."""
        return self.make(name, lambda: {"x": work()})["x"]


def _said(made: Mapping[str, Array]) -> str:
    return f"{len(made['x'])} rows, " if set(made) == {"x"} else ""


@dataclass(frozen=True, slots=True)
class Made:
    """What came of it: files, lines of TOML that use them, and the card."""

    files: list[Path]
    toml: str
    card: str


def train(
    kind: str, model: Path, data: Path, out: Path, *, sizes: Sizes, scale: float = 1.0, last: bool = False, tell: Tell
) -> Made:
    """Train a detector of attacks on a model of numbers or images.

    Raises
    ------
    Unfit : there are too few rows, or attacks that succeed
    Refused : the model cannot be used
    """
    content = model.read_bytes()
    victim, logged = Victim(content), rows(data)
    if logged.shape[1] != int(np.prod(victim.shape)):
        raise Unfit(f"{data} has rows of {logged.shape[1]} numbers, {model} takes {' x '.join(map(str, victim.shape))}")
    if len(logged) < LEAST:
        raise Unfit(f"{data} has {len(logged)} rows; give at least {LEAST}, better 20,000")
    x = logged * np.float32(scale)
    course = Course.of(kind, victim, turned(x, victim.shape) if last else x, sizes)
    graph = course.graph().SerializeToString(deterministic=True)
    key = sha256(b"".join((content, logged.tobytes(), graph, repr((kind, sizes, scale, last)).encode())))
    steps = Steps(out.with_name(out.name + ".work"), key.hexdigest()[:16], tell)
    copy = f"; {victim.why_copied}, so attacks follow a copy that it teaches" if victim.why_copied else ""
    tell(f"{kind}: {len(x)} rows, {victim.classes} classes{copy}")
    weights, found = learnt(course, steps)
    exported = network.learnt(course.graph(), weights)
    check(exported, course, weights)
    facts = {
        "watched model": f"{model.name}, sha256 {sha256(content).hexdigest()}",
        "data": f"{data.name}, {len(x)} rows: a half taught, a quarter set thresholds, a quarter is measured here",
        "attacks": f"on {sizes.rows} rows each, asking ones on {sizes.asked}; seed {sizes.seed}",
        "distances": "pixels .06 and .12 of their range, columns .3 and .8 standard deviations; on the data's own grid",
        "licence": "yours: it holds what it learnt from your data",
    }
    turn = kind == "image" and (last or scale != 1.0)
    how: dict[str, object] = {"input": "image", "scale": scale} if turn else {"input": "features"}
    return written(out, exported, card.page(f"Attacks on {model.name}", facts, found), calibration(course, logged), how)


def learnt(course: Course, steps: Steps) -> tuple[dict[str, Array], card.Measured]:
    """Weights of autoencoder and detector, hardened once against an attack on itself, and what was measured."""
    logits = course.logits()
    follow = Follower(logits, course.place)
    attacks: dict[tuple[str, str], Array] = {}
    for name in course.attacks():
        for part in ("taught", "tested") if name in TAUGHT else ("tested",):
            work = partial(course.attacked, name, part, follow)
            attacks[name, part] = steps.rows(f"attack {name} {part}", work)
    taught = [made for (_, part), made in attacks.items() if part == "taught"]
    enough(taught, LEAST // 4)
    told = epochs(steps.tell)
    weights = steps.make("autoencoder", lambda: course.autoencoder(told))
    first = weights | steps.make("detector, first", lambda: course.detector(weights, taught, told))
    against = partial(course.adapted, first, "taught", level(course, first), logits)
    every = [*taught, steps.rows("attack on it", against)]
    final = weights | steps.make("detector", lambda: course.detector(weights, every, told, seed=3))
    again = partial(course.adapted, final, "tested", level(course, final), logits)
    return final, measured(course, final, attacks, steps.rows("attack on it again", again))


def enough(taught: Sequence[Sized], least: int) -> None:
    """Raise ``Unfit`` where attacks changed the model's answer on fewer inputs than can be learnt from."""
    found = sum(map(len, taught))
    if found < least:
        raise Unfit(
            f"attacks changed the model's answer on {found} inputs, and {least} are needed to learn from: give more "
            "--rows; where that does not help, check whether model and data belong together"
        )


def level(course: Course, weights: Mapping[str, Array]) -> float:
    """The score that one clean row in a hundred exceeds."""
    return float(np.quantile(course.scores(weights, course.levels), 0.99))


def epochs(tell: Tell) -> Callable[[int, float], None]:
    """Say how far fitting is."""
    return lambda epoch, loss: tell(f"      epoch {epoch}: loss {loss:.4f}")


def measured(
    course: Course, weights: Mapping[str, Array], attacks: Mapping[tuple[str, str], Array], last: Array
) -> card.Measured:
    """Scores of everything that was neither learnt from nor sets a threshold."""
    names = ["clean", *course.corruptions()]
    tested = {name: made for (name, part), made in attacks.items() if part == "tested"} | {ADAPTIVE: last}
    size, asked = min(course.sizes.rows, len(course.tested)), min(course.sizes.asked, len(course.tested))
    tried = {n: asked if n not in (*TAUGHT, ADAPTIVE) else size * (1 if n == ADAPTIVE else 2) for n in tested}
    notes = (
        ["Gradients were a copy's: attacks with the model's own would do better."] if course.victim.why_copied else []
    )
    return card.Measured(
        {name: course.scores(weights, course.honest(name, "levels")) for name in names},
        {name: course.scores(weights, course.honest(name, "tested")) for name in names},
        {name: course.scores(weights, made) for name, made in tested.items()},
        tried, frozenset(TAUGHT), notes,
    )  # fmt: skip


def check(exported: bytes, course: Course, weights: Mapping[str, Array]) -> None:
    """Hold the file against what was trained; raises ``Unfit`` where they differ."""
    x = course.tested[:64]
    inputs = {network.ASKED: x.reshape(-1, *course.place.shape), ANSWERS: course.victim.probabilities(x)}
    found = Session(exported).run(inputs, [network.LOGIT])[0][:, 0]
    if np.abs(found - course.scores(weights, x)).max() > FAR:
        raise Unfit("the exported file does not say what was trained; please report this")


def rows(data: Path) -> Array:
    """Rows (N, F) of a file: NumPy's ``.npz`` with ``x``, or records, or lines with features."""
    if data.suffix == ".npz":
        try:
            with np.load(data, allow_pickle=False) as stored:
                x = np.asarray(stored["x" if "x" in stored.files else "X"], np.float32)
        except (KeyError, ValueError, OSError) as error:
            raise Unfit(f"{data} has no array x: {error}") from error
        return x.reshape(len(x), -1)
    made = [batch.features[batch.bad == 0] for batch in Rows("auto", LIMITS).read([str(data)])]
    x = np.concatenate(made or [np.zeros((0, 0), np.float32)])
    if not x.size:
        raise Unfit(f"{data} has no rows with features as lists of numbers")
    return x


def turned(x: Array, shape: tuple[int, ...]) -> Array:
    """Pixels (N, F) whose channels lie together, as (N, F) with one channel after the other; grey ones as they are."""
    if len(shape) < 3:
        return x
    channels, height, width = shape
    return np.ascontiguousarray(x.reshape(-1, height, width, channels).transpose(0, 3, 1, 2).reshape(len(x), -1))


def calibration(course: Course, logged: Array) -> Iterable[bytes]:
    """Clean records that set thresholds, as lines."""
    order = np.random.default_rng(course.sizes.seed).permutation(len(logged))
    half, rest = len(logged) // 2, len(logged) * 3 // 4
    some = course.levels[:CLEAN]
    for i, (x, p) in enumerate(zip(logged[order[half:rest]], course.victim.probabilities(some), strict=False)):
        yield msgspec.json.encode(
            {"id": str(i), "time": float(i), "model": "-", "features": x.tolist(), "probabilities": p.tolist()}
        )


def written(out: Path, exported: bytes, page: str, clean: Iterable[bytes], how: Mapping[str, object]) -> Made:
    """Write the file, its card and its calibration set; return the lines that use them."""
    out.parent.mkdir(parents=True, exist_ok=True)
    about, calm = out.with_suffix(".md"), out.with_suffix(".clean.jsonl")
    out.write_bytes(exported)
    about.write_text(page, encoding="utf-8")
    calm.write_bytes(b"\n".join(clean) + b"\n")
    lines = ["[[classifier]]", f'name = "{_name(out.stem)}"', f'path = "{out.absolute()}"',
             f'sha256 = "{sha256(exported).hexdigest()}"']  # fmt: skip
    lines += [f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}" for key, value in how.items()]
    lines += ['scores = "logit"', 'threat = "evasion"', f'calibration = "{calm.absolute()}"']
    return Made([out, about, calm], "\n".join(lines), page)


def _name(stem: str) -> str:
    made = "".join(c if c.isascii() and (c.isalnum() or c == "_") else "_" for c in stem.lower())[:38]
    return made if made[:1].isalpha() else f"c_{made}"


__all__ = ["Made", "Refused", "Sizes", "Steps", "Unfit", "train"]
