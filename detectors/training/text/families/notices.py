"""Notices: what banks, shops and payment services write by themselves, and what their readers ask a model about it."""

from detectors.training.text.families.grammar import Pen, rules

NOTICES = rules(
    r"""
@sum
[$|€|£|CHF ][{digits}|{digits}.[00|50|99|15]|1,{digits}|12,{digits}.[00|40]]
[{digits}.[00|75]|{digits}] [USD|EUR|GBP|kr]
@digits |
204 | 35 | 618 | 950 | 77 | 480 | 129 | 266 | 815 | 340 | 502
@ending |
••2093 | ending 5518 | **** 0147 | (…3326) | no. 60021 | -8849 | ending in 71
@payer_mail |
alerts | receipts | hello | service | payments | noreply | payroll | accounts
@notice_subject
[Money|Funds|Cash] [on its way|received|sent|back in your account]
[Your|A] [receipt|payslip|statement|refund|top-up|standing order|card payment] [from|at|by] {company}
{company} [took|collected|refunded|paid you] {sum}
[Declined|Pending|Scheduled|Upcoming]: {sum} [to|for] {company}
[Thanks for your order|Order no. {digits} confirmed|Subscription renewed|Your plan ends soon|Add a bank account]
[Your tax bill is due|A direct debit is coming|New payee added|Verify your identity|Rent for May]
@notice_head
[Subject|SUBJECT|Title]: {notice_subject}[\/| \/ |\n][From|FROM|SENDER]: [{company}|{first} at {company}] \
[<{payer_mail}@{company_host}.example>|{payer_mail}@{company_host}.example][\/| \/ |\n][DATE|Received|ON]: \
{date}[\/BODY: |\n\n|\nText: ]
[Subject|SUBJECT]: {notice_subject}[\/TEXT: |\n\n|\/CONTENT: ]
{notice_subject}\n
{company}: {notice_subject}\n\n
@company_host |
bank-north | paylane | shopwell | wagely | cardhouse | rentflow | taxoffice | cloudbill
@addressed
[Hello|Hi|Hey|Good morning|Dear] {first}[,|!|:][ |\n\n|\n]
@moved
[We|{company}] [debited|took|charged|collected] {sum} [from|to] [your|the firm's|the business] [card|account|debit \
card] {ending} [on behalf of {company}|for {company}|today|on {date}].
{first} {last} [transferred|wired|sent|paid] you {sum}[ by bank transfer|, reference {digits}|]. [It|The amount] \
[should arrive|can be used|will be booked] {when}.
[You paid|Your payment to|Transfer to] {company}[:| of] {sum}[, fee 0.00|, tip included|]. [Balance|Left|Available]: \
{sum}.
[A|Your] [refund|payout|credit|salary] of {sum} [was issued|is on its way|has reached you|went out] [to {first} \
{last}|from {company}|to account {ending}|] [on {date}|].
[Order total|Amount due|Total|Invoice total|Subtotal]: {sum}[; tax {sum}|]. [Paid with|Charged to] [card|account] \
{ending}.
[Your|The] [balance|wallet|credit line] [is|stands at] [{sum}|0.00]. [Choose|Tell us] how [you wish|you would like] \
to be paid.
[Wages|Pay|Fees] for [March|August|week 31] [were|have been] [approved|run|posted]: {sum} [gross|net|after tax].
[I|We] [will|can|shall] [invoice|bill|charge] {sum} for [the workshop|two days of work|the repair|the design], [fine \
with you|agreed|is that all right]?
[The|This] [hold|reservation|pre-authorisation] of {sum} by {company} [may change|is not final|ends {when}].
[Due|Payable] [{when}|on {date}]: {sum}[, after that {sum} more|]. [Payee|To]: {company}.
@fine_print
[Not you|Did you not do this|Something wrong]? [Open a case|Write back|Call the number on your card|Freeze the card \
in the app].
[Questions|Any trouble]? [Just answer this message|Our help pages are open all day|Chat with us].
[This is an automatic message|Do not answer this message|Sent because alerts are switched on].
[See|View|Track] [the details|your order|all transactions] [in the app|online|under Activity].
[The final amount|Exchange rates] [may differ|can change] [a little|until it is booked].
[Terms|Privacy|Unsubscribe|Help] \/ {company}, [14|220|9] [Harbour|Station|Park] [Road|Street], {city}
[Yours|Cheers|Thanks|All the best], [{company}|the {company} people|{first} in support]
@sum_ask
[How much|What amount|What sum] did [{first}|{company}|the customer|the sender] [pay|send|receive|get|\
charge]?[ Give every amount.| Answer with numbers only.| Write 0 if none.|]
[List|Name|Extract|Return|Collect] [all|the] [amounts|payments|sums|fees][ that were paid| in dollars|][ by {first}| \
to {company}|][, separated by commas|; if there are several, all of them|].
Was [anything|any money|the invoice] [paid|sent|refunded][ to {first}|]? [If so, how much?|Yes or no.|]
[Who|Which company] [paid whom|was paid|charged the card|sent this]?
[Is this|Would you call this] a [receipt, a bill or advertising|payment or a reminder|refund]?
[What|Which] [is the date of the payment|card was used|is the order number|is the balance left]?
[Sum up|Add up|Total] what [{first}|we] [spent|owe|got].
@sum_task
[Question|Q|Task|Query|Ask|User]: {sum_ask}
{sum_ask}
[Q: |Question 1: ]{sum_ask}
"""
)


def notice(pen: Pen, stray: str | None) -> str:
    """A notice, with an order in it if there is one."""
    lines = [pen.write("{moved}") for _ in range(pen.number(1, 2))]
    lines += [pen.write("{fine_print}") for _ in range(pen.number(0, 3))]
    if stray is not None:
        lines.insert(pen.number(1, len(lines)), stray)
    between = pen.pick((" ", "", "\n", "\n\n", "  \n\n            "))
    opened = pen.write("{notice_head}") if pen.chance(0.7) else ""
    return opened + pen.write("{addressed}") + between.join(lines)
