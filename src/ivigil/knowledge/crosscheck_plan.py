"""What no single field shows of the records behind a plan: products, weight rules, rates, hazards and reactions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from ivigil.documents.yaml_text import Path
from ivigil.knowledge.dosing_records import Formulary, RateProtocol, WeightRule
from ivigil.knowledge.findings import Finding, known, twice, unknown_claims, unknown_sources, unsound
from ivigil.knowledge.library import Library
from ivigil.knowledge.parts import rules_in, sources_in
from ivigil.knowledge.product_records import Product, RateSchedule
from ivigil.knowledge.safety_records import Hazard, ProductRule, ReactionChange, ReactionDefinition


def plan_findings(record: Any, library: Library) -> Iterator[Finding]:  # noqa: ANN401 - one of _CHECKS' types
    """Everything wrong with a record behind a plan, given the library it belongs to."""
    yield from unknown_sources(sources_in(record), library)
    yield from unsound(rules_in(record), library)
    yield from PLAN_CHECKS[type(record)](record, library)


def _product(product: Product, library: Library) -> Iterator[Finding]:
    if product.g_per_100_ml <= 0:
        yield ("g_per_100_ml",), f"{product.g_per_100_ml}", "a concentration above 0"
    if product.vials and (not product.vials.sizes_g or min(product.vials.sizes_g) <= 0):
        yield ("vials", "sizes_g"), "no size, or one not above 0", "sizes in grams"
    for name, items in (("rates", product.rates), ("caps", product.caps), ("sites", product.sites)):
        yield from twice(name, (one.id for one in items))
    for index, rate in enumerate(product.rates):
        yield from _rate(rate, ("rates", index))
    for index, cap in enumerate(product.caps):
        if (cap.applies_to == "when") != (cap.when is not None):
            yield ("caps", index, "when"), "a condition that does not fit applies_to", "when, and only with: when"
        if any(figure.limit <= 0 for figure in cap.figures):
            yield ("caps", index, "figures"), "a limit not above 0", "a rate above 0"
    for path, name in _indications_named(product):
        yield from known(name, path, library.indications, "the id of an indication")


def _indications_named(product: Product) -> Iterator[tuple[Path, str]]:
    for index, licence in enumerate(product.licences):
        if licence.indication is not None:
            yield ("licences", index, "indication"), licence.indication
    for name in ("rates", "caps", "dose_limits"):
        for index, item in enumerate(getattr(product, name)):
            for place, indication in enumerate(item.indications):
                yield (name, index, "indications", place), indication
    for place, indication in enumerate(product.iv_to_sc.indications if product.iv_to_sc else ()):
        yield ("iv_to_sc", "indications", place), indication


def _rate(rate: RateSchedule, path: Path) -> Iterator[Finding]:
    if not 0 < rate.start <= rate.maximum:
        yield path, f"a start of {rate.start} and a maximum of {rate.maximum}", "0 < start <= maximum"
    if rate.steps and (rate.steps[0] != rate.start or rate.steps[-1] != rate.maximum):
        yield (*path, "steps"), "steps from another start or to another maximum", "steps from start to maximum"
    if any(later <= earlier for earlier, later in pairwise(rate.steps)):
        yield (*path, "steps"), "steps that do not rise", "each step above the one before"
    if rate.steps and rate.increment is not None:
        yield (*path, "increment"), "both steps and an increment", "one of them"
    if (len(rate.steps) > 1 or rate.increment is not None) and rate.step_minutes is None:
        yield (*path, "step_minutes"), "steps without their length", "minutes of each step"


def _weight_rule(rule: WeightRule, _: Library) -> Iterator[Finding]:
    yield from twice("clauses", (one.id for one in rule.clauses))
    used = {one.use for one in rule.clauses}
    if used & {"ideal", "adjusted"} and rule.ideal is None:
        yield ("ideal",), "none", "the formula of the ideal weight that a clause uses"
    if "adjusted" in used and rule.adjusted_fraction is None:
        yield ("adjusted_fraction",), "none", "the fraction of the excess weight that a clause uses"
    if rule.valid_from and rule.valid_to and rule.valid_to < rule.valid_from:
        yield ("valid_to",), f"{rule.valid_to} before {rule.valid_from}", "a later day"


def _protocol(protocol: RateProtocol, library: Library) -> Iterator[Finding]:
    for index, name in enumerate(protocol.products):
        yield from known(name, ("products", index), library.products, "the id of a product")
    if not protocol.steps or protocol.steps[0] <= 0 or any(later <= one for one, later in pairwise(protocol.steps)):
        yield ("steps",), "no steps, or steps that do not rise", "rates, each above the one before"


def _hazard(hazard: Hazard, library: Library) -> Iterator[Finding]:
    for name in ("frequencies", "risk_factors", "precautions"):
        if not getattr(hazard, name):
            yield (name,), "none", "at least one"
    yield from twice("risk_factors", (one.id for one in hazard.risk_factors))
    yield from twice("precautions", (one.id for one in hazard.precautions))
    yield from unknown_claims(_claims_named(hazard), library)
    for place, precaution in enumerate(hazard.precautions):
        for index, fact in enumerate(precaution.shown_by):
            yield from known(fact, ("precautions", place, "shown_by", index), library.catalogue.facts, "a fact's id")


def _claims_named(hazard: Hazard) -> Iterator[tuple[str, Path]]:
    for index, claim in enumerate(hazard.claims):
        yield claim, ("claims", index)
    for place, precaution in enumerate(hazard.precautions):
        for index, claim in enumerate(precaution.claims):
            yield claim, ("precautions", place, "claims", index)
    for index, frequency in enumerate(hazard.frequencies):
        if frequency.claim:
            yield frequency.claim, ("frequencies", index, "claim")


def _product_rule(rule: ProductRule, _: Library) -> Iterator[Finding]:
    if bool(rule.contains) == rule.iga:
        yield ("contains",), "both or neither of contains and iga", "the substances, or iga: true"


def _definition(definition: ReactionDefinition, library: Library) -> Iterator[Finding]:
    yield from known(definition.hazard, ("hazard",), library.hazards, "the id of a hazard")
    signs = {one.id for one in definition.signs}
    yield from twice("signs", (one.id for one in definition.signs))
    for index, level in enumerate(definition.levels):
        for place, needed in enumerate(level.needs):
            path: Path = ("levels", index, "needs", place)
            unknown = sorted(set(needed.of) - signs)
            if unknown:
                yield (*path, "of"), f"the signs {', '.join(unknown)}", "ids of signs"
            if not 0 < needed.at_least <= len(needed.of):
                yield (*path, "at_least"), f"{needed.at_least} of {len(needed.of)}", "a number that can be reached"


def _change(change: ReactionChange, library: Library) -> Iterator[Finding]:
    yield from known(change.hazard, ("hazard",), library.hazards, "the id of a hazard")
    if (change.severity_from is None) != (change.severity_scheme is None):
        yield ("severity_scheme",), "one of severity_from and severity_scheme", "both, or neither"
    elif change.severity_scheme is not None:
        yield from _least_grade(change, library)


def _least_grade(change: ReactionChange, library: Library) -> Iterator[Finding]:
    """The scheme has to grade severity, and to fit a reaction of the hazard; the grade has to be one of it."""
    scheme = library.reaction_definitions.get(change.severity_scheme or "")
    if scheme is None or not scheme.severity or scheme.hazard not in {None, change.hazard}:
        expected = "the id of a reaction definition that grades the severity of this hazard"
        yield ("severity_scheme",), repr(change.severity_scheme), expected
    elif change.severity_from not in (ids := [one.id for one in scheme.severity]):
        yield ("severity_from",), repr(change.severity_from), f"one of {', '.join(ids)}"


def _formulary(formulary: Formulary, library: Library) -> Iterator[Finding]:
    for index, name in enumerate(formulary.products):
        yield from known(name, ("products", index), library.products, "the id of a product")
    yield from known(formulary.weight_rule, ("weight_rule",), library.weight_rules, "the id of a weight rule")
    yield from known(formulary.protocol, ("protocol",), library.rate_protocols, "the id of a rate protocol")
    for name in ("pump_ml_per_h", "volume_ml_per_day", "price_per_g"):
        value = getattr(formulary, name)
        if value is not None and value <= 0:
            yield (name,), f"{value}", "a figure above 0"


PLAN_CHECKS: dict[type, Callable[[Any, Library], Iterator[Finding]]] = {
    Product: _product,
    WeightRule: _weight_rule,
    RateProtocol: _protocol,
    Hazard: _hazard,
    ProductRule: _product_rule,
    ReactionDefinition: _definition,
    ReactionChange: _change,
    Formulary: _formulary,
}
