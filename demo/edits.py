"""What an outlet does to agency text: the kept paragraphs, its own before and after, and where the credit stands."""

from collections.abc import Mapping, Sequence

from demo.records import Block

# Credits printed as a line of their own under the text, in this order.
LINES = ("trailer", "contributed", "copyright")


def paragraphs(text: str) -> list[str]:
    """Paragraphs of a text in which blank lines part them; other line ends are only for the editor's sake."""
    return [" ".join(piece.split()) for piece in text.strip().split("\n\n") if piece.strip()]


def kept(original: Sequence[str], spans: str) -> list[str]:
    """The paragraphs that spans such as "1-3,7-9" name, counted from 1; all of them if spans is empty."""
    if not spans:
        return list(original)
    chosen: list[str] = []
    for span in spans.split(","):
        first, _, last = span.partition("-")
        chosen += original[int(first) - 1 : int(last or first)]
    return chosen


def replaced(pieces: Sequence[str], pairs: Sequence[Sequence[str]]) -> list[str]:
    """The paragraphs in house style. A pair that changes nothing is a mistake in the data, hence ValueError."""
    result = list(pieces)
    for old, new in pairs:
        if not any(old in piece for piece in result):
            raise ValueError(f"{old!r} is not in the text to be edited")
        result = [piece.replace(old, new) for piece in result]
    return result


def set_in_type(
    body: Sequence[str],
    *,
    lead: Sequence[str] = (),
    tail: Sequence[str] = (),
    credit: Mapping[str, str] | None = None,
    caption: str = "",
    quote: str = "",
    note: str = "",
) -> tuple[Block, ...]:
    """The text area's blocks in printed order: caption, lead, body, tail, note, credit.

    A quote, as of a reader's post, stands after the body's second paragraph.
    A dateline is glued to the body's first paragraph and a siglum to the last one, as they are in print.
    """
    credit = credit or {}
    middle = list(body)
    if middle and "dateline" in credit:
        middle[0] = f"{credit['dateline']} {middle[0]}"
    text = [*lead, *middle, *tail]
    if "siglum" in credit:
        text[-1] = f"{text[-1]} {credit['siglum']}"
    if note:
        text.append(note)
    blocks = [Block("paragraph", piece) for piece in text]
    if quote:
        blocks.insert(min(len(lead) + 2, len(blocks)), Block("quote", quote))
    if caption:
        blocks.insert(0, Block("caption", caption))
    blocks += [Block("credit", credit[style]) for style in LINES if style in credit]
    return tuple(blocks)
