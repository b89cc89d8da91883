"""64-bit keys: what identifies a record, small enough for a million rows."""

import xxhash


def key(*parts: str) -> int:
    """The signed 64-bit key of some text, the same on every machine and in every run.

    Parts are joined by a unit separator, so ("ab", "c") and ("a", "bc") differ. Among ten million keys the chance
    that any two collide is 3 in a million. Not for secrets: anyone can compute it.
    """
    return signed(xxhash.xxh3_64_intdigest("\x1f".join(parts).encode("utf-8", "surrogatepass")))


def body_key(body: bytes) -> int:
    """The signed 64-bit key of a document's bytes."""
    return signed(xxhash.xxh3_64_intdigest(body))


def signed(unsigned: int) -> int:
    """An unsigned 64-bit number as the signed one of the same bits, which is what a BIGINT holds."""
    return unsigned - (1 << 64) if unsigned >> 63 else unsigned


def text_hash(title: str, standfirst: str, text: str) -> int:
    """The key of what a reader of the article reads: another one is another version."""
    return key(title, standfirst, text)
