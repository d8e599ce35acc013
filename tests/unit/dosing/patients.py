"""Patients, rules and regimens for the tests of the dose."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache

from ivigil.criteria import parse_rule
from ivigil.dosing import Weighed, weigh
from ivigil.facts import Exactly, Extent, Settled
from ivigil.knowledge import Library, Regimen, Span, load
from ivigil.knowledge.dosing_records import DoseRounding, IdealWeight, WeightClause, WeightRule
from ivigil.knowledge.product_records import DoseLimit
from ivigil.knowledge.records import Passage

PLACE = Passage("house", "page 1")
DEVINE = IdealWeight(Decimal(50), Decimal("45.5"), Decimal("2.3"), Decimal(60), Decimal("0.393701"), PLACE)
ADULT: Extent = Exactly(Decimal(50))
CHILD: Extent = Exactly(Decimal(9))
NEAREST_5 = DoseRounding(Decimal(5), "nearest", PLACE, from_years=Decimal(18))


@cache
def library() -> Library:
    """ivigil's own knowledge."""
    return load()


def known(**facts: object) -> dict[str, Settled]:
    """Facts that are known exactly (numbers as text), or as the extent given; ``None`` is not known."""
    return {fact: Settled(fact, _extent(value), why_unknown=None) for fact, value in facts.items() if value is not None}


def _extent(value: object) -> Extent:
    if isinstance(value, bool):
        return Exactly(value)
    if isinstance(value, str):
        return Exactly(Decimal(value) if value[:1].isdigit() else value)
    return value  # type: ignore[return-value] # an extent


def patient(sex: str | None, height: str | None, weight: str | None, **more: object) -> dict[str, Settled]:
    """An adult who is not pregnant, unless said otherwise."""
    return known(**{"sex": sex, "height": height, "weight": weight, "age": "50", "pregnant": False, **more})


def weighed(rule: str, case: dict[str, Settled]) -> Weighed:
    """One of ivigil's own rules for a patient."""
    return weigh(library().weight_rules[rule], case, library())


def weights(found: Weighed) -> dict[str, str]:
    """Each weight to a tenth of a kg, with the clauses that lead to it."""
    return {f"{one.weight_kg:.1f}": " ".join(clause.id for clause in one.clauses) for one in found.outcomes}


def house_rule(*clauses: WeightClause, **fields: object) -> WeightRule:
    """An invented rule with Devine's formula."""
    given = {"ideal": DEVINE, "adjusted_fraction": Decimal("0.4"), **fields}
    return WeightRule("house", "The rule of the house", "The house", clauses, PLACE, **given)  # type: ignore[arg-type] # fields of the rule


def clause(use: str, when: str | None = None, name: str | None = None) -> WeightClause:
    return WeightClause(name or use, f"By the {use} weight.", use, PLACE, when)  # type: ignore[arg-type] # a basis


def house_weighed(rule: WeightRule, case: dict[str, Settled]) -> Weighed:
    """An invented rule for a patient, its conditions parsed."""
    trees = {one.when: parse_rule(one.when, library().catalogue) for one in rule.clauses if one.when}
    return weigh(rule, case, replace(library(), trees=trees))


def span(low: str | None, high: str | None = None) -> Span | None:
    return None if low is None else Span(Decimal(low), Decimal(high or low))


def regimen(total: str | None = None, daily: str | None = None, days: str | None = None, **fields: object) -> Regimen:
    """A regimen per kg; each figure is one number or ``low-high``."""
    spans = {name: span(*text.split("-")) if text else None for name, text in (("t", total), ("d", daily), ("n", days))}
    given = {"total_g_per_kg": spans["t"], "daily_g_per_kg": spans["d"], "days": spans["n"], **fields}
    return Regimen("house", "As in the house", "recommended", "intravenous", PLACE, **given)  # type: ignore[arg-type] # fields of the regimen


def limit(per_day: str | None = None, per_course: str | None = None, **fields: object) -> DoseLimit:
    """A limit that a label states, in g/kg."""
    figures = [None if text is None else Decimal(text) for text in (per_day, per_course)]
    words = f"at most {per_day or per_course} g/kg {'a day' if per_day else 'in a course'}"
    given = {"status": "verified", "source": "house", **fields}
    return DoseLimit(words, g_per_kg_per_day=figures[0], g_per_kg_per_course=figures[1], **given)  # type: ignore[arg-type] # fields of the limit


def by_weight(kg: str, rounding: DoseRounding | None = None) -> Weighed:
    """A rule that doses by the actual weight, for a patient of this weight."""
    rule = house_rule(clause("actual"), rounding=rounding)
    return house_weighed(rule, known(weight=kg))
