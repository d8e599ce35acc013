"""Which products fit a patient, which do not, and of which it is not known: with every reason.

No product is chosen here, and none is dropped without its reason. A person may decide otherwise, by name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from ivigil.facts import Settled
from ivigil.knowledge import Library
from ivigil.knowledge.product_records import Product, Route, Substance
from ivigil.safety.availability import Licensed, by_formulary, by_licence, by_market, by_route, licensed
from ivigil.safety.conditions import Conditions, conditions_of
from ivigil.safety.reasons import Effect, Reason
from ivigil.safety.restrictions import restrictions

FitState = Literal["fits", "unclear", "out"]
_STATES: tuple[FitState, ...] = get_args(FitState)


@dataclass(frozen=True)
class ProductFit:
    """A product for a patient: whether it fits, whether its licence for the use was seen, and all reasons."""

    product: Product
    licensed: Licensed
    reasons: tuple[Reason, ...] = ()

    @property
    def state(self) -> FitState:
        """*out* by one reason that is, else *unclear* by one that is; else it fits."""
        effects = {one.effect for one in self.reasons}
        return "out" if "out" in effects else "unclear" if "unclear" in effects else "fits"

    @property
    def needs(self) -> tuple[str, ...]:
        """The facts of the patient to ask for, those of a decision before those of a warning, each once."""
        effects: tuple[Effect, ...] = get_args(Effect)
        ordered = sorted(self.reasons, key=lambda one: effects.index(one.effect))
        return tuple(dict.fromkeys(need for one in ordered for need in one.needs))

    @property
    def verify(self) -> tuple[Substance, ...]:
        """The substances to look up on the label, each once."""
        return tuple(dict.fromkeys(substance for one in self.reasons for substance in one.verify))

    def reasons_that(self, effect: Effect) -> tuple[Reason, ...]:
        """The reasons with one effect."""
        return tuple(one for one in self.reasons if one.effect == effect)


def fitting(
    products: Iterable[Product],
    library: Library,
    known: Mapping[str, Settled],
    *,
    route: Route | None,
    indication: str | None = None,
    formulary: Collection[str] | None = None,
) -> tuple[ProductFit, ...]:
    """How each of ``products`` fits: first those that do, then the unclear, then those that are out; by id in each.

    ``route`` is the one asked for, ``indication`` the use, ``formulary`` the ids of the products that can be had.
    """
    conditions = conditions_of(library, known)
    fits = [_fit(one, conditions, route, indication, formulary) for one in products]
    return tuple(sorted(fits, key=lambda one: (_STATES.index(one.state), one.product.id)))


def _fit(
    product: Product,
    conditions: Conditions,
    route: Route | None,
    indication: str | None,
    formulary: Collection[str] | None,
) -> ProductFit:
    reasons = (
        *restrictions(product, conditions),
        *by_route(product, route, conditions),
        *by_licence(product, indication, conditions),
        *by_market(product),
        *by_formulary(product, formulary),
    )
    return ProductFit(product, licensed(product, indication, conditions.extents), reasons)
