"""Letters: words in the pixels of images, by the models of PP-OCR that come inside RapidOCR (extra ``ocr``).

The three models are files of the installed package, and are named one by one, so nothing is ever fetched. Whether an
image is read depends on its pixels alone, so a replay reads the same ones.
"""

from collections import OrderedDict
from hashlib import blake2b
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from detectors.images.pixels import Grey
from streams.settings import Invalid
from streams.settings.sections import Images

MODELS = {"Det": "*det*.onnx", "Cls": "*cls*.onnx", "Rec": "*rec*.onnx"}
LINES = 64  # lines of text in an image that are looked for
SIDE = 1280  # pixels; a larger image is read scaled down
KNOWN = 4096  # images whose words are remembered


class Letters:
    """Reads words, each image once.

    Parameters
    ----------
    engine : takes pixels (H, W, 3) u1, and returns something whose ``txts`` are the lines, or None
    share : of the images that are read, 0 to 1
    """

    def __init__(self, engine: Any, share: float = 1.0) -> None:
        self.engine, self.share = engine, share
        self._known: OrderedDict[bytes, str] = OrderedDict()

    def __call__(self, picture: Grey) -> str:
        """Return the words in grey values (H, W); nothing where they cannot be read."""
        pixels = np.clip(picture, 0, 255).astype(np.uint8)
        name = blake2b(pixels.tobytes(), digest_size=16, key=str(pixels.shape).encode()).digest()
        if int.from_bytes(name[:8]) >= self.share * 2.0**64:
            return ""
        if name not in self._known:
            self._known[name] = self._read(pixels)
            if len(self._known) > KNOWN:
                self._known.popitem(last=False)
        return self._known[name]

    def _read(self, pixels: Any) -> str:
        try:
            found = self.engine(np.repeat(pixels[:, :, None], 3, axis=2))
        except Exception:  # noqa: BLE001  # three models and OpenCV on hostile pixels raise whatever they like
            return ""
        return " ".join(found.txts or ())  # where an image breaks its lines says nothing about the text


def opened(images: Images) -> Letters | None:
    """Open the models; None if nobody wants words read.

    Raises
    ------
    Invalid
        if words are to be read and the extra is not installed
    """
    if not images.words:
        return None
    spec = find_spec("rapidocr")
    folder = Path((spec and spec.origin) or "").parent / "models"
    files = {part: next(iter(sorted(folder.glob(like))), None) for part, like in MODELS.items()}
    if spec is None or None in files.values():
        raise Invalid(["images.words: RapidOCR and its models are not installed: pip install 'tidegate[ocr]'"])
    plain = {"Global.log_level": "critical", "Global.max_side_len": SIDE, "Det.limit_type": "max"}
    plain |= {"Det.limit_side_len": SIDE, "Det.max_candidates": LINES}
    threads = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": 1 for kind in ("intra", "inter")}
    models = {f"{part}.model_path": str(file) for part, file in files.items()}
    return Letters(import_module("rapidocr").RapidOCR(params=plain | threads | models), images.share)
