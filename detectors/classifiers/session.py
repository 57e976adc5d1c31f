"""ONNX Runtime under limits: one thread, one bounded memory for all models, on a GPU or a CPU.

Inputs and outputs are bound, so that a GPU gets each batch in one transfer. What a GPU holds is bounded by its
provider's own limit, what a CPU holds by an arena that all models of the process share.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.classifiers.onnx_file import Refused, inspect

Array = npt.NDArray[Any]

CPU, CUDA, TENSORRT = "CPUExecutionProvider", "CUDAExecutionProvider", "TensorrtExecutionProvider"
CHAINS = {"cpu": (CPU,), "cuda": (CUDA, CPU), "tensorrt": (TENSORRT, CUDA, CPU)}
"""Providers by what is asked for, the preferred one first."""
TYPES: dict[str, Any] = {
    "tensor(float)": np.float32, "tensor(float16)": np.float16, "tensor(double)": np.float64,
    "tensor(uint8)": np.uint8, "tensor(int64)": np.int64, "tensor(int32)": np.int32, "tensor(string)": np.object_,
}  # fmt: skip
FLOATING = ("tensor(float)", "tensor(float16)", "tensor(double)")


class Lost(RuntimeError):
    """A provider that worked does so no more."""


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a model: its name, its numbers' type, and the sizes of a row, None where any will do.

    Attributes
    ----------
    rows : how many the model takes at once, None for any number
    """

    name: str
    type: Any
    dims: tuple[int | None, ...]
    rows: int | None


@cache
def _bounded(memory: int) -> int:
    """Give the process one arena for all models that run on the CPU; the first to ask says how large."""
    import onnxruntime  # noqa: PLC0415 - heavy

    where = onnxruntime.OrtMemoryInfo(
        "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
    )
    bounds = {"max_mem": memory, "arena_extend_strategy": 1, "initial_chunk_size_bytes": 1 << 20}
    onnxruntime.create_and_register_allocator(where, onnxruntime.OrtArenaCfg(bounds))
    return memory


class Session:
    """One model, opened.

    Parameters
    ----------
    data : content of an ONNX file
    provider : ``cpu``, ``cuda`` or ``tensorrt``
    memory : bytes that all models together may take, on the CPU and on the GPU
    threads : of one call on a CPU

    Attributes
    ----------
    provider : the one that runs it, as ONNX Runtime calls it

    Raises
    ------
    Refused : the file is not run; the sentence says why
    """

    def __init__(self, data: bytes, *, provider: str = "cpu", memory: int = 1 << 30, threads: int = 1) -> None:
        inspect(data)
        self.data, self.memory, self.threads = data, memory, threads
        self.session = self._open(provider)
        self.provider: str = self.session.get_providers()[0]
        self.inputs = [_input(one) for one in self.session.get_inputs()]
        self.outputs = {one.name: one.type for one in self.session.get_outputs()}

    @property
    def on_gpu(self) -> bool:
        """Whether a GPU runs it."""
        return self.provider != CPU

    def _open(self, provider: str) -> Any:
        import onnxruntime  # noqa: PLC0415 - heavy

        _bounded(self.memory)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = self.threads, 1
        options.log_severity_level = 4
        options.add_session_config_entry("session.use_env_allocators", "1")
        options.add_session_config_entry("session.load_model_format", "ONNX")
        chain = [(name, _options(name, self.memory)) for name in CHAINS[provider]]
        try:
            return onnxruntime.InferenceSession(self.data, options, providers=chain)
        except Exception as error:
            raise Refused(f"ONNX Runtime does not take it ({_first(error)}); check it with onnx.checker") from error

    def fall(self) -> None:
        """Go on with the CPU."""
        self.session = self._open("cpu")
        self.provider = CPU

    def run(self, arrays: Mapping[str, Array], outputs: Sequence[str]) -> list[Array]:
        """Outputs of one batch; raises ``Lost`` where a GPU fails, and ``Refused`` where a CPU does."""
        try:
            return self._run(arrays, outputs)
        except Exception as error:
            if self.on_gpu:
                raise Lost(_first(error)) from error
            raise Refused(f"it fails on its inputs ({_first(error)})") from error

    def _run(self, arrays: Mapping[str, Array], outputs: Sequence[str]) -> list[Array]:
        import onnxruntime  # noqa: PLC0415 - heavy

        if any(array.dtype == np.object_ for array in arrays.values()):
            return list(self.session.run(list(outputs), dict(arrays)))
        binding = self.session.io_binding()
        device = "cuda" if self.on_gpu else "cpu"
        for name, array in arrays.items():
            binding.bind_ortvalue_input(name, onnxruntime.OrtValue.ortvalue_from_numpy(array, device, 0))
        for name in outputs:
            binding.bind_output(name, device)
        self.session.run_with_iobinding(binding)
        return list(binding.copy_outputs_to_cpu())


def _options(provider: str, memory: int) -> dict[str, str]:
    if provider == CUDA:
        return {"gpu_mem_limit": str(memory), "arena_extend_strategy": "kSameAsRequested",
                "cudnn_conv_algo_search": "HEURISTIC", "use_tf32": "0"}  # fmt: skip
    return {"trt_max_workspace_size": str(memory // 2), "trt_fp16_enable": "1"} if provider == TENSORRT else {}


def _input(one: Any) -> Input:
    kind = TYPES.get(one.type)
    if kind is None:
        raise Refused(f"its input {_first(one.name)} is a {_first(one.type)}, which no record gives; cast it inside")
    if not one.shape:
        raise Refused(f"its input {_first(one.name)} has no dimension for rows; export it with one")
    sizes = [size if isinstance(size, int) and size > 0 else None for size in one.shape]
    return Input(one.name, kind, tuple(sizes[1:]), sizes[0])


def _first(error: object) -> str:
    """A line of what a library or a file says, fit for a terminal."""
    line = next((part for part in str(error).splitlines() if part.strip()), "")
    return "".join(c if c.isprintable() else "?" for c in line)[:240]
