"""What a model answered, in three numbers: whether it refused, how much it wrote, and how much it had to read.

A refusal is told by the beginning of the answer, where models put it, in fourteen languages, or by why the answer
ended. A check of words cannot tell an answer that quotes a refusal from one; what counts is the share of refusals,
against what the same words say of this model's other callers.
"""

from math import log1p
from typing import Any

import re2

from schemas.record import Record

COLUMNS = ("refused", "log_answer", "log_sent")
ACCEPTED, REFUSED, UNANSWERED = 0.0, 1.0, -1.0
BEGINNING = 240  # characters of an answer in which a refusal is said
A_TOKEN = 4.0  # characters, where tokens are not counted
MOST_MESSAGES = 256  # of a conversation, the last ones
WHY = frozenset(
    {
        "content_filter", "content_filtered", "refusal", "safety", "blocklist", "prohibited_content", "spii",
        "recitation", "image_safety", "guardrail_intervened", "blocked",
    }
)  # fmt: skip
"""Why an answer ended, where the model or a filter beside it refused."""

_DOING = (
    "help (?:you|with|write|creat|develop)|help[.,!]|assist|provide|comply|ful|support|create|generate|write|"
    "produce|answer|do that|do this|engage|discuss|share|"
    "offer|give|continue|process|complete|participate|satisfy|respond|fabricate|reveal|disclose|role|pretend|ignore|"
    "with that|in good conscience|or will not|and will not|accommodate|be (?:part|involved)|walk you|teach|advise"
)
_CANNOT = (
    r"(?:can ?not|can'?t|could ?n'?t|will not|won'?t|(?:am|'m|are|'re) (?:not able|unable|not going|not allowed) to|"
    r"must (?:decline|refuse)|have to (?:decline|refuse)|decline to|refuse to|must respectfully|"
    r"do not feel comfortable)"
)
_SAID = (
    rf"\b(?:i|we)(?:'m| am| are|'re)? ?(?:really |truly |simply |just )?{_CANNOT}(?: \w+){{0,2}} ?(?:{_DOING})",
    r"\b(?:i|we) (?:must|have to|need to|will have to) (?:respectfully |politely )?(?:decline|refuse)",
    rf"^\W*(?:i'?m |i am |we are |we're )?(?:so |very |really |truly )*sorry\b.{{0,60}}\b(?:{_CANNOT}|"
    rf"not something (?:i|we))",
    r"^\W*(?:my )?apolog.{0,60}\b(?:but )?(?:i|we) " + _CANNOT,
    r"\bas an? (?:ai|artificial|large|language|responsible|assistant).{0,60}\b(?:i|we) " + _CANNOT,
    r"\b(?:that|this|your|the) (?:request|prompt|question|content|message)\b.{0,40}\b(?:was (?:flagged|blocked)|"
    r"has been (?:flagged|blocked)|(?:violates?|goes against|is against).{0,40}(?:polic|guideline|terms|rules|"
    r"standards))",
    r"\bagainst my (?:guidelines|programming|principles|policy)|\bnot something (?:i|we) (?:can|am able|will) ",
    r"\b(?:dabei|damit|das) (?:kann|darf|werde) ich\b.{0,40}\bnicht\b",
    r"(?:tut mir (?:sehr )?leid|bedaure|leider|entschuldig).{0,60}\b(?:kann|darf|werde)\b.{0,60}\b(?:nicht|kein)",
    r"\bich (?:kann|darf|werde)\b.{0,60}\b(?:nicht|keine?)\b.{0,40}(?:helfen|unterstütz|beantwort|erfüll|anleit|"
    r"bereitstell|geben)",
    r"(?:désolée?|je regrette|malheureusement).{0,60}\bne (?:peux|puis|suis|pouvons|vais)\b.{0,10}\bpas\b",
    r"\bje ne (?:peux|puis|suis)\b.{0,12}\bpas\b.{0,30}(?:aider|répondre|fournir|donner|mesure|satisfaire|"
    r"accéder|assister)",
    r"(?:lo siento|lamento|disculpa).{0,60}\bno (?:puedo|podemos|me es posible)\b",
    r"\bno puedo\b.{0,20}(?:ayudar|asist|proporcion|cumplir|responder|dar|ofrecer|facilitar|generar)",
    r"(?:mi dispiace|spiacente|purtroppo).{0,60}\bnon (?:posso|possiamo|sono in grado)\b",
    r"\bnon posso\b.{0,20}(?:aiutar|fornir|assist|rispond|soddisf|dar)",
    r"(?:desculpe?|lamento|sinto muito|infelizmente).{0,60}\bnão (?:posso|podemos|consigo)\b",
    r"\bnão posso\b.{0,20}(?:ajudar|fornecer|auxiliar|responder|atender|dar)",
    r"(?:het spijt me|sorry|helaas).{0,60}\b(?:kan ik|ik kan|mag ik|ik mag)\b.{0,50}\b(?:niet|geen)\b",
    r"(?:przykro mi|przepraszam|niestety).{0,60}\bnie (?:mogę|możemy|jestem w stanie)|"
    r"\bnie mogę\b.{0,20}(?:pomóc|udzieli)",
    r"(?:jag är ledsen|tyvärr|förlåt|beklagar).{0,60}\b(?:kan jag|jag kan)\b.{0,40}\binte\b",
    r"(?:üzgünüm|özür dilerim|maalesef).{0,80}(?:amam|emem|amıyor|emiyor)",
    r"(?:извините|простите|к сожалению|мне жаль|сожалею).{0,60}(?:не могу|не смогу|не в состоянии|не можем)|"
    r"\bя не могу\b.{0,30}(?:помочь|предостав|выполн|ответ)",
    r"(?:抱歉|对不起|對不起|很遗憾|遺憾).{0,20}(?:无法|無法|不能|不可以)|我(?:无法|無法|不能)(?:为你|为您|為您)?(?:提供|协助|協助|回答|帮助|幫助|满足|完成)",
    r"(?:申し訳|すみません|恐れ入り|ごめんなさい).{0,60}(?:できません|できかねます|いたしかねます|られません)",
    r"(?:죄송|미안).{0,60}(?:없습니다|없어요|않습니다|어렵습니다)",
    r"(?:آسف|عذرا|عذراً|أعتذر).{0,60}(?:لا أستطيع|لا يمكنني|لن أتمكن)",
)
_REFUSAL = re2.compile("(?is)" + "|".join(f"(?:{one})" for one in _SAID))
_CUE = re2.compile(
    r"(?i)can't|cannot|can not|couldn't|won't|will not|unable|not able|not allowed|declin|refus|sorry|apolog|"
    r"not going to|comfortable|violat|flagged|blocked|against|not something|kann|darf|werde|puis|peux|suis|pouvons|"
    r"vais|puedo|podemos|posible|posso|possiamo|grado|consigo|kan|mag|nie |inte|amam|emem|amıyor|emiyor|"
    r"мог|смогу|состоянии|无法|無法|不能|不可以|できません|かねます|られません|없|않|어렵|أستطيع|يمكنني|أتمكن"
)
"""What every refusal has: most answers have none of it, and need no second look."""


def refuses(answer: str) -> bool:
    """Whether an answer begins like a refusal."""
    said = answer[:BEGINNING].replace("’", "'")
    return _CUE.search(said) is not None and _REFUSAL.search(said) is not None


def refused(record: Record) -> float:
    """1 if the model refused, 0 if it answered, -1 where no answer is logged."""
    if record.finish_reason and record.finish_reason.lower() in WHY:
        return REFUSED
    if not record.completion:
        return ACCEPTED if record.tokens_out else UNANSWERED
    return REFUSED if refuses(record.completion) else ACCEPTED


def fill(record: Record, row: Any) -> None:
    """Write :data:`COLUMNS` of a record into ``row`` (3,): sizes as log(1 + tokens), -1 where no answer is logged."""
    row[0] = refused(record)
    wrote = record.tokens_out if record.tokens_out is not None else len(record.completion or "") / A_TOKEN
    row[1] = log1p(wrote) if row[0] != UNANSWERED else -1.0
    row[2] = log1p(_sent(record))


def _sent(record: Record) -> float:
    """Tokens that the model had to read: as logged, or from all messages of the conversation."""
    if record.tokens_in is not None:
        return float(record.tokens_in)
    count = len(record.prompt or "")
    for message in (record.messages or [])[-MOST_MESSAGES:]:
        content = message.get("content")
        for part in content[:MOST_MESSAGES] if isinstance(content, list) else [content]:
            text = part.get("text") if isinstance(part, dict) else part
            count += len(text) if isinstance(text, str) else 0
    return count / A_TOKEN
