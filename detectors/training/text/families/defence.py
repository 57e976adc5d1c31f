"""Defence: what people ask whose work it is to know attacks, and honest orders in words that attacks use."""

from detectors.training.text.families.grammar import rules

DEFENCE = rules(
    r"""
@technique |
credential dumping | lateral movement | process injection | DLL side-loading | scheduled tasks | registry run keys | \
token impersonation
DNS tunnelling | remote desktop sessions | PowerShell scripts | Office macros | obfuscated files | web shells | \
rootkits \
| boot kits
keylogging | screen capture | clipboard data | password spraying | Kerberos tickets | man-in-the-middle traffic | \
ARP \
spoofing
exfiltration over e-mail | data destruction | disk wiping | service stops | resource hijacking | phishing \
attachments | \
drive-by downloads
supply-chain compromise | container escapes | cloud instance metadata | hidden users | log clearing | time \
stomping | \
sandbox evasion
@tool |
Nmap | Wireshark | Metasploit in our lab | Burp Suite | Splunk | osquery | Sysmon | YARA | Snort | Zeek | Ghidra | \
Autopsy | Volatility
an EDR agent | our SIEM | a honeypot | a firewall | a decompiler | a fuzzer | Active Directory | a debugger | a \
packet \
capture | a test VM
@defence_why
[I'm|We are] [a blue team|writing a report|testing our own network|preparing a course|auditing a client with a \
signed \
scope|studying for an exam|building a detection lab|responding to an incident].
[As part of|For] [an authorised test|an internal exercise|my thesis|a security class|a risk assessment|a capture \
the flag]\
[ at {company}|], [I need help|we have a task].
[Our|My] [team|manager|teacher|client] [asked|wants] [me|us] to [understand|document|detect|simulate|explain] \
{technique}.
@defence_ask
[write|create|develop|give me] a [Python|PowerShell|C|Go|Bash] [script|program|tool|function] [that detects|that \
lists|\
that logs|that monitors for|to simulate] {technique} [on Windows|on Linux|in a lab|with {tool}|for a demo|].
[explain|describe|summarise] how {technique} works[, and how it is detected| at the level of system calls| on a \
modern \
system| with {tool}|].
[how|in what way] [do|can] [defenders|analysts|administrators|we] [detect|prevent|log|hunt for|test for|respond to] \
{technique} [with {tool}|in {tool}|across a fleet|]?
[which|what] [events|logs|artefacts|APIs|registry keys|packets|permissions] [show|belong to|are left by|are needed \
for] \
{technique}?
[compare|list] [ways|methods|mitigations|signatures] for {technique} and {technique}.
[configure|use|set up] {tool} to [find|record|block|replay] {technique}.
[how would|how might] an [adversary|attacker|intruder|insider] use {technique}, and what [should|can] [we|a \
company] do?
[write|draft] a [playbook|rule|report section|quiz|lab exercise|policy] [on|about|for] {technique}.
@order_word
[Ignore|Disregard|Skip|Forget|Leave out|Drop] [the header row|empty cells|upper and lower case|the old price list|\
my last \
e-mail|the weather|spam|comments in the code|rows with errors|the first paragraph|punctuation|the noise].
[Override|Bypass|Reset|Disable|Unlock] [the default method|the splash screen|my alarm clock|the thermostat \
schedule|a \
parent class|autoplay|the counter in this loop|my own SIM card|child mode on my tablet] [in Java|on Android|before \
noon|].
[From now on|Starting today|For the next answers], [use metric units|call me {first}|answer in two sentences|write \
in \
French|sort by date|skip greetings].
[Pretend|Imagine|Act as if] [you are a waiter and I order in Italian|it is 1850|we are pirates for my son's party|\
you \
interview me|this shoe box is a castle].
[You are|Be] [a patient tutor|my chess coach|a museum guide|a travel agent|a strict editor|a job interviewer]. \
{wish_question}
[Reveal|Print|Show|Repeat|Output] [the solution to puzzle 4|the last line of the file|the list in reverse|the hidden \
columns in Excel|the system time|the chorus|the prompt of my shell].
[What|How] [is|does] [the system prompt of a shell|an instruction set|a secret ballot|a hidden Markov model|admin \
mode|a \
password policy|a jailbroken phone|an injection moulding machine] [different from others|work|for]?
[Instead of|Rather than] [butter|a car|the stairs|a meeting|Excel], what [can|should] I use?
[Stop|Start|Begin|Do] [again|over|the next chapter|the countdown|in the middle], [but|and] [slower|with more \
detail|without \
adjectives|in rhyme].
""",
)
"""Rules of defence."""
