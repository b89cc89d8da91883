"""What goes wrong with a disk, in words: what was being done, what is safe, and what to do about this fault and no other."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from extract.errors import Broken

WAYS_OUT = {
    errno.ENOSPC: "there is no room left on that disk: make room, then run it again",
    errno.EDQUOT: "your quota on that disk is used up: make room, then run it again",
    errno.EFBIG: "the file has grown beyond what the system allows: raise its limit (`ulimit -f`)",
    errno.EROFS: "that file system is read-only: mount it for writing, or set `data` to another folder",
    errno.EACCES: "you may not do that there: look at the permissions of the folders on the way (`newsduck doctor`)",
    errno.EPERM: "you may not do that there: the file belongs to somebody else or is protected",
    errno.EIO: "the disk answers with an error: look at the system's log, and copy the data folder to another disk",
    errno.EMFILE: "this process has too many files open: raise its limit (`ulimit -n`)",
    errno.ENFILE: "the machine has too many files open: close other programs",
    errno.ENOENT: "it is not there: was the folder moved or deleted meanwhile?",
    errno.EEXIST: "something else stands there already: move it away",
    errno.ENOTDIR: "a file stands where a folder should be: move it away",
    errno.EISDIR: "a folder stands where a file should be: move it away",
    errno.ENAMETOOLONG: "the path is too long for that file system: set `data` to a shorter one",
    errno.ESTALE: "the network share has gone: mount it again",
}


def way_out(error: OSError) -> str:
    """What is wrong, and what to do about it."""
    return WAYS_OUT.get(error.errno or 0, f"{error.strerror or error}")


@contextmanager
def told(doing: str, safe: str) -> Iterator[None]:
    """Inside, what the system refuses becomes Broken: what was being done (such as "writing FILE"), what is wrong and the way
    out, and what is safe all the same."""
    try:
        yield
    except OSError as error:
        raise Broken(f"{doing} failed: {way_out(error)}; {safe}") from error
