"""What an alert says about prompts: which attempt they resemble, how often, and for whom that is normal."""

from typing import NamedTuple

from detectors import prompt_examples
from detectors.api import Columns, Explanation, Scores
from detectors.text.heads import HEADS
from detectors.text.reading import AT
from schemas.threats import THREATS


class Kind(NamedTuple):
    """What one head stands for: the threat, a title, what was seen, and for whom it is normal."""

    threat: str
    title: str
    seen: str
    normal: str


KINDS = {
    "jailbreak": Kind(
        "jailbreak",
        "{who} is trying to talk model {model} out of its rules",
        "resemble jailbreaks: a persona, a story or a demand that is to make the model answer what it should refuse",
        "Normal for red teams and for people who play with models; not for an application with prompts of its own.",
    ),
    "direct": Kind(
        "prompt_injection",
        "{who} gives model {model} orders that are not its owner's",
        "resemble injected instructions: to ignore what was said before, to take new orders, to change roles",
        "Normal where users may instruct the model freely; not where they only fill in data.",
    ),
    "indirect": Kind(
        "prompt_injection",
        "Documents that {who} sends carry orders for model {model}",
        "contain instructions to the model inside documents, mails, pages or tool output",
        "Normal for documents about such attacks; not for mail and pages that nobody prepared for a model.",
    ),
    "extraction": Kind(
        "prompt_extraction",
        "{who} is trying to read the system prompt of model {model}",
        "ask for the instructions that the model was given",
        "Normal for whoever builds or debugs the application; not for its users.",
    ),
    "encoding": Kind(
        "hidden_text",
        "{who} hides what it asks of model {model}",
        "hide instructions: in encodings, in invisible or imitated characters",
        "Normal for developers who paste encoded data; not for people who ask in words.",
    ),
    "harmful": Kind(
        "jailbreak",
        "{who} asks model {model} for help with harm",
        "ask for help with doing harm",
        "Normal for moderators, security people and writers, whose questions are about harm; not for most others.",
    ),
}
TOLD = (
    ("hidden_share", "share of characters that nobody sees"),
    ("folded_share", "share of characters that imitate plain letters"),
    ("decoded_share", "encoded text, against the length of the prompt"),
    ("leet_share", "share of words with digits for letters"),
    ("spaced_share", "share of characters that stand apart"),
)


def explanation(rows: Columns, scores: Scores, row: int, kind: str) -> Explanation:
    """Words for an alert about the prompt of ``row`` and those before it."""
    batch, said, why = rows.batch, KINDS[kind], scores.why
    who = batch.principals[batch.principal[row]] or "an unnamed caller"
    prompts, odd = int(why["prompts"][row]), int(why["odd"][row])
    rare = float(10 ** min(float(why["single"][row]) / 2.302585, 6.0))
    text = batch.text[row]
    disguise = [(name, float(text[AT[name]]), 0.0, words) for name, words in TOLD if text[AT[name]] > 0]
    return Explanation(
        threat=said.threat,
        verdict=str(THREATS[said.threat].verdict),
        severity=str(THREATS[said.threat].severity),
        title=said.title.format(who=who, model=batch.model),
        message=f"Prompts of {who} {said.seen}. {_counted(prompts, odd)} such as fewer than one honest "
        f"prompt in a hundred is; about one in {rare:,.0f} is as suspicious as the last. {said.normal}",
        recommendation=THREATS[said.threat].recommendation,
        why=[
            ("odd_prompts", odd / max(1, prompts), 0.01, "share of its prompts that one honest prompt in a hundred is"),
            (
                kind,
                float(text[AT[kind]]),
                _usual(rows, kind),
                f"logit of the head that knows such prompts ({said.threat})",
            ),
            *disguise,
        ],
    )


def _usual(rows: Columns, kind: str) -> float:
    """What a head says of the middle one of the clean period's prompts."""
    ordinary = prompt_examples.known(rows.reference.learnt)
    return 0.0 if ordinary is None else float(ordinary.knot[HEADS.index(kind), ordinary.knot.shape[1] // 2])


def _counted(prompts: int, odd: int) -> str:
    if prompts == 1:
        return "Its only prompt so far is"
    return f"Of its {prompts:,} prompts, {odd:,} {'is' if odd == 1 else 'are'}"
