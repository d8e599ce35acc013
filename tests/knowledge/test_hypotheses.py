"""What holds of every hypothesis on record: without data it ships off and says so, and its fits can be run again."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import pytest

from ivigil.documents import BadInput
from ivigil.kinetics.mechanism import actions
from ivigil.kinetics.mechanism.figures import illustrative
from ivigil.kinetics.mechanism.scenarios import SCENARIOS, mechanism_value
from ivigil.kinetics.scenarios import MECHANISM, asked
from ivigil.knowledge import Library, load
from ivigil.knowledge.kinetic_records import Hypothesis

ROOT = Path(__file__).resolve().parents[2]
VALIDATION = ROOT / "validation" / "kinetics"
sys.path.insert(0, str(VALIDATION))  # the scripts are no package

import fit_complement  # noqa: E402 - found by the line above
import fit_platelets  # noqa: E402

# The records keep three digits; the searches end within that on any machine.
RECORDED = 1e-2


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


@pytest.fixture(scope="module")
def hypotheses(library: Library) -> tuple[Hypothesis, ...]:
    return tuple(library.kinetics.hypotheses.values())


def test_a_hypothesis_without_data_ships_off_and_says_so(hypotheses: tuple[Hypothesis, ...]) -> None:
    for one in hypotheses:
        if len(illustrative(one)) == len(one.figures):
            assert one.ships == "off", one.id
            assert one.why.startswith("Off: "), one.id


def test_what_ships_on_rests_on_no_illustrative_figure(hypotheses: tuple[Hypothesis, ...]) -> None:
    for one in hypotheses:
        if one.ships == "on":
            assert illustrative(one) == (), one.id
            assert one.why.startswith("On: "), one.id


def test_what_nothing_gives_is_called_illustrative(hypotheses: tuple[Hypothesis, ...]) -> None:
    for one in hypotheses:
        for figure in illustrative(one):
            assert figure.status == "model", (one.id, figure.name)
            assert figure.text.startswith("Illustrative"), (one.id, figure.name)


def test_every_script_that_a_figure_names_is_there(hypotheses: tuple[Hypothesis, ...]) -> None:
    named = {figure.script for one in hypotheses for figure in one.figures if figure.script}
    assert named == {"validation/kinetics/fit_complement.py", "validation/kinetics/fit_platelets.py"}
    assert all((ROOT / script).is_file() for script in named)


def test_fitted_figures_are_labelled_model_or_derived(hypotheses: tuple[Hypothesis, ...]) -> None:
    for one in hypotheses:
        for figure in one.figures:
            if figure.script:
                assert figure.status in {"model", "derived"}, (one.id, figure.name)
            elif figure.passage:
                assert figure.status.startswith("read in"), (one.id, figure.name)


def test_every_source_is_on_record(library: Library, hypotheses: tuple[Hypothesis, ...]) -> None:
    for one in hypotheses:
        passages = [one.passage, *(figure.passage for figure in one.figures)]
        assert {*one.evidence, *(held.source for held in passages if held)} <= set(library.sources), one.id
        assert one.passage is not None, one.id


def test_rivals_name_each_other_and_share_an_action(library: Library, hypotheses: tuple[Hypothesis, ...]) -> None:
    for one in hypotheses:
        for rival in one.rivals:
            assert one.id in library.kinetics.hypotheses[rival].rivals
            assert library.kinetics.hypotheses[rival].action == one.action


def test_every_hypothesis_is_computed(hypotheses: tuple[Hypothesis, ...]) -> None:
    assert {one.id for one in hypotheses} == actions.COMPUTED


def test_the_complement_term_is_what_its_script_finds(library: Library) -> None:
    found = fit_complement.fitted(fit_complement.points(library))
    held = {one.name: float(one.value) for one in library.kinetics.hypotheses[actions.COMPLEMENT].figures}
    assert set(found) == set(held)
    for name, value in found.items():
        assert math.isclose(held[name], value, rel_tol=RECORDED), name


def test_the_fc_receptor_terms_are_what_their_script_finds(library: Library) -> None:
    points = fit_platelets.points(library)
    start = fit_platelets.phagocytosis_of(actions.DIRECT, fit_platelets.figures_of(library))
    instant, left = fit_platelets.fitted(points, start)
    for name, term in ((actions.DIRECT, instant), (actions.INHIBITORY, fit_platelets.slowest(points, instant, left))):
        held = {one.name: float(one.value) for one in library.kinetics.hypotheses[name].figures}
        for figure, value in fit_platelets.recorded(term).items():
            assert math.isclose(held[figure], value, rel_tol=RECORDED), (name, figure)


def test_a_target_of_the_mechanism_is_covered_or_says_that_it_is_not(library: Library) -> None:
    for one in library.kinetics.targets.values():
        if one.scenario.startswith(MECHANISM) and asked(one.scenario).name not in SCENARIOS:
            assert one.expects == "fail", one.id
            assert one.why.startswith("No term of the mechanism gives this"), one.id


def test_every_scenario_of_the_mechanism_stands_for_a_target(library: Library) -> None:
    named = {asked(one.scenario).name for one in library.kinetics.targets.values()}
    assert set(SCENARIOS) <= named


def test_a_scenario_without_a_figure_it_needs_is_refused(library: Library) -> None:
    with pytest.raises(BadInput, match="after_days"):
        mechanism_value(library, "mechanism: deposition left; g_per_kg 1; weight_kg 70")
