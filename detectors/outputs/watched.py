"""Watched: the canaries and the protected texts of one model, looked for together."""

from dataclasses import dataclass, field

from detectors.outputs.canaries import Canaries
from detectors.outputs.finding import Finding
from detectors.outputs.protected import Protected


@dataclass(frozen=True, slots=True)
class Watched:
    """What is not to be in one model's answers.

    Attributes
    ----------
    own : its canaries
    foreign : canaries of other tenants or models, which it should not know at all
    texts : protected texts, as salted shingles
    """

    own: Canaries = field(default_factory=lambda: Canaries([]))
    foreign: Canaries = field(default_factory=lambda: Canaries([]))
    texts: tuple[Protected, ...] = ()

    def find(self, answer: str) -> list[Finding]:
        """Canaries and runs of protected text in an answer."""
        made = self.own.find(answer, "canary") + self.foreign.find(answer, "canary.foreign")
        return made + [found for text in self.texts for found in text.find(answer)]
