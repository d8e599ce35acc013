"""Worked cases: each appraisal carries facts with the answer they must get, and here they are run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ivigil.criteria import Truth
from ivigil.documents import BadInput, Fault, Place
from ivigil.facts.readers.flat import read_flat
from ivigil.knowledge import Library, RuleSet
from ivigil.knowledge.folder import Entry, Folder
from ivigil.knowledge.records import Appraisal, WorkedCase
from ivigil.review.decision import Decision
from ivigil.review.judge import Judge

_START = {Truth.MET: "true", Truth.NOT_MET: "false", Truth.NOT_APPLICABLE: "false", Truth.UNKNOWN: "unknown"}


def run_cases(folder: Folder, library: Library) -> list[Fault]:
    """Every worked case in ``folder`` that does not get the answer it states."""
    judge = Judge(library)
    return [
        fault
        for entry in folder.of(Appraisal)
        for case in entry.record.cases
        for fault in case_faults(case, entry, judge, library.rule_sets[entry.folder])
    ]


def case_faults(case: WorkedCase, entry: Entry, judge: Judge, rules: RuleSet) -> Iterator[Fault]:
    """How the answer to one worked case differs from what it states."""
    where = f"{entry.place.name}, case {case.id}"
    try:
        decisions = judge.decide(_case(case, where, judge.library), rules, rules.head.valid_from)
    except BadInput as error:
        yield from error.faults
        return
    mine = [one for one in decisions if one.indication is not None and one.indication.id == entry.record.indication]
    if len(mine) != 1:
        yield Fault(where, f"{len(mine)} decisions on {entry.record.indication}", "one")
        return
    yield from _differences(case, mine[0], where)


def _case(case: WorkedCase, where: str, library: Library) -> Any:  # noqa: ANN401 - ivigil.facts.Case
    document: dict[str, Any] = {"request": case.request, "facts": case.facts, "diagnoses": list(case.diagnoses)}
    return read_flat(document, Place(where), library.vocabulary)


def _differences(case: WorkedCase, decision: Decision, where: str) -> Iterator[Fault]:
    expect = case.expect
    missing = tuple(sorted(one.shown.fact.id for one in decision.missing))
    wanted_missing = tuple(sorted(expect.missing)) if expect.missing is not None else None
    found: dict[str, tuple[object, object]] = {
        "verdict": (decision.verdict, expect.verdict),
        "missing": (missing, wanted_missing),
        "may_start": (_START[decision.may_start.truth], expect.may_start),
        "dose_check": (decision.dose.result, expect.dose_check),
    }
    for name, (got, wanted) in found.items():
        if wanted is not None and got != wanted:
            yield Fault(where, f"{name} {got}", f"{wanted}", case.text)
