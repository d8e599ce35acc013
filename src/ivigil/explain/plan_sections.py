"""The sections of a plan: dose under each weight rule, products, infusion, hazards, and what to do when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ivigil.criteria import Truth
from ivigil.explain.dose_sections import dose_by_rule
from ivigil.explain.expected_sections import expected_sections
from ivigil.explain.infusion_sections import infusion_section
from ivigil.explain.layout import Row, Section
from ivigil.explain.plan_words import labels
from ivigil.explain.product_rows import product_rows, products_in_brief
from ivigil.explain.words import listed, lowered
from ivigil.facts import Catalogue
from ivigil.review.plan import Plan
from ivigil.safety import ChecklistItem, FactorFound, HazardFound

_PHASES = {"before": "before", "during": "during", "after": "after", "reaction": "in a reaction"}


def plan_sections(plan: Plan, catalogue: Catalogue) -> Iterator[Section]:
    """The sections of ``plan`` beside a decision: what matters first, the rest folded away.

    ``catalogue`` names the facts that it asks for.
    """
    names = {one.hazard.id: lowered(one.hazard.name) for one in plan.hazards}
    yield from dose_by_rule(plan.dose, catalogue, folded=True)
    yield from (infusion_section(one, catalogue) for one in plan.infusions)
    yield from expected_sections(plan.expected)
    yield Section("Products", tuple(products_in_brief(plan, catalogue)))
    yield Section("Hazards", tuple(_hazard_in_brief(one) for one in plan.hazards))
    yield Section("Checklist", tuple(_checklist_in_brief(plan.checklist)))
    yield from _ladder(plan)
    yield Section("Products, each", tuple(product_rows(plan, catalogue)), folded=True)
    yield Section("Hazards in full", tuple(_hazard(one, catalogue) for one in plan.hazards), folded=True)
    yield Section("Checklist in full", tuple(_checklist(plan.checklist, names)), folded=True)


def dose_sections(plan: Plan, catalogue: Catalogue) -> Iterator[Section]:
    """The dose under every weight rule, and the vials and rates of the products that are named."""
    yield from dose_by_rule(plan.dose, catalogue, folded=False)
    yield from (infusion_section(one, catalogue) for one in plan.infusions)
    yield from expected_sections(plan.expected)


def infusion_sections(plan: Plan, catalogue: Catalogue) -> Iterator[Section]:
    """The infusion of the products that are named, and how every product fits."""
    yield from (infusion_section(one, catalogue) for one in plan.infusions)
    yield Section("Products", tuple(product_rows(plan, catalogue)))


def hazard_sections(plan: Plan, catalogue: Catalogue) -> Iterator[Section]:
    """The hazards with their risk factors, and what to do when."""
    names = {one.hazard.id: lowered(one.hazard.name) for one in plan.hazards}
    yield Section("Hazards", tuple(_hazard(one, catalogue) for one in plan.hazards))
    yield Section("Checklist", tuple(_checklist(plan.checklist, names, certain=True)))
    title = "Checklist, while facts are open"
    yield Section(title, tuple(_checklist(plan.checklist, names, certain=False)), folded=True)
    yield from _ladder(plan)
    yield Section("How often hazards occur", tuple(_frequencies(plan.hazards)), folded=True)


def _ladder(plan: Plan) -> Iterator[Section]:
    rows = tuple(Row(one.text, one.severity) for one in plan.ladder)
    yield Section("In a reaction, by this place's own protocol", rows)


def _hazard(found: HazardFound, catalogue: Catalogue) -> Row:
    present, unknown = found.factors_that_are("present"), found.factors_that_are("unknown")
    tag = "risk present" if present else "unknown" if unknown else "no known risk"
    details = [f"Present: {_factor(one)}" for one in present]
    if unknown:
        details.append(
            f"Not known: {labels(tuple(dict.fromkeys(need for one in unknown for need in one.needs)), catalogue)}."
        )
    return Row(f"{found.hazard.name}. {found.hazard.onset}", tag, tuple(details))


def _hazard_in_brief(found: HazardFound) -> Row:
    present, unknown = found.factors_that_are("present"), found.factors_that_are("unknown")
    tag = "risk present" if present else "unknown" if unknown else "no known risk"
    details = [f"Present: {listed([one.factor.text.rstrip('.') for one in present])}."] if present else []
    details += [f"{len(unknown)} risk factor{'' if len(unknown) == 1 else 's'} not known."] if unknown else []
    return Row(found.hazard.name, tag, tuple(details))


def _factor(found: FactorFound) -> str:
    status = "" if found.factor.status == "verified" else " (caution, not verified)"
    effect = f" {found.factor.effect}" if found.factor.effect else ""
    return f"{found.factor.text}{status}{effect}"


def _checklist(
    items: Sequence[ChecklistItem], names: Mapping[str, str], *, certain: bool | None = None
) -> Iterator[Row]:
    """What is certain to be called for, or what depends on facts that are still open, or both; in order of time."""
    for item in items:
        if certain is None or _is_settled(item) is certain:
            yield Row(item.text, _PHASES[item.precaution.phase], tuple(_item_details(item, names)))


def _is_settled(item: ChecklistItem) -> bool:
    return item.called_for is Truth.MET and item.state == "advised"


def _checklist_in_brief(items: Sequence[ChecklistItem]) -> Iterator[Row]:
    """What is certain to be called for, by phase; what is withheld, with the reason; how much depends on open facts."""
    for phase, words in _PHASES.items():
        settled = [one for one in items if one.precaution.phase == phase and _is_settled(one)]
        if settled:
            yield Row(f"{len(settled)} to do", words, tuple(_dated_text(one) for one in settled))
    for item in items:
        if item.state == "withheld":
            yield Row(item.text, "not advised", (item.why or "",))
    depending = sum(not _is_settled(one) and one.state == "advised" for one in items)
    if depending:
        yield Row(f"{depending} more depend on facts that are not known.", "open")


def _dated_text(item: ChecklistItem) -> str:
    dated = f" ({_dated(item)})" if item.from_date or item.to_date else ""
    return f"{item.text.rstrip('.')}{dated}."


def _item_details(item: ChecklistItem, names: Mapping[str, str]) -> Iterator[str]:
    if item.from_date or item.to_date:
        yield _dated(item)
    if item.state == "withheld":
        yield f"Not advised: {item.why}"
    elif item.called_for is Truth.UNKNOWN and item.question:
        yield f"If it applies: {item.question}"
    if item.status == "remembered":
        yield "Caution, not verified."
    if item.precaution.note:
        yield item.precaution.note
    yield f"For {listed([names[one] for one in item.hazards])}; {_cited(item)}"


def _cited(item: ChecklistItem) -> str:
    return ", ".join(dict.fromkeys(one.precaution.passage.source for one in item.parts))


def _dated(item: ChecklistItem) -> str:
    days = [day.isoformat() for day in (item.from_date, item.to_date) if day]
    if len(days) == 2:  # noqa: PLR2004 - both ends
        return days[0] if days[0] == days[1] else f"{days[0]} to {days[1]}"
    return f"from {days[0]}" if item.from_date else f"by {days[0]}"


def _frequencies(hazards: Iterable[HazardFound]) -> Iterator[Row]:
    for found in hazards:
        details = (f"{one.text} {one.population} ({one.passage.source})" for one in found.hazard.frequencies)
        yield Row(found.hazard.name, None, tuple(details))
