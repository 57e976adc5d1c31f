"""Hidden image: a caller's images hold what people do not see and models do."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from detectors import image_evidence
from detectors.api import Columns, Explanation, IntArray, Scores, Spec, StateArray
from detectors.images import reading as images
from detectors.text.reading import IMAGES
from schemas.threats import THREATS

Array = npt.NDArray[Any]

BESIDE = "its metadata, or what stands behind its end, reads like orders to a model"
WITHIN = "the words in the picture read like orders to a model"
LOOK = "Look at the image at the size to which the model scales it."
HARDLY = "Normal for hardly anybody: phones put a film behind a photograph, but no program."
SCREENSHOTS = "Normal for screenshots of texts about such attacks; not for pictures of things."


@dataclass(frozen=True, slots=True)
class HiddenImage:
    """Images hold another image that appears only when a model scales them down, orders in metadata, or payloads.

    Photographs, pages, dithering and patterns change when they are scaled, but the pixels beside change as much;
    cameras and programs write metadata, but no orders to a model.

    Score
    -----
    Nats of a caller's images, added up: see :mod:`detectors.image_evidence` and :mod:`detectors.images.scaling`.

    References
    ----------
    Xiao et al., Seeing is not believing, USENIX Security 2019; Quiring et al., Adversarial preprocessing, USENIX
    Security 2020, https://www.usenix.org/conference/usenixsecurity20/presentation/quiring; docs/detection/images.md.
    """

    spec: ClassVar[Spec] = Spec(
        name="hidden_image",
        title="Images that hold what people do not see",
        threat="image_injection",
        needs=frozenset({"words"}),
        gate="conformal",
        share=0.02,
        unit="nats",
        reference="https://www.usenix.org/conference/usenixsecurity20/presentation/quiring",
        runbook="docs/runbooks/image_injection.md",
        scenario="hidden_images",
        look_alike="photographs",
    )
    state: ClassVar[np.dtype[np.void]] = image_evidence.state

    def score(self, rows: Columns, slots: IntArray, state: StateArray) -> Scores:
        value, parts = np.empty(len(slots)), np.zeros((len(slots), 4))
        columns = np.ascontiguousarray(rows.batch.text[:, IMAGES], np.float64)
        image_evidence.follow(columns, rows.batch.time, rows.batch.trusted, slots, state, value, parts)
        return Scores(value, {"parts": parts})

    def explain(self, rows: Columns, scores: Scores, row: int) -> Explanation:
        who = rows.batch.principals[rows.batch.principal[row]] or "an unnamed caller"
        under, text, payload, count = (float(one) for one in scores.why["parts"][row])
        times = float(rows.batch.text[row, IMAGES][2])
        pictures = images.told(rows.batch.records[row])
        beside = sum(len(one) for found, _ in pictures for one in found.texts) >= images.LEAST
        seen = next((s for _, s in pictures if s.size and s.times > 1), None)
        where = f" (at {seen.size} pixels, {seen.method.replace('_', ' ')})" if seen and under > 0 else ""
        said = [f"another image appears when it is scaled down as models do{where}"] if under > 0 else []
        said += [BESIDE if beside else WITHIN] if text > 0 else []
        said += ["an archive, a document or a program stands behind its end"] if payload > 0 else []
        plain = text > 0 and not (beside or under > 0 or payload > 0)
        hold = "orders that are written in images" if plain else "images that hold what nobody sees"
        look = f" {LOOK}" if under > 0 else ""
        return Explanation(
            threat="image_injection",
            verdict="attack",
            severity="high",
            title=f"{who} sends model {rows.batch.model} {hold}",
            message=f"{who} has sent {count:.0f} image{'' if count == 1 else 's'}. Of the last: "
            f"{'; '.join(said) or 'it could not be read'}.{look} {SCREENSHOTS if plain else HARDLY}",
            recommendation=THREATS["image_injection"].recommendation,
            why=[
                ("image_scaled", times, 1.0, "how much more those pixels stand out that a scaling model sees"),
                ("image_text", text, 0.0, "nats of text in metadata and behind the end"),
                ("image_payload", payload, 0.0, "nats of what stands behind the end"),
            ],
        )


DETECTOR = HiddenImage
