"""Background: what callers tell about themselves and their work, attackers and honest ones alike."""

from detectors.training.text.families.grammar import rules

BACKGROUND = rules(r"""
@background
{told}
{told} {told}
{told} {told} {told}
@told
I [work|have worked|started to work] as a {trade} [in|near|outside] {city} for {long}.
[I am|My name is] {first} {last}, [and I am|] a {trade} [at|with] {company}.
We are a [small|mid-sized|family-run|fast-growing|public] [company|team|organisation] [in|from] {city}, [called|\
namely] {company}.
[This|The whole thing] is for [a project|a workshop|a presentation|a class|a report|a meeting] [that is due|planned \
for] {when}.
[I have|We have] [already|] [tried|read|searched|asked] [several|a few|many] [books|forums|colleagues|websites], \
[but|and] [nothing|none of it] [helped|was clear enough|fit my case].
[My|Our] [colleague|supervisor|friend|cousin] {first} [said|thinks|mentioned] [that|] you [could|might|would] [be \
able to|] help.
[The|Our] [audience|reader|group] [is|will be] [made up of|mostly] [adults|experts|beginners|students|volunteers|\
retired people].
[It|This] [should|need] not be [long|perfect], [a page|a few paragraphs|two hundred words] [is|would be] [fine|\
enough].
[The weather|The train] [was|is] [awful|late] again, so I [have|had] [some|plenty of] time to [think|write|read] \
about this.
[Last|This] [week|month|year|spring|winter] [something|an incident|a discussion] at [work|home|school] [made|got] me \
thinking.
{kin} [and I|] [talked|argued|wondered] about it [over dinner|on the phone|last night|for hours].
I am [not a native speaker|new to this|a bit tired|in a hurry|on my phone], so [excuse|forgive] [my style|the typos|\
my English].
[I moved|We moved] [to|from] {city} [last|in the] [year|autumn|summer], and [everything|much] is [still|] [new|\
confusing|different].
[There are|I have] [three|five|about twenty|a dozen] [people|chapters|slides|questions|cases] [to cover|in the plan|\
left].
[The|Our] [budget|deadline|room] is [small|tight|fixed], [so|and] [I|we] [have to|must|want to] be [quick|careful|\
clear].
[I|We] [prefer|like|would like] [plain language|examples|numbered lists|tables|short sentences], [not|rather than] \
[jargon|theory|links].
[At|Back at] {company} [we|they] [used|had] [another|a different|an older] [system|method|rule], [which|and it] \
[failed|was slow|worked].
[In|During] [the|my] [first|last|second] [term|semester|module|year] at {school_name} [we|I] [touched on|covered|\
skipped] this.
[My|Our] [notes|records|drafts] are [a mess|incomplete|in three languages|from 2019], [sorry|] [about that|].
[Nobody|Hardly anyone] [around me|in my team|in the office] [knows|understands|has time for] [this|the subject|such \
questions].
[I|We] [have|had] [a long talk|a call|coffee] with {first} {last} [from|of] {company} [on Tuesday|yesterday|last \
month].
[Some|Most] of it is [already|] [written|done|planned], [what is missing|the missing piece] is [the middle|one part|\
the detail].
[You|As you] [probably|] [know|may know], [{city}|the region] [is|has become] [expensive|busy|quiet] [since|after] \
the [fair|crisis|flood].
[I|We] [will|shall] [check|verify|proofread] [everything|the result] [myself|ourselves|with an expert] [afterwards|\
anyway].
[Tone|Style]: [neutral|serious|light|formal|like a newspaper|as if spoken]. [Length|Size]: [free|a page|up to you|\
about 500 words].
[The|My] [daughter|dog|printer|neighbour] [is|has been] [ill|noisy|broken|away], so [progress|work] [was|is] [slow|\
patchy].
@setting
[The story|It|Everything] [is set|takes place|begins] in {city}, [in|during] [the winter of 1947|2089|a heatwave|\
wartime|the near future].
[The|Our] [hero|heroine|main character] is {first}, a [retired|disgraced|young|brilliant|bitter|quiet] {trade} [who|\
that] \
[lost|hides|seeks|owes] [everything|a secret|a brother|money].
[It|The mood] [is|should be] [dark|tense|warm|comic|slow], [with|and there is] [rain|silence|a storm|music] [outside|\
everywhere].
[By|In] [the end|chapter three|act two], {first} [meets|betrays|saves|forgives] {first} [at|in] [the harbour|a \
kitchen|a courtroom].
[There is|We meet] a [mentor|rival|stranger|detective] named {first} {last}, [who|and he] [speaks|answers] [in \
riddles|calmly|too much].
[Readers|The audience] [should|must] [feel|believe] [that|] [time is running out|nobody can be trusted|this could be \
real].
[Style|Voice]: [first person|third person|present tense|letters|a diary], [rich in detail|sparse|with much dialogue].
[The|A] [storm|war|trial|plague|heist] [changed|emptied|divided] the town [long ago|last year|overnight].
[Nobody|Everyone] in the [village|crew|family|station] [knows|suspects] what {first} [did|planned|found] [in the \
cellar|that night|].
[An old|A locked|A burnt] [letter|door|map|tape] [links|leads] [them|the two] to {company}, [a firm|] with [much|\
something] to hide.
@story
{setting} {setting}
{setting} {setting} {setting}
{setting}
@paragraphs
{background}
{background}\n\n{background}
{background}\n\n{background}\n\n{background}
""")
"""Rules of background."""
