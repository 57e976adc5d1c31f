"""The grammar of ``ModelInferRequest`` and ``ModelInferResponse``, and the codes of their fields.

References
----------
https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/open_inference_grpc.proto
"""

from schemas.formats.protobuf import FIXED64, LEAF, VARINT, Grammar

_LEAVES = dict.fromkeys(range(1, 9), LEAF)
GRAMMAR = Grammar(
    {
        "infer": {1: LEAF, 2: LEAF, 3: LEAF, 4: "entry", 5: "tensor", 6: LEAF, 7: LEAF},
        "tensor": {1: LEAF, 2: LEAF, 3: LEAF, 4: "hint", 5: "contents"},
        "contents": _LEAVES,
        "entry": {1: LEAF, 2: "parameter"},
        "parameter": _LEAVES,
        "hint": {1: LEAF, 2: "hinted"},
        "hinted": {3: LEAF},
    },
    quiet=("contents", "entry", "parameter", "hint", "hinted"),
)
_code = GRAMMAR.code
MODEL, VERSION, ID = (_code("infer", i) for i in (1, 2, 3))
TENSOR, RAW_OUT, RAW_IN = (_code("infer", i) for i in (5, 6, 7))
NAME, DATATYPE, SHAPE = (_code("tensor", i) for i in (1, 2, 3))
DIMENSION = _code("tensor", 3, VARINT)
INTEGERS = frozenset(_code("contents", i) for i in range(1, 6))
INTEGER = frozenset(_code("contents", i, VARINT) for i in range(1, 6))
FLOATS, DOUBLES, WORD = (_code("contents", i) for i in (6, 7, 8))
KEY, STRING = _code("entry", 1), _code("parameter", 3)
WHOLE = frozenset(_code("parameter", i, VARINT) for i in (1, 2, 5))
DOUBLE = _code("parameter", 4, FIXED64)
HINT, HINTED = _code("hint", 1), _code("hinted", 3)
