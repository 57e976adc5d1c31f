"""Characters that hide, decorate or imitate: which they are, and what they stand for.

References
----------
Unicode Technical Standard 39, Unicode Security Mechanisms, https://www.unicode.org/reports/tr39/ (confusables).
Unicode Standard Annex 15, normalisation forms, https://www.unicode.org/reports/tr15/.
"""

import re
import unicodedata

_HIDDEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
HIDDEN = re.compile(f"[{_HIDDEN}]")
"""Characters that a reader does not see: zero width, direction, tags, variation selectors, fillers."""

EMOJI = re.compile(
    "[\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff][\ufe0f\u200d\u20e3\U0001f3fb-\U0001f3ff]+"
    "|\U0001f3f4[\U000e0020-\U000e007f]{2,7}|[0-9#*]\ufe0f\u20e3"
)
"""Emoji with what rightly follows them: skin, joiners, the tags of a region's flag."""

JOINED = re.compile("(?<=[\u0600-\u0dff])[\u200c\u200d](?=[\u0600-\u0dff])")
"""Joiners where Arabic and Indic scripts need them."""

STYLED = re.compile("[\u2100-\u214f\u2460-\u24ff\uff01-\uff5e\U0001d400-\U0001d7ff\U0001f110-\U0001f189]")
"""Letters in another style (mathematical, circled, full width), which normalisation form KC makes plain."""

UNPLAIN = re.compile(f"[{_HIDDEN}\u0300-\u036f\u20e3\U0001f3fb-\U0001f3ff]")
"""Characters without one of which a text has nothing hidden, no joined emoji and no stacked marks."""

STACKED = re.compile("[A-Za-z\u00c0-\u024f][\u0300-\u036f]{2}")
"""A Latin letter under two combining marks or more."""

_LOOKS = (
    "\u037a\u037f\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03b1\u03b3"
    "\u03b9\u03bd\u03bf\u03c1\u03c3\u03c5\u03d2\u03dc\u03e8\u03f1\u03f2\u03f3\u03f9\u03fa\u0405\u0406\u0408\u0410"
    "\u0412\u0415\u0417\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u042c\u0430\u0431\u0433\u0435\u043e"
    "\u0440\u0441\u0443\u0445\u0455\u0456\u0458\u0461\u0474\u0475\u04ae\u04af\u04bb\u04bd\u04c0\u04cf\u04e0\u0501"
    "\u050c\u051b\u051c\u051d\u054d\u054f\u0555\u0561\u0563\u0566\u0570\u0578\u057c\u057d\u0581\u0584\u0585\u13a0"
    "\u13a1\u13a2\u13a5\u13a9\u13aa\u13ab\u13ac\u13b3\u13b7\u13bb\u13bd\u13c0\u13c2\u13c3\u13ce\u13cf\u13d2\u13d4"
    "\u13d5\u13d9\u13da\u13de\u13df\u13e2\u13e6\u13e7\u13ee\u13f3\u13f4\u1d04\u1d0f\u1d11\u1d1c\u1d20\u1d21\u1d22"
    "\u1d26"
)
_LIKE = (
    "iJABEZHlKMNOPTYXayivopouYF2pcjCMSlJABE3KMHOPCTYXba6reopcyxsijwVvYyheli3dGqWwUSOwqqhnnugfoDRTiYAJEWMH"
    "YGhZ4bRWSVSLCPKd6GBcoouvwzr"
)
LOOKS = {ord(a): b for a, b in zip(_LOOKS, _LIKE, strict=True)}
"""Code points of other scripts that look like one ASCII letter or digit."""

_some = "".join(map(chr, LOOKS))
LOOK_ALIKE = re.compile(f"[{_some}]")
MIXED = re.compile(f"[A-Za-z][{_some}]|[{_some}][A-Za-z]")
IMITATING = re.compile(f"\\w*[{_some}]\\w*")
LATIN = re.compile("[A-Za-z]")

ACCENTS = {c: plain for c in range(0xC0, 0x250) if (plain := unicodedata.normalize("NFD", chr(c))[0]).isascii()}
"""Latin letters with accents, to those without."""

LEET = str.maketrans("013457@$!8", "oieastasib")
"""Digits and signs that stand for letters in leet."""
