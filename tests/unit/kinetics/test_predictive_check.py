"""Predictive checks: a true model passes about as often as its bands say, and a false one does not."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.kinetics.linear_models import on_record
from tests.unit.kinetics.made_levels import MODEL, made_up, with_clearance

from ivigil.documents import BadInput
from ivigil.kinetics.event_table import EventTable, Observed, Subject
from ivigil.kinetics.level_groups import even_groups, parted_groups
from ivigil.kinetics.people import CovariateCourse, Covariates
from ivigil.kinetics.predictive_check import Grouping, PredictiveCheck, predictive_check
from ivigil.kinetics.replicated import ReplicatedLevels, Replicates, replicated
from ivigil.kinetics.residual import Residual

HOW = Replicates(300, seed=1)
# Bands hold 95 %: of a true model's quantiles 5 % lie outside, with a standard error of 1.3 % over some 290 of them,
# more where quantiles of a table go together. A doubled clearance is outside for half of them.
LEAST_OUTSIDE, MOST_OUTSIDE = 0.01, 0.11


def checked(table: EventTable, how: Replicates = HOW, *, corrected: bool = False) -> PredictiveCheck:
    return predictive_check(replicated(MODEL, table, how), corrected=corrected)


def outside(found: PredictiveCheck) -> list[bool]:
    return [band.outside for group in found.groups for band in group.quantiles]


@pytest.mark.parametrize("corrected", [False, True])
def test_a_true_model_lies_within_its_bands_at_about_the_rate_they_say(*, corrected: bool) -> None:
    how = replace(HOW, count=150)
    tables = (checked(made_up(40, 100 + seed), how, corrected=corrected) for seed in range(12))
    shares = [one for table in tables for one in outside(table)]
    assert len(shares) > 200
    assert LEAST_OUTSIDE < np.mean(shares) < MOST_OUTSIDE


def test_twice_the_clearance_is_seen() -> None:
    table = made_up(60, 7, by=with_clearance(MODEL, "2"))
    found = checked(table, corrected=True)
    assert np.mean(outside(found)) > 0.4
    assert all(one.below.outside for one in found.intervals)
    assert np.mean(outside(checked(made_up(60, 7), corrected=True))) < 0.2


def test_correction_takes_out_what_doses_that_differ_put_in() -> None:
    table = made_up(60, 11)
    plain, corrected = (checked(table, corrected=one).groups for one in (False, True))
    for one, other in zip(plain, corrected, strict=True):
        low, _, high = one.quantiles
        less, _, more = other.quantiles
        assert more.median / less.median < high.median / low.median


def test_the_order_of_people_does_not_matter() -> None:
    table = made_up(20, 3)
    people = list(table.subjects)
    Random(5).shuffle(people)  # noqa: S311 - an order for a test
    one, other = (replicated(MODEL, replace(table, subjects=tuple(held)), HOW) for held in (table.subjects, people))
    assert (one.simulated == other.simulated).all()
    assert predictive_check(one).groups == predictive_check(other).groups


def test_levels_of_one_time_may_stand_in_any_order() -> None:
    table = made_up(20, 3)
    twice = (
        replace(one, levels=tuple(level for each in one.levels for level in (each, Observed(each.at_day, 3.0))))
        for one in table.subjects
    )
    subjects = tuple(twice)
    other = tuple(
        replace(one, levels=tuple(sorted(one.levels, key=lambda level: (level.at_day, -(level.g_per_l or 0)))))
        for one in subjects
    )
    assert checked(replace(table, subjects=subjects)).groups == checked(replace(table, subjects=other)).groups


def test_a_persons_replicates_do_not_depend_on_who_else_is_there() -> None:
    table = made_up(6, 3)
    everybody = replicated(MODEL, table, HOW)
    alone = replicated(MODEL, replace(table, subjects=table.subjects[2:3]), HOW)
    size = alone.days.size
    assert (everybody.simulated[:, 2 * size : 3 * size] == alone.simulated).all()


def test_the_same_seed_gives_the_same_bits_for_any_number_of_threads() -> None:
    table = made_up(12, 3)
    one, two = (replicated(MODEL, table, replace(HOW, workers=count)) for count in (1, 3))
    assert one.simulated.tobytes() == two.simulated.tobytes()
    assert not (one.simulated == replicated(MODEL, table, replace(HOW, seed=2)).simulated).any()


def test_correction_is_the_median_typical_level_of_the_group_over_ones_own() -> None:
    found = replicated(MODEL, made_up(30, 3), HOW)
    plain, corrected = (predictive_check(found, Grouping(edges=(20.0,)), corrected=one) for one in (False, True))
    late = found.days >= 20
    factor = np.median(found.typical[late]) / found.typical[late]
    assert corrected.values[late] == pytest.approx(plain.values[late] * factor)
    assert corrected.groups[1].quantiles[1].observed == pytest.approx(np.median(found.observed[late] * factor))


def test_a_model_without_people_who_differ_by_dose_needs_no_correction() -> None:
    one = made_up(1, 3).subjects[0]
    alike = EventTable("alike", tuple(replace(one, id=f"q{number}") for number in range(12)))
    plain, corrected = (checked(alike, corrected=each) for each in (False, True))
    same = Grouping(edges=tuple(level.at_day for level in one.levels))
    found = replicated(MODEL, alike, HOW)
    for group, other in zip(
        predictive_check(found, same).groups, predictive_check(found, same, corrected=True).groups, strict=True
    ):
        assert [band.low for band in group.quantiles] == pytest.approx([band.low for band in other.quantiles])
    assert plain.times.size == corrected.times.size


def test_levels_below_their_limit_are_compared_as_such() -> None:
    table = made_up(60, 5, limit=6.0)
    levels = replicated(MODEL, table, HOW)
    found = predictive_check(levels)
    assert found.below == sum(level.g_per_l is None for one in table.subjects for level in one.levels) > 20
    assert all(band.observed >= 6 and band.low >= 6 for group in found.groups for band in group.quantiles)
    assert any(0 < group.below.observed < 1 for group in found.groups)
    assert np.mean([group.below.outside for group in found.groups]) < 0.3
    false = predictive_check(replicated(MODEL, made_up(60, 5, by=with_clearance(MODEL, "3"), limit=6.0), HOW))
    assert any(group.below.outside for group in false.groups)


def test_one_limit_that_is_stated_holds_for_all_and_several_do_not() -> None:
    table = made_up(10, 5, limit=6.0)

    def stated(limit: float | None) -> EventTable:
        kept = (
            replace(
                one,
                levels=tuple(
                    level if level.g_per_l is None else replace(level, limit_g_per_l=None) for level in one.levels
                ),
            )
            for one in table.subjects
        )
        first, *rest = kept
        added = (*first.levels, Observed(200.0, None, limit))
        return replace(table, subjects=(replace(first, levels=added), *rest))

    assert (replicated(MODEL, stated(6.0), HOW).limits == 6).all()
    with pytest.raises(BadInput, match="LLOQ"):
        replicated(MODEL, stated(5.0), HOW)


def test_levels_before_a_first_dose_have_no_time_since_one() -> None:
    table = made_up(4, 5)
    early = tuple(replace(one, levels=(Observed(-2.0, 4.0), *one.levels)) for one in table.subjects)
    levels = replicated(MODEL, replace(table, subjects=early), HOW)
    assert predictive_check(levels).left_out == 0
    found = predictive_check(levels, Grouping(by="time since dose", count=2))
    assert found.left_out == 4
    assert 0 <= found.times.min() <= found.times.max() < 30


def test_a_model_that_takes_peoples_own_level_does_not_check_it() -> None:
    table = made_up(4, 5)
    early = tuple(replace(one, levels=(Observed(-2.0, 4.0), *one.levels)) for one in table.subjects)
    found = replicated(on_record("tortorici-2021"), replace(table, subjects=early), HOW)
    assert found.taken_as_own == 4
    with pytest.raises(BadInput) as caught:
        replicated(on_record("tortorici-2021"), table, HOW)
    assert len(caught.value.faults) == 4


def test_an_assay_may_stand_in_place_of_the_residual_error() -> None:
    table = made_up(8, 5)
    model, precise = (replicated(MODEL, table, replace(HOW, assay=one)) for one in (None, Residual(0.001)))
    assert (precise.simulated.std(axis=0) < model.simulated.std(axis=0)).mean() > 0.9


def test_what_cannot_be_checked_is_refused() -> None:
    person = Subject(
        "a", made_up(2, 5).subjects[1].course, CovariateCourse(((0.0, Covariates(None)),)), (Observed(3, 5),)
    )
    with pytest.raises(BadInput, match="weight_kg"):
        replicated(MODEL, EventTable("t", (person,)), HOW)
    with pytest.raises(BadInput, match="no level"):
        replicated(MODEL, EventTable("t", (replace(person, levels=()),)), HOW)
    with pytest.raises(BadInput, match="replicates"):
        replicated(MODEL, made_up(4, 5), Replicates(10_000_000))
    with pytest.raises(BadInput, match="100 or more"):
        Replicates(10)


times = st.lists(st.integers(0, 30).map(float), min_size=1, max_size=80).map(np.array)


@settings(max_examples=100, deadline=None)
@given(times, st.integers(1, 9))
def test_even_groups_hold_every_level_once_and_never_part_a_time(at: np.ndarray, count: int) -> None:  # type: ignore[type-arg] # of any shape
    groups = even_groups(at, count)
    assert sorted(np.concatenate(groups).tolist()) == list(range(at.size))
    assert len(groups) <= count
    for one, other in pairwise(groups):
        assert at[one].max() < at[other].min()
    if len(set(at.tolist())) == at.size:
        sizes = [group.size for group in groups]
        assert max(sizes) - min(sizes) <= 1 or len(groups) < count


@given(times, st.sets(st.integers(0, 30).map(float), min_size=1, max_size=4))
def test_an_edge_begins_a_group(at: np.ndarray, edges: set[float]) -> None:  # type: ignore[type-arg] # of any shape
    groups = parted_groups(at, sorted(edges))
    assert sorted(np.concatenate(groups).tolist()) == list(range(at.size))
    for edge in edges:
        assert all((at[one] < edge).all() or (at[one] >= edge).all() for one in groups)


def test_a_level_is_measured_before_the_dose_of_its_time() -> None:
    table = made_up(2, 5)
    at_dose = replace(table.subjects[1], levels=(Observed(28.0, 9.0),))
    found: ReplicatedLevels = replicated(MODEL, replace(table, subjects=(at_dose,)), HOW)
    assert found.since_dose[0] == pytest.approx(28)
