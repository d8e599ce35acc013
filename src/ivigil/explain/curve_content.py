"""What a picture of IgG over time shows, in plain values: grams, days, g/L."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import chain

from ivigil.documents import BadInput, Fault

Levels = tuple[float, ...]


@dataclass(frozen=True)
class Band:
    """Where a share ``level`` of the possible curves lies on each day: 0.5 for half of them."""

    level: float
    low: Levels
    high: Levels


@dataclass(frozen=True)
class LevelCurve:
    """One level over the days of its picture: the median, and the bands around it."""

    median: Levels
    bands: tuple[Band, ...] = ()


@dataclass(frozen=True)
class DoseMark:
    """A dose given from ``at_day`` on; ``route`` in words."""

    at_day: float
    grams: float
    route: str = "intravenous"


@dataclass(frozen=True)
class TargetLine:
    """A level that is aimed at, in words: *trough of 7 g/L or more* says so as ``words``."""

    g_per_l: float
    words: str


@dataclass(frozen=True)
class MeasuredPoint:
    """A measured level with what the assay leaves open, ``low`` to ``high``.

    ``g_per_l`` is ``None`` where it lies below the limit of quantification, ``limit_g_per_l``.
    """

    at_day: float
    g_per_l: float | None
    low: float | None = None
    high: float | None = None
    limit_g_per_l: float | None = None

    @property
    def shown_g_per_l(self) -> float | None:
        """Where it is drawn: at its limit where nothing else is known."""
        return self.limit_g_per_l if self.g_per_l is None else self.g_per_l


@dataclass(frozen=True)
class CurveContent:
    """IgG over ``days``: all of it, ``exogenous`` what was given, and what stands around both.

    ``from_date`` is the date of day 0; without it the axis counts days. ``baseline_g_per_l`` is the person's own level
    before treatment. ``notes`` stand beneath, such as what is a model and no evidence. Raises :class:`BadInput` where
    a curve has not one value a day.
    """

    title: str
    days: Levels
    total: LevelCurve | None
    subtitle: str = ""
    exogenous: LevelCurve | None = None
    doses: tuple[DoseMark, ...] = ()
    targets: tuple[TargetLine, ...] = ()
    measured: tuple[MeasuredPoint, ...] = ()
    baseline_g_per_l: float | None = None
    from_date: date | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        faults = [
            Fault(f"{self.title}, {name}", f"{len(levels)} values", f"{len(self.days)}, one a day of the picture")
            for name, levels in self._lines()
            if len(levels) != len(self.days)
        ]
        if not self.days:
            faults.append(Fault(f"{self.title}, days", "none", "a day at least"))
        if faults:
            raise BadInput(faults)

    def _lines(self) -> list[tuple[str, Levels]]:
        named = (("total", self.total), ("exogenous", self.exogenous))
        held = [(name, one) for name, one in named if one is not None]
        medians = [(f"{name} median", one.median) for name, one in held]
        return medians + [
            (f"{name} band {band.level:g}, {end}", side)
            for name, one in held
            for band in one.bands
            for end, side in (("low", band.low), ("high", band.high))
        ]

    @property
    def curves(self) -> tuple[LevelCurve, ...]:
        """All IgG and what was given, as far as shown."""
        return tuple(one for one in (self.total, self.exogenous) if one is not None)

    @property
    def span(self) -> tuple[float, float]:
        """The first and last day that anything stands on."""
        ends = [*self.days, *(one.at_day for one in self.doses), *(one.at_day for one in self.measured)]
        return min(ends), max(ends)

    @property
    def highest(self) -> float:
        """The highest level in the picture, in g/L."""
        drawn = [one.median for one in self.curves] + [band.high for one in self.curves for band in one.bands]
        marks = [one.g_per_l for one in self.targets]
        marks += [max(one.shown_g_per_l or 0.0, one.high or 0.0) for one in self.measured]
        return max([*chain.from_iterable(drawn), *marks, self.baseline_g_per_l or 0.0])
