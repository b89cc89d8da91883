"""Small charts as SVG: bars with their numbers, a line by day, and how a story travelled. They are readable on light and on
dark ground."""

from collections.abc import Sequence
from html import escape
from typing import Any

from flows import telling

INK = "#78818c"  # of words and lines: 4 to 1 against white and against near-black
BAR, OTHER, LOUD = "#3f8ae0", "#8a94a0", "#d9822b"
COLOURS = (
    "#8a94a0",
    "#3f8ae0",
    "#d9822b",
    "#2e9e6b",
    "#b05fc4",
    "#c94f5e",
    "#7a8f2a",
    "#4d6fb3",
)  # own words, then agencies
ROW, LABEL, LENGTH, NUMBER = 24, 215, 300, 110  # units of the drawing


def bars(rows: Sequence[tuple[str, float, str]], title: str, ink: str = INK) -> str:
    """A bar a row: label, value, and the words behind it. An empty value draws no bar."""
    most = max((value for _, value, _ in rows), default=0) or 1
    drawn = []
    for n, (label, value, note) in enumerate(rows):
        top, length = n * ROW, LENGTH * value / most
        drawn.append(
            f'<text x="{LABEL - 8}" y="{top + 16}" text-anchor="end" fill="{ink}">{escape(telling.short(label, 32))}</text>'
            f'<rect x="{LABEL}" y="{top + 4}" width="{length:.1f}" height="16" rx="2" fill="{BAR}"/>'
            f'<text x="{LABEL + length + 6:.1f}" y="{top + 16}" fill="{ink}">{escape(note)}</text>'
        )
    return _svg(LABEL + LENGTH + NUMBER, max(1, len(rows)) * ROW + 4, title, "".join(drawn))


def line(points: Sequence[tuple[str, float | None]], title: str, ink: str = INK) -> str:
    """A value a day as a line, over the band that half of the days before lie in; the last day is a dot. Days without a value
    are gaps."""
    wide, high, known = 10, 48, sorted(value for _, value in points[:-1] if value is not None)
    most = max([value for _, value in points if value is not None], default=0) or 1

    def y(value: float) -> float:
        return high - (high - 6) * value / most

    drawn = []
    if len(known) >= 4:
        low, top = known[len(known) // 4], known[3 * len(known) // 4]
        drawn.append(
            f'<rect x="0" width="{len(points) * wide}" y="{y(top):.1f}" height="{max(1.0, y(low) - y(top)):.1f}" fill="{OTHER}" opacity="0.25"/>'
        )
    drawn.append(f'<line x1="0" x2="{len(points) * wide}" y1="{high}" y2="{high}" stroke="{ink}" stroke-width="0.5"/>')
    path, down = [], True
    for n, (_, value) in enumerate(points):
        if value is not None:
            path.append(f"{'M' if down else 'L'}{n * wide + wide / 2:g} {y(value):.1f}")
        down = value is None
    drawn.append(f'<path d="{" ".join(path)}" fill="none" stroke="{BAR}" stroke-width="1.5"/>')
    name, value = points[-1]
    if value is not None:
        drawn.append(
            f'<circle cx="{len(points) * wide - wide / 2:g}" cy="{y(value):.1f}" r="3.5" fill="{LOUD}"><title>{escape(name)}: {value:.1%}</title></circle>'
        )
    return _svg(len(points) * wide, high + 4, title, "".join(drawn))


def stacked(
    rows: Sequence[tuple[str, Sequence[tuple[str, int]]]], names: Sequence[str], title: str, ink: str = INK
) -> str:
    """A bar a row, of parts (name, count); a name has one colour in all rows, by its place in `names`."""
    most = max((sum(count for _, count in parts) for _, parts in rows), default=0) or 1
    drawn = []
    for n, (label, parts) in enumerate(rows):
        top, at = n * ROW, float(LABEL)
        drawn.append(
            f'<text x="{LABEL - 8}" y="{top + 16}" text-anchor="end" fill="{ink}">{escape(telling.short(label, 32))}</text>'
        )
        for name, count in parts:
            length = LENGTH * count / most
            drawn.append(
                f'<rect x="{at:.1f}" y="{top + 4}" width="{max(0.5, length - 1):.1f}" height="16" fill="{COLOURS[names.index(name) % len(COLOURS)]}">'
                f"<title>{escape(name)}: {count}</title></rect>"
            )
            at += length
        drawn.append(f'<text x="{at + 6:.1f}" y="{top + 16}" fill="{ink}">{sum(count for _, count in parts)}</text>')
    return _svg(LABEL + LENGTH + NUMBER, max(1, len(rows)) * ROW + 4, title, "".join(drawn))


def travel(rows: Sequence[dict[str, Any]], title: str, ink: str = INK) -> str:
    """A dot an outlet, by the hours after the first: fuller the more of the lead it kept, ringed where it was edited later."""
    most = max((row["hours"] for row in rows), default=0) or 1
    drawn = []
    for n, row in enumerate(rows):
        top, at = n * ROW, LABEL + 8 + (LENGTH - 16) * row["hours"] / most
        kept = row["of_lead_kept"] or 0
        drawn.append(
            f'<text x="{LABEL - 8}" y="{top + 16}" text-anchor="end" fill="{ink}">{escape(telling.short(row["outlet"], 32))}</text>'
            f'<line x1="{LABEL}" x2="{LABEL + LENGTH}" y1="{top + 12}" y2="{top + 12}" stroke="{ink}" stroke-width="0.3"/>'
            + (
                f'<circle cx="{at:.1f}" cy="{top + 12}" r="9" fill="none" stroke="{LOUD}" stroke-width="1.5"/>'
                if row["edited"]
                else ""
            )
            + f'<circle cx="{at:.1f}" cy="{top + 12}" r="6" fill="{BAR}" fill-opacity="{kept:.2f}" stroke="{BAR}" stroke-width="1.2">'
            f"<title>{escape(row['outlet'])}: {kept:.0%} of the lead kept</title></circle>"
            f'<text x="{LABEL + LENGTH + 8}" y="{top + 16}" fill="{ink}">{row["hours"]:.1f} h, {kept:.0%}</text>'
        )
    return _svg(LABEL + LENGTH + NUMBER, max(1, len(rows)) * ROW + 4, title, "".join(drawn))


def _svg(width: float, height: float, title: str, drawn: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" role="img" '
        f'aria-label="{escape(title)}" font-family="system-ui, sans-serif" font-size="12"><title>{escape(title)}</title>{drawn}</svg>'
    )
