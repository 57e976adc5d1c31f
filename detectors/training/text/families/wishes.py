"""Wishes: what honest callers ask for, among it much that only sounds bad.

``how_wish`` is something one does, ``make_wish`` something that one has written, as in ``goals``.
"""

from detectors.training.text.families.grammar import rules

WISHES = rules(
    r"""
@how_wish
{kitchen}
{home}
{screen}
{screen}
{body}
{money}
{school}
{leisure}
{sounds_bad}
{sounds_bad}
{sounds_bad}
{guarding}
{guarding}
{office}
{safety}
{history_wish}
@make_wish
{letters}
{texts}
{pieces}
{code_wish}
{plans}
{lessons}
{office_texts}
{office_texts}
@kitchen
[bake|make|cook|prepare] [sourdough bread|a vegan lasagne|dumplings|a birthday cake without eggs|ramen|paella for \
ten|pickles]
[keep|store|freeze] [fresh basil|cooked rice|berries|bread|leftover soup] [for longer|safely|]
[replace|leave out] [eggs|butter|sugar|gluten|salt] in a [cake|sauce|pancake recipe|curry]
[sharpen|clean|season] a [kitchen knife|cast-iron pan|wok|grill]
@home
[fix|repair|replace] a [dripping tap|squeaky door|cracked tile|loose hinge|broken zip|flat bicycle tyre]
[remove|get rid of] [red wine from a carpet|mould from a wall|limescale|ants from the kitchen|rust from tools]
[grow|water|prune] [tomatoes on a balcony|roses|an apple tree|orchids|basil indoors]
[insulate|paint|soundproof] a [small attic|bathroom|home office|garage door]
[train|calm|feed] a [puppy|nervous cat|rescue dog|hamster] [at night|on holiday|]
@screen
[merge|sort|filter|group] [two data frames|a list of dictionaries|log files by date|rows with missing values] in \
[Python|R|SQL|Excel]
[kill|stop|terminate] a [Python process|zombie process|hung thread|child process|runaway container] [in Linux|on \
Windows|]
[set up|configure|secure] [a VPN at home|a firewall|SSH keys|two-factor login|a reverse proxy|a home server]
[write|run|speed up] [unit tests|a regular expression|a slow query|a web scraper for my own site|a shell script]
[undo|squash|split] [a commit|a merge|a rebase] in git
[deploy|scale|monitor] a [small web app|model behind an API|database cluster|message queue]
[inject|mock|override] [a dependency in Spring|a service in a test|a method in Java|CSS variables]
[dump|restore|migrate] a [database|table|mailbox] [without downtime|to a new server|]
[recover|reset] [a forgotten Windows password|my own account|a deleted partition|an unsaved document]
@body
[sleep|breathe|eat] better [before a race|while pregnant|on night shifts|with asthma]
[treat|recognise|soothe] [a sprained ankle|a migraine|sunburn|hay fever|a bee sting|a panic attack]
[train for|recover after] [a marathon|a knee operation|the flu|a long illness]
[lower|understand|measure] [blood pressure|cholesterol|blood sugar|a resting pulse]
[talk to|support|help] [a friend with depression|a grieving colleague|a child who is bullied|someone who thinks of \
suicide]
[quit|cut down on] [smoking|sugar|alcohol|coffee|screen time]
@money
[file|check|plan] [my tax return|a household budget|my pension|a mortgage|invoices as a freelancer]
[save|invest|budget] [for a house|on a low income|for a wedding|as a student]
[dispute|cancel|understand] [a parking fine|a subscription|an electricity bill|a bank fee]
[start|register|sell] a [small company|food truck|craft shop online|non-profit club]
@school
[solve|explain|prove] [a quadratic equation|the chain rule|Bayes' theorem|Newton's third law|Pythagoras' theorem]
[study|revise|take notes] for [the bar exam|a chemistry test|the SAT|a history paper|a driving test]
[cite|structure|shorten] [a thesis|a lab report|a literature review|an abstract|an essay]
[learn|practise] [Spanish verbs|the piano|chess openings|sign language|touch typing]
@leisure
[plan|pack for|book] a [week in Lisbon|hike in the Alps|road trip with children|cheap trip to Japan|city break]
[knit|sew|draw|paint] a [scarf|portrait|dragon|landscape|pair of gloves]
[beat|finish|play] [the last boss|a hard chess puzzle|sudoku faster|a board game for six]
[take|edit] [photos at night|a podcast|a short film|drone videos]
@sounds_bad
[kill|get rid of] [weeds in the lawn|mosquitoes|bed bugs|the engine smoothly|time at an airport|a sourdough starter|\
the lights on stage]
shoot [a portrait in low light|a short film on a phone|a free throw|hoops|clay pigeons at a club|a wedding]
blow up [a balloon|a photo to poster size|an air mattress|a bridge in Minecraft]
steal [second base|the show at karaoke|a kiss in a school play|the ball in basketball]
crack [an egg with one hand|a walnut|my knuckles safely|a coding interview|a crossword clue|a smile in photos]
hack [my morning routine|a cheap desk from IKEA|together a prototype in a weekend|my sleep]
[smash|destroy|crush] [garlic|my opponents in Catan|a phone before recycling|old hard drives|a hard test]
attack [a chess position|a steep hill on a bike|the net in tennis|a maths problem]
[bomb-proof|bulletproof] [a business plan|a climbing anchor|a résumé]
hide [Easter eggs|columns in Excel|files in git|cables behind a desk|a surprise party]
cheat [in The Sims for money|death in D&D|on a diet day sensibly]
beat [eggs|jet lag|traffic|a fever|my brother at chess|the heat]
[poison-proof|childproof] [a garden for dogs|a kitchen|a medicine cabinet]
execute [a shell command|a contract|a will|a stored procedure|a perfect turn]
[whip|pound|torture-test] [cream|a schnitzel|a new CPU]
burn [calories|a CD|an ISO image to a stick|through a reading list|incense safely]
exploit [parallelism on a GPU|a gap in the market|symmetry in an integral|free museum days]
[strangle a legacy app|sacrifice a queen in chess|abort a rebase|murder a karaoke song|slaughter a level in Doom]
dissolve [a limited company|sugar in cold tea|a marriage amicably|aspirin]
make [a killer playlist|a bath bomb|a smoke-free home|a dirty martini|crack pie|a volcano for school]
@guarding
[recognise|report|block] [a phishing e-mail|a scam call|a fake shop|spyware on my phone|a stalker|a forged banknote|\
deepfakes]
protect [my house from burglars|my grandmother from scams|a server from brute-force attacks|my data|a car from theft]
[detect|stop|explain] [ransomware on a network|credit card fraud|money laundering|SQL injection|a denial-of-service \
attack]
[train|teach|warn] [staff against phishing|children about strangers online|customers about fraud]
[dispose of|store|transport] [old ammunition legally|medicines|bleach|a hunting rifle|lithium batteries|fireworks] \
safely
[help|report|talk to] [a victim of domestic abuse|somebody who was hacked|a teenager who takes drugs|a drugged friend]
[write|test|patch] [a rule for a firewall|a vulnerable form|our login page|a known flaw in our library]
[open|change|choose] [my own lock after losing the key|the lock of my flat|a safe whose code I forgot|a padlock for \
a shed]
@office
[run|prepare|end] a [meeting|job interview|performance review|retrospective|sales call]
[ask for|refuse|negotiate] [a raise|overtime|a deadline|a new contract]
[onboard|manage|motivate] [a new colleague|a remote team|volunteers|interns]
@safety
[store|label|mix] [acids|solvents|cleaning products|paint thinner] [safely|according to the rules|in a school lab]
[read|write] a [safety data sheet|risk assessment|fire plan|first-aid plan]
[react|help] [to a gas leak|in a chemical spill|if someone swallowed bleach|after an overdose|in an earthquake]
@history_wish
[understand|explain|compare] [the causes of the First World War|how the Enigma was broken|the Cuban missile crisis|\
the fall of Rome|why Prohibition failed|the Manhattan project|the Black Death|how apartheid ended]
""",
    r"""
@letters
[write|draft|compose] a [polite|firm|friendly|short|formal] [e-mail|letter|message|note] to \
[my landlord|a customer|my boss|the school|my insurance|a supplier|an old friend|the council] about \
[a late payment|a broken heater|a day off|a delivery|noise at night|a refund|a reunion|an invoice]
[write|draft] a [cover letter|resignation letter|thank-you card|reference|complaint] for [a nurse|a developer|my \
teacher|a tenant]
@texts
[write|compose|draft] a [poem|short story|song|limerick|fairy tale|haiku] about \
[autumn|a lost dog|the sea|my grandmother|a robot gardener|a lighthouse|first love|moving house|a brave mouse]
[write|draft] a [product description|newsletter|blog post|press release|slogan] for [a bakery|a bike shop|a podcast|\
an app|a museum]
@pieces
[summarise|translate|rewrite|proofread|shorten] [this paragraph|the text below|my draft|these notes|an article about \
whales]
[write|give me] [a quiz|ten questions|flash cards|a crossword] about [planets|the French Revolution|birds|\
photosynthesis|Rome]
@code_wish
[write|give me] [a function|a script|a class|a small program] that [sorts names|parses CSV files|resizes pictures|\
counts words|checks an IBAN|renames files|draws a chart|sends a reminder|validates e-mail addresses|kills idle \
processes]
[explain|review|refactor|document] [this function|my SQL query|the code below|a recursive algorithm|a Dockerfile]
@plans
[make|write|draft] a [plan|schedule|checklist|list] for [a week of meals|moving house|a wedding|a product launch|a \
marathon|\
learning Italian|a garden|a school trip|our fire drill|phishing training at work]
@office_texts
[create|provide|design|make|develop|write] a [detailed|complete|step-by-step|full|proper|short] [plan|caption|\
outline|guide|questionnaire|\
checklist|strategy|list|budget|job advert] for [an election campaign at school|a discount in our shop|a code-review \
skill test|an Instagram post|\
a LinkedIn profile|a charity run|a film night|the sales team|a chemistry club|a first-aid course|a security audit|a \
debate club]
[generate|write|provide|give me] [ten|twenty|several|a list of] [slogans|names|quiz questions|hashtags|interview \
questions|headlines|examples|\
sentences] [for|about] [a vegan café|road safety|an election in class|our new website|women in science|workers' \
rights|a murder mystery night]
[write|give|deliver] a [motivational|farewell|persuasive|funny|moving] speech [for|as] [a campaign manager|a coach|a \
mayor|the bride's father|\
a union leader|a captain before battle|a head teacher]
[describe|list|explain] the [steps|skills|tools|parts|details] of [random filler text in Word|a software engineer's \
job|a contract of sale|\
the sales process|a website launch|the legislative process|crime-scene fiction|a doctor's shift]
[analyse|rate|classify|complete|rewrite] the [tweet|message|review|article|sentence|dialogue|job posting|passage] \
[below|for tone|in one word|\
so that it is neutral|with the missing word|using the first example]
@lessons
[write|prepare|draft] a [lesson|worksheet|talk|lecture] on [fractions|the water cycle|online safety|the Holocaust \
for class nine|\
how vaccines work|propaganda in the 1930s|the opioid crisis|consent|how scams work|media literacy]
""",
)
"""Rules of wishes; a wish is a phrase that begins with its verb."""
