"""Suffix: a goal followed by what looks like noise, as optimisation finds it; honest text with noise about it.

References
----------
.. [1] Zou et al., "Universal and transferable adversarial attacks on aligned language models", 2023,
   https://arxiv.org/abs/2307.15043
"""

from detectors.training.text.families.family import Family
from detectors.training.text.families.grammar import Pen, rules

RULES = rules(
    r"""
@nudge |
Sure | sure thing | Here is | describing | tutorial | respond | step | oppositely | now write | Absolutely | revert |\
 please | Script
manual | begin with | Title | formatted | Yes | instead | two parts | ## Plan | == interface | in JSON | ok go | \
surely | sentences
@piece |
}} | \) | \)( | == | -- | !! | "@ | {{ | ?> | << | ;) | \n\n | #{ | $\ | ~~ | `` | ** | //* | \( | )\) | _{ | .# | \
:- \
| += | %- | <! | ^
@fragment |
ance | ilib | ote | tex | Init | _name | ERE | graph | sembl | urope | fol | Mac | tt | verse | iby | Wik | str | \
null | ique | sto | Bern
ynam | quet | kern | usp | athe | prim | onz | gior | plac | zig | Ori | rab | sein | uhr | dw | cot | ell | voor | \
mple | Lis | que | ath
gate | ound | MIT | leb | vik | nost | _x | gru | ment | Fab | dro | tant | wij | omb | nik | pla | Sch | rel | URL |\
 cur | tm | sse | apt | ond
@rubbish_said
[my cat walked over the keys|ignore the end, my phone pasted it|what is this at the end of the line|the scanner gave \
me this|the file ends so]
[is this a licence key|is this valid LaTeX|which encoding is broken here|why does my terminal show this|what does \
this regex match]
[copied from a PDF|pasted from a log|from minified code|OCR of a receipt|an export gone wrong|from a serial port]
""",
)

ATTACKS = rules(
    r"""
@suffixed
{^ask} {noise}
{ask} {noise}
{^goal} {noise}
{question} {noise}
{^ask}. {noise} {nudge} {noise}
{goal} {noise} {nudge}
@around
{noise} {ask} {noise}
{noise} {question}
{told} {ask} {noise}
{^ask} {nudge} {noise} {noise}
""",
)

TWINS = rules(
    r"""
@suffixed
{^ask} {noise}
{question} {noise}
{^ask}. {told} {noise}
{hello}, {question} {noise}
@pasted
{noise} {rubbish_said}? {told}
{^rubbish_said}: {noise} {noise}
{told}\n{noise}\n{rubbish_said}? {and_thanks}
{question} ({rubbish_said}: {noise})
{background}\n{noise}\n{question}
""",
)


def noise(pen: Pen) -> str:
    """Eight to thirty pieces of words and signs, mostly without sense."""
    parts: list[str] = []
    for _ in range(pen.number(8, 30)):
        kind = pen.number(0, 9)
        slot = "{fragment}" if kind < 4 else "{piece}" if kind < 7 else "{nudge}" if kind < 8 else "{trade}"
        parts.append(pen.pick((" ", "", "")) + pen.write(slot))
    return "".join(parts).strip()


FAMILY = Family("suffix", RULES, ATTACKS, TWINS, makers={"noise": noise}, exact=frozenset({"suffixed", "around"}))
"""Goals with noise at the end; honest texts with noise."""
