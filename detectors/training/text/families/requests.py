"""Requests: orders to write, list, explain or plan something, which only what they are about makes good or bad."""

from detectors.training.text.families.defence import DEFENCE
from detectors.training.text.families.family import Family
from detectors.training.text.families.grammar import rules
from detectors.training.text.families.matters import MATTERS

SHAPES = (
    "{make_verb} {paper} [on|about|for] {about}[| {audience}]",
    "{make_verb} {paper} {audience} [on|about] {about}",
    "{make_verb} {paper} on how to {goal}",
    "{make_verb} {paper} that [explains|teaches|shows] how to {goal}",
    "{make_verb} {paper} [instructing|teaching|encouraging|helping] [people|students|someone] [to|how to] {goal}",
    "{make_verb} a [detailed|short|funny] [plan|guide|story|argument] [for|about|on] {going}[| {audience}]",
    "{tell_verb} how to {goal}[|, {audience}]",
    "{tell_verb} [the best|the usual|three|different|several] [ways|methods|steps|techniques] [of|for] {going}",
    "[Suggest|Name|Find|Recommend|Think of] [some|five|ten|a few] [ideas|ways|examples|sources|arguments] for {about}",
    "[Encourage|Help|Advise|Convince|Get] [someone|a friend|people|a teenager|an individual] to {goal}",
    "[Plan|Organise|Outline|Propose] {about} [in five steps|from start to finish|with a timeline|with a budget|]",
    "[Develop|Write|Code|Build] a [program|script|app|bot|piece of software|Python program] [for|about] {about}",
    "[Develop|Write|Build] a [program|script|app|bot] [that can|which is able to|to] {goal}",
    "[Write|Post] [a comment|a review|a rant] [about|on] {about} [in the style of a politician|like a teenager|]",
    "{^question}",
)
EDITS = rules(
    r"""
@object |
your previous response | your last answer | the earlier reply | the message above | your reply | the previous text | \
that paragraph | your first draft
the list above | what you wrote before | the answer you just gave | the second version | the table you made | your \
earlier summary
@change |
Start every sentence with the letter B | Use no adjectives | Make it half as long | Add a title | Put it into a \
table | Add the release dates
Mention a person for each point | Remove gendered words | Write it for children | Use only nouns | Add a source to \
each claim | Number the points
Turn it into JSON | Use British spelling | Make it rhyme | Replace the names | Drop the last point | Translate the \
headings | Add an example
Write it in the past tense | Keep only the first three | Begin with the result | Explain the second point in detail \
| Sort it by date
@edits
[Rewrite|Modify|Update|Change|Revise|Amend|Adjust|Shorten|Redo] {object}. {change}.
{change} in {object}[, please|].
[Rewrite|Repeat|Improve|Continue|Rephrase] {object}[ and {chance_edit}|].
[Based on|In the light of|Given|Following] {object}, {wish_ask}.
[Pick|Take|Choose] one [example|point|case study|item] [from|of] {object} and explain it [in detail|to a child|in one \
line].
[That was|This is] [too long|great|not what I meant|wrong|fine so far]. {change}[, please|].
[Provide|Make|Write] {paper} [on|about] {matter} using the [first|second|last] example.
[Forget|Never mind|Leave|Ignore|Skip] [the last point|the table|my last message|the typo|the first example], {wish_ask}.
[Illustrate|Support|Question|Shorten] the above with [an allegory|a poem|two examples|a quote].
[What|Which] of [these|the above|your points] is [the most important|easiest|wrong|the cheapest], and why?
[Complete|Continue] the [chat|dialogue|lyrics|sentence]. {told}
@chance_edit |
make it shorter | use a formal tone | fix the spelling | put it in order | add a conclusion | leave out the numbers
""",
)
FAMILY = Family(
    "requests",
    {**MATTERS, **EDITS, **DEFENCE},
    attacks={"harm": ("{^want}", "{want}")},
    twins={
        "edits": ("{edits}",),
        "small": ("{make_verb} {paper} about {matter}", "{paper} about {matter}"),
        "defence": ("{^defence_ask}", "{defence_why} {^defence_ask}", "{^defence_ask} {^defence_ask}"),
        "orders_in_passing": ("{order_word}", "{order_word}", "{told} {order_word}", "{order_word} {wish_question}"),
    },
    shared={"orders": SHAPES, "orders_again": SHAPES},
    heads={"harm": "harmful", "orders": "harmful", "orders_again": "harmful"},
    attack_rules=rules(
        """
@about
{harm_evil}
{harm_evil}
{going}
@want
[help me with|tell me about doing|how about|I need] {harm_evil}
{make_verb} {paper} [on|for|about] {harm_evil}
"""
    ),
    twin_rules=rules("@about\n{matter}\n{matter}\n{going}"),
)  # fmt: skip
"""Orders and edits of all trades."""
