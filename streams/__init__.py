"""Everything that touches the world: Kafka through Faust, ClickHouse, files, the command line."""

import os

# ONNX Runtime would keep an id of this machine and report to its maker. A security tool calls nobody unasked.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
