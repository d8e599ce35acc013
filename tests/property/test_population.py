"""Virtual populations: the same to the bit however they are worked, and each person as the engine for one says."""

from __future__ import annotations

import math
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.kinetics.linear_models import on_record

from ivigil.documents import BadInput
from ivigil.kinetics.doses import Course, Dose, every
from ivigil.kinetics.individuals import CovariateTable, population_of, tabled
from ivigil.kinetics.linear import auc, parameters_of, total
from ivigil.kinetics.people import Covariates
from ivigil.kinetics.population import Block, Population, block_of, blocks_of
from ivigil.kinetics.population_linear import LinearKinetics
from ivigil.kinetics.population_people import Alike, Listed, WeightSpread
from ivigil.kinetics.population_summary import summarised
from ivigil.kinetics.targets_search import Target
from ivigil.kinetics.variability import variability_of

SAME_ARITHMETIC = 1e-12  # numpy's and the C library's exp and pow differ in the last digits
AREA = 1e-11  # areas of single doses add up in another order
FEW = settings(max_examples=20)

ADULT = Covariates(70.0, 52.0, 0.5, secondary_deficiency=True, age_years=40.0)
LOADED = Course((Dose(0.0, 20.0, hours=4.0), *every(30.0, 28.0, 4, hours=3.0, from_day=7.0).doses))
MIXED = Course((*LOADED.doses, *every(8.0, 7.0, 8, route="subcutaneous", from_day=98.5).doses))


def population(key: str = "zhang-2020", **changes: object) -> Population:
    model = on_record(key)
    made = Population(
        LinearKinetics(model, variability_of(model)),
        WeightSpread(70.0, 20.0, ADULT),
        MIXED if key == "zhang-2020" else LOADED,
        count=60,
        seed=9,
        judged=(63.0, 91.0),
        days=(0.0, 7.0, 50.0, 91.0, 120.0),
    )
    return replace(made, **changes)  # type: ignore[arg-type] # fields by name


def joined(blocks: list[Block]) -> dict[str, np.ndarray]:
    names = [one.name for one in fields(Block) if one.name not in ("first", "covariates")]
    return {name: np.concatenate([getattr(block, name) for block in blocks]) for name in names} | {
        "weight": np.concatenate([block.covariates.weight_kg for block in blocks])
    }


WHOLE = joined(list(blocks_of(population())))


@FEW
@given(block=st.integers(1, 70), workers=st.integers(1, 3))
def test_the_size_of_blocks_and_the_number_of_workers_do_not_matter(block: int, workers: int) -> None:
    found = joined(list(blocks_of(population(block=block), workers=workers)))
    for name, values in WHOLE.items():
        assert np.array_equal(found[name], values, equal_nan=True), name


@FEW
@given(order=st.permutations(range(6)))
def test_blocks_can_be_worked_in_any_order(order: list[int]) -> None:
    made = population(block=10)
    found = {place: block_of(made, place) for place in order}
    assert np.array_equal(joined([found[place] for place in range(6)])["levels"], WHOLE["levels"])
    one, other = (
        summarised(made, [found[place] for place in places], (Target("rise", 3.0),)) for places in (order, range(6))
    )
    assert one.quantiles == other.quantiles
    assert one.reached == other.reached
    assert np.array_equal(one.bands, other.bands)


def test_a_larger_population_begins_with_the_smaller_one() -> None:
    larger = joined(list(blocks_of(population(count=75))))
    assert np.array_equal(larger["levels"][:60], WHOLE["levels"])


@pytest.mark.parametrize("key", ["zhang-2020", "cheng-2025", "tortorici-2019"])
def test_each_person_is_as_the_engine_for_one_person_says(key: str) -> None:
    made = population(key, count=12)
    block = block_of(made, 0)
    names = made.kinetics.variability.names
    model = on_record(key)
    for person in range(made.count):
        etas = dict(zip(names, block.etas[person].tolist(), strict=True))
        parameters = parameters_of(model, block.covariates.person(person), etas)
        levels = total(parameters, made.course, np.array(made.days))
        assert block.levels[person] == pytest.approx(levels, rel=SAME_ARITHMETIC)
        before = np.array([np.nextafter(91.0, 0.0)])
        assert block.trough[person] == pytest.approx(total(parameters, made.course, before)[0], rel=SAME_ARITHMETIC)
        assert block.area[person] == pytest.approx(auc(parameters, made.course, 63.0, 91.0), rel=AREA)
        assert block.rise[person] == pytest.approx(block.trough[person] - block.own[person], rel=1e-9)


@given(
    weight=st.floats(3.0, 150.0),
    lean=st.floats(3.0, 90.0),
    igm=st.floats(0.01, 4.0),
    deficient=st.booleans(),
    etas=st.lists(st.floats(-1.5, 1.5), min_size=3, max_size=3),
)
def test_arrays_of_people_have_the_parameters_of_one(
    weight: float, lean: float, igm: float, *, deficient: bool, etas: list[float]
) -> None:
    person = Covariates(weight, lean, igm, deficient, 40.0)
    for key, names in (
        ("cheng-2025", ("CL", "Vp", "baseline")),
        ("li-2024-mmn", ("Vc",)),
        ("zhang-2020", ("ka", "F_sc")),
    ):
        given_etas = dict(zip(names, etas, strict=False))
        one = parameters_of(on_record(key), person, given_etas)
        many = population_of(
            on_record(key), tabled([person]), {name: np.array([eta]) for name, eta in given_etas.items()}
        )
        for name in ("clearance_l_per_day", "central_l", "between_l_per_day", "peripheral_l", "baseline_g_per_l"):
            assert getattr(many, name)[0] == pytest.approx(getattr(one, name), rel=SAME_ARITHMETIC), (key, name)
        assert {route: share[0] for route, share in many.bioavailable.items()} == pytest.approx(dict(one.bioavailable))


def test_doses_per_kilogram_follow_each_weight() -> None:
    people = Listed(tabled([replace(ADULT, weight_kg=weight) for weight in (50.0, 70.0, 90.0)]))
    per_kg = block_of(population(people=people, count=3, course=every(0.5, 28.0, 4), per_kg=True), 0)
    for place, weight in enumerate((50.0, 70.0, 90.0)):
        grams = block_of(population(people=people, count=3, course=every(0.5 * weight, 28.0, 4)), 0)
        assert per_kg.levels[place] == pytest.approx(grams.levels[place], rel=SAME_ARITHMETIC)


def test_the_summary_is_that_of_all_people() -> None:
    made = population(block=7)
    summary = summarised(made, blocks_of(made), (Target("trough", 6.0), Target("mean level", 5.0, 9.0)), curves=25)
    assert summary.quantiles["trough"] == tuple(np.quantile(WHOLE["trough"], summary.shares))
    assert summary.means["area"] == pytest.approx(WHOLE["area"].mean())
    assert summary.reached[0].people == (WHOLE["trough"] >= 6.0).sum()
    mean = WHOLE["area"] / 28 + WHOLE["own"]
    assert summary.reached[1].share == ((mean >= 5) & (mean <= 9)).mean()
    assert summary.curves == 25
    assert np.array_equal(summary.bands, np.quantile(WHOLE["levels"][:25], summary.shares, axis=0))
    heavy = WHOLE["weight"] > 135  # the range of Zhang 2020 is 13 to 135 kg
    assert summary.outside == heavy.sum()


def test_progress_is_told_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    list(blocks_of(population(block=25), progress=lambda done, all_of_them: told.append((done, all_of_them))))
    assert told == [(25, 60), (50, 60), (60, 60)]


def test_weights_spread_as_asked() -> None:
    weights = WeightSpread(70.0, 20.0).rows(1, 0, 20_000).weight_kg
    assert np.median(weights) == pytest.approx(70.0, rel=0.01)
    assert weights.std() / weights.mean() == pytest.approx(0.2, rel=0.05)


@pytest.mark.parametrize("key", ["lee-2021", "tortorici-2021", "dumas-2019"])
def test_a_model_without_a_baseline_of_its_own_gives_rises_and_no_troughs(key: str) -> None:
    made = population(key, count=10)
    summary = summarised(made, blocks_of(made), (Target("rise", 2.0),))
    assert set(summary.quantiles) == {"rise", "area"}
    with pytest.raises(BadInput, match="no baseline"):
        summarised(made, blocks_of(made), (Target("trough", 2.0),))


def test_the_key_knows_everything_that_matters() -> None:
    others: list[dict[str, object]] = [
        {"seed": 10},
        {"count": 61},
        {"course": LOADED},
        {"days": (0.0,)},
        {"judged": (63.0, 92.0)},
        {"per_kg": True},
        {"people": Alike(ADULT)},
        {"block": 5},
        {"kinetics": LinearKinetics(on_record("zhang-2020"), variability_of(on_record("zhang-2020"), {"CL": 1.0}))},
        {"kinetics": LinearKinetics(on_record("luo-2020"), variability_of(on_record("zhang-2020")))},
    ]
    keys = {population().key, *(population(**change).key for change in others)}
    assert len(keys) == 1 + len(others)
    assert population().key == population().key


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"count": 0}, "count"),
        ({"block": 0}, "block"),
        ({"seed": -1}, "seed"),
        ({"judged": (5.0, 5.0)}, "judged"),
        ({"days": (1.0, 1.0)}, "rising"),
        ({"days": (math.inf,)}, "finite"),
        ({"people": Listed(tabled([ADULT] * 59))}, "a table of 59"),
    ],
)
def test_a_population_that_cannot_be_is_refused(change: dict[str, object], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        population(**change)


def test_what_the_model_needs_and_nobody_told_is_refused() -> None:
    unknown = Alike(Covariates(None))
    with pytest.raises(BadInput, match="weight_kg"):
        block_of(population(people=unknown), 0)
    with pytest.raises(BadInput, match="facilitated"):
        block_of(population(course=every(10.0, 7.0, 2, route="facilitated subcutaneous")), 0)
    with pytest.raises(BadInput, match="workers"):
        list(blocks_of(population(), workers=0))
    assert isinstance(Listed(tabled([ADULT]), again=True).rows(0, 5, 3), CovariateTable)
