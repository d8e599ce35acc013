"""Whether a product can be had for a use: its route, its licence and the ages of it, the market, the formulary."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Literal

from ivigil.criteria import Extents, Truth, conjunction, disjunction, evaluate
from ivigil.criteria.tree import Compare
from ivigil.knowledge.product_records import Licence, Product, Route
from ivigil.safety.conditions import Conditions
from ivigil.safety.reasons import Effect, Reason

Licensed = Literal["yes", "not seen", "not asked"]
_AGE, _YEARS = "age", "a"
_ROUTE, _OWN_ROUTE = "request_route", "A product is given by its own route."


def by_route(product: Product, route: Route | None, conditions: Conditions) -> Iterator[Reason]:
    """Out where it is given another way; facilitated subcutaneous infusion is a subcutaneous one."""
    if route is None:
        why = f"The route is not known; {product.brand} is {product.route}."
        question = conditions.question((_ROUTE,))
        yield Reason("route", "unclear", "route", _OWN_ROUTE, why, needs=(_ROUTE,), question=question)
    elif not product.route.endswith(route):
        why = f"{product.brand} is {product.route}; {route} is asked for."
        yield Reason("route", "out", "route", _OWN_ROUTE, why)


def by_market(product: Product) -> Iterator[Reason]:
    """Out where marketing has ended, unclear where it has not begun; said where it is ending."""
    effects: dict[str, Effect] = {"ended": "out", "announced": "unclear", "ending": "note"}
    one = product.marketing
    if one is not None and one.state in effects:
        why = f"Marketing of {product.brand}: {one.state}."
        yield Reason("marketing", effects[one.state], "marketing", one.text, why, one.status, (one.source,))


def by_formulary(product: Product, formulary: Collection[str] | None) -> Iterator[Reason]:
    """Out where there is a formulary without it."""
    if formulary is not None and product.id not in formulary:
        why = f"{product.brand} ({product.id}) is not in it."
        yield Reason("formulary", "out", "formulary", "Only products of the formulary are chosen.", why)


def licensed(product: Product, indication: str | None, extents: Extents) -> Licensed:
    """Whether a licence for the use was read and holds at the patient's age."""
    if indication is None:
        return "not asked"
    read = [one for one in product.licences if one.indication == indication and one.status == "verified"]
    return "yes" if _any_age(read, extents) is Truth.MET else "not seen"


def by_licence(product: Product, indication: str | None, conditions: Conditions) -> Iterator[Reason]:
    """Out at an age outside every licence for the use, unclear while the age is not known; the rest is only said.

    A licence that is only remembered permits nothing, but its ages restrict where no other was read.
    """
    if indication is None:
        return
    named = [one for one in product.licences if one.indication == indication]
    chosen = [one for one in named if one.status == "verified"] or named
    if not chosen:
        yield Reason("licence", "note", "licence", "No licence for this use was seen.", "It may be off-label.")
        return
    truth = _any_age(chosen, conditions.extents)
    if truth is not Truth.MET:
        yield _by_age(chosen, truth, conditions)
    yield from _said(chosen)


def _by_age(chosen: list[Licence], truth: Truth, conditions: Conditions) -> Reason:
    needs = (_AGE,) if truth is Truth.UNKNOWN else ()
    return Reason(
        "age",
        "unclear" if truth is Truth.UNKNOWN else "out",
        "age",
        "; ".join(one.text for one in chosen),
        "The age is not known." if truth is Truth.UNKNOWN else "The patient's age is outside the licensed ages.",
        chosen[0].status,
        tuple(dict.fromkeys(one.source for one in chosen)),
        needs=needs,
        question=conditions.question(needs),
    )


def _said(chosen: list[Licence]) -> Iterator[Reason]:
    status, sources = chosen[0].status, tuple(dict.fromkeys(one.source for one in chosen))
    text = "; ".join(one.text for one in chosen)
    if status == "remembered":
        yield Reason("licence", "note", "licence", text, "The licence is remembered, not verified.", status, sources)
    if all(one.from_years is None and one.to_years is None for one in chosen):
        yield Reason(
            "licence", "note", "licence-ages", text, "Its ages were not seen: look at the label.", status, sources
        )


def _any_age(licences: list[Licence], extents: Extents) -> Truth:
    return disjunction(_at_age(one, extents) for one in licences)


def _at_age(licence: Licence, extents: Extents) -> Truth:
    """Whether a licence holds at the patient's age, in completed years: *to 17 years* ends on the next birthday."""
    ends = [Compare(_AGE, ">=", licence.from_years, _YEARS)] if licence.from_years is not None else []
    if licence.to_years is not None:
        ends.append(Compare(_AGE, "<", licence.to_years + 1, _YEARS))
    return conjunction(evaluate(one, extents).truth for one in ends) if ends else Truth.MET
