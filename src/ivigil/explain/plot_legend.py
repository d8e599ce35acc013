"""The legend of a picture: small samples with their words, in as many rows as they need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ivigil.explain.plot_sheet import EDGE, Sheet, area, dashed
from ivigil.explain.plot_text import Words, number, shortened, width_of

_SAMPLE, _AFTER, _BETWEEN = 26.0, 6.0, 18.0
Shape = Literal["line", "band", "edges", "point", "speck", "ring", "below", "dose", "hollow dose", "barred dose"]


@dataclass(frozen=True)
class Entry:
    """One sample: a line in ``dashes``, a band of ``shade``, or a mark, and what it means."""

    words: str
    shape: Shape = "line"
    dashes: str = ""
    thick: float = 1.1
    shade: float = 0.0


def legend(entries: Sequence[Entry], y: float, sheet: Sheet) -> tuple[list[str], float]:
    """All ``entries`` from ``y`` down, and where they end."""
    size, leading, x = sheet.size - 1, (sheet.size - 1) * 1.5, EDGE
    parts: list[str] = []
    y += leading * 0.75 if entries else 0.0
    for one in entries:
        words = shortened(one.words, sheet.width - 2 * EDGE - _SAMPLE - _AFTER, size)
        wide = _SAMPLE + _AFTER + width_of(words, size)
        if x > EDGE and x + wide > sheet.width - EDGE:
            x, y = EDGE, y + leading
        parts += [sample(one, x, y - size * 0.33), Words(x + _SAMPLE + _AFTER, y, words, size=size, kind="key").svg()]
        x += wide + _BETWEEN
    return parts, y + leading * 0.25 if entries else y


def sample(one: Entry, x: float, y: float) -> str:
    """The sample of an entry, ``_SAMPLE`` wide, with its middle at ``y``."""
    middle, end = x + _SAMPLE / 2, x + _SAMPLE
    match one.shape:
        case "line":
            drawn = dashed([(x, y), (end, y)], one.dashes, thick=one.thick)
        case "band":
            drawn = area([(x, y + 5), (end, y + 5)], [(x, y - 5), (end, y - 5)], one.shade)
        case "edges":
            edges = ([(x, y + side), (end, y + side)] for side in (-4, 4))
            drawn = "".join(dashed(edge, one.dashes, thick=one.thick, faint=0.7) for edge in edges)
        case "point":
            drawn = dot(middle, y)
        case "speck":
            drawn = speck(middle, y)
        case "ring":
            drawn = ring(middle, y)
        case "below":
            drawn = below_limit(middle, y - 4)
        case _:
            drawn = dose_mark(middle, y - 4, one.shape)
    return drawn


def dot(x: float, y: float, said: str = "") -> str:
    """A measured value."""
    inside = f"<title>{said}</title>" if said else ""
    return f'<circle class="plot-measured" cx="{number(x)}" cy="{number(y)}" r="3.5">{inside}</circle>'


def ring(x: float, y: float) -> str:
    """A circle around what deserves a look."""
    place = f'cx="{number(x)}" cy="{number(y)}" r="6"'
    return f'<circle class="plot-ring" {place} fill="none" stroke="currentColor" stroke-width="1.3"/>'


def below_limit(x: float, y: float, high: float = 9.0) -> str:
    """An open arrow ``high`` down from a limit: the value lies somewhere beneath it."""
    path = f"M{number(x - 5)} {number(y)}H{number(x + 5)}L{number(x)} {number(y + high)}Z"
    return f'<path class="plot-below" d="{path}" fill="none" stroke="currentColor" stroke-width="1.3"/>'


def dose_mark(x: float, y: float, shape: Shape = "dose", scale: float = 1.0) -> str:
    """An arrowhead down at a dose: full into a vein, open under the skin, with a bar where that is facilitated."""
    path = f"M{number(x - 4 * scale)} {number(y)}H{number(x + 4 * scale)}L{number(x)} {number(y + 7)}Z"
    bar = f"M{number(x - 5 * scale)} {number(y - 2.5)}H{number(x + 5 * scale)}" if shape == "barred dose" else ""
    look = f' fill="none" stroke="currentColor" stroke-width="{number(max(scale, 0.7))}"' if shape != "dose" else ""
    return f'<path class="plot-dose" d="{path}{bar}"{look}/>'


def speck(x: float, y: float) -> str:
    """One of many observations."""
    return f'<circle class="plot-speck" cx="{number(x)}" cy="{number(y)}" r="1.8" fill-opacity="0.4"/>'
