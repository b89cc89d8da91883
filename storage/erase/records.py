"""An archive file record by record, as bytes: where each stands, what it is of, and one of them with another body.

A record is a gzip member; the form is WARC 1.1 (ISO 28500), as storage/archive.py writes it.
"""

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from zlib_ng import zlib_ng

from storage.archive import GZIP, LEVEL, OURS
from storage.salvage import MAGIC, STEP

END = b"\r\n\r\n"  # of a head, and of a record


@dataclass(frozen=True, slots=True)
class Record:
    """A record of an archive file."""

    start: int  # byte of the file where it begins
    end: int  # and where the next one does
    head: dict[str, str]  # lower-cased name → value
    block: bytes  # what is behind the head

    @property
    def identity(self) -> str:
        return self.head.get("warc-record-id", "")

    @property
    def ours(self) -> dict[str, Any]:
        """What newsduck noted of a document; empty for any other record, and where it is no note of ours."""
        try:
            found = json.loads(self.head.get(OURS.lower(), "{}"))
        except ValueError:
            return {}
        return found if isinstance(found, dict) and isinstance(found.get("ask"), dict) else {}

    @property
    def note(self) -> str:
        """What a note of a run's journal is of; empty for any other record."""
        try:
            found = json.loads(self.head.get(OURS.lower(), "{}"))
        except ValueError:
            return ""
        return str(found.get("note", "")) if isinstance(found, dict) else ""

    @property
    def http(self) -> tuple[bytes, bytes]:
        """(the head of the answer, its body)."""
        head, _, body = self.block.partition(END)
        return head, body

    def header(self, name: str) -> str:
        """A header of the answer; empty where it has none."""
        for line in self.http[0].split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.decode("latin-1").strip().lower() == name:
                return value.decode("latin-1").strip()
        return ""


def read(data: Any) -> Iterator[Record | tuple[int, int]]:
    """Every record of a file's bytes, in order; of what is none, as damaged or torn bytes, only from where to where."""
    at = 0
    while at < len(data):
        found = _record(data, at)
        if found is None:
            following = _next(data, at + 1)
            yield at, following
            at = following
        else:
            yield found
            at = found.end


def _next(data: Any, at: int) -> int:
    """Where the next whole record begins."""
    while (at := data.find(MAGIC, at)) >= 0:
        if _record(data, at) is not None:
            return at
        at += 1
    return len(data)


def _record(data: Any, start: int) -> Record | None:
    member, parts, at = zlib_ng.decompressobj(wbits=GZIP), [], start
    try:
        while not member.eof and at < len(data):
            chunk = data[at : at + STEP]
            parts.append(member.decompress(chunk))
            at += len(chunk) - len(member.unused_data)
    except zlib_ng.error:  # type: ignore[misc]  # its stub does not say what it is
        return None
    plain = b"".join(parts)
    if not member.eof or not plain.startswith(b"WARC/"):
        return None
    told, _, block = plain.partition(END)
    lines = (line.partition(b":") for line in told.split(b"\r\n")[1:])
    head = {key.decode("utf-8", "replace").strip().lower(): v.decode("utf-8", "replace").strip() for key, _, v in lines}
    length = head.get("content-length", "")
    return Record(start, at, head, block[: int(length)] if length.isdigit() else block)


def with_body(data: Any, record: Record, body: bytes) -> bytes:
    """A document's record as a gzip member with another body, which says so: its lengths and digests are those of the new one."""
    plain = zlib_ng.decompress(data[record.start : record.end], wbits=GZIP)
    head = record.http[0].split(b"\r\n")
    block = b"\r\n".join(_set(line, {"content-length": str(len(body))}) for line in head) + END + body
    ours = record.ours | {"edited": True}
    values = {
        "content-length": str(len(block)),
        "warc-block-digest": _digest(block),
        "warc-payload-digest": _digest(body),
        OURS.lower(): json.dumps(ours),
    }
    told = b"\r\n".join(_set(line, values) for line in plain.partition(END)[0].split(b"\r\n"))
    return bytes(zlib_ng.compress(told + END + block + END, LEVEL, wbits=GZIP))


def with_block(data: Any, record: Record, block: bytes) -> bytes:
    """A record as a gzip member with another block."""
    plain = zlib_ng.decompress(data[record.start : record.end], wbits=GZIP)
    values = {
        "content-length": str(len(block)),
        "warc-block-digest": _digest(block),
        "warc-payload-digest": _digest(block),
    }
    told = b"\r\n".join(_set(line, values) for line in plain.partition(END)[0].split(b"\r\n"))
    return bytes(zlib_ng.compress(told + END + block + END, LEVEL, wbits=GZIP))


def _set(line: bytes, values: dict[str, str]) -> bytes:
    """A header's line, with its new value where it has one."""
    key, colon, _ = line.partition(b":")
    value = values.get(key.decode("latin-1").strip().lower()) if colon else None
    return line if value is None else key + b": " + value.encode("utf-8")


def _digest(data: bytes) -> str:
    return f"sha1:{base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()}"
