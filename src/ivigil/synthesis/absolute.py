"""Absolute effects: what a ratio or a difference means for people with a given risk without treatment.

The risk with treatment follows the Cochrane Handbook (version 5.1, section 11.5.5) for a risk ratio, an odds ratio and
a risk difference; for a hazard ratio it takes hazards to stay proportional: ``1 - (1 - risk) ** HR``. Limits are the
same arithmetic on the limits of the effect, so they hold no doubt about the risk without treatment. Numbers needed to
treat follow Altman (BMJ 1998;317:1309): an interval that holds no difference runs from one number, through infinity,
to a number of the other kind.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from ivigil.documents import BadInput, Fault
from ivigil.synthesis.results import Better

PER = 1000
Kind = Literal["benefit", "harm", "no difference"]


@dataclass(frozen=True)
class Relative:
    """An effect on the scale a reader sees (a ratio as a ratio, a risk difference as a share), with its interval."""

    measure: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Risk:
    """A risk, or a difference of risks, with its interval; shares, not per cent."""

    value: float
    low: float
    high: float

    @property
    def per_1000(self) -> tuple[float, float, float]:
        """Value, low and high as people per 1,000, not rounded."""
        return (self.value * PER, self.low * PER, self.high * PER)


@dataclass(frozen=True)
class Needed:
    """How many to treat for one more to benefit (NNTB) or be harmed (NNTH); infinite where there is no difference."""

    kind: Kind
    number: float


@dataclass(frozen=True)
class NumbersNeeded:
    """The number needed to treat; its interval runs from ``best`` to ``worst`` for a patient.

    ``through_infinity`` is true where the interval holds no difference: it then reads *best* to infinity to *worst*.
    """

    value: Needed
    best: Needed
    worst: Needed
    through_infinity: bool


@dataclass(frozen=True)
class AbsoluteEffect:
    """Risk with treatment and its difference from ``baseline``, the risk without.

    ``capped`` is true where the arithmetic left the range from 0 to 1 and was held at its end, as a risk ratio of 3
    does with a risk of one half: the effect then cannot hold at this risk, and a reader must be told.
    """

    relative: Relative
    baseline: float
    better: Better
    with_treatment: Risk
    difference: Risk
    needed: NumbersNeeded
    capped: bool


def absolute_effect(relative: Relative, baseline: float, better: Better) -> AbsoluteEffect:
    """The absolute effect of ``relative`` where the risk without treatment is ``baseline``, between 0 and 1.

    ``better`` says whether fewer (``lower``) or more events (``higher``) are good. Raises ``BadInput`` with every fault
    of the effect and the risk.
    """
    if faults := tuple(_faults(relative, baseline)):
        raise BadInput(faults)
    at = _RISK_WITH[relative.measure]
    raw = tuple(at(baseline, each) for each in (relative.value, relative.low, relative.high))
    held = tuple(min(1.0, max(0.0, each)) for each in raw)
    change = tuple(each - baseline for each in held)
    return AbsoluteEffect(
        relative,
        baseline,
        better,
        with_treatment=Risk(*held),
        difference=Risk(*change),
        needed=numbers_needed(Risk(*change), better),
        capped=held != raw,
    )


def numbers_needed(difference: Risk, better: Better) -> NumbersNeeded:
    """The numbers needed to treat of a risk difference, treated minus untreated (Altman 1998)."""
    ends = (difference.low, difference.high) if better == "lower" else (difference.high, difference.low)
    best, worst = (_needed(end, better) for end in ends)
    return NumbersNeeded(_needed(difference.value, better), best, worst, difference.low < 0 < difference.high)


def _needed(difference: float, better: Better) -> Needed:
    if not difference:
        return Needed("no difference", math.inf)
    good = (difference < 0) == (better == "lower")
    return Needed("benefit" if good else "harm", 1 / abs(difference))


def _by_odds(risk: float, ratio: float) -> float:
    return risk * ratio / (1 - risk + risk * ratio)


def _by_hazard(risk: float, ratio: float) -> float:
    # log1p and expm1 keep the digits of a small risk, which 1 - (1 - risk) ** HR would lose.
    return 1.0 if risk == 1 else -math.expm1(ratio * math.log1p(-risk))


_RISK_WITH: dict[str, Callable[[float, float], float]] = {
    "RR": lambda risk, ratio: risk * ratio,
    "OR": _by_odds,
    "PETO": _by_odds,
    "HR": _by_hazard,
    "RD": lambda risk, difference: risk + difference,
}


def _faults(relative: Relative, baseline: float) -> Iterator[Fault]:
    if not 0 <= baseline <= 1:
        yield Fault("baseline", str(baseline), "a risk from 0 to 1", "Give 18.3 % as 0.183.")
    if relative.measure not in _RISK_WITH:
        hint = "Means and hazards of other kinds give no risk."
        yield Fault("measure", relative.measure, f"one of {', '.join(_RISK_WITH)}", hint)
    if not relative.low <= relative.value <= relative.high:
        found = f"{relative.low} to {relative.high} around {relative.value}"
        yield Fault("interval", found, "low, value and high in that order")
    for name in ("value", "low", "high"):
        yield from _figure_faults(name, getattr(relative, name), relative.measure)


def _figure_faults(name: str, figure: float, measure: str) -> Iterator[Fault]:
    if not math.isfinite(figure):
        yield Fault(name, str(figure), "a finite number")
    elif measure == "RD" and abs(figure) > 1:
        yield Fault(name, str(figure), "a difference of risks from -1 to 1", "Give 35 per cent as 0.35.")
    elif measure != "RD" and (figure < 0 or (name == "value" and figure == 0)):
        yield Fault(name, str(figure), "a ratio above 0", "A logarithm has to be turned into a ratio first.")
