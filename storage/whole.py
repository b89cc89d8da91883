"""A DuckDB file copied, or brought up to another, block by block, each held against its checksum.

Every block begins with a checksum of the rest, which DuckDB looks at when it reads the block. One bit that a disk turned in a block
that no run reads would be copied over a whole file without anybody noticing.

Source: DuckDB's storage format (src/storage/single_file_block_manager.cpp, src/common/checksum.cpp).
"""

import os
from collections.abc import Iterator
from itertools import chain, repeat
from pathlib import Path
from typing import BinaryIO

from storage.files import private

HEADERS = [4096] * 3  # bytes of each
BLOCK = 262_144  # bytes
FACTOR, START = 0xBF58476D1CE4E5B9, 5381


def copy(source: Path, target: Path) -> bool:
    """Copy a file to where its owner alone may read it, safe on the disk; gives whether each of its blocks has the checksum it was
    written with. A block that is not in use may have none, and is no harm. Whatever stood at the target is gone."""
    whole = True
    target.unlink(missing_ok=True)
    with source.open("rb") as read, open(target, "xb", opener=private) as written:
        for block in _blocks(read):
            written.write(block)
            whole = whole and is_whole(block)
        written.flush()
        os.fsync(written.fileno())
    return whole


def bring_up(source: Path, target: Path) -> bool:
    """Make a file equal to another, writing only the blocks that differ, safe on the disk; gives whether each of those has its
    checksum. The others are as they were when they were written there."""
    whole, at = True, 0
    with source.open("rb") as read, target.open("rb+", buffering=0) as written:
        for block in _blocks(read):
            if os.pread(written.fileno(), len(block), at) != block:
                whole = whole and is_whole(block)
                written.seek(at)
                written.write(block)
            at += len(block)
        written.truncate(at)
        os.fsync(written.fileno())
    return whole


def check(path: Path) -> bool:
    """Whether each block of a file has the checksum it was written with, as for `copy`."""
    with path.open("rb") as read:
        return all(map(is_whole, _blocks(read)))


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    for size in chain(HEADERS, repeat(BLOCK)):
        if not (block := file.read(size)):
            return
        yield block


def is_whole(block: bytes) -> bool:
    """Whether a block, or one of the headers, has the checksum it was written with."""
    import numpy as np  # a tenth of a second: for who copies a file, not for who only asks

    if len(block) % 8:
        return False
    numbers = np.frombuffer(block, dtype="<u8")
    return bool(numbers[0] == np.bitwise_xor.reduce(numbers[1:] * np.uint64(FACTOR)) ^ np.uint64(START))
