"""Words in a picture: how wide they are, how they break into lines, and how they are written as SVG.

A reader's font is not known when a picture is drawn. Widths are those of the wider of two common families for each
sign (DejaVu Sans and Liberation Sans, which is as wide as Arial), measured in a browser, so that what fits here fits.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Literal

from ivigil.explain.words import plain

Anchor = Literal["start", "middle", "end"]
FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"

# Thousandths of the size of the font.
_WIDTHS = {
    275: "'",
    278: "ijl",
    295: "I",
    318: " ,.·’",
    337: "/:;\\|",
    352: "f",
    361: "-",
    390: "()[]",
    392: "t",
    401: "!²¹⁷",
    411: "r",
    460: '"',
    500: "*J`°",
    521: "s",
    525: "z",
    550: "c",
    557: "?_–L",
    579: "kχ",
    592: "vxy",
    602: "τ",
    615: "FToae",
    636: "hnubdgpq0123456789${}µ",
    667: "EKPSY",
    686: "AVXZB",
    722: "CR",
    732: "U",
    752: "NH",
    787: "DG&OQ",
    818: "w",
    838: "#+<=>^~−×±≤≥∞",
    863: "M",
    950: "%",
    989: "mW",
    1015: "—…@",
}
_OTHER, _WIDE, _BOLD = 700, 1050, 1.15
_EACH = {sign: width for width, signs in _WIDTHS.items() for sign in signs}
_MISSING = "…"


@cache
def _thousandths(sign: str) -> int:
    if sign in _EACH:
        return _EACH[sign]
    if unicodedata.combining(sign):
        return 0
    return _WIDE if unicodedata.east_asian_width(sign) in {"W", "F"} else _OTHER


def width_of(words: str, size: float, *, bold: bool = False) -> float:
    """How wide ``words`` are at most, in the unit of ``size``."""
    return sum(map(_thousandths, words)) * size / 1000 * (_BOLD if bold else 1)


def wrapped(words: str, room: float, size: float, *, bold: bool = False, most: int = 3) -> tuple[str, ...]:
    """``words`` in at most ``most`` lines no wider than ``room``; ``…`` ends the last where something is left over.

    Lines break at spaces, never at a no-break space.
    """
    lines = _lines([one for one in plain(words).split(" ") if one], room, size, bold=bold)
    if len(lines) <= most:
        return tuple(lines)
    return (*lines[: most - 1], shortened(" ".join(lines[most - 1 :]), room, size, bold=bold))


def _lines(words: Sequence[str], room: float, size: float, *, bold: bool) -> list[str]:
    lines: list[str] = []
    for word in (part for one in words for part in _pieces(one, room, size, bold=bold)):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _pieces(word: str, room: float, size: float, *, bold: bool) -> list[str]:
    """A word that is wider than the room, cut where it must be."""
    pieces = [""]
    for sign in word:
        if pieces[-1] and width_of(pieces[-1] + sign, size, bold=bold) > room:
            pieces.append("")
        pieces[-1] += sign
    return pieces


def shortened(words: str, room: float, size: float, *, bold: bool = False) -> str:
    """``words``, or as many of their signs as leave room for ``…``."""
    if width_of(words, size, bold=bold) <= room:
        return words
    while words and width_of(words + _MISSING, size, bold=bold) > room:
        words = words[:-1]
    return words.rstrip() + _MISSING


@dataclass(frozen=True)
class Words:
    """One line of text at a place: ``y`` is its baseline. ``kind`` tells ticks and small print from the rest."""

    x: float
    y: float
    text: str
    anchor: Anchor = "start"
    size: float = 13
    bold: bool = False
    soft: bool = False
    kind: str | None = None

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of what it may cover."""
        width = width_of(self.text, self.size, bold=self.bold)
        left = self.x - {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        return left, self.y - self.size * 0.8, left + width, self.y + self.size * 0.25

    def svg(self) -> str:
        more = f' text-anchor="{self.anchor}"' if self.anchor != "start" else ""
        more += ' font-weight="600"' if self.bold else ""
        more += ' fill-opacity="0.68"' if self.soft else ""
        more += f' class="plot-{self.kind}"' if self.kind else ""
        place = f'x="{number(self.x)}" y="{number(self.y)}" font-size="{number(self.size)}"'
        return f"<text {place}{more}>{escape(plain(self.text))}</text>"


def column(lines: Sequence[str], first: Words, leading: float) -> list[Words]:
    """``lines`` one below the other, each set as ``first`` is."""
    return [
        Words(
            first.x,
            first.y + place * leading,
            line,
            first.anchor,
            first.size,
            bold=first.bold,
            soft=first.soft,
            kind=first.kind,
        )
        for place, line in enumerate(lines)
    ]


def overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    """Whether two boxes (left, top, right, bottom) share a place."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def number(value: float) -> str:
    """A coordinate to a tenth, written in one way only."""
    return f"{round(value, 1) + 0:.1f}".removesuffix(".0")


@dataclass(frozen=True)
class Picture:
    """What is drawn, back to front, in a space of ``width`` by ``height``; ``said`` tells it to who cannot see it."""

    kind: str
    width: float
    height: float
    title: str
    said: str
    parts: tuple[str, ...]

    def svg(self) -> str:
        box = f"0 0 {number(self.width)} {number(self.height)}"
        # A width and a height of its own, for a viewer that shows the file alone; a page's style overrules them.
        size = f'width="{number(self.width)}" height="{number(self.height)}"'
        return (
            f'<svg class="plot {self.kind}" viewBox="{box}" {size} role="img" font-family="{FONTS}" '
            'fill="currentColor" stroke="none" xmlns="http://www.w3.org/2000/svg">'
            f"<title>{escape(plain(self.title))}</title><desc>{escape(plain(self.said))}</desc>\n"
            + "\n".join(part for part in self.parts if part)
            + "\n</svg>\n"
        )


def line(start: tuple[float, float], end: tuple[float, float], *, thick: float = 1, faint: float = 1) -> str:
    """A straight line as SVG; ``faint`` is its opacity."""
    path = f"M{number(start[0])} {number(start[1])}L{number(end[0])} {number(end[1])}"
    return f'<path d="{path}" fill="none" stroke="currentColor" stroke-width="{number(thick)}"{opacity(faint)}/>'


def opacity(share: float) -> str:
    """The attribute that thins a line, or nothing for a full one."""
    return f' stroke-opacity="{share:g}"' if share < 1 else ""
