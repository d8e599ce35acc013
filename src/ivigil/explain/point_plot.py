"""A picture of studies as points in a plane: its frame, its marks and labels that do not cover each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from ivigil.explain.plot_axis import Axis
from ivigil.explain.plot_numbers import tick_words
from ivigil.explain.plot_text import Anchor, Words, column, line, number, overlap, shortened, wrapped
from ivigil.explain.words import plain

_EDGE = 8.0
# More labels than these would hide the points.
_MOST_LABELS, _LABEL_ROOM, _BETWEEN_DOTS = 24, 150.0, 4.0

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


WIDE, NARROW = Sheet(620, 400, 13), Sheet(380, 320, 13)


@dataclass(frozen=True)
class Point:
    """A study at a place of the plane; ``said`` is shown where a pointer rests on it; ``hollow`` for an imputed one."""

    x: float
    y: float
    radius: float
    label: str
    said: str
    hollow: bool = False

    @property
    def box(self) -> Box:
        return self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius

    def svg(self) -> str:
        look = 'fill="none" stroke="currentColor"' if self.hollow else 'fill-opacity="0.55" stroke="currentColor"'
        place = f'cx="{number(self.x)}" cy="{number(self.y)}" r="{number(self.radius)}"'
        return f"<circle {place} {look}><title>{escape(plain(self.said))}</title></circle>"


def heading(title: str, outcome: str, sheet: Sheet) -> tuple[list[str], float]:
    """Title and outcome, and where the plane may begin."""
    y, parts = 20.0, []
    for words, size, bold in ((title, 15.0, True), (outcome, sheet.size, False)):
        lines = wrapped(words, sheet.width - 2 * _EDGE, size, bold=bold)
        parts += [one.svg() for one in column(lines, Words(_EDGE, y, "", size=size, bold=bold, soft=not bold), 18)]
        y += 18 * len(lines)
    return parts, y


def beneath(lines: Sequence[str], y: float, sheet: Sheet) -> tuple[list[str], float]:
    """Sentences under the plane, and where they end."""
    parts, size = [], sheet.size - 1
    for words in lines:
        found = wrapped(words, sheet.width - 2 * _EDGE, size, most=6)
        first = Words(_EDGE, y + size * 1.3, "", size=size, soft=True, kind="fine")
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
    for words in wrapped(titles[1], sheet.width - 2 * _EDGE, sheet.size, most=1):
        yield Words(_EDGE, top - sheet.size, words, "start", sheet.size).svg()


def curve(points: Curve, *, dashed: bool = False, faint: float = 1) -> str:
    """A line through ``points``."""
    path = "L".join(f"{number(x)} {number(y)}" for x, y in points)
    look = ' stroke-dasharray="4 3"' if dashed else ""
    thin = f' stroke-opacity="{faint:g}"' if faint < 1 else ""
    return f'<path d="M{path}" fill="none" stroke="currentColor" stroke-width="1.1"{look}{thin}/>' if path else ""


def labels(points: Sequence[Point], frame: Box, sheet: Sheet, lines: Sequence[Curve] = ()) -> Iterator[str]:
    """The name of each point beside it, where it covers neither another name nor a point; the table names them all.

    It keeps clear of ``lines`` too where there is such a place.
    """
    if len(points) > _MOST_LABELS:
        return
    size, taken = sheet.size - 1.5, [one.box for one in points]
    dots = [dot for one in lines for dot in _dots(one)]
    for one in points:
        words = shortened(plain(one.label), _LABEL_ROOM, size)
        tries = [place(one, words, size) for place in _PLACES]
        free = [each for each in tries if _inside(each.box, frame) and not any(overlap(each.box, it) for it in taken)]
        clear = (each for each in free if not any(overlap(each.box, dot) for dot in dots))
        if found := next(clear, free[0] if free else None):
            taken.append(found.box)
            yield found.svg()


def _dots(points: Curve) -> Iterator[Box]:
    """Places along a line, close enough together that no word slips between them."""
    for (x, y), (x2, y2) in pairwise(points):
        steps = int(max(abs(x2 - x), abs(y2 - y)) / _BETWEEN_DOTS) + 1
        for step in range(steps + 1):
            at, down = x + (x2 - x) * step / steps, y + (y2 - y) * step / steps
            yield at - 1, down - 1, at + 1, down + 1


def _inside(box: Box, frame: Box) -> bool:
    return frame[0] <= box[0] and frame[1] <= box[1] and box[2] <= frame[2] and box[3] <= frame[3]


def _beside(one: Point, words: str, size: float, *, anchor: Anchor, down: float = 0) -> Words:
    """Right or left of the point, or slantwise ``down`` (1) or up (-1) from it."""
    away = (one.radius + 4) * (0.8 if down else 1)
    x = one.x + (away if anchor == "start" else -away)
    return Words(x, one.y + size * 0.3 + down * (one.radius + size * 0.4), words, anchor, size)


def _off(one: Point, words: str, size: float, *, down: float) -> Words:
    return Words(
        one.x, one.y + down * (one.radius + 4) + (size * 0.8 if down > 0 else -size * 0.25), words, "middle", size
    )


_PLACES: tuple[Callable[[Point, str, float], Words], ...] = (
    lambda one, words, size: _beside(one, words, size, anchor="start"),
    lambda one, words, size: _beside(one, words, size, anchor="end"),
    lambda one, words, size: _beside(one, words, size, anchor="start", down=-1),
    lambda one, words, size: _beside(one, words, size, anchor="start", down=1),
    lambda one, words, size: _beside(one, words, size, anchor="end", down=-1),
    lambda one, words, size: _beside(one, words, size, anchor="end", down=1),
    lambda one, words, size: _off(one, words, size, down=-1),
    lambda one, words, size: _off(one, words, size, down=1),
)
