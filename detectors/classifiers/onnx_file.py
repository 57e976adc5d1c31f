"""What an ONNX file holds, read from its bytes alone: nothing is run, opened or allocated by what it claims.

A model file is somebody else's. ONNX Runtime would follow paths to other files, and runs what it is told to; so a file
is walked first, field by field of the wire format, and refused with a sentence that names what is wrong and the cure.

References
----------
https://github.com/onnx/onnx/blob/main/onnx/onnx.proto; https://protobuf.dev/programming-guides/encoding/
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

DOMAINS = frozenset({"", "ai.onnx", "ai.onnx.ml", "com.microsoft"})
LOOPS = frozenset({"Loop", "Scan", "SequenceMap"})
DEEPEST = 16  # graphs in graphs
MOST_NODES = 200_000
EXTERNAL = 1  # TensorProto.DataLocation
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5

# numbers of fields
_MODEL_GRAPH, _MODEL_FUNCTIONS = 7, 25
_GRAPH_NODE, _GRAPH_INITIALIZER, _GRAPH_SPARSE = 1, 5, 15
_FUNCTION_NODE = 7
_NODE_OPERATOR, _NODE_ATTRIBUTE, _NODE_DOMAIN = 4, 5, 7
_ATTRIBUTE_TENSORS, _ATTRIBUTE_GRAPHS, _ATTRIBUTE_SPARSE = (5, 10), (6, 11), (22, 23)
_TENSOR_EXTERNAL, _TENSOR_LOCATION = 13, 14
_SPARSE_TENSORS = (1, 2)  # values, indices


class Refused(ValueError):
    """A model that is not run; the sentence says why, and what to do."""


@dataclass(slots=True)
class Content:
    """What was found.

    Attributes
    ----------
    operators : by domain and name, how often
    functions : how many the file defines itself
    """

    operators: dict[tuple[str, str], int] = field(default_factory=dict)
    functions: int = 0
    nodes: int = 0


def inspect(data: bytes) -> Content:
    """Walk a file; raises ``Refused`` where it is no ONNX model, or one that would reach out or not end."""
    found = Content()
    view = memoryview(data)
    graphs = 0
    for number, value in fields(view):
        if number == _MODEL_GRAPH and isinstance(value, memoryview):
            graphs += 1
            _graph(value, found, 0)
        elif number == _MODEL_FUNCTIONS and isinstance(value, memoryview):
            found.functions += 1
            _nodes(value, _FUNCTION_NODE, found, 0)
    if not graphs or not found.nodes:
        raise Refused("it is no ONNX model: it has no graph; export it again")
    for domain, operator in found.operators:
        if domain not in DOMAINS and not found.functions:
            raise Refused(
                f"it uses the custom operator {_plain(domain)}.{_plain(operator)}, and libraries of operators are not "
                "loaded; export it with the operators of ONNX alone"
            )
        if operator in LOOPS:
            raise Refused(
                f"it has the operator {operator}, which may run without end; export it with its loops unrolled"
            )
    return found


def fields(view: memoryview) -> Iterator[tuple[int, "int | memoryview"]]:
    """Number and value of each field of a message; raises ``Refused`` where bytes are no message."""
    at, end = 0, len(view)
    while at < end:
        key, at = _varint(view, at)
        number, kind = key >> 3, key & 7
        if kind == VARINT:
            value, at = _varint(view, at)
            yield number, value
        elif kind == BYTES:
            length, at = _varint(view, at)
            if length > end - at:
                raise _broken()
            yield number, view[at : at + length]
            at += length
        elif kind in (FIXED64, FIXED32):
            at += 8 if kind == FIXED64 else 4
        else:
            raise _broken()
    if at != end:
        raise _broken()


def _varint(view: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(view) and shift < 70:
        byte = view[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
    raise _broken()


def _broken() -> Refused:
    return Refused("it is no ONNX model: its bytes are not a protobuf message; export it again")


def _graph(view: memoryview, found: Content, depth: int) -> None:
    if depth > DEEPEST:
        raise Refused(f"its graphs are nested more than {DEEPEST} deep; export it without control flow")
    for number, value in fields(view):
        if number == _GRAPH_INITIALIZER and isinstance(value, memoryview):
            _tensor(value)
        elif number == _GRAPH_SPARSE and isinstance(value, memoryview):
            _sparse(value)
    _nodes(view, _GRAPH_NODE, found, depth)


def _nodes(view: memoryview, field_number: int, found: Content, depth: int) -> None:
    for number, value in fields(view):
        if number == field_number and isinstance(value, memoryview):
            found.nodes += 1
            if found.nodes > MOST_NODES:
                raise Refused(f"it has more than {MOST_NODES} operators; simplify it before export")
            _node(value, found, depth)


def _node(view: memoryview, found: Content, depth: int) -> None:
    operator = domain = ""
    for number, value in fields(view):
        if not isinstance(value, memoryview):
            continue
        if number == _NODE_OPERATOR:
            operator = _text(value)
        elif number == _NODE_DOMAIN:
            domain = _text(value)
        elif number == _NODE_ATTRIBUTE:
            _attribute(value, found, depth)
    found.operators[domain, operator] = found.operators.get((domain, operator), 0) + 1


def _attribute(view: memoryview, found: Content, depth: int) -> None:
    for number, value in fields(view):
        if not isinstance(value, memoryview):
            continue
        if number in _ATTRIBUTE_TENSORS:
            _tensor(value)
        elif number in _ATTRIBUTE_GRAPHS:
            _graph(value, found, depth + 1)
        elif number in _ATTRIBUTE_SPARSE:
            _sparse(value)


def _sparse(view: memoryview) -> None:
    for number, value in fields(view):
        if number in _SPARSE_TENSORS and isinstance(value, memoryview):
            _tensor(value)


def _tensor(view: memoryview) -> None:
    for number, value in fields(view):
        if number == _TENSOR_EXTERNAL or (number == _TENSOR_LOCATION and value == EXTERNAL):
            raise Refused("its weights lie in other files, which are not followed; save it as one file")


def _text(value: memoryview) -> str:
    return bytes(value[:256]).decode("utf-8", "replace")


def _plain(text: str) -> str:
    """A name from a hostile file as it may reach a terminal."""
    return "".join(c if c.isprintable() and c.isascii() else "?" for c in text)[:80]
