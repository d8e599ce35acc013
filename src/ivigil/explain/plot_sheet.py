"""The paper of a picture: its size, its heading, the sentences under it, and the lines and areas of its plane."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ivigil.explain.plot_figures import tick_words
from ivigil.explain.plot_scale import Axis
from ivigil.explain.plot_text import Words, column, line, number, opacity, wrapped

EDGE = 8.0

Box = tuple[float, float, float, float]
Curve = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Sheet:
    """How large a picture is: its width, the height of its plane, and the size of its words."""

    width: float
    plane: float
    size: float

    @property
    def left(self) -> float:
        return self.size * 5.6

    @property
    def right(self) -> float:
        return self.width - self.size * 1.6


def heading(title: str, outcome: str, sheet: Sheet) -> tuple[list[str], float]:
    """Title and outcome, and where the plane may begin."""
    y, parts = 20.0, []
    for words, size, bold in ((title, 15.0, True), (outcome, sheet.size, False)):
        lines = wrapped(words, sheet.width - 2 * EDGE, size, bold=bold)
        parts += [one.svg() for one in column(lines, Words(EDGE, y, "", size=size, bold=bold, soft=not bold), 18)]
        y += 18 * len(lines)
    return parts, y


def beneath(lines: Sequence[str], y: float, sheet: Sheet) -> tuple[list[str], float]:
    """Sentences under the plane, and where they end."""
    parts, size = [], sheet.size - 1
    for words in lines:
        found = wrapped(words, sheet.width - 2 * EDGE, size, most=6)
        first = Words(EDGE, y + size * 1.3, "", size=size, soft=True, kind="fine")
        parts += [one.svg() for one in column(found, first, size * 1.3)]
        y += size * 1.3 * len(found) + 2
    return parts, y


def axes(across: Axis, up: Axis, titles: tuple[str, str], sheet: Sheet) -> Iterator[str]:
    """Both axes with their marks; ``up`` runs from its ``left``, the bottom, to its ``right``, the top."""
    bottom, top = max(up.left, up.right), min(up.left, up.right)
    yield line((across.left, bottom), (across.right, bottom))
    yield line((across.left, top), (across.left, bottom))
    for one in across.ticks:
        x = across.x(one)
        yield line((x, bottom), (x, bottom + 4))
        yield Words(x, bottom + sheet.size + 6, tick_words(one), "middle", sheet.size, kind="tick").svg()
    for one in up.ticks:
        y = up.x(one)
        yield line((across.left - 4, y), (across.left, y))
        yield Words(across.left - 8, y + sheet.size * 0.35, tick_words(one), "end", sheet.size, kind="tick").svg()
    room = across.right - across.left
    middle = (across.left + across.right) / 2
    for words in wrapped(titles[0], room, sheet.size, most=1):
        yield Words(middle, bottom + sheet.size * 2.5 + 4, words, "middle", sheet.size).svg()
    for words in wrapped(titles[1], sheet.width - 2 * EDGE, sheet.size, most=1):
        yield Words(EDGE, top - sheet.size, words, "start", sheet.size).svg()


def curve(points: Curve, *, dashed: bool = False, faint: float = 1) -> str:
    """A line through ``points``."""
    path = "L".join(f"{number(x)} {number(y)}" for x, y in points)
    look = ' stroke-dasharray="4 3"' if dashed else ""
    thin = f' stroke-opacity="{faint:g}"' if faint < 1 else ""
    return f'<path d="M{path}" fill="none" stroke="currentColor" stroke-width="1.1"{look}{thin}/>' if path else ""


def dashed(points: Curve, dashes: str, *, thick: float = 1.1, faint: float = 1) -> str:
    """A line through ``points`` in ``dashes`` (of SVG; empty for an unbroken line)."""
    if len(points) < 2:  # noqa: PLR2004 - a line has two ends
        return ""
    path = "L".join(f"{number(x)} {number(y)}" for x, y in points)
    look = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path d="M{path}" fill="none" stroke="currentColor" stroke-width="{number(thick)}"{look}{opacity(faint)}/>'


def area(low: Curve, high: Curve, shade: float) -> str:
    """What lies between two lines, filled ever so lightly: ``shade`` is its opacity."""
    if len(low) < 2:  # noqa: PLR2004 - an area has two ends
        return ""
    path = "L".join(f"{number(x)} {number(y)}" for x, y in (*low, *reversed(high)))
    return f'<path class="plot-band" d="M{path}Z" fill-opacity="{shade:g}"/>'
