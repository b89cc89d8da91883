"""An invented press on loopback, as large as a benchmark wants it: papers of their own host, each with a feed and its pages, in words
that mean nothing. One process serves it, so that what it costs is nobody's but its own."""

import asyncio
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

WORDS = 400  # of an article
SHAPE = "<p>{}</p>"


@cache
def lexicon() -> list[str]:
    """Twenty thousand words that nobody uses."""
    made = random.Random(26)
    parts = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
    return sorted({"".join(made.choices(parts, k=made.randint(2, 4))) for _ in range(20_000)})


def article(paper: int, number: int) -> str:
    """A page as a news site's: 12 KB, of which the article is a quarter."""
    words = random.Random(f"{paper}/{number}").choices(lexicon(), k=WORDS)
    sentences = [" ".join(words[n : n + 14]).capitalize() + "." for n in range(0, WORDS, 14)]
    body = "".join(SHAPE.format(" ".join(sentences[n : n + 3])) for n in range(0, len(sentences), 3))
    title = " ".join(words[:8]).capitalize()
    around = "".join(f'<li><a href="/section/{n}">{words[n]} {words[-n]}</a></li>' for n in range(1, 120))
    return (
        f'<!doctype html><html lang="en"><head><title>{title} - Paper {paper}</title><meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="2026-11-{1 + number % 25:02d}T08:{number % 60:02d}:00Z"></head>'
        f"<body><nav><ul>{around}</ul></nav><main><article><h1>{title}</h1>{body}</article></main><footer>{words[9]}</footer></body></html>"
    )


def feed(paper: int, pages: int, port: int) -> str:
    """The paper's feed."""
    home = f"http://paper{paper}.localhost:{port}"
    items = "".join(
        f"<item><title>Report {n} of paper {paper}</title><link>{home}/{n}</link></item>" for n in range(pages)
    )
    return f'<rss version="2.0"><channel><title>Paper {paper}</title><link>{home}/</link>{items}</channel></rss>'


def opml(papers: int, port: int) -> str:
    """The list of all feeds."""
    lines = "".join(f'<outline xmlUrl="http://paper{n}.localhost:{port}/feed"/>' for n in range(papers))
    return f'<opml version="2.0"><body>{lines}</body></opml>'


@contextmanager
def printed(pages: int) -> Iterator[int]:
    """Inside, every paper is served, with so many pages each; gives the port."""
    command = [sys.executable, "-m", "benchmarks.press", str(pages)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


async def _serve(pages: int) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode("latin-1").split("\r\n")
                path = lines[0].split(" ")[1]
                host = next(line for line in lines if line.lower().startswith("host:"))
                paper = int(host.split("paper")[1].split(".")[0])
                body, kind = _document(path, paper, pages, port)
                status = "200 OK" if body else "404 Not Found"
                writer.write(
                    f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=2048)
    port = server.sockets[0].getsockname()[1]
    print(port, flush=True)
    await server.serve_forever()


def _document(path: str, paper: int, pages: int, port: int) -> tuple[bytes, str]:
    if path == "/feed":
        return feed(paper, pages, port).encode(), "application/rss+xml"
    if path[1:].isdecimal():
        return article(paper, int(path[1:])).encode(), "text/html; charset=utf-8"
    return b"", "text/plain"


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
