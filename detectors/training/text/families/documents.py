"""Documents: everyday mails, pages, tables, tickets, code and tool outputs, with room for a line that was put in.

``{planted}`` is where somebody may have put a line; each family says what stands there, an order or something \
harmless.
"""

from detectors.training.text.families.grammar import rules

DOCUMENTS = rules(
    r"""
@document
{mail}
{page}
{table_text}
{ticket}
{code_text}
{tool_output}
{calendar}
{resume}
{review}
{chat_log}
{article}
{minutes}
@dated
[3|11|24|9|30] [January|March|May|July|October|November] [2023|2024|2025|2026]
@clock
[08|09|11|13|14|16]:[00|15|30|45]
@mail
From: {first} {last} <{first}@[example|mail|post].[org|com|net]>\nTo: {first}\nSubject: {thing_said}\n\nDear \
{first},\n\n{told} {told} \
{planted} {news}\n\n[Best|Regards|Yours], {first}
Subject: [Re:|Fwd:|] {thing_said} | Received: {dated}\n{news} {news} {told}\n{planted}\n--\n{first} {last}, {company}
[Hi all|Hello team|Dear customers],\n\n{news}\n\n{planted}\n\n{news} {told}\n\n{first} ({company})
@thing_said
[your order|the offer|Tuesday's meeting|invoice 2291|travel plans|the lease|feedback|new office hours|a short survey|\
the minutes|our summer party]
@news
[The|Our] [delivery|meeting|train|concert|workshop] [moves|was moved|is postponed] to {dated}, [{clock}|in {city}|\
same place].
{company} [opens|closes|renovates] [its|a] [shop|office|warehouse] in {city} [on|from] {dated}.
[Please|Kindly] [bring|sign|return|check] the [form|keys|list|badge] [by|before] {dated}.
[Sales|Visits|Costs|Prices] [rose|fell|stayed flat] by [four|eleven|two] percent [in|since] [spring|the third \
quarter|May].
[The|A] [council|jury|team|committee] [chose|met|thanked] {first} {last} [for|because of] [the plan|long service|the \
design].
[We|They] [expect|hope for|plan] [rain|many guests|a reply|three new colleagues] [next week|in summer|soon].
[Parking|Lunch|Wi-Fi|The lift] is [free|out of order|included|limited] [until|after] {dated}.
{first} [and {first}|] [will|shall] [lead|join|present] the [review|tour|training] [at {clock}|online|].
[Tickets|Rooms|Seats] [cost|start at] [12|40|95] euros, [children|members] [free|half].
@page
<html><head><title>{company} - {thing_said}</title></head><body><h1>{news}</h1><p>{told} \
{news}</p>{tucked}<p>{news}</p></body></html>
# {company} {city}\n\n{news} {news}\n\n{planted}\n\n## Contact\n{first} {last}, {city}
{city} travel tips: {news} {told} [Menu|Top 5|FAQ]\n- {news}\n- {planted}\n- {news}
@tucked
<div style="display:none">{planted}</div>
<!-- {planted} -->
<p style="[color:white|font-size:0|opacity:0|position:absolute;left:-9999px]">{planted}</p>
<span hidden>{planted}</span>
<img src="x.png" alt="{planted}">
<p>{planted}</p>
<footer>{planted}</footer>
@table_text
id,name,city,note\n1,{first},{city},{news}\n2,{first},{city},{planted}\n3,{first},{city},{told}
\/ item \/ [price|date|owner] \/ remark \/\n\/ [lamp|ticket|visit] \/ 12 \/ {news} \/\n\/ [desk|tour|call] \/ 40 \/ \
{planted} \/\n\/ [pen|bus|fee] \/ 3 \/ ok \/
{first}\t{city}\t{dated}\t{planted}\n{first}\t{city}\t{dated}\t{news}
name: {company}\nowner: {first}\nstatus: [open|late|done]\ncomment: "{planted}"\nnext: {dated}
@ticket
Ticket #[4417|982|20733] ([open|waiting|urgent])\nCustomer: {first} {last}\nProduct: {company}\n{told} \
{news}\n{planted}\nAgent note: {news}
[Bug|Incident|Request] [in|at] {company}: {told}\nSteps: [open the page, click save|log in, wait]\nExpected: no \
error\nComment by {first}: {planted}
@code_text
def [total|load|clean|area]([rows|path|x]):\n    '''{planted}'''\n    # {news}\n    return [sum(rows)|\
open(path).read()|x * x|sorted(rows)]
[// |# |/* |-- |; ]{planted}\n[int n = 0;|let user = null;|SELECT name FROM orders;|x = 3]\n[for (;;) n++;|print(x)|\
commit;|return user;]
{\n  "name": "{company}",\n  "version": "2.1",\n  "description": "{planted}",\n  "author": "{first}"\n}
diff --git a/[README.md|main.py] b/[README.md|main.py]\n+ {planted}\n- {news}\n+ {news}
@tool_output
[search|browse|read_file|get_weather|list_orders|sql] returned:\n{"status": "ok", "results": ["{news}", "{planted}", \
"{news}"]}
<tool_result name="[search|mail|crm|maps]">\n{news}\n{planted}\n</tool_result>
Observation: {news} {planted} {news}
[GET /orders/17|http 200|$ cat notes.txt|>>> fetch(url)]\n{news}\n{planted}
@calendar
BEGIN:VEVENT\nSUMMARY:{thing_said}\nDTSTART:2026[04|06|11]1[2|7]T[09|\
15]0000\nLOCATION:{city}\nDESCRIPTION:{planted}\nEND:VEVENT
{clock} [stand-up|dentist|call with {first}]\n{clock} {thing_said} - note: {planted}\n{clock} {news}
@resume
{first} {last}, {trade}\n{city}\nExperience: {company} ({long}), {company}\nSkills: [Excel|Python|negotiation|\
welding]\n{planted}\nHobbies: [chess|hiking|choir]
Application as {trade}: {told} {told} {planted} [References on request.|Available from {dated}.]
@review
[5|4|2|1|3] stars - [lovely stay|not again|as described|solid]. {told} {news} {planted} [Recommended.|We will see.|\
Meh.]
{first} from {city} wrote on {dated}: {news} {planted}
@chat_log
[{clock}] {first}: {told}\n[{clock}] {first}: {planted}\n[{clock}] {first}: {news}
{first}: {news}\n{first}: [ok|thanks|really?]\n{first}: {planted}\n{first}: see you {when}
@article
{city}, {dated} - {news} {news} {told} {planted} {news} "[It is a good day|We are glad|Nobody was hurt]," said \
{first} {last}, {trade}.
{news} {told} {news}\n\n{told} {planted} {told}\n\n{news} {news}
@minutes
Minutes, {dated}. Present: {first}, {first}, {first}.\n1. {news}\n2. {planted}\n3. {told}\nNext meeting: {clock}.
Transcript [00:14|01:02] {first}: {news} [00:31|01:20] {first}: {planted} [00:40|01:44] {first}: {told}
@chore
[Summarise|Sum up|Shorten|Give me the gist of] [this|the following|the|my] {kind}
[Translate|Render] [this|the following] {kind} into [German|French|Spanish|Italian|plain English]
[What|Which] [dates|names|places|amounts] [are|stand] in [this|the] {kind}?
[Reply to|Answer|Draft an answer to] [this|the] {kind}
[Is|Would you say] [this|the] {kind} [friendly|urgent|spam|positive|complete]?
[Extract|List|Pull out] [the tasks|the key facts|all names|open questions] from [this|the] {kind}
[Review|Check|Explain|Proofread] [this|the] {kind} [for me|]
[When|Where] is the [meeting|delivery|next date] according to [this|the] {kind}?
[Rank|Score|Rate] the [candidate|product|hotel|author] of [this|the] {kind} [from 1 to 10|]
@kind |
e-mail | page | text | document | table | file | ticket | note | message | output | article | record | thread | \
report | entry
@framed
{chore}:\n\n{document}
{chore}:\n"{document}"
{document}\n\n{chore}
{document}\n---\n{chore}. {told}
[Context|Document|Input|Source]:\n{document}\n\n[Task|Question]: {chore}
{hello}, {chore}. {told}\n\n[<doc>|```|<<<]\n{document}\n[</doc>|```|>>>]
{told} {chore}\n{document}
{document}
[1\)|Doc A:] {document}\n\n[2\)|Doc B:] {news} {news}\n\n{chore}
""",
)
"""Rules of documents."""
