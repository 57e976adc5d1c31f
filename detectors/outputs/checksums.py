"""Check digits of cards, accounts and national numbers, from their public definitions."""

from collections.abc import Sequence

_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_TIMES = (  # products of the dihedral group of order 10, for Verhoeff's check
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_PERMUTED = (  # the powers of its permutation
    "0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip
IBAN_LENGTH = {  # characters, by country: SWIFT, IBAN registry, ISO 13616
    country: int(length)
    for length, countries in {
        "15": "NO", "16": "BE", "18": "DK FI FK FO GL NL", "19": "MK SI", "20": "AT BA EE KZ LT LU MN XK",
        "21": "CH HR LI LV", "22": "BG BH CR DE GB GE IE ME RS VA", "23": "AE GI IL IQ OM SO TL",
        "24": "AD CZ DJ DZ ES MD PK RO SA SE SK TN VG", "25": "LY PT ST", "26": "IS TR",
        "27": "BI FR GR IT MC MR SM", "28": "AL AZ BY CY DO GT HN HU LB NI PL SV",
        "29": "BR EG PS QA UA", "30": "JO KW MU", "31": "MT SC", "32": "LC", "33": "RU",
    }.items()
    for country in countries.split()
}  # fmt: skip


def luhn(digits: str) -> bool:
    """Whether the last digit is right: ISO/IEC 7812-1, annex B."""
    odd, even = digits[-1::-2], digits[-2::-2]
    return (sum(map(int, odd)) + sum(_DOUBLED[int(d)] for d in even)) % 10 == 0


def verhoeff(digits: str) -> bool:
    """Whether the last digit is right: Verhoeff, Error detecting decimal codes, 1969."""
    check = 0
    for place, digit in enumerate(reversed(digits)):
        check = int(_TIMES[check][int(_PERMUTED[place % 8][int(digit)])])
    return check == 0


def iban(text: str) -> bool:
    """Whether an IBAN without spaces, in capitals, has its country's length and remainder 1 of 97: ISO 13616."""
    if IBAN_LENGTH.get(text[:2]) != len(text) or not text[2:4].isdecimal():
        return False
    return int("".join(str(int(c, 36)) for c in text[4:] + text[:4])) % 97 == 1


def weighted(digits: str, weights: Sequence[int]) -> int:
    """Sum of digits times weights; digits beyond the weights do not count."""
    return sum(int(d) * w for d, w in zip(digits, weights, strict=False))


ISSUERS = (  # first digits from, to, lengths
    ("4", "4", (13, 16, 19)), ("51", "55", (16,)), ("2221", "2720", (16,)), ("34", "34", (15,)), ("37", "37", (15,)),
    ("6011", "6011", (16, 19)), ("644", "659", (16, 19)), ("300", "305", (14, 16)), ("309", "309", (14, 16)),
    ("36", "36", (14, 16)), ("38", "39", (14, 16)), ("35", "35", (16, 19)), ("2131", "2131", (15,)),
    ("1800", "1800", (15,)), ("2200", "2204", (16,)), ("62", "62", (16, 17, 18, 19)), ("81", "81", (16,)),
    ("50", "50", (12, 13, 14, 15, 16, 17, 18, 19)), ("56", "58", (12, 13, 14, 15, 16, 17, 18, 19)),
    ("60", "61", (12, 13, 14, 15, 16, 17, 18, 19)), ("63", "69", (12, 13, 14, 15, 16, 17, 18, 19)),
)  # fmt: skip


def card(digits: str) -> bool:
    """Whether an issuer gives cards with this beginning and length, and the check digit is right."""
    known = any(a <= digits[: len(a)] <= b and len(digits) in lengths for a, b, lengths in ISSUERS)
    return known and len(set(digits)) > 3 and luhn(digits)
