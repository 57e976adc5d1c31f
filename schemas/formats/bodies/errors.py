"""Errors of language models' APIs: the HTTP status that a name stands for, and whether a filter refused.

References
----------
https://platform.openai.com/docs/guides/error-codes
https://docs.litellm.ai/docs/exception_mapping
"""

from typing import Any

from schemas.formats.lenient import count, text

FILTERED = "content_filter"
_FILTERS = ("content_filter", "contentfilter", "content_policy", "contentpolicy", "moderation", "responsibleai")
_STATUS = {  # the first whose name is in the error's, in lower case and without anything but letters
    "ratelimit": 429, "quota": 429, "toomanyrequests": 429, "budget": 429, "throttl": 429,
    "authentication": 401, "unauthorized": 401, "apikey": 401,
    "permission": 403, "forbidden": 403, "notfound": 404, "timeout": 408, "unprocessable": 422, "validation": 422,
    "badrequest": 400, "invalid": 400, "contentpolicy": 400, "contentfilter": 400, "contextwindow": 400,
    "contextlength": 400, "unsupported": 400, "rejected": 400, "unavailable": 503, "overloaded": 503,
    "badgateway": 502,
}  # fmt: skip
UNKNOWN = 500


def status(*names: Any) -> int | None:
    """HTTP status of an error by its codes and class names, the first that says one; None where there is no error.

    A name that is not known is a 500, as an error without a name is nobody's but the server's.
    """
    given = [one for one in names if one not in (None, "", 0, False)]
    for one in given:
        code = count(one)
        if code is not None and 100 <= code < 600:
            return code
    for one in given:
        letters = "".join(filter(str.isalpha, text(one, 256))).lower()
        for name, code in _STATUS.items():
            if name in letters:
                return code
    return UNKNOWN if given else None


def filtered(*names: Any) -> bool:
    """Whether an error is that of a content filter, which refused what was asked."""
    letters = " ".join(text(one, 512) for one in names if one).lower()
    return any(name in letters for name in _FILTERS)
