from __future__ import annotations

import pytest
from tests.unit.kinetics.mechanism_patients import DAYS, SICK, library, person, ran, two_grams

from ivigil.documents import BadInput
from ivigil.kinetics.mechanism import actions
from ivigil.kinetics.mechanism.compare import ALL, NONE, SHIPPED, actions_apart, compare, courses, explanations
from ivigil.kinetics.mechanism.switches import ACTIONS, Switches, alone, by_action, refuse, shipped, swapped, together


def test_every_hypothesis_on_record_is_computed_and_every_computed_one_is_on_record() -> None:
    assert set(library().kinetics.hypotheses) == actions.COMPUTED


def test_what_ships_on_has_no_rivals_among_it() -> None:
    refuse(shipped(library()), library())


def test_rivals_cannot_be_on_together_unless_asked_for() -> None:
    rivals = frozenset({actions.DIRECT, actions.INHIBITORY})
    with pytest.raises(BadInput, match="rivals"):
        refuse(Switches(rivals), library())
    refuse(Switches(rivals, rivals_together=True), library())


def test_rivals_are_told_once() -> None:
    with pytest.raises(BadInput) as told:
        refuse(Switches(frozenset({actions.GRIP_BY_COMPLEMENT, actions.GRIP_BY_EXPOSURE})), library())
    assert len(told.value.faults) == 1


def test_each_action_of_the_figure_has_a_hypothesis() -> None:
    assert all(by_action(library())[action] for action in ACTIONS)
    assert len(ACTIONS) == 6


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_alone_is_of_that_action_and_without_rivals(action: str) -> None:
    chosen = alone(action, library())  # type: ignore[arg-type] # one of the six
    assert chosen.on
    assert {library().kinetics.hypotheses[one].action for one in chosen.on} == {action}
    refuse(chosen, library())


def test_all_together_has_every_action_and_no_rivals() -> None:
    refuse(together(library()), library())
    assert {library().kinetics.hypotheses[one].action for one in together(library()).on} == set(ACTIONS)


def test_a_rival_takes_the_place_of_the_explanation_it_disputes() -> None:
    held = library().kinetics.hypotheses
    changed = swapped(shipped(library()), held[actions.INHIBITORY], library())
    assert actions.INHIBITORY in changed
    assert actions.DIRECT not in changed
    assert actions.COMPLEMENT in changed


def test_switches_are_put_on_and_off() -> None:
    assert Switches().with_("one", "two").without("one") == Switches(frozenset({"two"}))


def test_the_cases_of_each_action_apart_run_and_begin_and_end_with_none_and_all() -> None:
    cases = actions_apart(two_grams(), library())
    assert list(cases) == [NONE, *ACTIONS, ALL]
    runs = compare(cases, person(), DAYS[:5], library(), start=SICK)
    assert runs[NONE].curves["platelets"] == pytest.approx(20.0)
    for title in ACTIONS:
        assert runs[title].curves["platelets"][-1] <= runs[ALL].curves["platelets"][-1] + 1e-6


def test_competing_explanations_are_what_ships_and_each_rival_in_its_place() -> None:
    cases = explanations(two_grams(), library())
    assert next(iter(cases)) == SHIPPED
    assert len(cases) == 3
    for case in cases.values():
        refuse(case.switches, library())


def test_several_courses_run_with_the_same_hypotheses() -> None:
    cases = courses({"half": two_grams(0.5), "whole": two_grams()}, shipped(library()))
    runs = compare(cases, person(), [0.0, 4.0], library(), start=SICK)
    assert runs["half"].curves["platelets"][-1] < runs["whole"].curves["platelets"][-1]


def test_a_run_names_what_was_on() -> None:
    assert ran(actions.NK, actions.TREG, days=[0.0]).on == (actions.NK, actions.TREG)
