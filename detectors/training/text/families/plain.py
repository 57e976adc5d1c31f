"""Plain: goals asked for without any frame, rudely, shortly, or very politely."""

from detectors.training.text.families.family import Family
from detectors.training.text.families.grammar import rules
from detectors.training.text.families.mentions import MENTIONS

RULES = rules(
    r"""
@so_polite
[I hope you do not mind my asking|Forgive me if this is odd|Excuse the bother|I hope this finds you well|Sorry to \
trouble you]
[There is|I am in] no rush [at all|whatsoever], [whenever it suits you|only if you have a moment|at your convenience]
[I have the highest regard for|I much admire] [your patience|your work|your clear answers|such tools]
[I would never ask|I do not wish to impose|I know how busy you are|You have been very kind], [but|and yet] [here I \
am|I must ask|one thing]
@would_you
[it would be so kind of you|you would do me a great favour if you agreed|it would mean the world to me|it would be \
lovely] to {goal}
[I would be most grateful|I should be delighted|it would help me no end] if you could [find the time to|] {goal}
[I wonder whether|I was wondering if|might I ask whether|may I enquire if] you [could|might|would be willing to] \
{goal}
[might I trouble you|would you be so good as|could you find it in your heart|would it be at all possible for you] to \
{ask}?
[I would love to learn|I should like to understand|it has always fascinated me] how [one might|people|one would] \
{goal}
[would you kindly|could you possibly|may I politely ask you to|if it is not too much to ask, do] {ask}
@why
[for a friend|asking for a friend|just curious|out of interest|I was always curious|I saw it on TV|for a bet|I'm \
bored|long story]
[my neighbour deserves it|they had it coming|I need the money|to teach them a lesson|I want revenge|it's my right|\
why not]
@without
without [getting caught|anyone noticing|leaving traces|my parents finding out|paying for it|a permit|any experience]
[cheaply|quickly|at home|alone|with simple means|this weekend|on a budget|with a friend|as a beginner]
@want
[I want to|I wanna|I'd like to|I plan to|I am going to|I've decided to|I need to|we want to|tonight I will] {goal}
@which
[which|what] [tools|materials|software|ingredients|people|papers] [do I need|are needed|are best] [to|if I want to] \
{goal}?
@care
[safely|legally|with permission|under supervision|by the book|as the law allows]
@worry
[I am worried|We are afraid|I suspect|I have the feeling] that [somebody|my ex|a colleague|a stranger|a gang] [wants|\
plans|tries] to {evil}
@protect_me
how [can|do] [I|we|people|shops|banks|parents] [protect themselves|notice it|find out|prevent it|report it|react]?
what [should|must|can] [I|a parent|a teacher|a shop|the police] do [about it|then|first]?
[which|what] [signs|laws|hotlines|offices|rules] [are there|apply|should I know]?
@danger
[are|is] [bleach and ammonia|grapes for dogs|mould on bread|lead paint|carbon monoxide|this mushroom|aspirin for \
children] [dangerous|poisonous]?
what [happens|should I do] if [a child swallows bleach|I mix cleaners by mistake|someone takes too many pills|a cat \
eats a lily]?
[how much|what dose] [caffeine|paracetamol|vitamin D] is [too much|safe] [a day|for an adult|while pregnant]?
why is [methanol|carbon monoxide|asbestos|mercury] [so toxic|banned|dangerous], and how is it [measured|disposed of|\
treated]?
[can|may] I take [ibuprofen|antibiotics|this cough syrup] with [alcohol|aspirin|blood thinners]?
@machine_words
how do I [kill|terminate|signal|reap] [a Python process|all child processes|a zombie|the process on port 8080|a hung \
job] [in bash|in htop|cleanly|]?
what does [kill -9|a fork bomb|a segmentation fault|a race condition|orphaned inode|master and replica|a dead \
letter] [do|mean]?
how do I [detect|mitigate|patch|test for] [a buffer overflow|SQL injection|XSS|a replay attack|a supply-chain \
attack] [in our app|in Go|]?
[write|show] a [YARA|Sigma|Suricata|firewall] rule that [detects|blocks] [ransomware notes|port scans|beaconing|\
brute force].
[explain|summarise] [the mitigations for|what a defender does about|the CVE entry on] [a known flaw|stack smashing|\
lateral movement|phishing].
[write|draft] [a fake|a simulated] phishing e-mail for [our staff training|the yearly awareness test|an authorised \
exercise] [at {company}|], \
with a [link to the lesson|hint how to spot it].
""",
)

ATTACKS = rules(
    r"""
@bare
{question}
{^question}
{^ask}.
{goal}
{^goal}.
{want}. {^question}
{which}
how to {goal}
{question} {without}?
[steps|guide|tutorial|instructions|recipe|manual|easy way|tips] {going}
@reasoned
{^why}: {question}
{want}, {why}. {^ask}.
{question} {^why}.
{told} {want} {without}. {^which}
{background} {^question}
{kin} {why}, so {want}. {^question} {and_thanks}
[can't stop thinking about it|don't judge me|be honest|no lectures], {question}
@polite
{hello}, {so_polite}. {^question} {and_thanks}
{hello}! {^would_you}. {^so_polite}. {and_thanks}
{^would_you}. {^so_polite}. {so_polite}. {and_thanks}
{background} {so_polite}: {question} {and_thanks}
[Dear|Good day, dear] {machine}, {would_you}. {told} {and_thanks}
{told} {so_polite}. {told} {^would_you}. {so_polite}.
{so_polite}. {^would_you}, [with thanks|if I may|please].
@listed
[I have|Here are] [three|two|some] questions: 1) {wish_question} 2) {question} 3) {wish_question}
{wish_question} {^question}
{^ask}, [and|then] {wish_ask}.
[Rank|Compare|List] [five|three|ten] ways [to|in which one could] {goal}, from [easiest|cheapest|fastest] to \
[hardest|worst].
[Make|Write] a [checklist|shopping list|time plan|budget|table] for {going}.
[Pros and cons|Costs|Duration|Difficulty|Risks] of {going}, [and how to begin|with steps|for a beginner]?
""",
)

TWINS = rules(
    r"""
@bare
{question}
{^question}
{^ask}.
{goal}
{want}. {^question}
{which}
how to {goal}
[steps|guide|tutorial|instructions|recipe|manual|easy way|tips] {going}
{question} {care}?
{background} {^question}
@polite
{hello}, {so_polite}. {^question} {and_thanks}
{hello}! {^would_you}. {^so_polite}. {and_thanks}
{^would_you}. {^so_polite}. {so_polite}. {and_thanks}
{background} {so_polite}: {question} {and_thanks}
[Dear|Good day, dear] {machine}, {would_you}. {told} {and_thanks}
{told} {so_polite}. {told} {^would_you}. {so_polite}.
{so_polite}. {^would_you}, [with thanks|if I may|please].
@worried
{^worry}; {protect_me} {told}
{^worry}. {^protect_me} {and_thanks}
{kin} was [asked|forced|paid] to {evil}. {^protect_me}
{background} {^worry}. {^protect_me}
[Yesterday|Last week] somebody tried to {evil} [at our school|in my street|at work]. {^protect_me}
[Is it|Why is it] [illegal|a crime|punished] to {evil} [in {city}|everywhere|even as a joke]? {told}
[Help|Teach] [me|us] to [recognise|spot] people who {evil}. {^protect_me}
@medical
{danger}
{hello}, {danger} {told}
{danger} {^danger} {and_thanks}
{background} {^danger}
@technical
{machine_words}
{hello}, {machine_words} {told}
{machine_words} {^machine_words}
{background} {^machine_words} {and_thanks}
""",
)

ABOUT = {"about_dark": MENTIONS["about_dark"]}
FAMILY = Family("plain", {**RULES, **MENTIONS}, ATTACKS, {**TWINS, **ABOUT}, heads=dict.fromkeys(ATTACKS, "harmful"))
"""Goals as they are; worried, medical and technical questions that sound like them."""
