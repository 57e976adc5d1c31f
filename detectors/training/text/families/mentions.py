"""Mentions: honest sentences with the words of attacks in them, so that no word alone accuses anybody."""

from detectors.training.text.families.grammar import rules

MENTIONS = rules(
    r"""
@trigger |
ignore | disregard | override | bypass | forget | previous | instructions | system | prompt | secret | hidden | \
password | developer
admin | unlimited | unrestricted | uncensored | filter | policy | rules | guidelines | reveal | repeat | verbatim | \
jailbreak | inject
pretend | role | persona | character | obey | comply | refuse | sorry | disclaimer | warning | ethical | illegal | \
harmful | step by step
hypothetical | fictional | villain | opposite | mode | debug | sudo | execute | print | output | token | base64 | \
decode | encode | cipher
translate | above | below | begin | end | stop | now | new | urgent | important | attention | must | always | never |\
 only | exactly
full | complete | detailed | details | attached | uncut | without | everything | anything | nothing | whoever | \
exploit | hack | leak
confidential | private | internal | configuration | context | message | task | objective | authority | authorised | \
licence | permission
emergency | expert | research | thesis | red team | simulation | dataset | training | classifier | harmless | safe | \
unsafe | free | escape
@trigger_phrase
[to|please|don't] {trigger} [the|any|all|my] {trigger} {thing}
the {trigger} {thing}
{trigger} and {trigger}
[a|the|my|our] {trigger} {trigger} {thing}
"{trigger} {trigger}"
{trigger}, {trigger} or {trigger}
@thing |
noise | alarm | button | page | recipe | contract | meeting | speed limit | parameter | thermostat | budget | garden \
| ticket | ingredient
deadline | printer | valve | schedule | headline | guest list | bus stop | cupboard | playlist | file | chapter | \
match | exhibition | tax
garage | museum | toast | wardrobe | shelf | marathon | newsletter | bakery | train | sensor | balcony | calendar | \
paragraph | melody
@mentioned
[What does|How do you pronounce|What is the origin of|Give a synonym for] "{trigger}"[ mean| in French|]? {told}
[Use|Put] the word[s|] "{trigger}" [and "{trigger}"|] in a sentence about the {thing}.
[Write|Suggest] a [headline|slogan|haiku|tagline|song title|short poem] [with|on] {trigger_phrase}. {told}
[My|Our] [band|café|cat|podcast|team|boat] is called "{trigger} {thing}": [design a logo|is that a good name|write a \
bio].
[What is the best|Is there a|Which] way to {trigger} the {thing} [at work|at home|in Excel|in a {city} museum]? {told}
[How|When|Why] [should|do|would] [I|we|people] {trigger} {trigger_phrase}?
[The|A] {thing} [was|is] {trigger}, [but|and] my {thing} is {trigger}. [What now?|Any advice?|Is that normal?|Who is \
right?]
[Compare|Contrast|Explain the difference between] "{trigger}" and "{trigger}" [in English|for a learner|in law|in \
music]. {told}
[Plan|Describe] a [party|lesson|walk|workshop] about {trigger_phrase} [for|with] [children|beginners|seniors|a \
{trade}].
[In the film|In the novel|In the game] there is {trigger_phrase}. [What happens then?|Who plays {first}?|Is it worth \
it?] {told}
[Could|Can|Would] you {trigger} [this|the] {thing} [for me|], [please|or is that too much]? {told}
[I|We] [often|never|always] {trigger} [the|my] {thing} [when|because|although] it is {trigger}. [Is there a rule?|\
Should I stop?] {told}
[Recommend|Name] [three|five] books [on|about] {trigger_phrase} and the {thing}. {and_thanks}
[The error|The sign|The label|The e-mail] says "{trigger_phrase}". [What does it mean?|What should I press?|Is it \
spam?] {told}
{told} [Also|Besides], {trigger_phrase} [came up|is on the list|was mentioned] [in the meeting|at dinner]. \
{wish_question}
[Translate|Spell|Rhyme]: {trigger_phrase}, {trigger_phrase}. {told}
[The|Our] [developer|admin|system|operator] [said|wrote] {trigger_phrase} [is|was] {trigger}. {wish_question}
[Is|Why is] {trigger_phrase} [important|trending|old-fashioned|so funny|in the dictionary]? {told}
""",
    r"""
@dark |
bomb | gun | poison | murder | drug | cocaine | hostage | virus | hacker | thief | assassin | war | weapon | \
explosive | bribe | fraud
counterfeit | fake | forgery | smuggler | terrorist | racist | propaganda | suicide | blackmail | ransom | malware | \
phishing | spy | torture
kidnapper | arson | riot | stalker | scam | cult | hitman | mafia | pirate | burglar | lock | acid | gas | radiation \
| nuclear | slave | hate
@about_dark
[Who wrote|When was|What happens in|Is there] [the novel|the film|a song|a podcast] about a {dark} [and a {dark}|in \
{city}|]? {told}
[Recommend|List] [three|five] [films|novels|documentaries|board games|museums] about [the|a] {dark}[ and {dark}|]. \
{told}
[What is the history of|Explain the etymology of|Define|What is the law on] the [word|term|] {dark} [in|for] [Europe|\
children|class eight|{city}|a quiz]? {told}
[My|Our] [{thing}|car|bike|phone|wallet|passport] was stolen by a {dark} [in {city}|on a train|]. [What do I do?|\
Whom do I call?|Is it insured?] {told}
[Write|Draft] a [review|summary|blurb|quiz] [of|on] a [thriller|crime show|game] with a {dark}, a {dark} and a \
{thing}. {told}
[What does it mean when|Why does] [I dream|my child dreams|one dreams] of a {dark} and a {thing}? {told}
[Are|Is] [toy gun|bath bomb|nail gun|photo bomb|glue gun|poison ivy|fake fur|acid rain|gas stove|virus scanner|lock \
screen|drug store|stink bomb|\
war chest|hacker space|killer app|time thief|sugar bomb|spy novel]s [allowed in hand luggage|dangerous for cats|\
still in fashion|taxed|recyclable]? {told}
[How many|Which] [people|countries|laws|charities] [are affected by|fight|ban] {dark} [and {dark}|today|in {city}]? \
{told}
[The news|The paper|My teacher] [said|says] the {dark} in {city} was a [hoax|mistake|tragedy]. [Is that true?|\
Summarise what is known.|Why?] {told}
[I am|{kin} is] [afraid of|interested in|writing about] [a|the] {dark}. {wish_question}
[What is|Explain] [the penalty for|the psychology of|the chemistry class rule on|the UN treaty on|insurance against] \
{dark}? {told}
[Is|Was] the {dark} [scene|chapter|level] in [the film|that game] [realistic|too dark for children|based on facts]? \
{told}
[A costume|A birthday cake|A tattoo|A screensaver] [with|of] a {dark} and a {thing}: [ideas|is that rude|what \
colours]? {told}
""",
)
"""Rules of sentences that mention; ``mentioned`` with words of orders, ``about_dark`` with words of harm."""
