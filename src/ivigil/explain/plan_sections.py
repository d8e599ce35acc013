"""The sections of a plan: dose under each weight rule, products, infusion, hazards, and what to do when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from ivigil.criteria import Truth
from ivigil.dosing import Planned, Weighed
from ivigil.explain.infusion_sections import infusion_section
from ivigil.explain.layout import Row, Section, Table
from ivigil.explain.plan_words import grams_words, labels, listed_some
from ivigil.explain.words import listed, lowered
from ivigil.facts import Catalogue
from ivigil.review.dose_plan import AS_ASKED, DosePlan, WeightLine
from ivigil.review.plan import Plan
from ivigil.safety import ChecklistItem, FactorFound, HazardFound, ProductFit
from ivigil.units import shown

_PHASES = {"before": "before", "during": "during", "after": "after", "reaction": "in a reaction"}


def plan_sections(plan: Plan, catalogue: Catalogue) -> Iterator[Section]:
    """Every section of ``plan``; ``catalogue`` names the facts that it asks for."""
    yield from _dose(plan.dose, catalogue, folded=True)
    yield from infusion_sections(plan, catalogue)
    yield from hazard_sections(plan, catalogue)


def dose_sections(plan: Plan, catalogue: Catalogue) -> Iterator[Section]:
    """The dose under every weight rule, and the vials and rates of the products that are named."""
    yield from _dose(plan.dose, catalogue, folded=False)
    yield from (infusion_section(one, catalogue) for one in plan.infusions)


def infusion_sections(plan: Plan, catalogue: Catalogue) -> Iterator[Section]:
    """The infusion of the products that are named, and how every product fits."""
    yield from (infusion_section(one, catalogue) for one in plan.infusions)
    yield Section("Products", tuple(_products(plan, catalogue)))


def hazard_sections(plan: Plan, catalogue: Catalogue) -> Iterator[Section]:
    """The hazards with their risk factors, and what to do when."""
    yield Section("Hazards", tuple(_hazard(one, catalogue) for one in plan.hazards))
    names = {one.hazard.id: lowered(one.hazard.name) for one in plan.hazards}
    yield Section("Checklist", tuple(_checklist(plan.checklist, names, certain=True)))
    title = "Checklist, while facts are open"
    yield Section(title, tuple(_checklist(plan.checklist, names, certain=False)), folded=True)
    ladder = tuple(Row(one.text, one.severity) for one in plan.ladder)
    yield Section("In a reaction, by this place's own protocol", ladder)
    yield Section("How often hazards occur", tuple(_frequencies(plan.hazards)), folded=True)


def _dose(dose: DosePlan, catalogue: Catalogue, *, folded: bool) -> Iterator[Section]:
    """The table with what is open in it; why each certain rule comes to its weight may be folded away."""
    current = [line.weighed for line in dose.weights if line.validity.state == "current"]
    open_ones = [row for one in current if one.state != "certain" for row in _why(one, catalogue)]
    settled = [row for one in current if one.state == "certain" for row in _why(one, catalogue)]
    yield Section("Dose by weight rule", (*_dose_rows(dose), *open_ones), table=_weights(dose))
    yield Section("Why each rule comes to its weight", tuple(settled), folded=folded)


def _weights(dose: DosePlan) -> Table | None:
    """A line for each rule: the weight that it doses by, and each regimen in grams."""
    regimens = list(dict.fromkeys(one.regimen for one in dose.planned))
    heads = (one.text if one.id != AS_ASKED else "as asked for" for one in regimens)
    saved = ("less than asked",) if dose.saved else ()
    columns = ("Rule", "doses by", *(_short(one) for one in heads), *saved)
    rows = tuple(_weight_row(line, dose, [one.id for one in regimens]) for line in dose.weights)
    return Table(columns, rows) if rows else None


def _short(text: str) -> str:
    return text if len(text) <= 48 else f"{text[:47]}…"  # noqa: PLR2004 - letters in the head of a column


def _weight_row(line: WeightLine, dose: DosePlan, regimens: Sequence[str]) -> tuple[str, ...]:
    rule, house = line.weighed.rule, " (this place's rule)" if dose.house == line.weighed.rule.id else ""
    found = {one.regimen.id: one for one in dose.planned if one.weighed.rule.id == rule.id}
    cells = (grams_words(found[one]) if one in found else "" for one in regimens)
    saved = (_saved_words(dose, rule.id),) if dose.saved else ()
    return (f"{rule.title}{house}", _doses_by(line), *cells, *saved)


def _saved_words(dose: DosePlan, rule: str) -> str:
    """What the regimens take less under a rule than what is asked for: grams, percent and money."""
    found = [saved for planned, saved in dose.saved if planned.weighed.rule.id == rule]
    costs = (f", {shown(one.cost)} in money" if one.cost is not None else "" for one in found)
    words = (f"{shown(one.grams)} g ({shown(one.percent, 3)}%){cost}" for one, cost in zip(found, costs, strict=True))
    return " or ".join(dict.fromkeys(words))


def _doses_by(line: WeightLine) -> str:
    weighed, when = line.weighed, line.validity
    if when.state != "current" and when.day:
        return f"{when.state} {when.day.isoformat()}"
    weights = [f"{one.basis} {shown(one.weight_kg)} kg" for one in weighed.outcomes]
    if weighed.state == "certain":
        return weights[0]
    start = {"ambiguous": "ambiguous", "unknown": "unknown", "not-stated": "says nothing"}[weighed.state]
    return f"{start}: {' or '.join(weights)}" if weights else start


def _dose_rows(dose: DosePlan) -> Iterator[Row]:
    if dose.compared:
        asked = f"{shown(dose.requested_g or Decimal(0))} g asked for. {dose.compared.said}"
        yield Row(asked, _asked(dose.compared.state))
    said = {text: None for one in dose.planned for course in one.courses for text in course.said}
    yield from (Row(text, "rounding") for text in said)


def _asked(state: str) -> str:
    return {"as-regimen": "as a regimen", "explained": "explained"}.get(state, state)


def _why(weighed: Weighed, catalogue: Catalogue) -> Iterator[Row]:
    """Why a rule comes to its weight; the clauses that speak, what is open, and what to know."""
    clauses = dict.fromkeys(clause.text for one in weighed.outcomes for clause in one.clauses)
    guarded = (
        ["The rule's own weight lies above the actual one, which takes its place."]
        if any(one.guarded for one in weighed.outcomes)
        else []
    )
    needs = [f"To be known: {labels(weighed.needs, catalogue)}."] if weighed.needs else []
    details = (*clauses, *guarded, *weighed.cautions, *needs)
    if details:
        tag = "because" if weighed.state == "certain" else weighed.state.replace("-", " ")
        yield Row(weighed.rule.title, tag, details)


def _products(plan: Plan, catalogue: Catalogue) -> Iterator[Row]:
    by_state = {state: [one for one in plan.products if one.state == state] for state in ("fits", "unclear", "out")}
    if by_state["fits"]:
        yield Row(listed_some([_named(one) for one in by_state["fits"]]), "fit", tuple(_cautions(by_state["fits"])))
    elif plan.products:
        yield Row("No product is known to fit.", "none fits")
    for needs, names in _grouped(by_state["unclear"], catalogue).items():
        yield Row(listed_some(names), "unclear", needs)
    for texts, names in _grouped_out(by_state["out"]).items():
        yield Row(listed_some(names), "out", texts)
    for rank in plan.overrides:
        kind = f"{rank.kind} IgA as the label gives it" if rank.kind else "IgA not read on a label"
        names = [f"{_named(one)}{_iga(one)}" for one in rank.fits]
        said = "Only a specialist may choose one, by name and with a reason; the lowest IgA first."
        yield Row(listed_some(names), "override", (f"{said} {kind}.",))


def _named(fit: ProductFit) -> str:
    licensed = {"yes": ", licensed for this use", "not seen": "", "not asked": ""}[fit.licensed]
    return f"{fit.product.brand} ({fit.product.region}{licensed})"


def _iga(fit: ProductFit) -> str:
    return f", {shown(fit.product.iga.ug_per_ml)} µg/mL" if fit.product.iga else ""


def _cautions(fits: Iterable[ProductFit]) -> Iterator[str]:
    texts: dict[str, list[str]] = {}
    for fit in fits:
        for reason in fit.reasons_that("caution"):
            texts.setdefault(reason.text, []).append(fit.product.brand)
    for text, brands in texts.items():
        yield f"Caution: {text} ({listed_some(list(dict.fromkeys(brands)))})"


def _grouped(fits: Sequence[ProductFit], catalogue: Catalogue) -> dict[tuple[str, ...], list[str]]:
    """Products by what has to be known, or looked up on the label, before they fit."""
    found: dict[tuple[str, ...], list[str]] = {}
    for fit in fits:
        unclear = fit.reasons_that("unclear")
        needs = dict.fromkeys(need for one in unclear for need in one.needs)
        verify = dict.fromkeys(one for reason in unclear for one in reason.verify)
        other = dict.fromkeys(one.why for one in unclear if not one.needs and not one.verify)
        words = [f"To be known: {labels(tuple(needs), catalogue)}."] if needs else []
        words += [f"To be looked up on the label: {', '.join(verify)}."] if verify else []
        found.setdefault((*words, *other), []).append(_named(fit))
    return found


def _grouped_out(fits: Sequence[ProductFit]) -> dict[tuple[str, ...], list[str]]:
    found: dict[tuple[str, ...], list[str]] = {}
    for fit in fits:
        texts = tuple(dict.fromkeys(one.text for one in fit.reasons_that("out")))
        found.setdefault(texts, []).append(_named(fit))
    return found


def _hazard(found: HazardFound, catalogue: Catalogue) -> Row:
    present, unknown = found.factors_that_are("present"), found.factors_that_are("unknown")
    tag = "risk present" if present else "unknown" if unknown else "no known risk"
    details = [f"Present: {_factor(one)}" for one in present]
    if unknown:
        details.append(
            f"Not known: {labels(tuple(dict.fromkeys(need for one in unknown for need in one.needs)), catalogue)}."
        )
    return Row(f"{found.hazard.name}. {found.hazard.onset}", tag, tuple(details))


def _factor(found: FactorFound) -> str:
    status = "" if found.factor.status == "verified" else " (caution, not verified)"
    effect = f" {found.factor.effect}" if found.factor.effect else ""
    return f"{found.factor.text}{status}{effect}"


def _checklist(items: Sequence[ChecklistItem], names: Mapping[str, str], *, certain: bool) -> Iterator[Row]:
    """What is certain to be called for, or what depends on facts that are still open; in order of time."""
    for item in items:
        settled = item.called_for is Truth.MET and item.state == "advised"
        if settled is certain:
            yield Row(item.text, _PHASES[item.precaution.phase], tuple(_item_details(item, names)))


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
    yield f"For {listed([names[one] for one in item.hazards])}; {item.precaution.passage.source}"


def _dated(item: ChecklistItem) -> str:
    days = [day.isoformat() for day in (item.from_date, item.to_date) if day]
    if len(days) == 2:  # noqa: PLR2004 - both ends
        return days[0] if days[0] == days[1] else f"{days[0]} to {days[1]}"
    return f"from {days[0]}" if item.from_date else f"by {days[0]}"


def _frequencies(hazards: Iterable[HazardFound]) -> Iterator[Row]:
    for found in hazards:
        details = (f"{one.text} {one.population} ({one.passage.source})" for one in found.hazard.frequencies)
        yield Row(found.hazard.name, None, tuple(details))


def totals(planned: Planned) -> tuple[Decimal, ...]:
    """The different totals that a regimen comes to under one rule."""
    return tuple(dict.fromkeys(one.total_g for one in planned.courses if one.total_g is not None))
