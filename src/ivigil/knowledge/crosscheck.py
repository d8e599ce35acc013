"""What no single file can show: that ids resolve, rules are sound, cases exist and the verdict table is complete."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from ivigil.criteria import Truth, evaluate
from ivigil.documents import Fault
from ivigil.documents.yaml_text import Path
from ivigil.facts import Exactly, Fact
from ivigil.facts.definition import Derived, FactCode
from ivigil.facts.readers.vocabulary import plain_words
from ivigil.knowledge.audit_records import Disclosure, HighUse
from ivigil.knowledge.columns import COLUMNS
from ivigil.knowledge.crosscheck_appraisal import appraisal_findings
from ivigil.knowledge.crosscheck_evidence import EVIDENCE_CHECKS
from ivigil.knowledge.crosscheck_kinetics import KINETIC_CHECKS
from ivigil.knowledge.crosscheck_plan import PLAN_CHECKS, plan_findings
from ivigil.knowledge.findings import Finding, known, unknown_sources
from ivigil.knowledge.folder import Entry, Folder
from ivigil.knowledge.library import Library
from ivigil.knowledge.parts import passages_of
from ivigil.knowledge.records import (
    Appraisal,
    Claim,
    Difference,
    Indication,
    Rounding,
    RuleSetHead,
    VerdictTable,
)
from ivigil.units import UnitError, parse_unit


def crosscheck(folder: Folder, library: Library) -> list[Fault]:
    """Every fault of the records in ``folder`` given the whole ``library``."""
    checks: dict[type, Callable[[Any, Library], Iterator[Finding]]] = {
        Fact: _fact,
        Indication: _indication,
        Appraisal: appraisal_findings,
        Claim: _claim,
        Difference: _difference,
        VerdictTable: _verdicts,
        RuleSetHead: lambda head, _: _source(head.source, ("source",), library),
        Rounding: _rounding,
        HighUse: _high_use,
        Disclosure: _disclosure,
        **EVIDENCE_CHECKS,
        **KINETIC_CHECKS,
        **dict.fromkeys(PLAN_CHECKS, plan_findings),
    }
    return [
        fault for entry in folder.entries if type(entry.record) in checks for fault in _faults(entry, checks, library)
    ]


def _faults(
    entry: Entry, checks: dict[type, Callable[[Any, Library], Iterator[Finding]]], library: Library
) -> list[Fault]:
    findings = list(checks[type(entry.record)](entry.record, library))
    named = ((passage.source, path) for passage, path in passages_of(entry.record))
    findings += unknown_sources(named, library)
    return [Fault(entry.place.of(path), found, expected) for path, found, expected in findings]


def _source(source: str, path: Path, library: Library) -> Iterator[Finding]:
    return unknown_sources([(source, path)], library)


def _fact(fact: Fact, library: Library) -> Iterator[Finding]:
    if fact.is_number:
        yield from _number_fact(fact, library)
    if fact.kind == "code" and not fact.options and not fact.options_from:
        yield ("options",), "none", "the values that the fact can take"
    for twice in sorted({one for one in fact.option_ids() if fact.option_ids().count(one) > 1}):
        yield ("options",), f"the option {twice!r} twice", "each id once"
    if fact.recency:
        yield from _source(fact.recency.source, ("recency", "source"), library)
    yield from _facts_named(fact, library)
    if fact.codes and not fact.found_in:
        yield ("codes",), "codes but no place", "where in a record they are found"


def _facts_named(fact: Fact, library: Library) -> Iterator[Finding]:
    for place, way in enumerate(fact.derived):
        for index, name in enumerate(way.of):
            if name not in library.catalogue or name == fact.id or _is_compared_with_itself(fact, way, name, library):
                yield ("derived", place, "of", index), f"the fact {name!r}", "another fact, not derived from this one"
    for index, name in enumerate(fact.see_also):
        if name not in library.catalogue:
            yield ("see_also", index), f"the fact {name!r}", "the id of a fact"


def _is_compared_with_itself(fact: Fact, way: Derived, name: str, library: Library) -> bool:
    """Whether a recorded value would be compared with one that follows from it.

    Facts that stand in for each other only where they are missing may lead in a circle: each is worked out once.
    """
    return not way.only_if_missing and fact.id in library.catalogue.leads_to(name)


def _number_fact(fact: Fact, library: Library) -> Iterator[Finding]:
    if fact.kind == "quantity" and fact.unit is None:
        yield ("unit",), "none", "a UCUM unit"
    try:
        parse_unit(fact.unit or "1")
    except UnitError as error:
        yield ("unit",), str(error), "a UCUM unit that ivigil reads"
    if fact.range is None:
        yield ("range",), "none", "a plausible range"
    elif fact.range.min >= fact.range.max:
        yield ("range",), "a range that is empty", "min below max"
    else:
        yield from _source(fact.range.source, ("range", "source"), library)


def _indication(indication: Indication, library: Library) -> Iterator[Finding]:
    roles = {"names": indication.names, "broader": indication.broader, "excludes": indication.excludes}
    seen: dict[tuple[str, str], str] = {}
    for role, codes in roles.items():
        for index, code in enumerate(codes):
            key = (code.system, code.code)
            if key in seen:
                yield (role, index), f"{code.system} {code.code} in {seen[key]} too", "each code in one role"
            seen[key] = role
    for other in library.indications.values():
        if other.id != indication.id:
            for system, number in sorted(_keys(indication.names) & _keys(other.names)):
                yield ("names",), f"{system} {number}, which names {other.id} too", "a code that names one indication"
            for words in sorted(_words(indication) & _words(other)):
                yield ("synonyms",), f"{words!r}, which names {other.id} too", "a name of one indication"


def _keys(codes: tuple[FactCode, ...]) -> set[tuple[str, str]]:
    return {(code.system, code.code) for code in codes}


def _words(indication: Indication) -> set[str]:
    return {plain_words(name) for name in (indication.id, indication.name, *indication.synonyms)}


def _claim(claim: Claim, library: Library) -> Iterator[Finding]:
    yield from known(claim.indication, ("indication",), library.indications, "the id of an indication")
    if claim.check.source is not None:
        yield from _source(claim.check.source, ("check", "source"), library)
    elif claim.check.status not in {"not checked", "not checkable"}:
        found = f"{claim.check.status!r} without a source"
        yield ("check", "status"), found, "the source that was read, or: not checked"


def _difference(difference: Difference, library: Library) -> Iterator[Finding]:
    for index, name in enumerate(difference.indications):
        yield from known(name, ("indications", index), library.indications, "the id of an indication")
    if not difference.indications:
        yield ("indications",), "none", "the indications that the question concerns"
    if len({position.body for position in difference.positions}) < 2:  # noqa: PLR2004 - one voice does not disagree
        yield ("positions",), "fewer than two bodies", "positions of at least two"


def _rounding(rounding: Rounding, library: Library) -> Iterator[Finding]:
    yield from _source(rounding.source, ("source",), library)
    if rounding.step_g <= 0:
        yield ("step_g",), f"{rounding.step_g}", "a step above 0"


def _high_use(rule: HighUse, library: Library) -> Iterator[Finding]:
    yield from known(rule.indication, ("indication",), library.indications, "the id of an indication")
    for name in ("above_g", "in_months"):
        if getattr(rule, name) <= 0:
            yield (name,), f"{getattr(rule, name)}", "a figure above 0"


def _disclosure(policy: Disclosure, _: Library) -> Iterator[Finding]:
    for name in ("hide_up_to", "round_to"):
        if getattr(policy, name) < 1:
            yield (name,), f"{getattr(policy, name)}", "at least 1"


def _verdicts(table: VerdictTable, library: Library) -> Iterator[Finding]:
    """Exactly one row holds for each combination of column values."""
    yield from _source(table.source, ("source",), library)
    columns = [(name, fact.option_ids()) for name, fact in COLUMNS.facts.items()]
    trees = [library.column_trees[row.when] for row in table.rows if row.when in library.column_trees]
    for values in product(*(options for _, options in columns)):
        given = {name: Exactly(value) for (name, _), value in zip(columns, values, strict=True)}
        holding = sum(evaluate(tree, given).truth is Truth.MET for tree in trees)
        if holding != 1:
            shown = ", ".join(f"{name} {value}" for (name, _), value in zip(columns, values, strict=True))
            yield ("rows",), f"{holding} rows for {shown}", "exactly one row"
