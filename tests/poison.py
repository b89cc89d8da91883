"""Pages that have cost readers minutes, gigabytes or the interpreter, made on the spot."""

from tests.test_stories import prose

_ROW = b"<tr>" + b"<td>12,345</td><td>Harbour and ferries</td><td>+0.7</td>" * 4 + b"</tr>"
_TEXT = prose(7, 120).encode()


def _page(body: bytes) -> bytes:
    return b"<html><head><title>T</title></head><body><h1>T</h1>" + body + b"</body></html>"


PAGES = {
    "a table of six megabytes": _page(b"<table>" + _ROW * (6_000_000 // len(_ROW)) + b"</table>"),
    "fifty thousand short paragraphs": _page(b"<p>A short one, and on.</p>" * 50_000),
    "a hundred thousand elements deep": _page(b"<div>" * 100_000 + _TEXT),
    "spans without an end": _page(b"<p>" + b"<span><b>x" * 60_000),
    "a million tags": _page(b"<i>a</i>" * 1_000_000),
    "an attribute of five megabytes": _page(b"<p class='" + b"a " * 2_500_000 + b"'>" + _TEXT + b"</p>"),
    "ten thousand attributes": _page(b"<p " + b" ".join(b"a%d=1" % n for n in range(10_000)) + b">" + _TEXT + b"</p>"),
    "cells a million columns wide": _page(
        b"<table>" + b"<tr><td colspan=1000000 rowspan=65534>x</td></tr>" * 20_000 + b"</table>"
    ),
    "tables in tables": _page(b"<table><tr><td>" * 3_000 + _TEXT),
    "lists in lists": _page(b"<ul><li>one " * 5_000 + _TEXT),
    "nothing but nulls": _page(b"\0" * 3_000_000),
    "nulls between the letters": _page(b"\0".join(bytes([c]) for c in _TEXT)),
    "a charset that is none": b"<meta charset=utf-99>" + _page(_TEXT.replace(b"e", b"\xe9")),
    "one charset told, another used": b"<meta charset=shift_jis>" + _page("Zürich – «naïve» ".encode() * 2_000),
    "UTF-16 without its mark": _page(_TEXT).decode().encode("utf-16-le"),
    "a comment without an end": _page(_TEXT + b"<!--" + b"x" * 3_000_000),
    "a million entities": _page(b"<p>" + b"&amp;&nbsp;&#x1F600;" * 300_000),
    "a script of JSON ten thousand deep": _page(
        b"<script type='application/ld+json'>" + b'{"a":[' * 10_000 + b"</script>" + _TEXT
    ),
    "a line of five million letters": _page(b"<p>" + b"a" * 5_000_000),
    "a million line breaks": _page(b"word<br>" * 500_000),
    "bytes at random": bytes((n * 7919 + n // 251) % 256 for n in range(500_000)),
}
