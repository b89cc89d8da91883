"""The words that tell bylines, credits and captions, by language: `terms.toml`, read once."""

import functools
import re
import tomllib
from pathlib import Path

FILE = Path(__file__).with_name("terms.toml")


@functools.cache
def _all() -> dict[str, frozenset[str]]:
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {role: frozenset(w for words in tables[role].values() for w in words) for role in tables}


def words(role: str) -> frozenset[str]:
    """Every word of a role (by, source, photo …), in all languages, lower-cased."""
    return _all()[role]


@functools.cache
def pattern(*roles: str) -> str:
    """The words of some roles as alternatives of a regular expression, longest first."""
    found = {word for role in roles for word in words(role)}
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(found, key=lambda w: (-len(w), w)))
