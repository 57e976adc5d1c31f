"""``python -m streams.bench.transformer FOLDER PROMPTS``: how fast the sentence transformer is on what is here.

FOLDER is what ``streams.text_export`` wrote, PROMPTS JSON lines (gzipped) with ``text``. Tells the provider that
really runs, milliseconds by width and rows of a batch, and prompts a second from bytes to vectors, pieces included.
"""

import gzip
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Annotated

import msgspec
import numpy as np
import typer

from detectors.text.transformer import Transformer
from streams.text_model import transformer

ROWS = (1, 8, 32, 128, 512)
ROUNDS = 5
PREFERRED = ("CUDAExecutionProvider", "CPUExecutionProvider")


def main(
    folder: Annotated[Path, typer.Argument(help="folder of streams.text_export")],
    prompts: Annotated[Path, typer.Argument(help="JSON lines with text, gzipped")],
    precision: Annotated[str, typer.Option(help="fp32, fp16 or int8")] = "fp32",
    widths: Annotated[str, typer.Option(help="pieces of a text, padded")] = "32,128",
    count: Annotated[int, typer.Option(help="prompts from bytes to vectors")] = 2000,
    threads: Annotated[int, typer.Option(help="of a CPU")] = 1,
) -> None:
    """Print the table."""
    import onnxruntime  # noqa: PLC0415 - heavy

    here = [name for name in PREFERRED if name in onnxruntime.get_available_providers()]
    made = transformer(folder, precision, here, threads)
    typer.echo(f"{precision} on {made.session.get_providers()[0]}, {threads} CPU threads")
    for width, rows, seconds in latencies(made, [int(width) for width in widths.split(",")]):
        typer.echo(f"{width:4d} pieces x {rows:4d} rows: {seconds * 1e3:9.2f} ms, {rows / seconds:9.0f}/s")
    lines = gzip.decompress(prompts.read_bytes()).splitlines()[:count]
    typer.echo(f"from bytes to vectors: {throughput(made, lines):.0f} prompts/s over {len(lines)}")


def latencies(made: Transformer, widths: list[int], sizes: tuple[int, ...] = ROWS) -> Iterator[tuple[int, int, float]]:
    """Yield width, rows and the median seconds of a batch."""
    for width in widths:
        for rows in sizes:
            ids = np.full((rows, width), 2000, np.int64)
            feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
            made.session.run(None, feed)
            took = []
            for _ in range(ROUNDS):
                start = perf_counter()
                made.session.run(None, feed)
                took.append(perf_counter() - start)
            yield width, rows, float(np.median(took))


def throughput(made: Transformer, lines: list[bytes]) -> float:
    """Prompts a second, from bytes to vectors."""
    texts = [np.frombuffer(msgspec.json.decode(line)["text"].encode("utf-8", "replace"), np.uint8) for line in lines]
    made.vectors(texts[:64])
    start = perf_counter()
    made.vectors(texts)
    return len(texts) / (perf_counter() - start)


if __name__ == "__main__":
    typer.run(main)
