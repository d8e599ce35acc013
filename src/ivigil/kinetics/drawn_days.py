"""The days that a curve with bands is drawn on, as an array."""

from __future__ import annotations

import numpy as np

from ivigil.kinetics.doses import Course
from ivigil.kinetics.draws import FloatArray
from ivigil.kinetics.simulation import day_grid


def drawn_days(course: Course, until_day: float) -> FloatArray:
    """The days (T,) from the first dose to ``until_day``: even steps, and the moments around doses."""
    return np.array(day_grid(course, until_day), dtype=np.float64)
