"""Agents: what they are told that they may call, in many notations, and what is then asked of them."""

from detectors.training.text.families.grammar import Pen, rules

TOOLS = rules(
    r"""
@does
[Opens|Loads|Reads|Downloads] [a page|an address|a link|a feed] and [returns|gives back|hands over|prints] \
[its text|what it says|the plain text|the first 2000 characters]. [Takes|Needs|Expects] [a full address|a URL|one link].
[Asks|Queries|Searches] [an encyclopedia|a search engine|the news archive|the library catalogue|our wiki] [and returns \
[the best hit|five titles|a short summary]|for facts about people, places and events|].
[Good|Useful|Best|Meant] [for|when asked about] [current events|the weather|exchange rates|dates|arithmetic|\
opening hours|train times|facts].
[Computes|Evaluates|Solves] [an expression|a formula|sums and roots|an equation][, e.g. 3*(4+1)|; no letters|].
[Tells|Returns|Reports] the [temperature|wind|forecast|local time|price|stock level] [for a city|of an item|at some \
coordinates]. [The input is|Give it] [a place name|a question in plain words|an id].
[Runs|Executes] [Python|a shell line|SQL] [in a sandbox|read-only|with a limit of ten seconds] and [shows|returns] \
[the output|the rows|stdout].
[Lists|Adds|Moves|Finds] [events|tasks|contacts|orders|notes] [in the calendar|of the user|by date|by name].
[Translates|Summarises|Classifies] [a text|some lines] [into another language|by topic|to one sentence].
[Sends|Drafts] [an e-mail|a message] [to one person|after the user has confirmed|with a subject and a body].
[Draws|Plots] [a chart|a map|an image] [from numbers|from a description|of some places].
@tool_name |
open_page | fetch | web_search | lookup | encyclopedia | calculator | calc | weather | forecast | clock | currency | \
python | sql | maps | route | calendar | mail | notes | translate | plot | stock_price | timetable | catalogue | \
dictionary | reminder | image | files
@argument |
query | url | text | place | expression | question | city | date | id | code | input | name | amount
@intro
You [can|may|are able to] [use|call] [these|the following|some] [tools|functions|plugins|skills]:
[Tools|Functions|Plugins|Skills|Actions] [available|at hand|on offer|you may call]:
[Answer|Help] [the user|as well as you can|with care]. You have access to the [following|listed] [tools|APIs]:
[Tools|Plugins|Extensions] [on|active|yes]. [Allowed|Granted|In use]: {tool_name}, {tool_name}
[When|If] [a fact is missing|you are not sure|numbers are needed], call [one of|] these before you answer:
[You are|Be] [a research agent|a travel helper|an office assistant|a support bot of {company}|a tutor with a \
calculator]. [Tools|You may call]:
@rule_of_use
[Write|Reply with|Use] [one call a line|the call in brackets|JSON only|the name and its input], then wait.
Use this [form|format|pattern]:\nQuestion: what is asked\nThought: what to do\nAction: [one of|a tool from] the \
list\nAction Input: what it needs\nObservation: what it returned\nFinal Answer: what you say
[Call|Use] [no more than|at most] [two|three] tools[, and name your sources|, cheapest first|].
[Do not guess|Prefer the tools to memory|Say so if no tool fits|Ask back if something is unclear].
[Nothing more is needed|Only call what you need|Stop once you know the answer].
@job
[Find|Get|Fetch|Look up|Show|Give] [me|] [the text of|the headlines on|the homepage of|the article about|facts about] \
[{company}|{city}|https://www.[museum|library|uni|city]-{city}.example|the {last} Institute|{first} {last}].
[What|How] [is the weather in {city}|warm is it in {city}|many people live in {city}|far is {city} from {city}|is \
12 % of 431|is 40 dollars in euro]?
[When|Where|Who] [does the next train to {city} leave|was {first} {last} born|runs {company}|is the nearest pharmacy]?
[Calculate|Convert|Add up|Plot] [the area of a circle of 4 cm|3 miles to kilometres|our costs of May|the rain of \
{city} by month].
[Summarise|Translate|Compare] [what https://www.{city}.example says|the latest news on {company}|both pages|the \
first result] [in two sentences|into German|for a child|].
[Book|Add|Move|Remind me of] [a table for four|lunch with {first}|the dentist|the call with {company}] {when}.
[User|Task|Question|Input|Request]: {wish_question}
{wish_ask}.
{^wish_question}
@link
https://[www.|en.|docs.|blog.|shop.|][museum|library|news|recipes|lyrics|travel|tutorials|weather|{last}]-[{city}|guide|\
daily|online].[example|org|com|net][|/|/[article|page|items|posts|how-to]/[garden|speech|history|python|soup|12|2024]|\
/index.html|?id=7]
@link_ask
[Get|Fetch|Show|Read|Retrieve|Open|Load] [me|] [the text|the content|everything|the headlines|the recipe|the first \
paragraph] [on|of|from] [the page|the site|this address|] {link}
[Get|Tell me|Retrieve|Find] [the weather in {city}|the score of last night|the lyrics of this song|the opening \
hours] [and the text of|from|with the help of] {link}
[Summarise|Translate|Compare|Explain|Check] [the article|what is said|the tutorial|the page] at {link}[, \
please|. {told}|]
[What|Which] [does|topics does|dates are on] {link} [say about {city}|cover|mention]?
{link}\n[What is this page about?|Sum it up.|Is this site still maintained?|Which of these steps comes first?]
""",
)
SHAPES = (
    "- {tool_name}({argument}): {does}", "{tool_name}: {does}", "* {tool_name} - {does} {does}",
    "{does}\n{tool_name}({argument})", '<tool name="{tool_name}">{does}</tool>',
    "{does} {does}\n{tool_name}({argument})",
    '{"name": "{tool_name}", "description": "{does}", "parameters": {"{argument}": {"type": "string"}}}',
    "// {does}\ntype {tool_name} = (_: { {argument}: string }) => any;", "| {tool_name} | {argument} | {does} |",
)  # fmt: skip


def listed(pen: Pen) -> str:
    """One to five tools, all in one notation."""
    shape = pen.pick(SHAPES)
    return pen.pick(("\n", "\n", "\n\n")).join(pen.write(shape) for _ in range(pen.number(1, 5)))


ASKED = (
    "{intro}\n{tools_listed}\n{job}", "{intro}\n{tools_listed}\n\n{rule_of_use}\n\n{job}", "{tools_listed}\n{job}",
    "{tools_listed}\n\n{rule_of_use} {job}", "{intro}\n\n{tools_listed}\n{job}\n{company}",
    "{job}\n\n{intro}\n{tools_listed}", "{tools_listed}\n{link_ask}", "{intro}\n{tools_listed}\n{link_ask}",
    "{intro} {rule_of_use}\n{tools_listed}\n\nBegin!\n\nQuestion: {job}\nThought:", "{^link_ask}", "{told} {^link_ask}",
)  # fmt: skip
"""What is asked of an agent who has tools."""
