"""Attacks: every way to attack a model that the laboratory knows, each really computed against the victim."""

from detectors.training.lab.attacks import (
    backdoor,
    decision,
    inversion,
    learners,
    membership,
    nuisance,
    scores,
    thieves,
    transfer,
)
from detectors.training.lab.attacks.backdoor import implanted
from detectors.training.lab.attacks.family import Family, Gain, Queries, nothing
from detectors.training.lab.attacks.gains import copied, disguised, fooled, portrayed, won

__all__ = ["FAMILIES", "Family", "Gain", "Queries", "implanted"]

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
    Family("random_inputs", "extraction", thieves.uniform, copied, sizes=(500, 3000)),
    Family("marginals", "extraction", thieves.marginals, copied, sizes=(500, 3000)),
    Family("mixtures", "extraction", thieves.mixtures, copied, sizes=(500, 3000)),
    Family("copycat", "extraction", thieves.copycat, copied, sizes=(500, 3000)),
    Family("knockoff_random", "extraction", thieves.knockoff, copied, sizes=(500, 3000)),
    Family("neighbours", "extraction", thieves.neighbours, copied, sizes=(500, 3000)),
    Family("jbda", "extraction", learners.jacobian, copied, sizes=(400, 2500)),
    Family("active", "extraction", learners.active, copied, sizes=(400, 2500)),
    Family("spread", "extraction", learners.spread, copied, sizes=(400, 2500)),
    Family("knockoff_adaptive", "extraction", learners.bandit, copied, sizes=(400, 2500)),
    Family("generator", "extraction", learners.generator, copied, sizes=(600, 3000)),
    Family("crossings", "extraction", learners.crossings, copied),
    Family("columns", "extraction", learners.columns, copied, kinds=("tabular", "embedding")),
    Family("fgsm", "evasion", transfer.fgsm, fooled, sizes=(40, 300)),
    Family("pgd", "evasion", transfer.pgd, fooled, sizes=(40, 300)),
    Family("momentum", "evasion", transfer.momentum, fooled, sizes=(40, 300)),
    Family("deepfool", "evasion", transfer.deepfool, fooled, sizes=(40, 300)),
    Family("cw", "evasion", transfer.carlini, fooled, sizes=(40, 200)),
    Family("jsma", "evasion", transfer.saliency, fooled, sizes=(40, 200)),
    Family("universal_perturbation", "evasion", transfer.universal, fooled, sizes=(40, 300)),
    Family("patch", "patch", transfer.patch, fooled, sizes=(30, 300), kinds=("image",)),
    Family("spatial", "evasion", transfer.spatial, fooled, sizes=(40, 300), kinds=("image",)),
    Family("single_record", "evasion", transfer.single, fooled, sizes=(1, 15)),
    Family("inversion", "inversion", inversion.climb, portrayed),
    Family("miface", "inversion", inversion.slopes, portrayed),
    Family("attribute_inference", "inversion", inversion.attribute, won, sizes=(200, 1500), kinds=("tabular",)),
    Family("membership", "membership", membership.sureness, membership.guessed, sizes=(200, 1500)),
    Family("membership_label_only", "membership", membership.robustness, membership.guessed, sizes=(300, 2000)),
    Family("membership_augmented", "membership", membership.augmented, membership.guessed, sizes=(300, 2000)),
    Family("backdoor", "backdoor", backdoor.use, won, sizes=(20, 250)),
    Family("fuzz", "fuzzing", nuisance.fuzz, nothing, sizes=(100, 1000)),
    Family("probing", "probing", nuisance.unsure, nothing, sizes=(100, 1200)),
    Family("rules", "probing", nuisance.rules, nothing, sizes=(100, 800)),
    Family("sweep", "probing", nuisance.sweep, nothing, sizes=(150, 1200)),
    Family(
        "flood", "flood", nuisance.flood, nothing, sizes=(3000, 8000), pacings=("fast", "sybil", "stolen"), hasty=True
    ),
)
FAMILIES: dict[str, Family] = {family.name: family for family in _ALL}
