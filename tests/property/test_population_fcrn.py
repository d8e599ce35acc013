"""Virtual populations under the FcRn model: the same to the bit however worked, and each person as the solver says."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivigil.documents import BadInput, parse_yaml
from ivigil.documents.schemas import check
from ivigil.kinetics.doses import every
from ivigil.kinetics.fcrn import parameters_of
from ivigil.kinetics.individuals import tabled
from ivigil.kinetics.people import Covariates
from ivigil.kinetics.population import Population, block_of, blocks_of
from ivigil.kinetics.population_fcrn import FcRnKinetics, fcrn_variability
from ivigil.kinetics.population_people import Alike, Listed, WeightSpread
from ivigil.kinetics.population_summary import summarised
from ivigil.kinetics.solving import solve
from ivigil.kinetics.targets_search import Target
from ivigil.knowledge import data_folder
from ivigil.knowledge.kinetic_records import FcRnModel

# Other days are read, so that the grid has other steps: the solver's own error.
SOLVED = 1e-5
# A rule of trapeziums with forty points a day, whose error is that of the turns at both ends of an infusion.
TRAPEZIUMS = 1e-4
FEW = settings(max_examples=6)


@cache
def model() -> FcRnModel:
    name = "fcrn-models/competition-70kg.yaml"
    data, place = parse_yaml((data_folder() / name).read_bytes(), name)
    return check(FcRnModel, data, place)


KINETICS = FcRnKinetics(model(), fcrn_variability({"uptake": 30.0, "own IgG": 40.0}), engine="numpy")
PEOPLE = Population(
    KINETICS,
    WeightSpread(70.0, 20.0),
    every(0.5, 28.0, 3, hours=4.0),
    count=20,
    seed=3,
    judged=(56.0, 84.0),
    days=(0.0, 30.0),
    per_kg=True,
)
WHOLE = np.vstack([block.levels for block in blocks_of(PEOPLE)])


@FEW
@given(block=st.integers(1, 21), workers=st.integers(1, 2))
def test_blocks_and_workers_do_not_matter(block: int, workers: int) -> None:
    found = np.vstack([one.levels for one in blocks_of(replace(PEOPLE, block=block), workers=workers)])
    assert np.array_equal(found, WHOLE)


def test_each_person_is_as_the_solver_says() -> None:
    weights = (40.0, 70.0, 110.0)
    people = Listed(tabled([Covariates(weight) for weight in weights]))
    plain = FcRnKinetics(model(), engine="numpy", own_g_per_l=8.0)
    block = block_of(replace(PEOPLE, kinetics=plain, people=people, count=3), 0)
    fine = np.linspace(56.0, 84.0, 1121)
    for place, weight in enumerate(weights):
        course = every(0.5 * weight, 28.0, 3, hours=4.0)
        alone = parameters_of(model(), weight, 8.0)
        levels = solve(alone, course, [0.0, 30.0, 84.0], engine="numpy").total_g_per_l[0]
        assert block.levels[place] == pytest.approx(levels[:2], rel=SOLVED)
        assert block.trough[place] == pytest.approx(levels[2], rel=SOLVED)
        curve = solve(alone, course, fine, engine="numpy").total_g_per_l[0] - 8.0
        assert block.area[place] == pytest.approx(np.trapezoid(curve, fine), rel=TRAPEZIUMS)
        assert block.own[place] == 8.0


def test_people_differ_by_what_is_handed_in() -> None:
    etas = block_of(PEOPLE, 0).etas
    own = block_of(PEOPLE, 0).own
    typical = parameters_of(model()).endogenous_g_per_l
    names = KINETICS.variability.names
    assert own == pytest.approx(typical * np.exp(etas[:, names.index("own IgG")]))
    everybody = block_of(replace(PEOPLE, kinetics=replace(KINETICS, variability=fcrn_variability({}))), 0)
    assert np.unique(everybody.own).tolist() == [typical]


def test_every_quantity_is_known() -> None:
    summary = summarised(PEOPLE, blocks_of(PEOPLE), (Target("trough", 8.0), Target("mean level", 8.0)))
    assert set(summary.quantiles) == {"trough", "rise", "area", "own"}
    assert summary.outside == 0
    assert PEOPLE.key != replace(PEOPLE, kinetics=replace(KINETICS, own_g_per_l=8.0)).key


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(BadInput, match="weight_kg"):
        block_of(replace(PEOPLE, people=Alike(Covariates(None))), 0)
    with pytest.raises(BadInput, match="Vc"):
        fcrn_variability({"Vc": 20.0})
    with pytest.raises(BadInput, match="facilitated"):
        block_of(replace(PEOPLE, course=every(0.1, 7.0, 2, route="facilitated subcutaneous")), 0)
