"""Bars as a picture: one for each group, across or upright, without script, the same bytes on every run.

Colours repeat what the legend and the table beside the picture say in words. A group whose figure is not shown has a
dashed outline in place of a bar.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

_INK, _SOFT, _LINE = "#1b1f24", "#57606a", "#d0d7de"
_FONT = 'font-family="system-ui, sans-serif"'
_ROW_WIDE, _ROW_NARROW, _BAR = 26, 44, 14
_LABEL_WIDE, _VALUE = 300, 92
_LEGEND = 22
_UPRIGHT, _FOOT, _HEAD = 150, 28, 16
_FLOOR = _HEAD + _UPRIGHT
_STEP_LABEL = 58
_EVERY = (1, 2, 3, 4, 6, 12, 24, 48, 120, 600, 10_000)
_CHARACTER = 7.3  # at most the mean width of a letter at the size of labels


@dataclass(frozen=True)
class Part:
    """A piece of a bar."""

    value: int
    colour: str
    name: str = ""


@dataclass(frozen=True)
class Bar:
    """A group: its label, its pieces and the figure in words; no pieces where it is not shown."""

    label: str
    parts: tuple[Part, ...]
    words: str

    @property
    def value(self) -> int:
        """Its length."""
        return sum(one.value for one in self.parts)


def bars_across(title: str, bars: Sequence[Bar], legend: Sequence[Part], *, narrow: bool) -> str:
    """An SVG with a bar under or beside each label."""
    width = 360 if narrow else 800
    row = _ROW_NARROW if narrow else _ROW_WIDE
    left = 0 if narrow else _LABEL_WIDE
    room = width - left - _VALUE
    most = max((one.value for one in bars), default=0) or 1
    marks, top = _legend(legend, width)
    parts = [*marks]
    for place, bar in enumerate(bars):
        y = top + place * row
        parts += _across(bar, (left, y), room * bar.value / most, narrow=narrow)
    return _svg(title, width, top + row * len(bars) + 4, parts)


def _across(bar: Bar, start: tuple[int, float], length: float, *, narrow: bool) -> Iterator[str]:
    left, y = start
    lower = y + 22 if narrow else y + 4
    space = 350 if narrow else _LABEL_WIDE - 12
    label = _cut(bar.label, space)
    yield _text(0 if narrow else left - 10, y + 16, label, "start" if narrow else "end")
    if not bar.parts:
        yield _rect((left + 0.5, lower), (60, _BAR))
        yield _text(left + 68, lower + 12, bar.words, "start", soft=True)
        return
    x = float(left)
    for one in bar.parts:
        size = length * one.value / bar.value if bar.value else 0
        if one.value:
            yield _rect((x, lower), (max(size, 0.5), _BAR), one.colour)
        x += size
    yield _text(x + 6, lower + 12, bar.words, "start", soft=True)


def bars_upright(title: str, bars: Sequence[Bar], *, narrow: bool) -> str:
    """An SVG with a bar for each step of time."""
    width = 360 if narrow else 800
    most = max((one.value for one in bars), default=0) or 1
    step = width / max(len(bars), 1)
    parts = [f'<path d="M0 {_FLOOR + 0.5}H{width}" stroke="{_LINE}"/>']
    for place, bar in enumerate(bars):
        parts += _upright(bar, place * step, step, _UPRIGHT * bar.value / most)
    parts += _steps_named(bars, step, width)
    parts += _highest(bars, step, width)
    return _svg(title, width, _FLOOR + _FOOT, parts)


def _steps_named(bars: Sequence[Bar], step: float, width: int) -> Iterator[str]:
    """As many labels under the bars as there is room for."""
    every = next(one for one in _EVERY if one * step >= _STEP_LABEL)
    for place in range(0, len(bars), every):
        if place * step + _STEP_LABEL <= width or place == 0:
            yield _text(place * step, _FLOOR + 18, bars[place].label, "start", soft=True)


def _highest(bars: Sequence[Bar], step: float, width: int) -> Iterator[str]:
    """The figure of the highest bar, over it."""
    place = max(range(len(bars)), key=lambda one: bars[one].value, default=0)
    if bars and bars[place].parts:
        left = place * step < width / 2
        x = place * step if left else (place + 1) * step
        yield _text(x, 12, f"{bars[place].words} in {bars[place].label}", "start" if left else "end")


def _upright(bar: Bar, x: float, step: float, height: float) -> Iterator[str]:
    thick = min(max(step - 3, 1), 40)
    if not bar.parts:
        yield _rect((x + 0.5, _FLOOR - 24), (thick, 24))
    elif bar.value:
        yield _rect((x, _FLOOR - height), (thick, height), bar.parts[0].colour)


def _rect(corner: tuple[float, float], size: tuple[float, float], colour: str | None = None) -> str:
    """A bar, or the outline of one that is not shown."""
    fill = f'fill="{colour}"' if colour else f'fill="none" stroke="{_SOFT}" stroke-dasharray="3 3"'
    return f'<rect x="{_n(corner[0])}" y="{_n(corner[1])}" width="{_n(size[0])}" height="{_n(size[1])}" {fill}/>'


def _legend(legend: Sequence[Part], width: int) -> tuple[list[str], float]:
    """The colours with their names, in as many lines as they need, and where the bars may begin."""
    parts, x, y = [], 0.0, 0.0
    for one in legend:
        size = 24 + len(one.name) * _CHARACTER + 14
        if x and x + size > width:
            x, y = 0.0, y + _LEGEND
        parts.append(_rect((x, y + 2), (14, 14), one.colour))
        parts.append(_text(x + 20, y + 14, one.name, "start"))
        x += size
    return parts, (y + _LEGEND + 6) if legend else 0.0


def _svg(title: str, width: int, height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg class="bars" viewBox="0 0 {width} {_n(height)}" width="{width}" role="img" '
        f'xmlns="http://www.w3.org/2000/svg" {_FONT} font-size="13">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def _text(x: float, y: float, words: str, anchor: str, *, soft: bool = False) -> str:
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}" fill="{_SOFT if soft else _INK}">{escape(words)}</text>'
    )


def _cut(words: str, space: float) -> str:
    most = int(space / _CHARACTER)
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
