"""Whom a model is asked about: the covariates of one person, and how they change over time. Pure Python."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields

from ivigil.documents import BadInput, Fault


@dataclass(frozen=True)
class Covariates:
    """What models ask of a person; ``None`` is unknown. Raises :class:`BadInput` for what nobody can be."""

    weight_kg: float | None
    lean_body_mass_kg: float | None = None
    igm_g_per_l: float | None = None
    secondary_deficiency: bool | None = None
    age_years: float | None = None

    def __post_init__(self) -> None:
        faults = list(self._faults())
        if faults:
            raise BadInput(faults)

    def _faults(self) -> Iterator[Fault]:
        for field in fields(self):
            value = getattr(self, field.name)
            if value is None or isinstance(value, bool):
                continue
            from_nothing = field.name == "age_years"
            if not math.isfinite(value) or value < 0 or (value == 0 and not from_nothing):
                yield Fault(field.name, f"{value:g}", "a number, 0 or more" if from_nothing else "a number above 0")


@dataclass(frozen=True)
class CovariateCourse:
    """Covariates from each day on, in the order of days; the first hold before their day too."""

    changes: tuple[tuple[float, Covariates], ...]

    def __post_init__(self) -> None:
        days = [day for day, _ in self.changes]
        if not days:
            raise BadInput([Fault("covariates", "none", "covariates from one day on at least")])
        faults = [Fault("covariates", f"day {day}", "a finite day") for day in days if not math.isfinite(day)]
        twice = sorted({day for day in days if days.count(day) > 1})
        faults += [Fault("covariates", f"day {day:g} twice", "each day once") for day in twice]
        if faults:
            raise BadInput(faults)
        object.__setattr__(self, "changes", tuple(sorted(self.changes, key=lambda change: change[0])))

    def at(self, day: float) -> Covariates:
        """The covariates that hold on ``day``."""
        held = [covariates for from_day, covariates in self.changes if from_day <= day]
        return held[-1] if held else self.changes[0][1]


def steady(covariates: Covariates) -> CovariateCourse:
    """Covariates that do not change."""
    return CovariateCourse(((0.0, covariates),))
