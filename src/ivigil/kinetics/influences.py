"""What acts on IgG beside the doses: FcRn held by an inhibitor, and changes of synthesis. Pure Python.

Days count as those of the course do.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ivigil.documents import BadInput, Fault


@dataclass(frozen=True)
class Occupied:
    """The share of FcRn that an inhibitor holds from ``from_day`` until the next entry of its course.

    It stays as it is, or falls by first order with ``falling_per_day``.
    """

    from_day: float
    share: float
    falling_per_day: float = 0.0


@dataclass(frozen=True)
class OccupancyCourse:
    """The share of FcRn that an inhibitor holds over time: none before the first entry."""

    entries: tuple[Occupied, ...] = ()

    def __post_init__(self) -> None:
        faults = [*self._faults(), *_twice("occupancy", (one.from_day for one in self.entries))]
        if faults:
            raise BadInput(faults)
        object.__setattr__(self, "entries", tuple(sorted(self.entries, key=lambda one: one.from_day)))

    @property
    def fastest_per_day(self) -> float:
        """The fastest fall within a stretch."""
        return max((one.falling_per_day for one in self.entries), default=0.0)

    def at(self, day: float) -> float:
        """The share held on ``day``, 0 to 1; on the day of an entry, that entry's."""
        return self.within(day, day)

    def within(self, since: float, day: float) -> float:
        """The share held on ``day``, as the entry that holds on the day ``since`` has it, even where its time ends."""
        held = [one for one in self.entries if one.from_day <= since]
        return held[-1].share * math.exp(-held[-1].falling_per_day * (day - held[-1].from_day)) if held else 0.0

    def _faults(self) -> Iterator[Fault]:
        for number, one in enumerate(self.entries, 1):
            place = f"occupancy {number}"
            yield from _finite(f"{place}, from_day", one.from_day)
            yield from _at_least_none(f"{place}, share", one.share, 1.0)
            yield from _at_least_none(f"{place}, falling_per_day", one.falling_per_day)


@dataclass(frozen=True)
class SynthesisChange:
    """From ``from_day`` on a species is made at ``factor`` times its rate before treatment; 0 stops it."""

    from_day: float
    species: str
    factor: float


@dataclass(frozen=True)
class SynthesisCourse:
    """How much of each own species is made over time: as before treatment until a change."""

    changes: tuple[SynthesisChange, ...] = ()

    def __post_init__(self) -> None:
        faults = list(self._faults())
        if faults:
            raise BadInput(faults)
        object.__setattr__(self, "changes", tuple(sorted(self.changes, key=lambda one: one.from_day)))

    @property
    def species(self) -> frozenset[str]:
        """The species of which something changes."""
        return frozenset(one.species for one in self.changes)

    def factor(self, species: str, day: float) -> float:
        """How much of a species is made on ``day``, as a multiple of its rate before treatment."""
        held = [one.factor for one in self.changes if one.species == species and one.from_day <= day]
        return held[-1] if held else 1.0

    def _faults(self) -> Iterator[Fault]:
        for number, one in enumerate(self.changes, 1):
            yield from _finite(f"synthesis {number}, from_day", one.from_day)
            yield from _at_least_none(f"synthesis {number}, factor", one.factor)
        for species in sorted(self.species):
            days = (one.from_day for one in self.changes if one.species == species)
            yield from _twice(f"synthesis of {species}", days)


def _finite(where: str, value: float) -> Iterator[Fault]:
    if not math.isfinite(value):
        yield Fault(where, f"{value:g}", "a finite number")


def _at_least_none(where: str, value: float, highest: float = math.inf) -> Iterator[Fault]:
    if not math.isfinite(value) or not 0 <= value <= highest:
        yield Fault(where, f"{value:g}", "a finite number, 0 or more" if math.isinf(highest) else f"0 to {highest:g}")


def _twice(where: str, days: Iterable[float]) -> Iterator[Fault]:
    given = list(days)
    for day in sorted({day for day in given if given.count(day) > 1}):
        yield Fault(where, f"two entries from day {day:g}", "one from each day")


NOT_OCCUPIED = OccupancyCourse()
AS_BEFORE = SynthesisCourse()
