"""Whole rule sets over tables: every engine gives each row what its single case gets, worked or drawn."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest
from tests.differential.frames_drawn import engine_named, engines

from ivigil.criteria import Truth
from ivigil.criteria.frames import Cell, cell_kinds
from ivigil.facts import Between, Case, Exactly, Extent, Fact, OneOf, Reason, Request, Settled, Statement
from ivigil.facts.extent import whole
from ivigil.knowledge import Appraisal, Library, RuleSet, StandingName, data_folder, has, load
from ivigil.knowledge.folder import Folder, read_folder
from ivigil.knowledge.records import StandingException
from ivigil.populations import RESULTS, RuleSetDiagram, compile_rule_set, judged, missing_in, row_of
from ivigil.populations.compiled import ROW
from ivigil.populations.verdicts import MISSING
from ivigil.review import Decision, Judge
from ivigil.review.compiled import ORDERED
from ivigil.review.listed import Question, decide_listed
from ivigil.review.match import Match
from ivigil.review.worked import _case as worked_case
from ivigil.tables import Engine, Kind

SEED = 20261123
DRAWN_ROWS = 6  # of each appraisal
EXCEPTED = "with-exceptions"  # a rule set made up here
REASON = Reason("a request")
FOLDER: Folder = read_folder(data_folder())


@dataclass
class Material:
    """One rule set, with rows and the decision that each has to get."""

    plan: RuleSetDiagram
    rows: list[dict[str, Cell]] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)

    def add(self, row: dict[str, Cell], decision: Decision) -> None:
        self.rows.append(row)
        self.decisions.append(decision)


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


@pytest.fixture(scope="module")
def judge(library: Library) -> Judge:
    return Judge(library)


@pytest.fixture(scope="module")
def materials(judge: Judge) -> dict[str, Material]:
    found = {name: Material(compile_rule_set(rules, judge)) for name, rules in judge.library.rule_sets.items()}
    for material in found.values():
        add_unlisted(material, judge)
    add_worked(found, judge)
    rng = random.Random(SEED)  # noqa: S311 - no secret
    found[EXCEPTED] = Material(compile_rule_set(with_exceptions(judge.library, rng), judge))
    for name, material in found.items():
        for appraisal in material.plan.appraisals * (DRAWN_ROWS * 5 if name == EXCEPTED else DRAWN_ROWS):
            add_drawn(material, appraisal, judge, rng)
    return found


def with_exceptions(library: Library, rng: random.Random) -> RuleSet:
    """Some appraisals of a rule set, each with two exceptions to its standing, which no published one has."""
    rules = max(library.rule_sets.values(), key=lambda one: len(one.appraisals))
    chosen = rng.sample([one for one in rules.appraisals.values() if one.level and not one.standing_exceptions], 10)
    passage = chosen[0].passage
    whens = sorted(library.trees)

    def exception(own: StandingName, number: int) -> StandingException:
        standing: StandingName = rng.choice(("first-line", "not-recommended", "harmful", own))
        return StandingException(f"exception-{number}", rng.choice(whens), standing, "made up", passage)

    excepted = {
        one.indication: replace(one, standing_exceptions=tuple(exception(one.standing, place) for place in range(2)))
        for one in chosen
    }
    return replace(rules, head=replace(rules.head, id=EXCEPTED), appraisals=excepted)


def add_worked(materials: dict[str, Material], judge: Judge) -> None:
    """Every worked case of every appraisal."""
    for entry in FOLDER.of(Appraisal):
        rules = judge.library.rule_sets[entry.folder]
        for case in entry.record.cases:
            for decision in judge.decide(worked_case(case, case.id, judge.library), rules, rules.head.valid_from):
                if decision.appraisal is not None:
                    materials[entry.folder].add(row_of(decision, judge.library.askable), decision)


def add_unlisted(material: Material, judge: Judge) -> None:
    """Requests that no appraisal speaks of, that name nothing, or that may be for another drug."""
    rules = material.plan.rules
    listed = next(iter(rules.appraisals))
    unheard = "no such indication"
    other = next((one for one in sorted(judge.library.indications) if one not in rules.appraisals), unheard)
    for asked in (None, other, listed):
        for ordered in (True, False, None):
            (decision,) = judge.decide(simple_case(asked, judge, ordered=ordered), rules, rules.head.valid_from)
            if asked != listed or ordered is False:
                row: dict[str, Cell] = {"indication": asked, ORDERED: ordered, "established": True if asked else None}
                material.add(row, decision)


def simple_case(asked: str | None, judge: Judge, *, ordered: bool | None) -> Case:
    says = () if ordered is None else (Statement(ORDERED, Exactly(ordered), "said", "a form"),)
    known = asked if asked in judge.library.indications else None
    reasons = (Reason("a request", indication=known, text=asked),) if asked else ()
    request = Request("a request", medication_named=False, reasons=reasons, statements=says)
    return Case("somebody", requests=(request,))


def add_drawn(material: Material, appraisal: Appraisal, judge: Judge, rng: random.Random) -> None:
    """A row of one appraisal in which about half of the facts are known, and its single-case decision."""
    rules, catalogue, own = material.plan.rules, judge.library.askable, has(appraisal.indication)
    compiled = judge.compiled(rules, appraisal)
    extents = {name: drawn_extent(catalogue[name], rng) for name in compiled.facts}
    settled = {name: Settled(name, one, why_unknown=None) for name, one in extents.items() if one is not None}
    named = extents.get(ORDERED) == Exactly(value=True)
    request = Request("a request", medication_named=named)
    match = Match(judge.library.indications[appraisal.indication], REASON, settled.get(own, Settled(own)), "drawn")
    case = Case("somebody", requests=(request,))
    question = Question(case, request, match, appraisal, rules, rules.head.valid_from, settled)
    decision = decide_listed(question, compiled, judge.library, ())
    row = row_of(decision, catalogue)
    if row[ORDERED] is not False:  # a single case in which another drug is ordered is not judged at all
        material.add(row, decision)


def drawn_extent(fact: Fact, rng: random.Random) -> Extent | None:
    if rng.random() < (0.1 if fact.id in {ORDERED, "request_phase"} or fact.id.startswith("has:") else 0.5):
        return None
    if fact.kind == "truth":
        return Exactly(rng.random() < 0.6)
    if fact.kind == "code":
        several = frozenset(rng.sample(fact.option_ids(), rng.randint(1, len(fact.option_ids()))))
        return Exactly(next(iter(several))) if len(several) == 1 or rng.random() < 0.7 else OneOf(several)
    low, high = (fact.range.min, fact.range.max) if fact.range else (Decimal(0), Decimal(100))
    ends = sorted(low + (high - low) * Decimal(rng.randint(0, 60)) / 60 for _ in range(2))
    spanned = rng.random() < 0.4 and ends[0] < ends[1]
    kept: Extent = Between(*ends, low_open=True) if spanned else Exactly(Decimal(round(ends[0])))
    return whole(kept) if fact.kind == "count" else kept


@pytest.fixture(scope="module", params=engines())
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    found = engine_named(request.param)
    yield found
    found.stop()


def results(engine: Engine, material: Material, *, missing: bool = True) -> dict[int, dict[str, object]]:
    """By number of row: what judging adds to it."""
    kinds: dict[str, Kind] = {"number": "whole", "indication": "text", ORDERED: "truth", "established": "truth"}
    for name in material.plan.facts:
        kinds |= cell_kinds(material.plan.catalogue[name])
    values = [(number, *(row.get(name) for name in list(kinds)[1:])) for number, row in enumerate(material.rows)]
    frame = judged(engine.table(kinds, values), material.plan, ["number"], missing=missing)
    names = frame.collect_schema().names()
    return {int(str(row[0])): dict(zip(names, row, strict=True)) for row in engine.rows(frame)}


def expected(decision: Decision) -> Sequence[str | None]:
    level = decision.level
    row = decision.row.id if decision.row else None
    place = (level.level, level.scheme) if level else (None, None)
    return (decision.verdict, "; ".join(decision.reachable), row, decision.standing, *place)


def test_every_row_gets_the_answer_of_its_case(engine: Engine, materials: dict[str, Material]) -> None:
    for material in materials.values():
        found = results(engine, material)
        assert sorted(found) == list(range(len(material.rows)))
        for number, (row, decision) in enumerate(zip(material.rows, material.decisions, strict=True)):
            assert [found[number][name] for name in RESULTS] == list(expected(decision)), row
            assert_missing(found[number], row, decision)


def assert_missing(got: dict[str, object], row: dict[str, Cell], decision: Decision) -> None:
    """What the row evaluator asks for is among what the table gives, which is none where it asks for nothing."""
    missing = {name.removeprefix(MISSING) for name, truth in got.items() if name.startswith(MISSING) and truth}
    own = {has(str(row["indication"])): "established"}
    wanted = {own.get(one.shown.fact.id, one.shown.fact.id) for one in decision.missing}
    assert wanted <= missing, row
    assert bool(wanted) == bool(missing), row


def test_the_material_shows_every_answer(materials: dict[str, Material], library: Library) -> None:
    decisions = [decision for material in materials.values() for decision in material.decisions]
    assert {one.verdict for one in decisions} == {row.verdict for row in library.verdicts.rows}
    joined = [material.plan.joined for name, material in materials.items() if name != EXCEPTED]
    rows = {label[1] for one in joined for _, label in one.labels() if isinstance(label, tuple) and label[0] == ROW}
    assert {one.row.id for one in decisions if one.row} == rows
    assert any(one.exception for one in decisions)
    assert any(one.level for one in decisions)
    assert any(one.exception and one.exception.standing == one.standing == own_standing(one) for one in decisions)
    assert any(len(possible(one)) > 1 for one in decisions)
    assert any(one.level is None and one.appraisal and one.appraisal.level for one in decisions)


def own_standing(decision: Decision) -> str | None:
    return decision.appraisal.standing if decision.appraisal else None


def possible(decision: Decision) -> set[str]:
    """The standings of the exceptions that are open, where the case does not say which holds."""
    return {one.exception.standing for one in decision.exceptions if one.truth is Truth.UNKNOWN}


def test_a_row_looked_at_again_misses_exactly_what_its_case_does(materials: dict[str, Material], judge: Judge) -> None:
    for material in materials.values():
        for row, decision in list(zip(material.rows, material.decisions, strict=True))[::5]:
            if decision.appraisal is not None:
                again = missing_in(row, material.plan, judge)
                assert again == tuple(one.shown.fact.id for one in decision.missing)


def test_order_and_company_of_rows_do_not_matter(materials: dict[str, Material]) -> None:
    engine = engine_named("polars")
    material = max(materials.values(), key=lambda one: len(one.rows))
    few = Material(material.plan, material.rows[::-7], material.decisions[::-7])
    everybody, some = results(engine, material), results(engine, few)
    numbers = list(range(len(material.rows)))[::-7]
    assert [{**some[place], "number": number} for place, number in enumerate(numbers)] == [
        everybody[number] for number in numbers
    ]
