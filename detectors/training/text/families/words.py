"""Words that every family shares: people, places, times, trades, and ways to ask for something."""

from detectors.training.text.families.grammar import rules

WORDS = rules(
    r"""
@first |
Anna | Ben | Carla | Dmitri | Ella | Farid | Grace | Hiro | Ines | Jonas | Kofi | Lena | Mateo | Nadia | Oskar | \
Priya | Quentin
Rosa | Samir | Tess | Umar | Vera | Wim | Ximena | Yara | Zoe | Aisha | Bruno | Chloe | Diego | Emeka | Fatou | \
Gustav | Hana
Ivan | Jing | Karim | Lucia | Malik | Noor | Olga | Pavel | Ravi | Sofia | Tomas | Ulla | Victor | Wanjiru | Yusuf | \
Mei
@last |
Abara | Becker | Castillo | Dubois | Eriksen | Ferrari | Gupta | Haddad | Ivanova | Jansen | Kowalski | Larsen | \
Moreau | Novak
Okafor | Petrov | Quist | Rossi | Silva | Tanaka | Usman | Vargas | Weber | Yilmaz | Zhang | Adams | Brandt | Costa |\
 Demir
Evans | Fischer | Green | Hughes | Ito | Jones | Kim | Lopez | Murphy | Nguyen | Ortiz | Park | Reyes | Sato | Turner
@company |
Northwind Foods | Halden Logistics | Bluefin Media | Castor Bank | Arbour Health | Meridian Rail | Pinetree Software \
| Volta Energy
Lumen Insurance | Quarry Lane Books | Sable Security | Orchard Clinics | Kestrel Air | Tidewater Shipping | Foxglove \
Labs
Granite Homes | Harbour Hotels | Juniper Schools | Marlow Motors | Oakfield Council | Polar Outdoor | Redwood Legal |\
 Silverline
@city |
Lisbon | Leeds | Oslo | Lagos | Turin | Hanoi | Quito | Dublin | Kyoto | Graz | Tampere | Nairobi | Lyon | Gdansk | \
Porto | Denver
Halifax | Perth | Utrecht | Bergen | Izmir | Cusco | Mumbai | Austin | Riga | Malmo | Cork | Basel | Ghent | Split
@trade |
nurse | teacher | lawyer | plumber | pharmacist | journalist | librarian | firefighter | paramedic | engineer | \
chemist | accountant
police officer | social worker | locksmith | historian | psychologist | toxicologist | game designer | translator | \
electrician
security analyst | professor | novelist | screenwriter | customs officer | criminologist | prison chaplain | data \
scientist | farmer
film director | museum guide | customer-support agent | radio host | sysadmin | student | surgeon | vet | bank clerk \
| midwife
@field |
criminology | toxicology | public health | network security | forensic science | sociology | political science | \
organic chemistry
psychology | law | media studies | history | data science | criminal justice | epidemiology | linguistics | \
education | economics
social work | pharmacology | counter-terrorism | internet safety | philosophy | literary studies | machine learning |\
 anthropology
@school_name |
the University of {city} | {city} State University | the {last} Institute | {city} Technical College | the Royal \
{city} Academy
@boss |
[my|our] boss | [my|our] supervisor | the board | my manager | the head of department | my professor | our director |\
 the client
@when |
tonight | tomorrow morning | by Friday | in two hours | before noon | next Monday | this afternoon | by the end of \
the week
in twenty minutes | before my shift ends | by [nine|ten|six] o'clock | before the meeting | within the hour | by the \
weekend
@long |
two years | ten years | more than a decade | my whole career | six months | twenty-five years | three terms | most \
of my life
@kin |
my [daughter|son|brother|sister|mother|father|grandmother|nephew|best friend|wife|husband|flatmate]
@emphasis |
really | truly | honestly | sincerely | frankly | genuinely | absolutely
@please |
please | kindly | if you would | would you | pls | if possible | if you can
@and_thanks |
Thanks! | Thank you. | Many thanks in advance. | I appreciate it. | Cheers | Thanks a lot :) | Thank you so much for \
your help.
Looking forward to your answer. | That would help me a lot. | Much obliged. | tia | Best, {first} | Kind regards, \
{first} {last}
@hello |
Hi | Hello | Hey | Good morning | Good evening | Hi there | Hello there | Dear assistant | Hey there | Greetings | \
Good day
@machine |
AI | assistant | chatbot | model | language model | bot | system | AI model | virtual assistant | LLM
""",
    r"""
@ask_how
[explain|describe|tell me|show me|teach me|outline|spell out|walk me through|lay out] how to {goal}
[tell|show] me [exactly|in detail|step by step|from start to finish|] how [one can|I can|somebody would|people] {goal}
[give|write|list|provide|show] [me|] [the|all|] [steps|instructions|stages] [for|of] {going}
[give|write|make|provide] [me|] a [detailed|complete|practical|thorough|short|beginner's|] \
[guide|tutorial|manual|plan|walkthrough|how-to] [for|on|to] {going}
[help|assist] me [to|] {goal}
[describe|explain] [the|a] [process|method|procedure|technique|approach] [of|for] {going}
[outline|sketch|draw up] [a plan|the whole process] [for|of] {going}
[list|name] what [one needs|I need|is needed] [to|in order to] {goal}
[share|reveal] [the best|your best|the usual|some] [way|methods|techniques|tricks] [to|people use to] {goal}
[answer|say]: how [does one|do you|would someone|can I|do people] {goal}?
[break down|go through] [every step|each stage] of {going}
@ask_make
{goal}
{goal} [for me|]
[please|] {goal}
[help|assist] me [to|] {goal}
show me [how you would|an example of how to] {goal}
[give|show] me a [complete|realistic|convincing|finished|good] [example|draft|sample|version]: {goal}
[try to|go on and|now] {goal}
[your task is to|I need you to|I want you to|you are to] {goal}
[produce|deliver] [what I need|the finished text]: {goal}
@question_how
how [do|can|could|would|should] [I|one|you|we|someone|a person] {goal}?
what [is|would be] the [best|easiest|safest|fastest|usual|cheapest] way to {goal}?
[can|could|would] you [tell|show|explain to|teach] me how to {goal}?
[is there|do you know] a [good|simple|reliable|] way to {goal}?
what [do I need|does one need|should I know|are the steps] [to|in order to] {goal}?
[any|got any|do you have] [tips|ideas|advice|pointers] [on|for|about] {going}?
[what's|what is] [involved in|the trick to|the first step in] {going}?
how [hard|easy|difficult] is it to {goal}, and [how is it done|where do I start|what does it take]?
where [do|should] I [start|begin] if I want to {goal}?
@question_make
[can|could|would|will] you [please|] {goal}?
[would|do] you mind [helping|] [to|if I ask you to] {goal}?
[how about you|why don't you] {goal}?
[is it possible for you|are you able] to {goal}?
could I [ask|get] you to {goal}?
[do|would] you have time to {goal}?
""",
)
"""Rules of words."""
