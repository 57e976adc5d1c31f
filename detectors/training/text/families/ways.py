"""Ways: ordinary questions for a way to do something, of which public collections of prompts have hardly any."""

from detectors.training.text.families.grammar import rules

WAYS = rules(
    r"""
@way_verb |
arrange | borrow | build | carry | celebrate | change | clean | collect | colour | combine | compare | cook | copy | \
cover | decorate | describe
design | develop | divide | draw | edit | enjoy | explain | extend | find | fix | fold | forge | frame | freeze | \
fund \
| grow | guide | heat | help
hire | host | improve | introduce | join | judge | keep | label | launch | lead | learn | light | listen to | \
manage | \
measure | memorise | mix
move | open | order | organise | paint | persuade | photograph | plan | play | polish | practise | prepare | \
present | \
print | produce | promote
protect | publish | read | record | recycle | reduce | remember | rent | repair | replace | review | run | save | \
sell \
| set up | shape | share
shorten | simplify | sketch | solve | speed up | stage | store | stretch | study | support | teach | test | translate \
| turn | update | wash | win | wrap | write
@way_thing |
a bookshelf | a debate | my thesis | a choir | a sports team | a dance routine | a bedroom wall | an old sewing \
machine | a short speech
a vegetable patch | a birthday party | a blog post | a résumé | a loan | my savings | a used bicycle | a Latin poem | \
the periodic table
a wildlife photo | a wedding dress | a bridge of spaghetti | a comic strip | a podcast | a magic trick | a chess \
club | \
a village fair
a spreadsheet | a database | a mobile app | a chatbot for a library | a self-driving toy car | a weather station | a \
web page | a logo
a language | a new routine | my handwriting | a healthy diet | a friendship | my confidence | a career in nursing | \
stage fright | my sleep
a science lesson | a museum visit | a charity run | a street festival | a small business | customer trust | a \
neighbourhood garden | a strike
a violin | a telescope | a quilt | a kite | a stamp collection | a fish tank | a hedge | an apple pie | a soup for \
twenty | a wooden boat
the rules of cricket | a tax form | a rental contract | an insurance claim | an election campaign | a peace treaty | \
a patent | a visa
a group of individuals | my parents | a shy pupil | two rivals | my landlord | our neighbours | young people | an \
audience | a jury | voters
@way_into |
into smaller parts | into a story | into my daily life | into Spanish | into the garden | into next week | into a \
gift \
| into one page
from home | from scratch | from old jeans | against the cold | against a strong team | with two left hands | with a \
tight budget
without a teacher | without spending much | without any noise | without losing time | without sugar | without getting \
tired | without help
on my own | in public | in secret for a surprise party | in a foreign country | in winter | in a small flat | in an \
emergency | in a game
before the deadline | after work | while travelling | for my grandchildren | for people with poor eyesight | for the \
first time | for a living
so that it lasts | so that nobody is left out | that people remember | that is not boring | that works at once | as \
a beginner | step by step
@ways
how [can|do|could|should|would] [I|I best|we|you|one|someone|people] {way_verb} {way_thing} [{way_into}|{way_into}|]?
how [can|do] I [successfully|effectively|properly|quickly|safely|secretly|cheaply|easily] {way_verb} {way_thing} \
[{way_into}|]?
how to {way_verb} {way_thing} [{way_into}|]
what [is|would be] the [best|easiest|most effective|right|safest|quickest|cheapest] way to {way_verb} {way_thing} \
[{way_into}|]?
what are [some|the|five|good] [ways|methods|steps|strategies|techniques|tricks|tips|reasons] to {way_verb} \
{way_thing} \
[{way_into}|]?
[what methods are there|is there a method|which steps are needed] to {way_verb} {way_thing} [{way_into}|]?
[teach|tell|show] me how to {way_verb} {way_thing} [{way_into}|].
[could|can] you [provide|give me|suggest|share] [some|a few|any|detailed] [insights|guidance|advice|steps|ideas|\
information] on how to {way_verb} {way_thing} [{way_into}|]?
[I want|I need|I'd like] to {way_verb} {way_thing} {way_into}[. How do I start?|, what do I need?|. Any ideas?|.]
[may|can] I [know|ask] [how|why|when] [people|companies|teachers|artists] {way_verb} {way_thing} [{way_into}|]?
[why|when] [do|did|should] [people|most individuals|companies|young people|experts] {way_verb} {way_thing} \
[{way_into}|]?
[where|from whom] can I [learn|find out how] to {way_verb} {way_thing} [{way_into}|]?
[write|make|give me] a [step-by-step|detailed|short|simple] [guide|tutorial|plan|manual|list] [on how to|to|for \
people who want to] {way_verb} {way_thing} [{way_into}|].
[explain|describe|outline] [how|step by step how|in detail how] to {way_verb} {way_thing} [{way_into}|].
[is it possible|what does it take|how long does it take] to {way_verb} {way_thing} {way_into}?
""",
)
