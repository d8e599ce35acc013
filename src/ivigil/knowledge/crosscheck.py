"""What no single file can show: that ids resolve, rules are sound, cases exist and the verdict table is complete."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from ivigil.criteria import Truth, evaluate, lint
from ivigil.documents import Fault
from ivigil.documents.yaml_text import Path
from ivigil.facts import Exactly, Fact
from ivigil.facts.definition import FactCode
from ivigil.knowledge.columns import COLUMNS
from ivigil.knowledge.folder import Entry, Folder
from ivigil.knowledge.library import Library
from ivigil.knowledge.parts import every_criterion, rules_of
from ivigil.knowledge.records import (
    Appraisal,
    Claim,
    Criterion,
    Indication,
    Rounding,
    RuleSetHead,
    VerdictTable,
)
from ivigil.units import UnitError, parse_unit

Finding = tuple[Path, str, str]  # path in the file, what was found, what was expected


def crosscheck(folder: Folder, library: Library) -> list[Fault]:
    """Every fault of the records in ``folder`` given the whole ``library``."""
    checks: dict[type, Callable[[Any, Library], Iterator[Finding]]] = {
        Fact: _fact,
        Indication: _indication,
        Appraisal: _appraisal,
        Claim: _claim,
        VerdictTable: _verdicts,
        RuleSetHead: lambda head, _: _source(head.source, ("source",), library),
        Rounding: lambda rounding, _: _source(rounding.source, ("source",), library),
    }
    return [
        fault for entry in folder.entries if type(entry.record) in checks for fault in _faults(entry, checks, library)
    ]


def _faults(
    entry: Entry, checks: dict[type, Callable[[Any, Library], Iterator[Finding]]], library: Library
) -> list[Fault]:
    findings = [*checks[type(entry.record)](entry.record, library), *_passages(entry.record, (), library)]
    return [Fault(entry.place.of(path), found, expected) for path, found, expected in findings]


def _source(source: str, path: Path, library: Library) -> Iterator[Finding]:
    if source not in library.sources:
        yield path, f"the source {source!r}", "the id of a file in sources/"


def _passages(record: Any, path: Path, library: Library) -> Iterator[Finding]:  # noqa: ANN401 - any record
    """Every passage anywhere inside a record names a source that exists."""
    fields = getattr(record, "__dataclass_fields__", None)
    if fields is None:
        if isinstance(record, tuple):
            for index, item in enumerate(record):
                yield from _passages(item, (*path, index), library)
        return
    for name in fields:
        value = getattr(record, name)
        if name == "passage" and value is not None:
            yield from _source(value.source, (*path, name), library)
        elif name not in {"facts", "request"}:
            yield from _passages(value, (*path, name), library)


def _fact(fact: Fact, library: Library) -> Iterator[Finding]:
    if fact.is_number:
        yield from _number_fact(fact, library)
    if fact.kind == "code" and not fact.options and not fact.options_from:
        yield ("options",), "none", "the values that the fact can take"
    if fact.recency:
        yield from _source(fact.recency.source, ("recency", "source"), library)
    for place, way in enumerate(fact.derived):
        for index, name in enumerate(way.of):
            if name not in library.catalogue or fact.id in _leads_to(name, library):
                yield ("derived", place, "of", index), f"the fact {name!r}", "another fact, not derived from this one"
    if fact.codes and not fact.found_in:
        yield ("codes",), "codes but no place", "where in a record they are found"


def _leads_to(name: str, library: Library) -> set[str]:
    """The fact and everything it is derived from."""
    seen, waiting = {name}, [name]
    while waiting:
        fact = library.catalogue.facts.get(waiting.pop())
        fresh = {other for way in (fact.derived if fact else ()) for other in way.of} - seen
        seen |= fresh
        waiting += fresh
    return seen


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
        if other.id > indication.id:
            shared = _keys(indication.names) & _keys(other.names)
            for system, number in sorted(shared):
                yield ("names",), f"{system} {number}, which names {other.id} too", "a code that names one indication"


def _keys(codes: tuple[FactCode, ...]) -> set[tuple[str, str]]:
    return {(code.system, code.code) for code in codes}


def _claim(claim: Claim, library: Library) -> Iterator[Finding]:
    if claim.indication not in library.indications:
        yield ("indication",), repr(claim.indication), "the id of an indication"
    if claim.check.source is not None:
        yield from _source(claim.check.source, ("check", "source"), library)
    elif claim.check.status not in {"not checked", "not checkable"}:
        yield (
            ("check", "status"),
            f"{claim.check.status!r} without a source",
            "the source that was read, or: not checked",
        )


def _appraisal(appraisal: Appraisal, library: Library) -> Iterator[Finding]:
    if appraisal.indication not in library.indications:
        yield ("indication",), repr(appraisal.indication), "the id of an indication"
    if not appraisal.cases:
        yield ("cases",), "none", "worked cases: facts in, answer out"
    if (appraisal.criteria is None) == (appraisal.no_criteria is None):
        yield (
            ("criteria",),
            "both or neither of criteria and no_criteria",
            "criteria, or the words that none are stated",
        )
    if appraisal.criteria is not None:
        yield from _criterion(appraisal.criteria, ("criteria",))
        yield from _repeated(appraisal.criteria)
    yield from _sound_rules(appraisal, library)
    yield from _claims_exist(appraisal, library)


def _criterion(criterion: Criterion, path: Path) -> Iterator[Finding]:
    kinds = [name for name in ("rule", "all_of", "any_of") if getattr(criterion, name)]
    if len(kinds) != 1:
        yield path, f"{' and '.join(kinds) or 'neither rule nor group'}", "exactly one of rule, all_of and any_of"
    if criterion.rule is not None and criterion.passage is None:
        yield path, "a rule without its passage", "where the source states it"
    if criterion.any_of and all(member.applies_when for member in criterion.any_of):
        yield (
            (*path, "any_of"),
            "only members that may not apply",
            "one that always applies, so that the group cannot vanish",
        )
    for name in ("all_of", "any_of"):
        for index, member in enumerate(getattr(criterion, name)):
            yield from _criterion(member, (*path, name, index))


def _repeated(criterion: Criterion) -> Iterator[Finding]:
    ids = [one.id for one in every_criterion(criterion)]
    for twice in sorted({one for one in ids if ids.count(one) > 1}):
        yield ("criteria",), f"the criterion id {twice!r} twice", "each id once"


def _sound_rules(appraisal: Appraisal, library: Library) -> Iterator[Finding]:
    for text, path in rules_of(appraisal):
        problem = lint(library.trees[text], library.catalogue) if text in library.trees else None
        if problem:
            yield path, problem, "a rule that three-valued logic answers exactly"


def _claims_exist(appraisal: Appraisal, library: Library) -> Iterator[Finding]:
    for path, claim in _named_claims(appraisal):
        if claim not in library.claims:
            yield path, f"the claim {claim!r}", "the id of a file in claims/"


def _named_claims(appraisal: Appraisal) -> Iterator[tuple[Path, str]]:
    for index, claim in enumerate(appraisal.claims):
        yield ("claims", index), claim
    for place, regimen in enumerate(appraisal.regimens):
        for index, claim in enumerate(regimen.claims):
            yield ("regimens", place, "claims", index), claim
    for place, outcome in enumerate(appraisal.outcomes):
        for index, claim in enumerate(outcome.claims):
            yield ("outcomes", place, "claims", index), claim


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
