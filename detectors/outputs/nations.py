"""National numbers of people: forms, ranges and check digits. What is only digits also needs a word beside it."""

from detectors.outputs.checksums import luhn, verhoeff, weighted

_SPANISH = "TRWAGMYFPDXBNJZSQVHLCKE"
_FINNISH = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
_CHINESE = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def us_ssn(digits: str) -> bool:
    """Area, group and serial that are given out, and not in advertisements: ssa.gov/employer/randomization.html."""
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    given = area not in ("000", "666") and area < "900" and group != "00" and serial != "0000"
    return given and digits not in ("078051120", "219099999", "123456789", "457555462")


def spanish(text: str) -> bool:
    """DNI and NIE: the letter is the remainder of 23."""
    number = text[:-1].replace("-", "").replace(" ", "").translate({88: "0", 89: "1", 90: "2"})
    return _SPANISH[int(number) % 23] == text[-1]


def italian(text: str) -> bool:
    """Codice fiscale: its last letter is a sum over odd and even places."""
    values = [int(c) if c.isdecimal() else ord(c) - 65 for c in text[:15]]
    return (sum(_ODD[v] for v in values[::2]) + sum(values[1::2])) % 26 == ord(text[15]) - 65


def french(text: str) -> bool:
    """NIR: key and number make a multiple of 97; Corsica's letters stand for 19 and 18."""
    number = text.replace(" ", "").replace("2A", "19").replace("2B", "18")
    return 1 <= int(number[3:5]) <= 99 and (int(number[:13]) + int(number[13:])) % 97 == 0


def finnish(text: str) -> bool:
    """Henkilotunnus: day, month and year, a sign for the century, and the remainder of 31."""
    return _date(text[:2], text[2:4]) and _FINNISH[int(text[:6] + text[7:10]) % 31] == text[10]


def dutch(digits: str) -> bool:
    """BSN: the test of eleven."""
    return (weighted(digits, (9, 8, 7, 6, 5, 4, 3, 2)) - int(digits[8])) % 11 == 0 and int(digits) > 0


def polish(digits: str) -> bool:
    """PESEL: date of birth, serial and a weighted sum."""
    month = f"{int(digits[2:4]) % 20:02}"
    return _date(digits[4:6], month) and weighted(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0


def brazilian(digits: str) -> bool:
    """CPF: two check digits modulo 11."""
    first = weighted(digits, range(10, 1, -1)) * 10 % 11 % 10
    second = weighted(digits, range(11, 1, -1)) * 10 % 11 % 10
    return len(set(digits)) > 1 and digits[9:] == f"{first}{second}"


def british_nhs(digits: str) -> bool:
    """NHS number: modulo 11."""
    return len(set(digits)) > 1 and weighted(digits, range(10, 0, -1)) % 11 == 0


def indian(digits: str) -> bool:
    """Aadhaar: twelve digits of Verhoeff, the first of them 2 or more."""
    return digits[0] > "1" and len(set(digits)) > 2 and verhoeff(digits)


def chinese(text: str) -> bool:
    """Resident identity number: GB 11643, date of birth and ISO 7064 modulo 11-2."""
    return (
        text[6:8] in ("19", "20")
        and _date(text[12:14], text[10:12])
        and "10X98765432"[weighted(text, _CHINESE) % 11] == text[17]
    )


def belgian(digits: str) -> bool:
    """National register number: modulo 97, with a 2 before it for who was born after 1999."""
    number, check = digits[:9], int(digits[9:])
    return _date(digits[4:6], digits[2:4]) and check in (97 - int(number) % 97, 97 - int("2" + number) % 97)


def canadian(digits: str) -> bool:
    """SIN: Luhn, and a first digit that is given out."""
    return digits[0] not in "08" and len(set(digits)) > 2 and luhn(digits)


def _date(day: str, month: str) -> bool:
    return 1 <= int(day) <= 31 and 1 <= int(month) <= 12
