"""Words for values, truths and verdicts, and the one sentence that gives a decision's reason."""

from __future__ import annotations

from collections.abc import Callable

from ivigil.criteria import Truth
from ivigil.facts import Between, Exactly, Fact, Period, Settled
from ivigil.facts.derive import written
from ivigil.review import CriterionResult, Decision, FactShown, Outcome
from ivigil.units import shown

VERDICTS = {
    "supported": "supported",
    "not-supported": "not supported",
    "avoid": "avoid",
    "panel-review": "panel review",
    "out-of-scope": "out of scope",
    "needs-information": "needs information",
}
STANDINGS = {
    "first-line": "first-line",
    "limited-evidence": "limited evidence",
    "not-recommended": "not recommended",
    "harmful": "harmful",
    "outside-rule-set": "outside this rule set",
    "unlisted": "unlisted",
}
MAY_START = {Truth.MET: "yes", Truth.NOT_MET: "no", Truth.UNKNOWN: "unknown", Truth.NOT_APPLICABLE: "no"}


def listed(parts: list[str], last: str = "and") -> str:
    """``a, b and c``."""
    if len(parts) < 2:  # noqa: PLR2004 - one part needs no conjunction
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def value_words(fact: Fact, settled: Settled) -> str:
    """What is known of a fact: its value with its unit, or why it is unknown."""
    extent = settled.extent
    if extent is None:
        return f"unknown ({settled.why_unknown})"
    if isinstance(extent, Exactly):
        return _exact(fact, extent)
    if isinstance(extent, Between):
        return f"{written(extent)} {_unit(fact)}".strip()
    if isinstance(extent, Period):
        return f"between {extent.first.isoformat()} and {extent.last.isoformat()}"
    return listed(sorted(fact.label_of(one) for one in extent.values), "or")


def _exact(fact: Fact, extent: Exactly) -> str:
    value = extent.value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if fact.is_number:
        return f"{shown(value)} {_unit(fact)}".strip()  # type: ignore[arg-type] # a number fact holds a number
    return fact.label_of(value)


def _unit(fact: Fact) -> str:
    return "" if fact.unit in {None, "1"} else str(fact.unit)


def fact_words(one: FactShown) -> str:
    """A fact with its value, its date and where it stands."""
    head = f"{one.fact.label}: {value_words(one.fact, one.settled)}"
    return " · ".join([head, *statement_words(one)])


def statement_words(one: FactShown) -> list[str]:
    """Each statement a value rests on: how it was written where that adds something, its date and its origin."""
    found = []
    for statement in one.settled.used:
        parts = [statement.written] if len(one.settled.used) > 1 or statement.says is None else []
        parts += [str(statement.when)] if statement.when else ["undated"]
        found.append(", ".join([*parts, statement.origin]))
    return found


def outcome_words(outcome: Outcome) -> str:
    """``above 14 d: not supported``."""
    return f"{outcome.value}: {listed([VERDICTS[one] for one in outcome.verdicts], 'or')}"


def reason(decision: Decision) -> str:
    """The one sentence that gives the reason of the verdict."""
    return _REASONS[decision.verdict](decision)


def _subject(decision: Decision) -> str:
    if decision.indication is not None:
        return decision.indication.name
    return str(decision.asked) if decision.asked else "the request"


def _supported(decision: Decision) -> str:
    row = decision.row.reason if decision.row else "every way of filling the gaps agrees"
    level = f", level {decision.appraisal.level.level}" if decision.appraisal and decision.appraisal.level else ""
    stated = "" if decision.criteria else "; the source states no condition for it"
    return f"{_subject(decision)}: {row} ({STANDINGS[decision.standing]}{level} in {decision.rules.head.id}){stated}."


def _not_supported(decision: Decision) -> str:
    row = decision.row.reason if decision.row else "no way of filling the gaps supports it"
    unmet = [_lowered(text) for text in unmet_texts(decision.criteria)]
    wanted = (
        f"; it would qualify if {listed(unmet)}"
        if unmet and decision.row and decision.row.id == "not-qualified"
        else ""
    )
    others = [
        alternative.text.rstrip(".") for alternative, truth in decision.alternatives if truth is not Truth.NOT_MET
    ]
    instead = f"; the source names instead: {_lowered(others[0])}" if others else ""
    return f"{_subject(decision)}: {row}{wanted}{instead}."


def unmet_texts(criteria: tuple[CriterionResult, ...]) -> list[str]:
    """The texts of the criteria that are not met, the innermost of each."""
    found: list[str] = []
    for one in criteria:
        if one.truth is Truth.NOT_MET:
            found += unmet_texts(one.members) or [one.criterion.text]
    return found


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _avoid(decision: Decision) -> str:
    why = decision.appraisal.reason.rstrip(".") if decision.appraisal else "the source found harm"
    return f"{_subject(decision)}: avoid immunoglobulin; {_lowered(why)}."


def _panel(decision: Decision) -> str:
    return f"{decision.rules.head.id} does not speak of {_subject(decision)}, so a panel has to look at the request."


def _out_of_scope(decision: Decision) -> str:
    where = decision.appraisal.belongs_to if decision.appraisal else None
    belongs = f"; it belongs to {where.rstrip('.')}" if where else ""
    return f"{_subject(decision)} is an established use that {decision.rules.head.id} does not judge{belongs}."


def _needs_information(decision: Decision) -> str:
    if decision.indication is None:
        return "The record holds no request for immunoglobulin that names an indication, so there is nothing to judge."
    open_verdicts = listed([VERDICTS[one] for one in decision.reachable], "or")
    asked = [_lowered(missing.shown.fact.label) for missing in decision.missing]
    return f"{_subject(decision)} can still come out as {open_verdicts}: it depends on {listed(asked)}."


_REASONS: dict[str, Callable[[Decision], str]] = {
    "supported": _supported,
    "not-supported": _not_supported,
    "avoid": _avoid,
    "panel-review": _panel,
    "out-of-scope": _out_of_scope,
    "needs-information": _needs_information,
}
