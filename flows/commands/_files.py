"""A page in a file, as it was saved or packed by gzip."""

import gzip
import zlib
from pathlib import Path

from extract.errors import BadInput


def load(path: str) -> bytes:
    """The bytes of a page, unpacked; raises BadInput where they cannot be had."""
    try:
        raw = Path(path).read_bytes()
        return gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    except (OSError, EOFError, zlib.error) as error:
        raise BadInput(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
