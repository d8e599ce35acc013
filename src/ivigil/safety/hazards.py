"""The hazards of immunoglobulin for one patient: which risk factors are there, are not, or are not known.

Risk factors are listed, never added up: no validated score was found, and none is made up here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from ivigil.criteria import Truth, disjunction
from ivigil.facts import Settled
from ivigil.knowledge import Library
from ivigil.knowledge.product_records import Route
from ivigil.knowledge.safety_records import Hazard, RiskFactor
from ivigil.safety.conditions import Conditions, conditions_of

FactorState = Literal["present", "absent", "unknown", "not of the patient"]
_STATES: Mapping[Truth, FactorState] = {
    Truth.MET: "present",
    Truth.NOT_MET: "absent",
    Truth.UNKNOWN: "unknown",
    Truth.NOT_APPLICABLE: "not of the patient",
}


@dataclass(frozen=True)
class FactorFound:
    """A risk factor, whether it holds, the facts behind it, and while it is unknown those that could settle it.

    A factor without a rule is one of the product or of the infusion: its truth is *not applicable*.
    """

    factor: RiskFactor
    truth: Truth
    facts: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    @property
    def state(self) -> FactorState:
        """The truth in the words of risk factors."""
        return _STATES[self.truth]


@dataclass(frozen=True)
class HazardFound:
    """A hazard with all its risk factors, in the order of the record."""

    hazard: Hazard
    factors: tuple[FactorFound, ...]

    def factors_that_are(self, state: FactorState) -> tuple[FactorFound, ...]:
        """The risk factors in one state."""
        return tuple(one for one in self.factors if one.state == state)

    @property
    def needs(self) -> tuple[str, ...]:
        """The facts that could settle the unknown risk factors, each once."""
        return _needs(self.factors)


@dataclass(frozen=True)
class AtRisk:
    """Whether the patient is one for whom labels cap the rate, the risk factors that say so, and what could settle it.

    Where no hazard with such risk factors comes with the route the truth is *not applicable*.
    """

    truth: Truth
    factors: tuple[FactorFound, ...] = ()
    needs: tuple[str, ...] = ()


def hazards_of(library: Library, known: Mapping[str, Settled], route: Route | None = None) -> tuple[HazardFound, ...]:
    """Every hazard that comes with ``route`` (with any, where it is not known), in order of id."""
    conditions = conditions_of(library, known)
    hazards = (one for _, one in sorted(library.hazards.items()) if _comes_with(one, route))
    return tuple(HazardFound(one, tuple(_found(factor, conditions) for factor in one.risk_factors)) for one in hazards)


def at_risk(found: Iterable[HazardFound]) -> AtRisk:
    """Whether a risk factor that labels name in the warning of a hazard is there, or may be."""
    warned = (one for one in found if one.hazard.makes_at_risk)
    factors = tuple(factor for one in warned for factor in one.factors if factor.factor.makes_at_risk)
    truth = disjunction(one.truth for one in factors)
    because = tuple(one for one in factors if one.truth is truth and truth in {Truth.MET, Truth.UNKNOWN})
    return AtRisk(truth, because, _needs(because))


def _comes_with(hazard: Hazard, route: Route | None) -> bool:
    return route is None or hazard.route == "any" or route.endswith(hazard.route)


def _found(factor: RiskFactor, conditions: Conditions) -> FactorFound:
    if factor.rule is None:
        return FactorFound(factor, Truth.NOT_APPLICABLE)
    rule = factor.rule
    return FactorFound(factor, conditions.truth(rule), conditions.facts(rule), conditions.needs(rule))


def _needs(factors: Iterable[FactorFound]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(need for one in factors for need in one.needs))
