"""The dose in words and figures: a line for each weight rule, what is asked for, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from ivigil.dosing import Weighed
from ivigil.explain.layout import Row, Section, Table
from ivigil.explain.plan_words import grams_words, labels
from ivigil.explain.words import listed
from ivigil.facts import Catalogue
from ivigil.review.dose_plan import AS_ASKED, DosePlan, WeightLine
from ivigil.units import shown


def dose_by_rule(dose: DosePlan, catalogue: Catalogue, *, folded: bool) -> Iterator[Section]:
    """The table with what is open in it; why each certain rule comes to its weight may be folded away."""
    current = [line.weighed for line in dose.weights if line.validity.state == "current"]
    left_open = [one for one in current if one.state != "certain"]
    open_ones = (
        _asked_for(left_open, catalogue) if folded else (row for one in left_open for row in _why(one, catalogue))
    )
    settled = [row for one in current if one.state == "certain" for row in _why(one, catalogue)]
    yield Section("Dose by weight rule", (*_dose_rows(dose), *open_ones), table=_weights(dose))
    whys = [*settled, *(row for one in left_open for row in _why(one, catalogue))] if folded else settled
    yield Section("Why each rule comes to its weight", tuple(whys), folded=folded)


def _asked_for(left_open: Sequence[Weighed], catalogue: Catalogue) -> Iterator[Row]:
    """What would settle the rules that are open, each question once; an ambiguous rule says so."""
    together: dict[tuple[str, ...], list[str]] = {}
    for one in left_open:
        together.setdefault(one.needs, []).append(one.rule.title)
    for needs, titles in together.items():
        words = f"To be known: {labels(needs, catalogue)}." if needs else "The rule itself names several weights."
        yield Row(words, "unknown" if needs else "ambiguous", (listed(titles),))


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
