"""Family: one way to attack a model with words, and what honest callers write that looks like it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from detectors.training.text.families.background import BACKGROUND
from detectors.training.text.families.goals import GOALS
from detectors.training.text.families.grammar import Generator, Maker, Pen, Rules
from detectors.training.text.families.prompt import LONGEST, Head, Prompt
from detectors.training.text.families.surface import surface
from detectors.training.text.families.topics import TOPICS, aim
from detectors.training.text.families.wishes import WISHES
from detectors.training.text.families.words import WORDS

Groups = Mapping[str, tuple[str, ...]]
SHARED: Rules = {**WORDS, **BACKGROUND, **GOALS, **WISHES}


@dataclass(frozen=True)
class Family:
    """One way to attack, with its honest twins.

    Attributes
    ----------
    grammar : rules of its own, beside those that all share
    attacks, twins : templates by group; a group is what may be held out of training
    shared : groups of templates in which only the goal says whether it is an attack
    heads : by group of attacks, where it is not ``subversion``
    makers : slots whose text is computed
    attack_rules, twin_rules : rules that only attacks, only twins have
    exact : groups in which every letter counts, so that nobody mistypes
    articles : whether *a* becomes *an* before a vowel, as in English
    """

    name: str
    grammar: Rules
    attacks: Groups
    twins: Groups
    shared: Groups = field(default_factory=dict)
    heads: Mapping[str, Head] = field(default_factory=dict)
    makers: Mapping[str, Maker] = field(default_factory=dict)
    attack_rules: Rules = field(default_factory=dict)
    twin_rules: Rules = field(default_factory=dict)
    exact: frozenset[str] = frozenset()
    articles: bool = True

    def attack(self, rng: Generator) -> Prompt:
        """One prompt that attacks."""
        return self._prompt(rng, {**self.attacks, **self.shared}, harmful=True)

    def twin(self, rng: Generator) -> Prompt:
        """One honest prompt that looks like an attack of this family."""
        return self._prompt(rng, {**self.twins, **self.shared}, harmful=False)

    def _prompt(self, rng: Generator, groups: Groups, *, harmful: bool) -> Prompt:
        own = self.attack_rules if harmful else self.twin_rules
        pen = Pen(rng, {**SHARED, **self.grammar, **own}, {**TOPICS, **self.makers}, {})
        pen.articles = self.articles
        group = pen.pick(tuple(groups))
        aim(pen, harmful=harmful)
        text = pen.write(pen.pick(groups[group]))
        topic = pen.bound["goal"] if pen.used & {"goal", "going"} else ""
        head: Head = self.heads.get(group, "subversion") if harmful else "benign"
        text = (text.strip() if group in self.exact else surface(text, rng))[:LONGEST]
        asked = bool(topic) or any(name.endswith("_evil") for name in pen.used)
        return Prompt(text, self.name, head, f"{self.name}/{group}", topic, harmful and asked)
