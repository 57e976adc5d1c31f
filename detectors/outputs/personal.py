"""Personal data that has a form: addresses, cards, accounts, numbers that states and telephone companies give out.

A pattern says where something of the right form is, a check digit, a range or a word beside it whether it is one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address

from detectors.outputs import checksums, nations, phones
from detectors.outputs.finding import LIMIT, Finding, free, masked
from detectors.outputs.patterns import matches, pattern

NEAR = 48  # characters before a number in which a word about it may stand
_NO_DIGITS = bytes(range(48)) + bytes(range(58, 256))
_WORTH = r"\d[\d .()/+-]{5,}\d|[A-Za-z]{2}\d\d|\d\.\d{1,3}\.|[0-9A-Fa-f]:"


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of number.

    Attributes
    ----------
    text : pattern whose first group is the number, after a character that may stand before it
    check : whether what it matched is one
    certain : whether the check leaves less than a hundredth to chance
    cue : pattern of a word that must stand before it; none is needed if empty
    """

    kind: str
    text: str
    check: Callable[[str], bool]
    certain: bool = False
    cue: str = ""


def _digits(text: str) -> str:
    return text.encode().translate(None, _NO_DIGITS).decode()


def _bare(check: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda text: check(_digits(text))


def _iban(text: str) -> bool:
    return checksums.iban(text.replace(" ", "").upper())


def _card(text: str) -> bool:
    return text.count(" ") + text.count("-") <= 6 and checksums.card(_digits(text))


def _address(text: str) -> bool:
    try:
        found = ip_address(text)
    except ValueError:
        return False
    return found.is_global and not found.is_multicast


def _email(text: str) -> bool:
    name, _, host = text.lower().rpartition("@")
    ending = host.rpartition(".")[2]
    example = (
        host.startswith("example.") or ".example." in host or ending in ("example", "invalid", "test", "png", "jpg")
    )
    return not example and ".." not in text and name[0] != "." and name not in ("user", "username", "git")


_LEFT = r"(?:^|[^\w.-])"
_EMAIL = r"(?:^|[^A-Za-z0-9._%+-])([A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,18})"
_IP6 = r"(?:^|[^\w:.])((?:[0-9A-Fa-f]{1,4}:){2,7}(?::?[0-9A-Fa-f]{1,4}){1,6})"
FORMS = (
    Form("iban", r"(?:^|[^A-Za-z0-9])([A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]){11,30})", _iban, certain=True),
    Form("cn_resident", _LEFT + r"(\d{17}[\dX])", nations.chinese, certain=True),
    Form("fr_nir", _LEFT + r"([12] ?\d\d ?[0-9]\d ?\d[\dAB] ?\d{3} ?\d{3} ?\d\d)", nations.french),
    Form("card", _LEFT + r"(\d(?:[ -]?\d){11,18})", _card),
    Form("us_ssn", _LEFT + r"(\d{3}-\d{2}-\d{4}|\d{3} \d{2} \d{4})", _bare(nations.us_ssn)),
    Form("us_ssn", _LEFT + r"(\d{9})", nations.us_ssn, cue=r"\bssn\b|social security"),
    Form("it_fiscale", _LEFT + r"([A-Z]{6}\d\d[A-EHLMPR-T]\d\d[A-Z]\d{3}[A-Z])", nations.italian),
    Form("es_dni", _LEFT + r"(\d{8}-?[A-HJ-NP-TV-Z]|[XYZ]-?\d{7}-?[A-HJ-NP-TV-Z])", nations.spanish),
    Form("fi_hetu", _LEFT + r"(\d{6}[-+A-FYXWVU]\d{3}[\dA-Y])", nations.finnish),
    Form("br_cpf", _LEFT + r"(\d{3}\.\d{3}\.\d{3}-\d\d)", _bare(nations.brazilian), certain=True),
    Form("be_national", _LEFT + r"((?:\d\d\.){2}\d\d-\d{3}\.\d\d)", _bare(nations.belgian), certain=True),
    Form("in_aadhaar", _LEFT + r"((?:\d{4} ?){2}\d{4})", _bare(nations.indian), cue=r"aadha+r|uidai"),
    Form("nl_bsn", _LEFT + r"(\d{9})", nations.dutch, cue=r"\bbsn\b|burgerservice"),
    Form("pl_pesel", _LEFT + r"(\d{11})", nations.polish, cue=r"pesel"),
    Form("uk_nhs", _LEFT + r"(\d{3}[ -]?\d{3}[ -]?\d{4})", _bare(nations.british_nhs), cue=r"\bnhs\b"),
    Form("ca_sin", _LEFT + r"((?:\d{3}[ -]?){2}\d{3})", _bare(nations.canadian), cue=r"\bsin\b|social ins"),
    Form("ip", _LEFT + r"((?:\d{1,3}\.){3}\d{1,3})", _address),
)  # fmt: skip


def find(text: bytes) -> list[Finding]:
    """Personal data in an answer that :func:`~detectors.outputs.plain.plain` made bytes of."""
    made = list(_emails(text)) if b"@" in text else []
    if not pattern(_WORTH).search(text):
        return made
    taken: list[tuple[int, int]] = []
    for form in FORMS:
        made += _numbers(form, text, taken)
    if text.count(b":") > 2:
        made += _numbers(Form("ip", _IP6, _address), text, taken)
    made += [_finding("phone", text, start, end) for start, end in phones.find(text) if free(taken, start, end)]
    return made


def _numbers(form: Form, text: bytes, taken: list[tuple[int, int]]) -> Iterator[Finding]:
    if form.cue and not pattern(form.cue, case=False).search(text):
        return
    found = 0
    for start, last in matches(form.text, text):
        end = _end(form, text, start, last)
        if end and free(taken, start, end):
            yield _finding(form.kind, text, start, end, certain=form.certain)
            found += 1
            if found >= LIMIT:
                return


def _end(form: Form, text: bytes, start: int, end: int) -> int:
    """Where a number ends that passes its form's check; 0 where none begins here."""
    if form.kind == "iban":  # words may follow it, and look like more of it
        end = _iban_end(text, start, end)
    if text[end : end + 1].isalnum() or (text[end : end + 1] in (b"-", b"_") and text[end + 1 : end + 2].isalnum()):
        return 0
    if text[end : end + 1] == b"." and text[end + 1 : end + 2].isdigit():
        return 0
    near = form.cue and not pattern(form.cue, case=False).search(text[max(0, start - NEAR) : start])
    return 0 if near or not form.check(text[start:end].decode()) else end


def _iban_end(text: bytes, start: int, end: int) -> int:
    left = checksums.IBAN_LENGTH.get(text[start : start + 2].decode().upper(), 0)
    for place in range(start, end):
        left -= text[place] != 0x20
        if not left:
            return place + 1
    return end


def _emails(text: bytes) -> Iterator[Finding]:
    found = 0
    for start, end in matches(_EMAIL, text):
        if _email(text[start:end].decode()):
            yield _finding("email", text, start, end)
            found += 1
            if found >= LIMIT:
                return


def _finding(kind: str, text: bytes, start: int, end: int, *, certain: bool = False) -> Finding:
    return Finding(f"personal.{kind}", start, end, masked(text[start:end].decode()), certain)
