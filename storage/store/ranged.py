"""A file of a store, read as if it were open here: asked for by ranges, each longer than the one before."""

import io

from storage.store.place import Store

FIRST = (
    128 << 10
)  # bytes: of 1,000 real news pages 976 are no longer, packed (the median 18 KB), so one request has them
MOST = 8 << 20


class Ranged(io.RawIOBase):
    """Such a file, from a byte on. It reads no further ahead than its ranges, and gives what is left of one rather than
    asking for the next."""

    def __init__(self, store: Store, name: str, start: int = 0) -> None:
        super().__init__()
        self._store, self._name = store, name
        self._at, self._size = start, FIRST
        self._left = memoryview(b"")

    def readable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """Where in the file the next byte is."""
        return self._at

    def readinto(self, into: bytearray | memoryview) -> int:  # type: ignore[override]  # any buffer
        """Raises FileNotFoundError where the store has no such file, and as Store says."""
        if not self._left:
            self._left = memoryview(self._store.read(self._name, self._at, self._size))
            self._size = min(2 * self._size, MOST)
        given = min(len(into), len(self._left))
        into[:given] = self._left[:given]
        self._left = self._left[given:]
        self._at += given
        return given
