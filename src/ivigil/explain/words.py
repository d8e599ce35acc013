"""Words for values, truths and verdicts, and the one sentence that gives a decision's reason."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from ivigil.criteria import Truth
from ivigil.facts import Between, Exactly, Fact, Period, Settled
from ivigil.facts.derive import written
from ivigil.knowledge import Level
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
    "recommended": "recommended",
    "limited-evidence": "limited evidence",
    "not-recommended": "not recommended",
    "harmful": "harmful",
    "outside-rule-set": "outside this rule set",
    "unlisted": "unlisted",
}
# A request that turns out not to be one has no verdict of its own.
_OPEN = {**VERDICTS, "needs-information": "nothing to judge"}
# What a tag says at a glance; colour and shade only repeat it.
TONES = {
    "met": "yes",
    "within": "yes",
    "established": "yes",
    "not met": "no",
    "outside": "no",
    "contradicted": "no",
    "unknown": "open",
    "may apply": "open",
    "warning": "open",
}
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


_SYSTEMS = {
    "icd-10-cm": "ICD-10-CM",
    "icd-10": "ICD-10",
    "snomed": "SNOMED CT",
    "loinc": "LOINC",
    "orpha": "ORPHA",
    "atc": "ATC",
    "rxnorm": "RxNorm",
}
_SYSTEM = re.compile(r"\b(?:" + "|".join(_SYSTEMS) + r")(?= )")


def plain(text: str) -> str:
    """``text`` on one line, less what would steer a terminal or turn the direction of writing."""
    return "".join(" " if _steers(one) else one for one in text)


def _steers(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Zl", "Zp"} or character in _BIDI


def capitalised(text: str) -> str:
    """``text`` as it begins a sentence."""
    return text[:1].upper() + text[1:]


def listed(parts: Sequence[str], last: str = "and") -> str:
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
    return f"{outcome.value}: {listed([_OPEN[one] for one in outcome.verdicts], 'or')}"


def reason(decision: Decision) -> str:
    """The one sentence that gives the reason of the verdict."""
    return capitalised(_REASONS[decision.verdict](decision))


def subject(decision: Decision) -> str:
    """What is judged: the indication, or what is asked for in its own words."""
    if decision.indication is not None:
        return decision.indication.name
    if decision.asked:
        return _SYSTEM.sub(lambda found: _SYSTEMS[found[0]], str(decision.asked))
    return "no indication named" if decision.request else "no request"


def level_words(level: Level) -> str:
    """A level of evidence, and on whose word."""
    basis = {"stated": "stated by the source", "joint": "stated for several uses together", "reading": "by our reading"}
    return f"level {level.level} ({level.scheme}), {basis[level.basis]}"


def _supported(decision: Decision) -> str:
    row = decision.row
    why = row.reason if row else "supported whatever the facts still unknown turn out to be"
    condition = f", and {_conditions(decision.criteria)}" if row and row.id in _QUALIFIED else ""
    return f"{subject(decision)}: {why}{condition} ({_standing(decision)})."


def _standing(decision: Decision) -> str:
    """The standing with its level of evidence; every one that an exception still open would lead to."""
    left_open = [one.exception.standing for one in decision.exceptions if one.truth is Truth.UNKNOWN]
    standings = dict.fromkeys([decision.standing, *(left_open if decision.row is None else [])])
    level = f"; {level_words(decision.level)}" if decision.level and len(standings) == 1 else ""
    return f"{listed([STANDINGS[one] for one in standings], 'or')} in {decision.rules.head.id}{level}"


_QUALIFIED = frozenset({"first-line-qualified", "recommended-qualified", "limited-qualified"})


def _conditions(criteria: tuple[CriterionResult, ...]) -> str:
    if not criteria:
        return "the source states no condition"
    if all(one.truth is Truth.NOT_APPLICABLE for one in criteria):
        return "no condition of the source applies"
    return "what the source asks for is fulfilled"


def _not_supported(decision: Decision) -> str:
    why = decision.row.reason if decision.row else "not supported whatever the facts still unknown turn out to be"
    unmet = unmet_texts(decision.criteria) if decision.row and decision.row.id == "not-qualified" else []
    wanted = f"; it would qualify with {listed([_quoted(text) for text in unmet])}" if unmet else ""
    others = [alternative.text for alternative, truth in decision.alternatives if truth is Truth.MET]
    instead = f"; the source names instead: {_quoted(others[0])}" if others else ""
    return f"{subject(decision)}: {why}{wanted}{instead}."


def unmet_texts(criteria: tuple[CriterionResult, ...]) -> list[str]:
    """The texts of the criteria that are not met; of a group of which one is enough, the text of the group."""
    found: list[str] = []
    for one in criteria:
        if one.truth is Truth.NOT_MET:
            found += unmet_texts(one.members) if one.criterion.all_of else [one.criterion.text]
    return found


def _quoted(text: str) -> str:
    return f"“{text.rstrip('.')}”"


def _avoid(decision: Decision) -> str:
    own = decision.appraisal.reason if decision.appraisal else ""
    text = decision.exception.text if decision.exception else own
    return f"{subject(decision)}: immunoglobulin is to be avoided: {_quoted(text)}."


def _panel(decision: Decision) -> str:
    rules, what = decision.rules.head.id, subject(decision)
    if decision.rules.head.scope == "excerpt":
        return _excerpt(decision)
    if decision.appraisal is not None:
        return f"the diagnosis of {what} does not hold; {rules} does not speak of the request, so a panel has to look."
    if decision.indication is None:
        return f"{what}: no indication that ivigil knows by this name or code, so a panel has to look at the request."
    return f"{what}: {rules} does not speak of it, so a panel has to look at the request."


def _excerpt(decision: Decision) -> str:
    """What an excerpt says of the use; it never decides, so a panel has to look."""
    rules, what = decision.rules.head.id, subject(decision)
    if decision.appraisal is None or decision.standing == "unlisted":
        return f"{what}: {rules} is an excerpt that does not hold it; its body may speak of it, so a panel has to look."
    label = f" as {_quoted(decision.appraisal.stated_as)}" if decision.appraisal.stated_as else ""
    standing = STANDINGS[decision.standing]
    return f"{what}: {standing} in {rules}{label}; an excerpt does not decide, so a panel has to look."


def _out_of_scope(decision: Decision) -> str:
    where = decision.appraisal.belongs_to if decision.appraisal else None
    belongs = f"; it belongs to {where.rstrip('.')}" if where else ""
    return f"{subject(decision)}: an established use that {decision.rules.head.id} does not judge{belongs}."


def _needs_information(decision: Decision) -> str:
    if decision.asked is None and decision.request is not None:
        return "the order for immunoglobulin names no indication that can be used, so there is nothing to judge."
    if decision.asked is None:
        return "the record holds no request for immunoglobulin that names an indication, so there is nothing to judge."
    verdicts = listed([_OPEN[one] for one in decision.reachable])
    needed = listed([lowered(missing.shown.fact.label) for missing in decision.missing])
    return f"{subject(decision)}: still open between {verdicts}; needed to decide: {needed}."


def lowered(label: str) -> str:
    """The label of a fact inside a sentence; ``IgG level`` stays."""
    first = label.partition(" ")[0]
    return label[:1].lower() + label[1:] if first[1:].islower() else label


_REASONS: dict[str, Callable[[Decision], str]] = {
    "supported": _supported,
    "not-supported": _not_supported,
    "avoid": _avoid,
    "panel-review": _panel,
    "out-of-scope": _out_of_scope,
    "needs-information": _needs_information,
}
