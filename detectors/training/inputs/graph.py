"""An ONNX graph as a function of its inputs and of its weights, which JAX compiles and differentiates."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.training.inputs.jaxed import NotDifferentiable
from detectors.training.inputs.operators import OPERATORS

Array = npt.NDArray[Any]


class Graph:
    """A parsed graph.

    Attributes
    ----------
    weights : initial values by name, with floating-point ones only in ``trainable``
    inputs, outputs : names
    """

    def __init__(self, data: bytes) -> None:
        import onnx  # noqa: PLC0415 - only in the extra train

        graph = onnx.load_model_from_string(data).graph
        unknown = sorted(
            {n.op_type for n in graph.node if n.op_type not in OPERATORS or n.domain not in ("", "ai.onnx")}
        )
        if unknown:
            raise NotDifferentiable(f"there is no gradient for {', '.join(unknown)}")
        self.weights: dict[str, Array] = {w.name: onnx.numpy_helper.to_array(w) for w in graph.initializer}
        self.nodes = [(n.op_type, list(n.input), list(n.output), _attributes(n)) for n in graph.node]
        self.inputs = [one.name for one in graph.input if one.name not in self.weights]
        self.outputs = [one.name for one in graph.output]

    def run(
        self,
        inputs: Mapping[str, Any],
        wanted: Sequence[str],
        weights: Mapping[str, Any] | None = None,
        *,
        partly: bool = False,
    ) -> list[Any]:
        """Values of the named tensors; ``partly`` leaves out what has inputs that nobody gave."""
        known: dict[str, Any] = {**self.weights, **(weights or {}), **inputs}
        for operator, takes, gives, attributes in self.nodes:
            if partly and any(name and name not in known for name in takes):
                continue
            made = OPERATORS[operator]([known[name] if name else None for name in takes], attributes)
            known.update(zip(gives, made if isinstance(made, tuple) else (made,), strict=False))
        return [known[name] for name in wanted]

    def trainable(self, prefix: str) -> dict[str, Array]:
        """Weights whose names begin with a prefix."""
        return {n: w for n, w in self.weights.items() if n.startswith(prefix) and np.issubdtype(w.dtype, np.floating)}


def _attributes(node: Any) -> dict[str, Any]:
    import onnx  # noqa: PLC0415

    made = {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute}
    return {k: onnx.numpy_helper.to_array(v) if isinstance(v, onnx.TensorProto) else v for k, v in made.items()}
