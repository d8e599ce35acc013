"""Words for grams, facts to be known and long lists."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ivigil.dosing import Course, Planned
from ivigil.explain.words import listed, lowered
from ivigil.facts import Catalogue
from ivigil.units import shown

_MOST_NAMED = 12
_DIGITS = 4


def labels(facts: tuple[str, ...], catalogue: Catalogue) -> str:
    """The names of facts, as they stand inside a sentence."""
    return listed([lowered(catalogue[one].label) if one in catalogue else one.replace("_", " ") for one in facts])


def listed_some(names: Sequence[str]) -> str:
    """All of a short list; of a long one the first, and how many more there are."""
    if len(names) <= _MOST_NAMED:
        return listed(names)
    return f"{', '.join(names[:_MOST_NAMED])} and {len(names) - _MOST_NAMED} more"


def grams_words(planned: Planned) -> str:
    """``165 g: 35, 35, 35, 30 and 30 g``; every end where there are several; what is missing where there is none."""
    return " or ".join(dict.fromkeys(_course(one) for one in planned.courses)) or "not known"


def _course(course: Course) -> str:
    if course.total_g is None:
        return f"{shown(course.per_day_g, _DIGITS)} g a day" if course.per_day_g is not None else "not known"
    total = f"{shown(course.total_g, _DIGITS)} g"
    if len(course.daily_g) < 2:  # noqa: PLR2004 - one day is the total
        return total
    if len(set(course.daily_g)) == 1 or max(course.daily_g) - min(course.daily_g) < Decimal("0.001"):
        return f"{total} ({len(course.daily_g)} × {shown(course.daily_g[0], _DIGITS)} g)"
    return f"{total} ({', '.join(shown(one, _DIGITS) for one in course.daily_g)} g)"
