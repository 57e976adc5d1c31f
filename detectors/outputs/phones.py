"""Telephone numbers: by their form where it is one of telephone numbers only, else by a word beside them."""

from collections.abc import Iterator

from detectors.outputs.finding import LIMIT
from detectors.outputs.patterns import matches, pattern

BEFORE, AFTER = 40, 14  # characters in which a word about it may stand
FEWEST, MOST = 7, 15  # digits: ITU-T E.164 allows 15

_NUMBER = (
    r"(?:^|[^\w./:=+$#-])"
    r"((?:\+|00)?\(?\d{1,4}\)?(?:[ .()/-]{0,2}\d{1,4}){2,6}(?: ?(?:x|ext\.? ?)\d{1,5})?)"
)
_DATE = (
    r"^\(?(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d\d(?:$|[ T])"
    r"|(?:19|20)\d\d ?[-/ ] ?(?:19|20)?\d\d)"
)
_FORM = (
    r"^(?:(?:\+|00)[\d ().-]{9,}"  # with a country
    r"|\(\d{2,4}\) ?\d{3,4}[ .-]?\d{3,4}"  # (area) number
    r"|\d{3}([-. ])\d{3}[-. ]\d{4}"  # North America
    r"|0\d{2,4}[ -]\d{3,4}[ -]?\d{3,4}|0\d{2,3}(?: \d\d){3,4}|0\d(?:[ .-]\d\d){4}"  # trunk 0
    r"|1-\d{3}-\d{3}-\d{4})(?: ?(?:x|ext).*)?$"
)
_CUE = (
    r"\b(?:tele)?(?:phone|fon)\b|\btel\b|\b(?:call|calling|ring|dial|reach|text|sms)\b|\bmobile\b|\bcell(?:ular)?\b|\bfax\b"
    r"|\bdesk\b|\bwhatsapp\b|\bhotline\b|\bcontact\b|\banswering at\b|\bmessages to\b|\bmobil\b"
)
_SAYS = r"^[ ,\-\\]{0,3}(?:office|fax|mobile|desk|cell|home phone|phone|work phone)\b"
_OTHER = (
    r"\b(?:account|card|order|invoice|iban|licen[cs]e|passport|ssn|social|tracking|serial|isbn|issn|doi|version"
    r"|ticket|customer id|population|sum|equals?|divided|multipl\w+|pages?|lines?|code|zip|id|case|flight|total|result"
    r"|number of)\b[^\n]{0,24}$"
)


def find(text: bytes) -> Iterator[tuple[int, int]]:
    """Telephone numbers in ``text``: [start, end)."""
    found = 0
    for start, end in matches(_NUMBER, text):
        if found >= LIMIT:
            return
        number = text[start:end]
        if _possible(text, number, end) and _told(text, number, start, end):
            found += 1
            yield start, end


def _possible(text: bytes, number: bytes, end: int) -> bool:
    digits = sum(48 <= c < 58 for c in number.partition(b"x")[0].partition(b"e")[0])
    after = text[end : end + 2]
    part = (
        after[:1].isalnum() or after[:1] in (b"@", b"_", b"%", b"=") or (after[:1] in b"-./:" and after[1:].isdigit())
    )
    return FEWEST <= digits <= MOST and not part and not pattern(_DATE).search(number)


def _told(text: bytes, number: bytes, start: int, end: int) -> bool:
    before = text[max(0, start - BEFORE) : start]
    if pattern(_OTHER, case=False).search(before) and number[:1] != b"+":
        return False
    if pattern(_FORM).search(number):
        return True
    if pattern(_SAYS, case=False).search(text[end : end + AFTER]):
        return True
    return bool(pattern(_CUE, case=False).search(before))
