"""The numbers of a picture of IgG over time as a table: at doses, peaks and troughs, of targets and measurements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from ivigil.explain.curve_content import Band, CurveContent, DoseMark, LevelCurve
from ivigil.explain.day_axis import full_date
from ivigil.explain.layout import Table
from ivigil.explain.plot_figures import figure, interval, level_words, tick_words

_UNIT = "g/L"
# A run of this many equal doses is shown dose by dose.
_ALL_SHOWN = 3
Cells = tuple[str, ...]


def curve_table(*contents: CurveContent) -> Table:
    """The start, the highest and the lowest level after doses, the end, and all lines and points of each picture.

    Of doses that repeat, the first and the last stand for the rest.
    """
    columns = _Columns(contents)
    prefix = [f"{one.title}: " if len(contents) > 1 else "" for one in contents]
    rows = [(name + row[0], *row[1:]) for name, one in zip(prefix, contents, strict=True) for row in columns.rows(one)]
    return Table(columns.names, tuple(rows))


def dose_words(dose: DoseMark) -> str:
    """``35 g intravenous``."""
    return f"{tick_words(dose.grams)} g {dose.route}".strip()


class _Columns:
    """Which columns all the pictures together need."""

    def __init__(self, contents: Sequence[CurveContent]) -> None:
        self.dated = any(one.from_date for one in contents)
        self.total = _levels(one.total for one in contents) or ()  # its column holds targets and measurements too
        self.given = _levels(one.exogenous for one in contents)

    @property
    def names(self) -> Cells:
        total = [f"Total IgG, {_UNIT}", *(f"{level_words(one)} of curves" for one in self.total)]
        given = [] if self.given is None else [f"Given (exogenous), {_UNIT}"]
        given += [f"given: {level_words(one)} of curves" for one in self.given or ()]
        return ("Moment", "Day", *(["Date"] if self.dated else []), *total, *given)

    def rows(self, content: CurveContent) -> Iterator[Cells]:
        first, last = 0, len(content.days) - 1
        yield self._at(content, "Start", first)
        for one in _kept(content.doses):
            if isinstance(one, str):
                yield self._said(content, one, None)
            else:
                yield from self._around(content, *one)
        if last > first:
            yield self._at(content, "End", last)
        yield from self._lines(content)

    def _around(self, content: CurveContent, place: int, dose: DoseMark) -> Iterator[Cells]:
        """The highest level after a dose, and the lowest from there to the next."""
        following = (one.at_day for one in content.doses[place + 1 :] if one.at_day > dose.at_day)
        until = next(following, float("inf"))
        inside = [number for number, day in enumerate(content.days) if dose.at_day <= day <= until]
        curve = content.total or content.exogenous
        name = f"dose {place + 1}, {dose_words(dose)}"
        if not inside or curve is None:
            yield self._said(content, f"Dose {place + 1}, {dose_words(dose)}", dose.at_day)
            return
        # The next dose, if given at once, stands at its own day already: that is no peak of this one.
        peak = max(
            (one for one in inside if content.days[one] < until), key=curve.median.__getitem__, default=inside[0]
        )
        yield self._at(content, f"Highest after {name}", peak)
        trough = min((one for one in inside if one >= peak), key=curve.median.__getitem__)
        if trough > peak:
            yield self._at(content, f"Lowest after {name}", trough)

    def _at(self, content: CurveContent, name: str, place: int) -> Cells:
        day = content.days[place]
        return (
            *self._when(content, name, day),
            *_cells(content.total, self.total, place),
            *_cells(content.exogenous, self.given, place),
        )

    def _lines(self, content: CurveContent) -> Iterator[Cells]:
        for target in content.targets:
            yield self._said(content, f"Target: {target.words}", None, tick_words(target.g_per_l))
        if content.baseline_g_per_l is not None:
            yield self._said(content, "Own level before treatment", None, exact(content.baseline_g_per_l))
        for one in content.measured:
            if one.g_per_l is None:
                limit = "" if one.limit_g_per_l is None else f" {tick_words(one.limit_g_per_l)}"
                yield self._said(content, "Measured", one.at_day, f"below{limit}")
            else:
                open_to = interval(one.low, one.high) if one.low is not None and one.high is not None else ""
                yield self._said(content, "Measured", one.at_day, f"{figure(one.g_per_l)} {open_to}".strip())

    def _said(self, content: CurveContent, name: str, day: float | None, level: str = "") -> Cells:
        cells = (*self._when(content, name, day), level)
        return cells + ("",) * (len(self.names) - len(cells))

    def _when(self, content: CurveContent, name: str, day: float | None) -> Cells:
        shown = "" if day is None else day_figure(day)
        if not self.dated:
            return name, shown
        return name, shown, "" if day is None or content.from_date is None else full_date(day, content.from_date)


def day_figure(day: float) -> str:
    """A day to a hundredth: ``28``, ``0.17``."""
    return tick_words(round(day, 2))


def exact(level: float) -> str:
    """A level that somebody stated, in three figures and without zeros: ``7``, ``4.12``."""
    return tick_words(float(f"{level:.3g}"))


def _levels(curves: Iterable[LevelCurve | None]) -> tuple[float, ...] | None:
    """The levels of all bands, narrowest first; ``None`` where no picture has this curve."""
    held = [one for one in curves if one is not None]
    return tuple(sorted({band.level for one in held for band in one.bands})) if held else None


def _cells(curve: LevelCurve | None, levels: tuple[float, ...] | None, place: int) -> Cells:
    """The median, and each band in the order of ``levels``."""
    if levels is None:
        return ()
    if curve is None:
        return ("",) * (1 + len(levels))
    bands: dict[float, Band] = {band.level: band for band in curve.bands}
    found = [bands.get(level) for level in levels]
    between = ("" if one is None else interval(one.low[place], one.high[place]) for one in found)
    return figure(curve.median[place]), *between


def _kept(doses: Sequence[DoseMark]) -> Iterator[tuple[int, DoseMark] | str]:
    """The first and last dose of each run of equal doses with their places, and what stands for those between."""
    place = 0
    for _, group in groupby(doses, key=lambda dose: (dose.grams, dose.route)):
        run = list(group)
        last = place + len(run) - 1
        yield place, run[0]
        if len(run) > _ALL_SHOWN:
            yield f"Doses {place + 2} to {last}, each {dose_words(run[0])}"
        else:
            yield from enumerate(run[1:-1], place + 1)
        if len(run) > 1:
            yield last, run[-1]
        place = last + 1
