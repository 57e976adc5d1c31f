"""Which threat a deviating profile points to: every deviating statistic votes, by its group and its side."""

from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.statistics import TABLE

# group -> threat if the statistic is above the usual value, threat if it is below
VOTES = {
    "odd": ("evasion", "account_anomaly"),
    "answers": ("probing", "probing"),
    "repeats": ("account_anomaly", "extraction"),
    "chains": ("query_evasion", "query_evasion"),
    "flips": ("query_evasion", "account_anomaly"),
    "lows": ("query_evasion", "account_anomaly"),
    "highs": ("inversion", "account_anomaly"),
    "trigger": ("backdoor", "account_anomaly"),
    "labels": ("extraction", "account_anomaly"),
    "distribution": ("extraction", "account_anomaly"),
    "pace": ("account_anomaly", "account_anomaly"),
}
EXCEPTIONS = {
    "near_copy": ("query_evasion", "extraction"),
    "nearest": ("extraction", "query_evasion"),
    "step": ("extraction", "query_evasion"),
    "same_label": ("account_anomaly", "extraction"),
    "margin_rank": ("membership", "probing"),
    "low_margin": ("probing", "membership"),
}
WEIGHTS = {"highs": 2.0, "lows": 2.0, "flips": 2.0, "trigger": 1.5}  # rare, and telling where they come

TITLES = {
    "evasion": "{principal} sends manipulated inputs to {model}",
    "query_evasion": "{principal} is searching for an input that fools {model}",
    "extraction": "{principal} seems to be copying {model}",
    "inversion": "{principal} is steering inputs to reconstruct what {model} has learnt",
    "membership": "{principal} seems to test what {model} was trained on",
    "backdoor": "{principal} sends inputs to {model} that share one rare mark",
    "probing": "{principal} is exploring where {model} is unsure",
    "account_anomaly": "{principal} uses {model} as no customer does",
}
RECOMMENDATIONS = {
    "evasion": "challenge",
    "query_evasion": "throttle",
    "extraction": "throttle",
    "inversion": "throttle",
    "membership": "throttle",
    "backdoor": "quarantine output",
    "probing": "challenge",
    "account_anomaly": "challenge",
}
SEVERITIES = {
    "evasion": "high",
    "query_evasion": "high",
    "extraction": "high",
    "inversion": "high",
    "membership": "medium",
    "backdoor": "high",
    "probing": "medium",
    "account_anomaly": "medium",
}


def name_threat(z: npt.NDArray[np.float32], strongest: npt.NDArray[Any]) -> str:
    """Threat with the most votes of the strongest statistics, each weighing its ``|z|`` (64,)."""
    votes: dict[str, float] = {}
    for k in strongest:
        above, below = EXCEPTIONS.get(TABLE[k].name, VOTES[TABLE[k].group])
        threat = above if z[k] > 0 else below
        votes[threat] = votes.get(threat, 0.0) + float(abs(z[k])) * WEIGHTS.get(TABLE[k].group, 1.0)
    return max(votes, key=lambda threat: votes[threat])
