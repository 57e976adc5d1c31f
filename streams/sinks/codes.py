"""ClickHouse error numbers -> try again, or never.

A number that is in neither list is tried again: a stalled pipeline shows in its lag and loses nothing, rows thrown away
by mistake are gone.

References
----------
https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp
"""

from streams.sinks.api import Refused, SinkError, Unavailable

ROWS = {
    6: "cannot parse", 27: "cannot parse input", 38: "cannot parse date", 41: "cannot parse date and time",
    53: "type mismatch", 69: "out of bound", 70: "cannot convert", 72: "cannot parse number", 117: "incorrect data",
    131: "string too long", 321: "no null here", 349: "no null here", 407: "decimal overflow",
    469: "violated constraint",
}  # fmt: skip
STATEMENT = {
    10: "no such column", 16: "no such column", 20: "number of columns", 36: "bad arguments", 43: "type of argument",
    44: "illegal column", 46: "unknown function", 47: "unknown identifier", 50: "unknown type", 60: "unknown table",
    62: "syntax", 115: "unknown setting",
}  # fmt: skip
SIGN_IN = {
    164: "read only", 192: "unknown user", 193: "wrong password", 194: "password needed", 195: "address not allowed",
    291: "database not allowed", 497: "not allowed", 516: "authentication failed",
}  # fmt: skip
TOO_MANY_PARTS = 252


def verdict(code: int, message: str, *, where: str = "ClickHouse") -> SinkError:
    """Return the exception that says what to do about an error of a write.

    Parameters
    ----------
    message : as the server gave it; its stack trace is cut off
    where : host and database, for the message
    """
    text = first_line(message)
    if code in ROWS:
        return Refused(text, code=code, divisible=True)
    if code == TOO_MANY_PARTS and "partitions for single INSERT" in text:
        return Refused(text, code=code, divisible=True)  # each half has fewer partitions
    if code in STATEMENT:
        return Refused(text, code=code)
    if code in SIGN_IN:
        return Unavailable(f"{where} does not let us in: {text}")
    return Unavailable(f"{where}: {text}")


def first_line(message: str, *, cap: int = 400) -> str:
    """The server's sentence without prefix and stack trace, at most ``cap`` characters."""
    text = message.partition("Stack trace:")[0].partition(" (version ")[0]
    text = text.partition("DB::Exception: ")[2] or text
    return " ".join(text.split())[:cap]
