"""Small charts as SVG: bars with their numbers, and columns by day. They are readable on light and on dark ground."""

from collections.abc import Sequence
from html import escape

INK = "#78818c"  # of words and lines: 4 to 1 against white and against near-black
BAR, OTHER, LOUD = "#3f8ae0", "#8a94a0", "#d9822b"
ROW, LABEL, LENGTH, NUMBER = 24, 215, 300, 110  # units of the drawing


def bars(rows: Sequence[tuple[str, float, str]], title: str, ink: str = INK) -> str:
    """A bar a row: label, value, and the words behind it. An empty value draws no bar."""
    most = max((value for _, value, _ in rows), default=0) or 1
    drawn = []
    for n, (label, value, note) in enumerate(rows):
        top, length = n * ROW, LENGTH * value / most
        drawn.append(
            f'<text x="{LABEL - 8}" y="{top + 16}" text-anchor="end" fill="{ink}">{escape(_cut(label, 32))}</text>'
            f'<rect x="{LABEL}" y="{top + 4}" width="{length:.1f}" height="16" rx="2" fill="{BAR}"/>'
            f'<text x="{LABEL + length + 6:.1f}" y="{top + 16}" fill="{ink}">{escape(note)}</text>'
        )
    return _svg(LABEL + LENGTH + NUMBER, max(1, len(rows)) * ROW + 4, title, "".join(drawn))


def columns(days: Sequence[tuple[str, float, bool]], title: str, usual: float | None = None, ink: str = INK) -> str:
    """A column a day: its name, value, and whether it stands out; a line where the usual is."""
    most = max([value for _, value, _ in days] + [usual or 0], default=0) or 1
    wide, high = 10, 44
    drawn = [f'<line x1="0" x2="{len(days) * wide}" y1="{high}" y2="{high}" stroke="{ink}" stroke-width="0.5"/>']
    for n, (name, value, loud) in enumerate(days):
        tall = (high - 4) * value / most
        drawn.append(
            f'<rect x="{n * wide + 1}" y="{high - tall:.1f}" width="{wide - 2}" height="{tall:.1f}" fill="{LOUD if loud else BAR}">'
            f"<title>{escape(name)}: {value:g}</title></rect>"
        )
    if usual is not None:
        level = high - (high - 4) * usual / most
        drawn.append(
            f'<line x1="0" x2="{len(days) * wide}" y1="{level:.1f}" y2="{level:.1f}" stroke="{OTHER}" stroke-dasharray="3 2"/>'
        )
    return _svg(max(1, len(days)) * wide, high + 2, title, "".join(drawn))


def _svg(width: float, height: float, title: str, drawn: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" role="img" '
        f'aria-label="{escape(title)}" font-family="system-ui, sans-serif" font-size="12"><title>{escape(title)}</title>{drawn}</svg>'
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
