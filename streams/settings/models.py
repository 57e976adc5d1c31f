"""The sections about ONNX classifiers: how they run, and the user's own."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from detectors.classifiers.declared import Declared
from schemas.threats import THREATS
from streams.settings.spans import Span
from streams.settings.values import File, Section


def _threat(name: str) -> str:
    if name not in THREATS:
        raise ValueError(f"{name!r} is no threat; there are {', '.join(sorted(THREATS))}")
    return name


Threat = Annotated[str, AfterValidator(_threat)]


class Onnx(Section):
    """How ONNX classifiers run."""

    provider: Literal["auto", "cpu", "cuda", "tensorrt"] = Field(
        default="auto", description="what runs them: auto takes CUDA where there is a GPU, else the CPU"
    )
    memory_bytes: int = Field(
        default=1 << 30, ge=1 << 24, description="memory of all of them together, of a GPU and of a CPU each"
    )
    largest_bytes: int = Field(default=1 << 28, ge=1 << 10, description="bytes of a model file, more is refused")
    wait: Span = Field(default=0.005, description="time that rows of one partition wait for others' at most")
    share_without_gpu: float = Field(
        default=0.1, gt=0, le=1, description="share of the records still looked at when the GPU is lost, 0 to 1"
    )


class UserModel(Section):
    """One ONNX classifier of the user's own."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$", description="lower-case letters, digits, underscores")
    path: Path = Field(description="the ONNX file")
    sha256: str = Field(default="", pattern=r"^([0-9a-fA-F]{64})?$", description="its digest; empty does not check")
    model: str = Field(default="", description="model whose records it looks at; empty for all")
    version: str = Field(default="", description="version of that model; empty for all")
    input: Literal["features", "image", "text", "embedding"] = Field(
        default="features", description="what it is fed: numbers, pixels, words, or the embedding of words"
    )
    columns: list[str] = Field(default=[], description="names of features in the model's order, where they have names")
    threat: Threat = Field(default="evasion", description="what its alerts say")
    output: str = Field(default="", description="name of the model's output; empty for the first of numbers")
    attack: int = Field(default=-1, ge=-1000, le=1000, description="column of the output that stands for an attack")
    scores: Literal["probability", "logit"] = Field(default="probability", description="what the output is")
    share: float = Field(default=1.0, gt=0, le=1, description="share of the records that it looks at, 0 to 1")
    calibration: File = Field(default=None, description="file of clean records; without one the burn-in is taken")
    scale: float = Field(default=1.0, gt=0, description="pixels are multiplied by it")
    mean: list[float] = Field(default=[0.0], min_length=1, description="taken off scaled pixels, one for each channel")
    spread: list[float] = Field(default=[1.0], min_length=1, description="then divides them, one for each channel")
    vocabulary: File = Field(default=None, description="WordPiece vocabulary, one piece a line; BERT's if not set")
    words: int = Field(default=128, ge=8, le=512, description="pieces of a text that are read")

    def declared(self) -> Declared:
        """Return it as detectors take it."""
        return Declared(
            name=self.name,
            model=self.model,
            version=self.version,
            threat=self.threat,
            input=self.input,
            columns=tuple(self.columns),
            output=self.output,
            attack=self.attack,
            logit=self.scores == "logit",
            share=self.share,
            scale=self.scale,
            mean=tuple(self.mean),
            spread=tuple(self.spread),
            words=self.words,
        )


class Deep(Section):
    """Prompts read by the sentence transformer too."""

    folder: File = Field(
        default=None, description="folder that python -m streams.text_export wrote; without one there is no deep mode"
    )
    prompts: Literal["all", "doubtful"] = Field(
        default="all", description="which prompts: all, or those that the linear heads are unsure about"
    )
    precision: Literal["auto", "fp32", "fp16", "int8"] = Field(
        default="auto",
        description="of the weights; auto is fp16 on a GPU and fp32 on a CPU, which agree; int8 is half as quick again",
    )
    words: int = Field(default=128, ge=16, le=512, description="pieces of a prompt that are read")
