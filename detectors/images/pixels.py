"""Pixels: an image as grey values, within limits of size; none without Pillow (extra ``images``)."""

import warnings
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.images.container import Container

Grey = npt.NDArray[np.float32]

MOST = 1 << 24  # pixels of one image
LEAST = 32  # pixels of a side
FORMATS = {
    "PNG": ("PIL.PngImagePlugin", "PngImageFile"),
    "JPEG": ("PIL.JpegImagePlugin", "JpegImageFile"),
    "GIF": ("PIL.GifImagePlugin", "GifImageFile"),
    "WEBP": ("PIL.WebPImagePlugin", "WebPImageFile"),
}
"""Where Pillow reads each kind: nothing else of it is asked, whatever the bytes look like."""


class _Bytes:
    """Bytes as Pillow wants to read them: a file that can be read and sought, and nothing else."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def read(self, n: int = -1) -> bytes:
        end = len(self.data) if n < 0 else min(self.at + n, len(self.data))
        made, self.at = self.data[self.at : end], max(self.at, end)
        return made

    def seek(self, at: int, whence: int = 0) -> int:
        self.at = max(0, at + (0, self.at, len(self.data))[whence])
        return self.at

    def tell(self) -> int:
        return self.at


def pillow() -> Any:
    """Pillow's ``Image``, None where it is not installed."""
    try:
        return import_module("PIL.Image")
    except ImportError:
        return None


def too_large(found: Container) -> bool:
    """Whether an image says that it has more pixels than are decoded: a picture bomb costs nothing."""
    return found.width * found.height > MOST


def grey(data: bytes, found: Container) -> Grey | None:
    """Grey values (H, W) in 0 .. 255 of the first frame; None if too large, too small, damaged, or without Pillow.

    The size is the file's own word, read before Pillow sees it; what Pillow then finds must be the same.
    """
    if min(found.width, found.height) < LEAST:
        return None
    made = decoded(data, found, "L")
    return None if made is None else np.asarray(made, np.float32)


def decoded(data: bytes, found: Container, mode: str, size: tuple[int, int] | None = None) -> Any:
    """The first frame in Pillow's ``mode``, in another size (width, height) if one is given; None as :func:`grey`."""
    image = pillow()
    if image is None or found.kind not in FORMATS or too_large(found):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            module, name = FORMATS[found.kind]
            picture = getattr(import_module(module), name)(_Bytes(data))
            if picture.size != (found.width, found.height):
                return None
            made = _flat(image, picture).convert(mode)
            return made if size in (None, made.size) else made.resize(size, image.Resampling.BILINEAR)
    except Exception:  # noqa: BLE001  # decoders of hostile bytes raise whatever they like
        return None


def _flat(image: Any, picture: Any) -> Any:
    """On white: what is transparent shows the page."""
    if picture.mode in ("RGBA", "LA", "P", "PA"):
        picture = picture.convert("RGBA")
        page = image.new("RGBA", picture.size, "white")
        page.alpha_composite(picture)
        picture = page
    return picture
