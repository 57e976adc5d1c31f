"""Attacks: every way to attack a model that the laboratory knows, each really computed against the victim."""

from detectors.training.lab.attacks import decision, scores, thieves
from detectors.training.lab.attacks.family import Family, Gain, Queries, nothing
from detectors.training.lab.attacks.gains import copied, disguised

__all__ = ["FAMILIES", "Family", "Gain", "Queries", "nothing"]

_ALL = (
    Family("boundary", "query_evasion", decision.boundary, disguised),
    Family("hopskipjump", "query_evasion", decision.hopskipjump, disguised),
    Family("sign_opt", "query_evasion", decision.sign_opt, disguised),
    Family("rays", "query_evasion", decision.rays, disguised),
    Family("simba", "query_evasion", scores.simba, disguised),
    Family("square", "query_evasion", scores.square, disguised),
    Family("zoo", "query_evasion", scores.zoo, disguised),
    Family("nes", "query_evasion", scores.nes, disguised),
    Family("genetic", "query_evasion", scores.genetic, disguised),
    Family("pixels", "query_evasion", scores.pixels, disguised),
    Family("coordinates", "query_evasion", scores.coordinates, disguised, sizes=(150, 1500)),
    Family("natural", "extraction", thieves.natural, copied, sizes=(500, 3000)),
    Family("uniform", "extraction", thieves.uniform, copied, sizes=(500, 3000)),
    Family("marginals", "extraction", thieves.marginals, copied, sizes=(500, 3000)),
    Family("mixtures", "extraction", thieves.mixtures, copied, sizes=(500, 3000)),
    Family("copycat", "extraction", thieves.copycat, copied, sizes=(500, 3000)),
    Family("knockoff", "extraction", thieves.knockoff, copied, sizes=(500, 3000)),
    Family("neighbours", "extraction", thieves.neighbours, copied, sizes=(500, 3000)),
)
FAMILIES: dict[str, Family] = {family.name: family for family in _ALL}
