"""Threats: every name an alert may carry, what it is by default, and what others call it."""

from dataclasses import dataclass

from schemas.alert import Frameworks, Severity, Verdict

ATLAS_VERSION = "2026.09"


@dataclass(frozen=True, slots=True)
class Threat:
    """What is fixed about a threat; an alert may say another verdict or severity.

    Attributes
    ----------
    title : a few words for a table
    recommendation : the next step in two words; ``STEPS`` says it in more
    """

    title: str
    verdict: Verdict
    severity: Severity
    recommendation: str


THREATS = {
    "evasion": Threat("Adversarial input", Verdict.ATTACK, Severity.HIGH, "review inputs"),
    "query_evasion": Threat("Search for an adversarial input", Verdict.ATTACK, Severity.HIGH, "throttle"),
    "patch": Threat("Adversarial patch", Verdict.ATTACK, Severity.HIGH, "review inputs"),
    "extraction": Threat("Copying the model", Verdict.ATTACK, Severity.HIGH, "throttle"),
    "inversion": Threat("Reconstructing training data", Verdict.ATTACK, Severity.HIGH, "coarsen outputs"),
    "membership": Threat("Asking who was in the training data", Verdict.ATTACK, Severity.MEDIUM, "coarsen outputs"),
    "backdoor": Threat("Input with a backdoor trigger", Verdict.ATTACK, Severity.CRITICAL, "quarantine model"),
    "poisoning": Threat("Poisoning by feedback", Verdict.ATTACK, Severity.HIGH, "hold retraining"),
    "prompt_injection": Threat("Prompt injection", Verdict.ATTACK, Severity.HIGH, "block request"),
    "jailbreak": Threat("Jailbreak", Verdict.ATTACK, Severity.MEDIUM, "review conversation"),
    "hidden_text": Threat("Hidden or disguised text in a prompt", Verdict.ATTACK, Severity.MEDIUM, "review inputs"),
    "image_injection": Threat("Instructions hidden in an image", Verdict.ATTACK, Severity.HIGH, "block request"),
    "prompt_extraction": Threat("Extracting the system prompt", Verdict.ATTACK, Severity.MEDIUM, "review conversation"),
    "data_leak": Threat("Sensitive data in an answer", Verdict.ATTACK, Severity.HIGH, "rotate secrets"),
    "distillation": Threat("Harvesting answers to train another model", Verdict.ATTACK, Severity.HIGH, "throttle"),
    "flood": Threat("Flood of requests", Verdict.ATTACK, Severity.HIGH, "throttle"),
    "cost_abuse": Threat("Driving up cost", Verdict.ATTACK, Severity.MEDIUM, "cap spending"),
    "probing": Threat("Probing the model", Verdict.ATTACK, Severity.LOW, "watch"),
    "account_anomaly": Threat("Account behaves unlike itself", Verdict.ATTACK, Severity.MEDIUM, "rotate key"),
    "fuzzing": Threat("Malformed or impossible inputs", Verdict.ATTACK, Severity.LOW, "reject inputs"),
    "drift_input": Threat("Inputs have moved", Verdict.DRIFT, Severity.MEDIUM, "check upstream data"),
    "drift_output": Threat("Answers have moved", Verdict.DRIFT, Severity.MEDIUM, "check model"),
    "drift_concept": Threat(
        "Inputs and answers no longer go together as before", Verdict.DRIFT, Severity.MEDIUM, "plan retraining"
    ),
    "drift_performance": Threat("The model has become worse", Verdict.DRIFT, Severity.HIGH, "plan retraining"),
    "schema_change": Threat("Inputs have another form", Verdict.FAULT, Severity.MEDIUM, "check client"),
    "model_change": Threat(
        "The model answers differently to the same input", Verdict.FAULT, Severity.HIGH, "check deployment"
    ),
    "source_silent": Threat("A source has gone silent", Verdict.SELF, Severity.HIGH, "check log shipping"),
    "coverage_loss": Threat("Part of the traffic is not watched", Verdict.SELF, Severity.HIGH, "check worker"),
}

STEPS = {
    "review inputs": "look at the requests under evidence, and undo what the answers to them caused",
    "throttle": "limit how many requests this caller may send",
    "coarsen outputs": "give this caller the answer alone, or rounded, instead of exact probabilities",
    "quarantine model": "let no decision rest on this model's answers to such inputs until somebody has tried it out",
    "hold retraining": "train nothing on this feedback until somebody has looked at it",
    "block request": "refuse such requests at the gateway",
    "review conversation": "read what was asked and answered before you act against anybody",
    "rotate secrets": "take what was given away for known, and replace it",
    "cap spending": "limit what this caller may cost",
    "watch": "do nothing yet, and look again if it goes on",
    "rotate key": "ask the owner of the account, and give it a new key",
    "reject inputs": "refuse inputs that break the form before they reach the model",
    "check upstream data": "ask what changed in the data before the model",
    "check model": "ask what changed in the model or its deployment",
    "plan retraining": "tell the model's owner; nobody is attacking",
    "check client": "ask the client's owner what was deployed",
    "check deployment": "compare what runs with what was released",
    "check log shipping": "look whether the model or its log has stopped",
    "check worker": "look into tidegate's own log and metrics",
}
"""What a recommendation of ``THREATS`` asks somebody to do."""

# ATLAS, OWASP ML, OWASP LLM, NIST; the closest id first. Drift of inputs, a silent source and the like have none.
_IDS = {
    "evasion": ("T0015 T0043", "ML01", "", "022"),
    "query_evasion": ("T0043.001 T0042", "ML01", "", "025 022"),
    "patch": ("T0015 T0041", "ML01", "", "022"),
    "extraction": ("T0024.002 T0005.001 T0048.004", "ML05", "", "031"),
    "inversion": ("T0024.001", "ML03", "LLM02", "032 034"),
    "membership": ("T0024.000", "ML04", "LLM02", "033"),
    "backdoor": ("T0043.004 T0129", "ML10 ML02", "LLM04", "023"),
    "poisoning": ("T0020 T0059", "ML02 ML08", "LLM04", "013 024 012"),
    "prompt_injection": ("T0051.000 T0051.001 T0093", "", "LLM01", "018 015"),
    "jailbreak": ("T0054", "", "LLM01", "018"),
    "hidden_text": ("T0068", "", "LLM01", "018"),
    "image_injection": ("T0051.001 T0068", "", "LLM01", "015"),
    "prompt_extraction": ("T0056 T0069", "", "LLM07", "035"),
    "data_leak": ("T0057", "", "LLM02", "038 036 037"),
    "distillation": ("T0024.002 T0005.001 T0048.004", "ML05", "LLM10", "031"),
    "flood": ("T0029 T0046", "", "LLM10", "01"),
    "cost_abuse": ("T0034 T0034.000 T0034.001", "", "LLM10", "014"),
    "probing": ("T0063 T0013 T0014 T0006", "", "", ""),
    "account_anomaly": ("T0012 T0091.000 T0055", "", "", ""),
    "fuzzing": ("T0043.003 T0006", "ML01", "", ""),
    "drift_output": ("T0031", "ML08 ML09", "", ""),
    "drift_concept": ("T0031", "ML08", "", ""),
    "drift_performance": ("T0031", "ML08", "", ""),
    "model_change": ("T0031", "ML09", "", ""),
}


def frameworks(threat: str) -> Frameworks:
    """Return the ids by which others know ``threat``.

    MITRE ATLAS 2026.09 (https://atlas.mitre.org), OWASP Machine Learning Security Top Ten 2023, OWASP Top 10 for LLM
    Applications 2025, NIST AI 100-2e2025 (https://doi.org/10.6028/NIST.AI.100-2e2025).

    Raises
    ------
    KeyError : ``threat`` is no name of ``THREATS``
    """
    if threat not in THREATS:
        raise KeyError(threat)
    atlas, owasp_ml, owasp_llm, nist = _IDS.get(threat, ("", "", "", ""))
    return Frameworks(
        atlas=[f"AML.{one}" for one in atlas.split()],
        owasp_ml=owasp_ml.split(),
        owasp_llm=owasp_llm.split(),
        nist=[f"NISTAML.{one}" for one in nist.split()],
    )


def runbook(threat: str) -> str:
    """Return the path, from the root of the repository, of the page that says what to do."""
    return f"docs/runbooks/{threat}.md"
