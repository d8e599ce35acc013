"""The request form: a QuestionnaireResponse with what the rules ask for."""

from __future__ import annotations

from ivigil.synthetic.diseases import Wanted
from ivigil.synthetic.measuring import Gauge
from ivigil.synthetic.observations import day_text, say
from ivigil.synthetic.plan import GAP, Plan
from ivigil.synthetic.records import Record
from ivigil.synthetic.ways import answer_item

_STATUS = {"form-in-progress": "in-progress", "form-in-error": "entered-in-error"}


def fill_form(record: Record, plan: Plan, wanted: Wanted, day: int, more: list[str]) -> None:
    """Write the form of one request, with ``more`` items beside what a profile asks for."""
    draws = record.draws
    dirt = plan.dirt["form"].draw(draws)
    items = list(more)
    for answer in wanted.answers:
        said = bool(answer.ways) and draws.chance(plan.shares["structured"]) and say(record, answer, day)
        if not said:
            items.append(answer.item)
    unmeasured = [one for one in wanted.numbers if not one.gauge.heads]
    items += [_number(one.gauge, draws.between(one.steps.low, one.steps.high)) for one in unmeasured]
    if dirt is not None:
        record.spoils(dirt)
    _forget(record, plan, items)
    if dirt != "missing-form" and items:
        status = _STATUS.get(dirt or "", "completed")
        written = f'"status":"{status}",{record.subject}"authored":"{day_text(day)}","item":[{",".join(items)}],'
        record.add("QuestionnaireResponse", written)


def _forget(record: Record, plan: Plan, items: list[str]) -> None:
    """Take away the answers that are missing: one draw for each of them, and not for each that is there."""
    at = 0
    while at < len(items):
        gap = plan.gaps.draw(record.draws)
        at += GAP if gap is None else gap
        if gap is not None and at < len(items):
            del items[at]
            record.spoils("missing-answer")


def _number(gauge: Gauge, steps: int) -> str:
    return answer_item(gauge.fact, f'"valueQuantity":{{"value":{gauge.text(steps)}{gauge.tail}}}')
