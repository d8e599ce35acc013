"""A picture of studies as points in a plane: its frame, its marks and labels that do not cover each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from ivigil.explain.plot_sheet import Box, Curve, Sheet
from ivigil.explain.plot_text import Anchor, Words, number, overlap, shortened
from ivigil.explain.words import plain

# More labels than these would hide the points.
_MOST_LABELS, _LABEL_ROOM, _BETWEEN_DOTS = 24, 150.0, 4.0


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
