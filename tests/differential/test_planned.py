"""Dose check, weight rules and hazards over tables: every engine gives each row what its single case gets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from math import isclose

import pytest
from hypothesis import settings
from tests.differential.frames_drawn import engine_named, engines
from tests.differential.planned_drawn import Orders, frame_of, orders

from ivigil.dosing import weigh
from ivigil.facts import Exactly, Settled
from ivigil.knowledge import Appraisal, Library, data_folder, load
from ivigil.knowledge.folder import read_folder
from ivigil.populations import compile_rule_set, filled, planned, planned_in, planned_kinds
from ivigil.populations.measured import GRIDS
from ivigil.populations.planning import CONTRADICTION, DOSE_CHECK, EXACT_NEEDED, HAZARD, UNPREPARED, WEIGHT_STATE
from ivigil.review import Judge
from ivigil.review.dose_check import check_dose
from ivigil.review.worked import _case as worked_case
from ivigil.tables import Engine

EXAMPLES = min(60, settings.default.max_examples)
# Kilograms and grams are worked out in floats, in a few steps; each errs by a few units in the 16th digit.
DIGITS = 1e-13
SIXTY_INCHES = Decimal("152.4")


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


@pytest.fixture(scope="module")
def judge(library: Library) -> Judge:
    return Judge(library)


@pytest.fixture(scope="module")
def drawn(judge: Judge) -> dict[str, Orders]:
    return {
        name: orders(judge, compile_rule_set(rules, judge), EXAMPLES)
        for name, rules in judge.library.rule_sets.items()
        if name != "australia-excerpt"  # one regimen, which the others have too
    }


@pytest.fixture(scope="module")
def worked(judge: Judge) -> dict[str, Orders]:
    """Every worked case of every appraisal."""
    found = {name: Orders(compile_rule_set(rules, judge)) for name, rules in judge.library.rule_sets.items()}
    for entry in read_folder(data_folder()).of(Appraisal):
        rules = judge.library.rule_sets[entry.folder]
        for case in entry.record.cases:
            for decision in judge.decide(worked_case(case, case.id, judge.library), rules, rules.head.valid_from):
                if decision.appraisal is not None:
                    found[entry.folder].add(decision, judge)
    return found


@pytest.fixture(scope="module", params=engines())
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    found = engine_named(request.param)
    yield found
    found.stop()


def answers(engine: Engine, found: Orders, library: Library, *, fill: bool) -> list[dict[str, object]]:
    """The columns of every row, in their order."""
    requests = frame_of(engine, found, library)
    frame = engine.kept(planned(requests, found.plan, ["number"], missing=False))
    whole = filled(frame, requests, found.plan, engine, "number") if fill else frame
    names = whole.collect_schema().names()
    rows = [dict(zip(names, row, strict=True)) for row in engine.rows(whole)]
    return sorted(rows, key=lambda row: int(str(row["number"])))


def same(found: object, expected: object) -> bool:
    if isinstance(found, float) and isinstance(expected, float):
        return isclose(found, expected, rel_tol=DIGITS)
    return found == expected


def assert_same(got: list[dict[str, object]], found: Orders) -> None:
    assert len(got) == len(found.rows)
    for answer, expected, row in zip(got, found.expected(), found.rows, strict=True):
        differing = {name: (answer[name], one) for name, one in expected.items() if not same(answer[name], one)}
        assert differing == {}, {name: cell for name, cell in row.items() if cell is not None}


def for_engine(engine: Engine, found: dict[str, Orders]) -> list[Orders]:
    """All rule sets; of Spark, which takes half a minute to compile one, the one with most regimens."""
    return [found["ontario-excerpt"]] if engine.name == "spark" else list(found.values())


def test_every_row_gets_the_dose_weights_and_hazards_of_its_case(
    engine: Engine, drawn: dict[str, Orders], library: Library
) -> None:
    for found in for_engine(engine, drawn):
        assert_same(answers(engine, found, library, fill=True), found)


def test_worked_cases_too(engine: Engine, worked: dict[str, Orders], library: Library) -> None:
    for found in for_engine(engine, worked):
        assert_same(answers(engine, found, library, fill=True), found)


def test_only_what_no_table_can_tell_is_left_to_the_row_evaluator(drawn: dict[str, Orders], library: Library) -> None:
    engine = engine_named("polars")
    left = 0
    for found in drawn.values():
        for answer, expected, decision in zip(
            answers(engine, found, library, fill=False), found.expected(), found.decisions, strict=True
        ):
            if answer[EXACT_NEEDED]:
                left += 1
                assert not is_plain(decision.known, library)
            else:
                assert all(same(answer[name], one) for name, one in expected.items())
    assert left  # of the rows drawn some lie closer to a limit than floats tell


def is_plain(known: Mapping[str, Settled], library: Library) -> bool:
    """Whether all measures are counted just as they are, and nothing of the patient is out of the ordinary."""
    values = {fact: one.value for fact in GRIDS if fact in known and isinstance((one := known[fact]).value, Decimal)}
    counted = all(value == round(value, GRIDS[fact].digits) < GRIDS[fact].most for fact, value in values.items())
    sex = known["sex"].value if "sex" in known else None
    # One rule prints its inch with 16 decimals: at 60 inches nothing but these tells a weight from the ideal one.
    counted = counted and values.get("height") != SIXTY_INCHES
    return counted and has_plausible_index(values, library) and sex in {"female", "male"}


def has_plausible_index(values: Mapping[str, Decimal], library: Library) -> bool:
    """Whether each weight that could count makes a body mass index that can be."""
    bounds = library.catalogue["body_mass_index"].range
    weights = [values[fact] for fact in ("weight", "pre_pregnancy_weight") if fact in values]
    indices = [one / (values["height"] / 100) ** 2 for one in weights] if "height" in values else []
    return bounds is not None and all(bounds.min <= one <= bounds.max for one in indices)


def test_the_material_shows_every_branch(drawn: dict[str, Orders], library: Library) -> None:
    expected = [one for found in drawn.values() for one in found.expected()]
    assert {one[DOSE_CHECK] for one in expected} == {"within", "outside", "unknown", "not-stated"}
    assert {one[CONTRADICTION] for one in expected} == {True, False}
    for name, kind in planned_kinds(library).items():
        values = {one[name] for one in expected}
        if kind == "number":
            assert {None} < values, name
        elif name.startswith(UNPREPARED):
            assert values >= {True, False}, name
    for hazard in library.hazards.values():
        states = {one[HAZARD + hazard.id] for one in expected}
        assert states >= ({"present", "unknown"} if hazard.route == "any" else {"present", "other-route"}), hazard.id
    states = {one[WEIGHT_STATE + rule] for one in expected for rule in library.weight_rules}
    assert states == {"certain", "ambiguous", "unknown", "not-stated"}


def test_every_clause_of_every_weight_rule_spoke(drawn: dict[str, Orders], library: Library) -> None:
    decisions = [one for found in drawn.values() for one in found.decisions]
    for rule in library.weight_rules.values():
        weighed = [weigh(rule, one.known, library) for one in decisions]
        spoke = {clause.id for one in weighed for outcome in one.outcomes for clause in outcome.clauses}
        assert spoke == {one.id for one in rule.clauses}
        if rule.never_above_actual:
            assert any(outcome.guarded for one in weighed for outcome in one.outcomes)


def test_doses_lay_on_limits_and_beside_them(drawn: dict[str, Orders], library: Library) -> None:
    """A dose that equals a limit, one that does so by rounding, another route, grams by the weight, and a child."""
    seen = set()
    for found in drawn.values():
        for decision in found.decisions:
            assert decision.appraisal is not None
            check = check_dose(decision.appraisal, decision.known, library, found.plan.rules.rounding)
            lines = [line for one in check.regimens for line in one.lines if line.asked is not None]
            seen |= {"equal" for line in lines if line.asked in (line.low, line.high)}
            seen |= {"rounded" for line in lines if line.result == "within" and not line.low <= line.asked <= line.high}
            seen |= {"other route" for one in check.regimens if one.other_route}
            per_kg = decision.known.get("request_total_dose_per_kg")
            seen |= {"by weight"} if per_kg is not None and per_kg.rests_on("weight") else set()
            age = decision.known.get("age")
            seen |= {"child"} if age is not None and age.extent == Exactly(Decimal(5)) else set()
    assert seen == {"equal", "rounded", "other route", "by weight", "child"}


def test_a_row_read_again_says_what_its_case_says(drawn: dict[str, Orders]) -> None:
    """Exact numbers and what rests on the weight survive the table."""
    for found in drawn.values():
        for row, decision, expected in zip(found.rows, found.decisions, found.expected(), strict=True):
            assert planned_in(row, found.plan, decision.standing) == expected


def test_nothing_is_left_of_what_was_left(drawn: dict[str, Orders], library: Library) -> None:
    engine = engine_named("polars")
    found = max(drawn.values(), key=lambda one: len(one.rows))
    few = replace(found, rows=found.rows[:40], decisions=found.decisions[:40])
    requests = frame_of(engine, few, library)
    once = filled(planned(requests, few.plan, ["number"]), requests, few.plan, engine, "number")
    again = filled(once, requests, few.plan, engine, "number")
    assert sorted(engine.rows(once), key=repr) == sorted(engine.rows(again), key=repr)
    assert {row[0] for row in engine.rows(once.select(EXACT_NEEDED))} == {False}
