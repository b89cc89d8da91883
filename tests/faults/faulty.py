"""Writes that fail: the system itself refuses the n-th of them, whoever makes it, Python or a library in C.

Linux hands the chosen calls of a process to its parent before it carries them out (seccomp, SECCOMP_RET_USER_NOTIF); the parent lets
them through, or has them fail. Only calls on files of one folder count.
"""

import ctypes
import errno
import fcntl
import os
import platform
import select
import socket
import struct
from pathlib import Path

# System call → (its number on x86-64, where its path or descriptor is among its arguments)
CALLS = {
    "write": (1, "fd", 0), "pwrite64": (18, "fd", 0), "writev": (20, "fd", 0), "pwritev": (296, "fd", 0),
    "fsync": (74, "fd", 0), "fdatasync": (75, "fd", 0), "ftruncate": (77, "fd", 0), "fallocate": (285, "fd", 0),
    "copy_file_range": (326, "fd", 2), "sendfile": (40, "fd", 0),
    "open": (2, "path", 0), "truncate": (76, "path", 0), "rename": (82, "path", 0), "mkdir": (83, "path", 0),
    "link": (86, "path", 0), "unlink": (87, "path", 0),
    "openat": (257, "path", 1), "mkdirat": (258, "path", 1), "unlinkat": (263, "path", 1), "renameat": (264, "path", 1),
    "linkat": (265, "path", 1), "renameat2": (316, "path", 1),
}  # fmt: skip
WHERE = {number: (kind, place) for number, kind, place in CALLS.values()}
SECCOMP, NO_NEW_PRIVS = 317, 38
LISTENER = 8  # SECCOMP_FILTER_FLAG_NEW_LISTENER
ALLOW, NOTIFY = 0x7FFF0000, 0x7FC00000
RECV, SEND = 0xC0502100, 0xC0182101
CARRY_ON = 1


class _Step(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("jt", ctypes.c_uint8), ("jf", ctypes.c_uint8), ("k", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("len", ctypes.c_ushort), ("filter", ctypes.POINTER(_Step)))


def possible() -> bool:
    """Whether this machine can do it."""
    return platform.system() == "Linux" and platform.machine() == "x86_64" and hasattr(select, "poll")


def submit(parent: socket.socket) -> None:
    """Have this process's calls, and those of all it starts, decided by the one at the other end."""
    steps = [(0x20, 0, 0, 0)]  # load the call's number
    steps += [(0x15, len(WHERE) - n, 0, number) for n, number in enumerate(WHERE)]  # jump to the end where it is one
    steps += [(0x06, 0, 0, ALLOW), (0x06, 0, 0, NOTIFY)]
    program = _Program(len(steps), (_Step * len(steps))(*(_Step(*step) for step in steps)))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0)
    listener = libc.syscall(SECCOMP, 1, LISTENER, ctypes.byref(program))
    if listener < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    socket.send_fds(parent, [b"x"], [listener])
    os.close(listener)


def decide(child: socket.socket, folder: str, fail: int, fault: str, for_good: bool) -> int:
    """Decide the calls of the process at the other end until it and its children have ended: the call on the folder with this
    number fails, and with `for_good` all after it; gives how many there were."""
    _, (listener, *_), _, _ = socket.recv_fds(child, 1, 1)
    count, code = 0, -getattr(errno, fault)
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    try:
        while not poll.poll()[0][1] & select.POLLHUP:
            call = bytearray(80)
            try:
                fcntl.ioctl(listener, RECV, call)
            except OSError:
                continue  # it was killed before it was heard
            number, thread, _, what = struct.unpack_from("QIIi", call)
            if _path(thread, what, struct.unpack_from("6Q", call, 32)).startswith(folder):
                count += 1
                fails = count == fail or (for_good and count > fail > 0)
            else:
                fails = False
            answer = struct.pack("QqiI", number, 0, code if fails else 0, 0 if fails else CARRY_ON)
            try:
                fcntl.ioctl(listener, SEND, bytearray(answer))
            except OSError:
                continue  # likewise
    finally:
        os.close(listener)
    return count


def _path(thread: int, what: int, arguments: tuple[int, ...]) -> str:
    kind, place = WHERE[what]
    try:
        if kind == "fd":
            return str(Path(f"/proc/{thread}/fd/{arguments[place]}").readlink())
        with Path(f"/proc/{thread}/mem").open("rb", buffering=0) as memory:
            memory.seek(arguments[place])
            path = memory.read(4096).split(b"\0")[0].decode(errors="replace")
        return path if path.startswith("/") else str(Path(f"/proc/{thread}/cwd").readlink() / path)
    except (OSError, ValueError, OverflowError):
        return ""
