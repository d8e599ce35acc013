"""What holds of every published linear model on record: complete, sourced, and honest about how far it was read."""

from __future__ import annotations

import re
from functools import cache

import pytest

from ivigil.documents import encode, parse_yaml
from ivigil.documents.schemas import check
from ivigil.kinetics.parameters import half_lives, parameters_of
from ivigil.kinetics.people import Covariates
from ivigil.knowledge import data_folder
from ivigil.knowledge.kinetic_records import LinearModel
from ivigil.knowledge.records import Source
from ivigil.units import parse_unit

DATA = data_folder()
KEYS = sorted(path.stem for path in (DATA / "kinetic-models").glob("*.yaml"))
UNITS = {"CL": "L/d", "Q": "L/d", "Vc": "L", "Vp": "L", "kel": "/d", "ka": "/d", "F_sc": "1", "F_fsc": "1"}
# What a shipped figure must not rest on.
UNREAD = re.compile(r"\b(remembered|from memory|fitted by us|inferred|guess)", re.IGNORECASE)
TYPICAL = {
    "cheng-2025": Covariates(18.6, igm_g_per_l=0.21, secondary_deficiency=False),
    "tegenge-2020": Covariates(1.08),
    "lee-2021": Covariates(27.0),
}
ADULT = Covariates(70.0, lean_body_mass_kg=54.7, secondary_deficiency=False)
# What any model gives for a person of its own: days of terminal half-life, and litres of central volume a kg.
HALF_LIFE_DAYS = (5.0, 50.0)
CENTRAL_L_PER_KG = (0.005, 0.15)


@cache
def model(key: str) -> LinearModel:
    name = f"kinetic-models/{key}.yaml"
    data, place = parse_yaml((DATA / name).read_bytes(), name)
    return check(LinearModel, data, place)


@cache
def source(key: str) -> Source:
    name = f"sources/{key}.yaml"
    data, place = parse_yaml((DATA / name).read_bytes(), name)
    return check(Source, data, place)


def test_the_models_that_could_be_read_are_there_and_the_one_that_could_not_is_left_out() -> None:
    assert len(KEYS) == 13
    assert not any("fokkink" in key for key in KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_every_figure_says_how_far_it_was_read(key: str) -> None:
    held = model(key)
    is_code = held.passage.source.startswith("nlmixr2lib")
    expected = "read in code that transcribes the source" if is_code else "read in a secondary source"
    found = {one.status for one in held.parameters} | {held.baseline.status}
    found |= {held.residual.status} if held.residual else set()
    assert expected in found
    assert found <= {expected, "read in the source"}


@pytest.mark.parametrize("key", KEYS)
def test_a_figure_read_in_the_source_has_a_primary_passage_that_was_read(key: str) -> None:
    held = model(key)
    if any(one.status == "read in the source" for one in held.parameters):
        assert held.primary is not None
    if held.primary is not None:
        assert source(held.primary.source).read in {"abstract", "full text", "table"}
    else:
        assert "Primary paper, not read" in (held.note or "")
    assert source(held.passage.source).note


@pytest.mark.parametrize("key", KEYS)
def test_units_are_those_of_the_field(key: str) -> None:
    for one in model(key).parameters:
        assert parse_unit(one.unit).fits(parse_unit(UNITS[one.name]))
        assert one.unit == UNITS[one.name]


@pytest.mark.parametrize("key", KEYS)
def test_routes_under_the_skin_have_absorption_and_a_share(key: str) -> None:
    held = model(key)
    names = {one.name for one in held.parameters}
    assert ("subcutaneous" in held.built_on.routes) == ({"F_sc", "ka"} <= names)
    assert ("facilitated subcutaneous" in held.built_on.routes) == ("F_fsc" in names)
    assert all(0 < one.value <= 1 for one in held.parameters if one.name.startswith("F_"))


@pytest.mark.parametrize("key", KEYS)
def test_ranges_are_pairs_in_order_and_indications_exist(key: str) -> None:
    built = model(key).built_on
    for limits in (built.weight_kg, built.age_years):
        assert limits in {(), tuple(sorted(limits))}
        assert len(limits) in {0, 2}
    for indication in built.indications:
        assert (DATA / f"indications/{indication}.yaml").is_file()


@pytest.mark.parametrize("key", KEYS)
def test_a_baseline_is_a_number_unless_the_model_states_none(key: str) -> None:
    held = model(key).baseline
    assert (held.g_per_l is None) == (held.kind in {"subtracted", "not reported"})


@pytest.mark.parametrize("key", KEYS)
def test_a_residual_error_that_cannot_be_used_carries_no_number(key: str) -> None:
    held = model(key).residual
    if held and not held.usable:
        assert (held.additive_sd_g_per_l, held.proportional_sd) == (None, None)
        assert held.as_printed


@pytest.mark.parametrize("key", KEYS)
def test_nothing_rests_on_what_was_not_read(key: str) -> None:
    assert not UNREAD.search(str(encode(model(key))))


@pytest.mark.parametrize("key", KEYS)
def test_a_typical_person_has_the_kinetics_of_an_antibody(key: str) -> None:
    who = TYPICAL.get(key, ADULT)
    found = parameters_of(model(key), who)
    lives = half_lives(found)
    assert HALF_LIFE_DAYS[0] < lives.terminal_days < HALF_LIFE_DAYS[1]
    assert "exogenous" in lives.of
    assert CENTRAL_L_PER_KG[0] < found.central_l / (who.weight_kg or 0) < CENTRAL_L_PER_KG[1]
