"""The IgG that a course is expected to add, as values for other programs."""

from __future__ import annotations

from typing import Any

from ivigil.documents import encode
from ivigil.review.expected import ExpectedCurve, ExpectedIgg


def expected_json(expected: tuple[ExpectedIgg, ...]) -> list[dict[str, Any]]:
    """Each model with its curves, day by day."""
    return [_values(one) for one in expected]


def _values(one: ExpectedIgg) -> dict[str, Any]:
    return {
        "model": one.model.id,
        "own_g_per_l": one.own_g_per_l,
        "half_life_days": one.half_life_days,
        "half_life_of": "the immunoglobulin given, apparent, in this model",
        "outside": list(one.says),
        "needs": list(one.needs),
        "curves": [_curve(curve) for curve in one.curves],
    }


def _curve(curve: ExpectedCurve) -> dict[str, Any]:
    return {
        "name": curve.name,
        "doses": [encode(one) for one in curve.course.doses],
        "day": list(curve.days),
        "rise_g_per_l": [round(level, 4) for level in curve.rise_g_per_l],
    }
