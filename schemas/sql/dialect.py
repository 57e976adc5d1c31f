"""Statements for servers older than 20.1, which know neither milliseconds nor codecs, lifetimes, indexes or roles.

Tests run the migrations on such a server, since it is what some distributions still package; it is no server to run
tidegate on.
"""

import re

_RULES = (
    (re.compile(r"^ALTER TABLE \S+ MODIFY TTL\b.*", re.DOTALL), ""),
    (re.compile(r"\bADD COLUMN IF NOT EXISTS\b"), "ADD COLUMN"),
    (re.compile(r"^\s*(INDEX|PROJECTION|CONSTRAINT)\b.*\n", re.MULTILINE), ""),
    (re.compile(r",(\s*\n\))"), r"\1"),
    (re.compile(r"^(TTL|SETTINGS)\b.*?(?=;|\n|$)\n?", re.MULTILINE), ""),
    (re.compile(r" CODEC\((?:[^()]|\([^()]*\))*\)"), ""),
    (re.compile(r"LowCardinality\(String\)"), "String"),
    (re.compile(r"DateTime64\(\d(, 'UTC')?\)"), "DateTime('UTC')"),
    (re.compile(r"now64\(\d\)"), "now()"),
)


def for_old_server(statement: str) -> str:
    """Return a statement of ours without what old servers do not know, "" for nothing; times keep whole seconds."""
    for pattern, replacement in _RULES:
        statement = pattern.sub(replacement, statement)
    return statement
