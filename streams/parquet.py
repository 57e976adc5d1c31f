"""Rows of a Parquet file as lines of JSON, for the same readers that read everything else."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO

import msgspec

from streams.decompress import Broken


def rows_as_lines(raw: BinaryIO, at_most: int) -> Iterator[tuple[list[bytes], float]]:
    """Lines of at most ``at_most`` rows, and the share of the file's rows that are behind them, in [0, 1].

    Raises
    ------
    Broken
        if the file cannot be read, after the rows that could be
    OSError
        if pyarrow is not installed
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError:
        raise OSError("Parquet needs pyarrow: pip install 'tidegate[parquet]'") from None
    encode = msgspec.json.Encoder(enc_hook=str).encode
    try:
        file = pq.ParquetFile(raw)
        done, total = 0, max(1, file.metadata.num_rows)
        for batch in file.iter_batches(batch_size=at_most):
            done += batch.num_rows
            rows = _without_nanoseconds(pa, batch).to_pylist()
            yield [encode(_present(row)) for row in rows], done / total
    except (pa.ArrowException, OSError, ValueError) as error:
        raise Broken(f"cannot be read as Parquet: {error}") from None


def _without_nanoseconds(pa: Any, batch: Any) -> Any:
    """Times in microseconds, the finest that Python's clock has."""
    columns = [
        column.cast(pa.timestamp("us", column.type.tz), safe=False)
        if pa.types.is_timestamp(column.type) and column.type.unit == "ns"
        else column
        for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _present(row: dict[str, Any]) -> dict[str, Any]:
    """The fields that a row has; a time without a zone is UTC, as Parquet's writers mean it."""
    return {
        name: value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value
        for name, value in row.items()
        if value is not None
    }
