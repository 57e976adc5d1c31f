"""An answer as bytes in which patterns look: one byte a character, so that places are the same in both."""

_LOOKS: dict[int, str] = {
    **dict.fromkeys((0xA0, 0x1680, 0x202F, 0x205F, 0x3000, *range(0x2000, 0x200B)), " "),
    **dict.fromkeys((0xAD, *range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63), "-"),
    **{0xFF01 + i: chr(0x21 + i) for i in range(94)},
    **dict.fromkeys((0x2018, 0x2019), "'"),
    **dict.fromkeys((0x201C, 0x201D), '"'),
    **{zero + i: str(i) for zero in (0x660, 0x6F0, 0x966) for i in range(10)},
}


def plain(text: str) -> bytes:
    """``text`` as ASCII (n,): full-width forms, odd spaces, dashes and digits as their look-alikes, the rest as "?"."""
    return (text if text.isascii() else text.translate(_LOOKS)).encode("ascii", "replace")
