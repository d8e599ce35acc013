"""The rates of one infusion as a picture: a line of steps over time, without script, the same bytes on every run."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from html import escape
from itertools import count
from math import ceil, log10

from ivigil.dosing.infusion import Day, Step

# Narrow enough that its words can be read on a phone.
_WIDTH, _HEIGHT = 440, 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 14, 34, 44
_MOST_TICKS = 6
_MINUTES = (5, 10, 15, 30, 60, 120, 240, 480, 720, 1440)


def step_chart(day: Day, title: str) -> str:
    """An SVG of ``day``'s rates in mL/h over hours and minutes; empty where it has no steps."""
    if not day.steps:
        return ""
    scale = _Scale(day)
    parts = [*scale.axes(), f'<path d="{scale.line()}" fill="none" stroke="currentColor" stroke-width="2.5"/>']
    parts += [scale.label(step) for step in day.steps]
    words = f"{title}: {_said(day)}"
    return (
        f'<svg class="steps" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{escape(words)}</title>{''.join(parts)}</svg>\n"
    )


def _said(day: Day) -> str:
    return "; ".join(f"from {clock(step.start_minute)} {step.rate.shown_ml_per_h} mL/h" for step in day.steps)


def clock(minutes: Fraction) -> str:
    """Minutes as hours and minutes, rounded up to the minute: ``2:40``."""
    hours, rest = divmod(ceil(minutes), 60)
    return f"{hours}:{rest:02d}"


class _Scale:
    """Where minutes and rates lie in the picture."""

    def __init__(self, day: Day) -> None:
        self.steps = day.steps
        self.end = day.steps[-1].end_minute
        self.every = next((one for one in _MINUTES if self.end / one <= _MOST_TICKS), None) or _whole_days(self.end)
        self.rise = _round_step(max(step.rate.ml_per_h for step in day.steps))
        self.top = self.rise * ceil(max(step.rate.ml_per_h for step in day.steps) / self.rise)

    def x(self, minute: Fraction) -> str:
        return _number(_LEFT + (minute / self.end) * (_WIDTH - _LEFT - _RIGHT))

    def y(self, rate: Fraction) -> str:
        return _number(_HEIGHT - _BOTTOM - (rate / self.top) * (_HEIGHT - _TOP - _BOTTOM))

    def line(self) -> str:
        """Up at each step, along its rate, down at the end."""
        floor = self.y(Fraction(0))
        rises = (f"V{self.y(step.rate.ml_per_h)}H{self.x(step.end_minute)}" for step in self.steps)
        return "".join([f"M{self.x(Fraction(0))} {floor}", *rises, f"V{floor}"])

    def axes(self) -> Iterator[str]:
        floor, end = self.y(Fraction(0)), _number(Fraction(_WIDTH - _RIGHT))
        for tick in range(0, self.top + 1, self.rise):
            height = self.y(Fraction(tick))
            yield f'<path d="M{_LEFT} {height}H{end}" stroke="currentColor" stroke-opacity="0.18"/>'
            yield _text(_LEFT - 8, height, str(tick), "end", 4)
        for tick in count(0, self.every):
            if tick > self.end:
                break
            yield _text(self.x(Fraction(tick)), floor, clock(Fraction(tick)), "middle", 18)
        yield _text(_LEFT, str(_HEIGHT - 6), "hours:minutes from the start", "start", 0)
        yield _text(_LEFT - 8, "14", "mL/h", "end", 0)

    def label(self, step: Step) -> str:
        middle = (step.start_minute + step.end_minute) / 2
        wide = (step.end_minute - step.start_minute) / self.end * (_WIDTH - _LEFT - _RIGHT) >= 36  # noqa: PLR2004 - pixels of a label
        return (
            _text(self.x(middle), self.y(step.rate.ml_per_h), f"{step.rate.shown_ml_per_h}", "middle", -5)
            if wide
            else ""
        )


def _whole_days(end: Fraction) -> int:
    return _MINUTES[-1] * ceil(end / _MINUTES[-1] / _MOST_TICKS)


def _round_step(highest: Fraction) -> int:
    """A round distance between marks, of which a handful reaches ``highest``."""
    rough = max(1.0, float(highest) / 4)
    power = 10 ** int(log10(rough))
    return next(int(one * power) for one in (1, 2, 5, 10) if one * power >= rough)


def _text(x: object, y: str, words: str, anchor: str, down: int) -> str:
    place = f'x="{x}" y="{y}" dy="{down}" text-anchor="{anchor}"'
    return f'<text {place} font-size="13" fill="currentColor">{escape(words)}</text>'


def _number(value: Fraction) -> str:
    return f"{float(value):.1f}"
