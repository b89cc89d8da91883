"""A DuckDB file copied block by block, each held against its checksum.

Every block begins with a checksum of the rest, which DuckDB looks at when it reads the block. One bit that a disk turned in a block
that no run reads would be copied over a whole file without anybody noticing.

Source: DuckDB's storage format (src/storage/single_file_block_manager.cpp, src/common/checksum.cpp).
"""

from typing import BinaryIO

import numpy as np

HEADERS = [4096] * 3  # bytes of each
BLOCK = 262_144  # bytes
FACTOR, START = np.uint64(0xBF58476D1CE4E5B9), np.uint64(5381)


def copy(source: BinaryIO, target: BinaryIO) -> bool:
    """Copy all of a file; gives whether each of its blocks has the checksum it was written with. A block that is not in use may have
    none, and is no harm."""
    whole = True
    sizes = iter(HEADERS)
    while block := source.read(next(sizes, BLOCK)):
        target.write(block)
        whole = whole and _is_whole(block)
    return whole


def _is_whole(block: bytes) -> bool:
    if len(block) % 8:
        return False
    numbers = np.frombuffer(block, dtype="<u8")
    return bool(numbers[0] == np.bitwise_xor.reduce(numbers[1:] * FACTOR) ^ START)
