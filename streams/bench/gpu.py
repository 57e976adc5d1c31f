"""How many prompts a second the transformer reads on what is here, by size of batch, and whether GPU and CPU agree.

Everything runs through the classifiers' own runtime. Without an exported transformer one of the same shape with random
weights is measured: speed does not depend on what it has learnt.
"""

from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.classifiers import deep
from detectors.classifiers.inputs import Asked
from detectors.classifiers.onnx_file import Refused
from detectors.classifiers.texts import IDS, MASK
from detectors.text.deep import DIMENSIONS, WIDTH, Deep
from detectors.text.heads import HEADS
from detectors.text.transformer import BEGIN, END, WIDTHS
from streams import classifiers, text_model
from streams.settings.models import Onnx

Array = npt.NDArray[Any]

GPU_ROWS, CPU_ROWS = (1, 8, 32, 128, 256, 512, 1024), (1, 4, 8)
ROUNDS = 5
MEDIAN, WIDE, LONGEST = 60, 0.6, 128  # pieces of prompts: log-normal, as in traces of chats
PROMPTS = {True: 20_000, False: 200}
AGREED = 256  # prompts that both providers are asked about
NEAR = 1e-2
NO_GPU = "there is no GPU here that ONNX Runtime could use; what follows is a CPU, one core"


def measure(folder: Path | None = None) -> dict[str, Any]:
    """Prompts/s and latency by size of batch; on a GPU also the largest difference to the CPU's logits."""
    chosen = classifiers.provider(Onnx())
    gpu = chosen != "cpu"
    model = opened(folder, chosen)
    gpu = model.session.on_gpu
    made: dict[str, Any] = {
        "provider": model.session.provider,
        "gpu": gpu,
        "weights": "exported" if folder else "random, of the same shape",
        "one_at_a_time": model.alone,
    }
    made |= {} if gpu else {"says": NO_GPU}
    made["batches"] = [row for width in (32, 128) for row in batches(model, width, GPU_ROWS if gpu else CPU_ROWS)]
    parts = mixed(PROMPTS[gpu])
    model.ask(parts[:1])
    start = perf_counter()
    model.ask(parts)
    seconds = perf_counter() - start
    made["mix"] = {"prompts_per_second": round(PROMPTS[gpu] / seconds, 1), "prompts": PROMPTS[gpu], "pieces": LONGEST}
    if gpu:
        made["against_cpu"] = differences(model, opened(folder, "cpu", "fp32"))
    return made


def opened(folder: Path | None, chosen: str, precision: str = "") -> deep.DeepClassifier:
    """The transformer on a provider; raises ``Refused`` where none can be made."""
    draw = np.random.default_rng(0)
    heads = Deep(draw.normal(0, 1, (DIMENSIONS, len(HEADS))).astype(np.float32), np.zeros(len(HEADS), np.float32))
    precision = precision or ("fp16" if chosen != "cpu" else "int8" if folder else "fp32")
    data = text_model.read(folder, text_model.file_of(precision)) if folder else random(precision)
    return deep.opened(data, heads, words=LONGEST, only_doubtful=False, provider=chosen, memory=4 << 30)


def random(precision: str) -> bytes:
    """A transformer of MiniLM's shape with random weights; needs the extra ``train``."""
    try:
        from detectors.training.text.encoder import Encoder  # noqa: PLC0415 - only here
        from detectors.training.text.graph import graph  # noqa: PLC0415
    except ImportError as error:
        raise Refused(
            f"{error.name} is missing: name an exported transformer, or pip install 'tidegate[train]'"
        ) from error
    draw = np.random.default_rng(1)
    rows = {"word": 30_522, "position": 512, "token_type": 2}
    shapes: dict[str, tuple[int, ...]] = {f"embeddings.{n}_embeddings.weight": (k, WIDTH) for n, k in rows.items()}
    shapes |= {f"embeddings.LayerNorm.{end}": (WIDTH,) for end in ("weight", "bias")}
    for layer in range(6):
        name = f"encoder.layer.{layer}."
        square = [name + f"attention.{part}" for part in ("self.query", "self.key", "self.value", "output.dense")]
        sizes = dict.fromkeys(square, (WIDTH, WIDTH))
        sizes |= {name + "intermediate.dense": (1536, WIDTH), name + "output.dense": (WIDTH, 1536)}
        shapes |= {f"{part}.weight": size for part, size in sizes.items()}
        shapes |= {f"{part}.bias": size[:1] for part, size in sizes.items()}
        norms = (name + "attention.output.LayerNorm", name + "output.LayerNorm")
        shapes |= {f"{part}.{end}": (WIDTH,) for part in norms for end in ("weight", "bias")}
    weights = {
        n: draw.normal(0, 0.04, size).astype(np.float32) + n.endswith("Norm.weight") for n, size in shapes.items()
    }
    kind = np.float16 if precision == "fp16" else np.float32
    return bytes(graph(Encoder({n: w.astype(np.float32) for n, w in weights.items()}, 12), kind).SerializeToString())


def pieces(lengths: Array, width: int) -> dict[str, Array]:
    """Inputs for prompts of so many pieces (n,)."""
    draw = np.random.default_rng(2)
    ids = draw.integers(1000, 20_000, (len(lengths), width))
    mask = (np.arange(width) < lengths[:, None]).astype(np.int64)
    ids[:, 0] = BEGIN
    ids[np.arange(len(lengths)), lengths - 1] = END
    return {IDS: np.ascontiguousarray(ids * mask), MASK: mask}


def batches(model: deep.DeepClassifier, width: int, sizes: tuple[int, ...]) -> list[dict[str, Any]]:
    """Milliseconds of a batch, and prompts/s."""
    made = []
    for rows in sizes:
        arrays = pieces(np.full(rows, width), width)
        took = []
        for _ in range(ROUNDS + 1):
            start = perf_counter()
            model.session.run(arrays, [model.output])
            took.append(perf_counter() - start)
        seconds = float(np.median(took[1:]))
        made.append({"pieces": width, "rows": rows, "milliseconds": round(seconds * 1e3, 2),
                     "prompts_per_second": round(rows / seconds, 1)})  # fmt: skip
    return made


def mixed(count: int) -> list[Asked]:
    """Prompts of the lengths that traces have, those of like length together."""
    drawn = np.random.default_rng(3).lognormal(np.log(MEDIAN), WIDE, count)
    lengths = np.clip(drawn, 4, LONGEST).astype(np.int64)
    bucket = np.searchsorted(WIDTHS, lengths)
    rows = np.arange(count)
    return [Asked(rows[bucket == k], pieces(lengths[bucket == k], WIDTHS[k])) for k in np.unique(bucket).tolist()]


def differences(gpu: deep.DeepClassifier, cpu: deep.DeepClassifier) -> dict[str, Any]:
    """How far a GPU's sentence vectors are from the CPU's."""
    arrays = pieces(np.full(AGREED, 64), 64)
    one, other = (each.session.run(arrays, [each.output])[0].astype(np.float64) for each in (gpu, cpu))
    largest = float(np.abs(one - other).max())
    return {"largest_difference": largest, "within": NEAR, "agrees": largest <= NEAR}
