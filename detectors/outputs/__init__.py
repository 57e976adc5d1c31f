"""What a model's answers should not hold: personal data, secrets, canaries, text that is kept from the public."""

from detectors.outputs import divergence, personal, secrets
from detectors.outputs.finding import Finding
from detectors.outputs.plain import plain
from detectors.outputs.watched import Watched

__all__ = ["Finding", "Watched", "find"]


def find(answer: str, watched: Watched | None = None) -> list[Finding]:
    """Everything that is found in an answer; ``watched`` are the canaries and texts of its model, if it has any."""
    text = plain(answer)
    made = personal.find(text) + secrets.find(text) + divergence.find(text)
    return made + watched.find(answer) if watched is not None else made
