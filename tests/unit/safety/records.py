"""Small records to build a library from in tests: a few facts, and whatever a test says of hazards and products."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from ivigil.criteria import parse_rule
from ivigil.facts import Between, Catalogue, Exactly, Extent, Fact, Settled
from ivigil.facts.definition import Bounds, Option
from ivigil.facts.readers.vocabulary import Medication
from ivigil.knowledge import Library, Passage
from ivigil.knowledge.parts import rules_in
from ivigil.knowledge.product_records import (
    Content,
    Contraindication,
    IgaContent,
    Licence,
    Product,
    Status,
    Substance,
    Words,
)
from ivigil.knowledge.records import Doubt, Rounding, VerdictTable
from ivigil.knowledge.safety_records import (
    Hazard,
    Precaution,
    ProductRule,
    ReactionChange,
    ReactionDefinition,
    RiskFactor,
)

PASSAGE = Passage("a-source", "somewhere")
TRUTHS = (
    "heart_failure",
    "fluid_overload",
    "diabetes",
    "immobility",
    "hyperprolinaemia",
    "fructose_intolerance",
    "selective_iga_deficiency",
    "anti_iga_antibodies",
    "immunoglobulin_hypersensitivity",
)
CATALOGUE = Catalogue(
    {
        **{one: Fact(one, one.replace("_", " ").capitalize(), "truth", "group", f"Is there {one}?") for one in TRUTHS},
        "age": Fact(
            "age", "Age", "quantity", "group", "How old?", unit="a", range=Bounds(Decimal(0), Decimal(125), "a-source")
        ),
        "request_route": Fact(
            "request_route", "Route", "code", "group", "Which route?", options=(Option("intravenous", "intravenous"),)
        ),
    }
)


def library(
    hazards: Iterable[Hazard] = (),
    rules: Iterable[ProductRule] = (),
    products: Iterable[Product] = (),
    definitions: Iterable[ReactionDefinition] = (),
    changes: Iterable[ReactionChange] = (),
) -> Library:
    """A library of these records, with the rules in them parsed."""
    kept = [[*one] for one in (hazards, rules, products, definitions, changes)]
    texts = {text for records in kept for one in records for text, _ in rules_in(one)}
    by_id: list[Mapping[str, Any]] = [{one.id: one for one in records} for records in kept]
    return Library(
        catalogue=CATALOGUE,
        medication=Medication("medication", (), ()),
        doubt=Doubt("doubt", (), (), (), ()),
        sources={},
        indications={},
        rule_sets={},
        claims={},
        differences={},
        products=by_id[2],
        weight_rules={},
        rate_protocols={},
        hazards=by_id[0],
        product_rules=by_id[1],
        reaction_definitions=by_id[3],
        reaction_changes=by_id[4],
        verdicts=VerdictTable("verdicts", (), "a-source"),
        rounding=Rounding("rounding", Decimal(1), "?", "a-source"),
        trees={text: parse_rule(text, CATALOGUE) for text in texts},
        column_trees={},
        hash="",
    )


def known(**values: bool | int | str | None) -> dict[str, Settled]:
    """What is known of a case; ``None`` is a fact recorded as unknown."""
    return {fact: _settled(fact, value) for fact, value in values.items()}


def between(fact: str, low: int, high: int) -> dict[str, Settled]:
    return {fact: Settled(fact, Between(Decimal(low), Decimal(high)), why_unknown="partly known")}


def _settled(fact: str, value: bool | int | str | None) -> Settled:  # noqa: FBT001 - any value of a fact
    if value is None:
        return Settled(fact)
    extent: Extent = Exactly(value if isinstance(value, bool | str) else Decimal(value))
    return Settled(fact, extent, why_unknown=None)


def factor(name: str, rule: str | None = None, **more: Any) -> RiskFactor:  # noqa: ANN401 - fields of the record
    return RiskFactor(name, name, PASSAGE, rule, **more)


def precaution(name: str, phase: Any = "before", **more: Any) -> Precaution:  # noqa: ANN401 - fields of the record
    return Precaution(name, more.pop("text", name), phase, PASSAGE, **more)


def hazard(
    name: str,
    factors: tuple[RiskFactor, ...] = (),
    precautions: tuple[Precaution, ...] = (),
    **more: Any,  # noqa: ANN401 - fields of the record
) -> Hazard:
    return Hazard(name, name, "severe", "soon", PASSAGE, (), factors, precautions, **more)


def present(status: Status = "verified") -> Content:
    return Content(present=True, status=status, source="label")


def absent(status: Status = "verified") -> Content:
    return Content(present=False, status=status, source="label")


def product(
    name: str = "brand-us",
    contents: dict[Substance, Content] | None = None,
    iga: IgaContent | None = None,
    **more: Any,  # noqa: ANN401 - fields of the record
) -> Product:
    words = Words("10 g in 100 mL", "verified", "label")
    given: dict[str, Any] = {"route": "intravenous", **more}
    return Product(
        name, name, "Maker", "US", g_per_100_ml=Decimal(10), concentration=words, contents=contents, iga=iga, **given
    )


def iga(ug_per_ml: int, kind: Any = "max", status: Status = "verified") -> IgaContent:  # noqa: ANN401 - one of the kinds
    return IgaContent(Decimal(ug_per_ml), kind, status, "label")


def contraindication(name: str, rule: str, **more: Any) -> Contraindication:  # noqa: ANN401 - fields of the record
    return Contraindication(name, name, rule, more.pop("status", "verified"), "label", **more)


def licence(indication: str, low: int | None = None, high: int | None = None, status: Status = "verified") -> Licence:
    ends = [None if one is None else Decimal(one) for one in (low, high)]
    return Licence(f"{indication} {low}-{high}", status, "label", indication, *ends)


def rule(name: str, when: str, contains: tuple[Substance, ...] = (), **more: Any) -> ProductRule:  # noqa: ANN401 - fields
    return ProductRule(name, name, when, PASSAGE, contains, **more)


ANTI_IGA = rule("anti-iga", "anti_iga_antibodies", iga=True, kind="caution")
PROLINE = rule("proline", "hyperprolinaemia", ("proline",))
SUGARS = rule("sugars", "fructose_intolerance", ("fructose", "sorbitol"))
REACTED = contraindication("reacted", "immunoglobulin_hypersensitivity")
IGA_US = contraindication(
    "iga-us", "selective_iga_deficiency and anti_iga_antibodies and immunoglobulin_hypersensitivity"
)
IGA_EU = contraindication("iga-eu", "selective_iga_deficiency and anti_iga_antibodies")
