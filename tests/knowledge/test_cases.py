"""Every worked case of every appraisal gets the answer it states, and together they show every verdict there can be."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from ivigil.criteria import Residual
from ivigil.facts import Exactly
from ivigil.knowledge import Library, data_folder, has, load
from ivigil.knowledge.folder import Entry, Folder, read_folder
from ivigil.knowledge.records import Appraisal, WorkedCase
from ivigil.review import Judge
from ivigil.review.compiled import ORDERED, Scope, compile_appraisal
from ivigil.review.worked import case_faults

FOLDER: Folder = read_folder(data_folder())
APPRAISALS = FOLDER.of(Appraisal)


@dataclass(frozen=True)
class Worked:
    entry: Entry
    case: WorkedCase

    def __str__(self) -> str:
        return f"{self.entry.folder}/{self.entry.key}/{self.case.id}"


CASES = [Worked(entry, case) for entry in APPRAISALS for case in entry.record.cases]


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(load())


def scope_of(entry: Entry, library: Library) -> Scope:
    return library.rule_sets[entry.folder].head.scope


def reachable(entry: Entry, library: Library) -> frozenset[object]:
    """The verdicts of an appraisal, once immunoglobulin is what is ordered and the diagnosis stands."""
    compiled = compile_appraisal(entry.record, library, scope_of(entry, library))
    given = {ORDERED: Exactly(True), has(entry.record.indication): Exactly(True)}
    return Residual(compiled.forest, compiled.verdicts, compiled.variables.allowed(given)).labels


@pytest.mark.parametrize("worked", CASES, ids=str)
def test_case(worked: Worked, judge: Judge) -> None:
    rules = judge.library.rule_sets[worked.entry.folder]
    assert list(case_faults(worked.case, worked.entry, judge, rules)) == []


@pytest.mark.parametrize("entry", APPRAISALS, ids=lambda entry: f"{entry.folder}/{entry.key}")
def test_cases_show_every_verdict(entry: Entry, judge: Judge) -> None:
    shown = {case.expect.verdict for case in entry.record.cases}
    assert reachable(entry, judge.library) <= shown
    if scope_of(entry, judge.library) == "whole":
        assert "needs-information" in shown


OF_STANDING = {
    "first-line": {"supported", "not-supported"},
    "recommended": {"supported", "not-supported"},
    "limited-evidence": {"supported", "not-supported"},
    "not-recommended": {"not-supported"},
    "harmful": {"avoid"},
    "outside-rule-set": {"out-of-scope"},
}


@pytest.mark.parametrize("entry", APPRAISALS, ids=lambda entry: f"{entry.folder}/{entry.key}")
def test_a_standing_leads_to_its_verdicts(entry: Entry, judge: Judge) -> None:
    appraisal: Appraisal = entry.record
    standings = {appraisal.standing, *(exception.standing for exception in appraisal.standing_exceptions)}
    expected = set().union(*(OF_STANDING[one] for one in standings))
    if scope_of(entry, judge.library) == "excerpt" and "supported" in expected:
        # What an excerpt recommends goes to a panel, whether its criteria are met or not.
        expected = {"panel-review"} | ({"not-supported"} if "not-recommended" in standings else set())
    assert reachable(entry, judge.library) == expected


def test_the_review_is_held_whole() -> None:
    assert len([entry for entry in APPRAISALS if entry.folder == "review-2015"]) == 44
