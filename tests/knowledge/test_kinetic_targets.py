"""Every kinetic target turns out as its record says, and the report of them is up to date."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivigil.documents import BadInput
from ivigil.kinetics.scenario_people import fcrn_person, linear_person
from ivigil.kinetics.scenarios import EVERYBODY, FCRN, MECHANISM, answer, apparent_clearance, asked, trough_slope
from ivigil.knowledge import Library, load

ROOT = Path(__file__).resolve().parents[2]
VALIDATION = ROOT / "validation" / "kinetics"
sys.path.insert(0, str(VALIDATION))  # the scripts are no package

import calibrate  # noqa: E402 - found by the line above
import targets  # noqa: E402
from volumes import mean_volumes  # noqa: E402

# What issue 6 asks for: this many figures that were not fitted, and pass.
FEWEST_UNFITTED = 10
# The report prints three digits that count; the engines agree to far better.
PRINTED = 0.006
# The area is found by Simpson's rule on a grid, after two years of infusions.
SETTLED = 1e-4
# The record keeps four digits; the search ends within that on any machine.
RECORDED = 2e-3
MODEL_COLUMN = targets.COLUMNS.index("model")


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


@pytest.fixture(scope="module")
def rows(library: Library) -> tuple[targets.Held, ...]:
    return targets.held(library)


def test_every_target_turns_out_as_its_record_says(rows: tuple[targets.Held, ...]) -> None:
    known = {"pass", "expected failure", "not yet covered"}
    assert [(one.target.id, one.found) for one in rows if one.outcome not in known] == []


def test_enough_figures_that_were_not_fitted_pass(rows: tuple[targets.Held, ...]) -> None:
    recycling = [one for one in rows if one.target.model == "competition-70kg"]
    assert sum(one.counts for one in recycling) >= FEWEST_UNFITTED


def test_a_known_fault_stays_an_expected_failure(rows: tuple[targets.Held, ...]) -> None:
    # Titres were unchanged after a week (Bain 1996); the model's have fallen by then.
    (one,) = (one for one in rows if one.target.id == "lems-titre-week-1")
    assert one.outcome == "expected failure"


def test_what_is_not_covered_is_listed_and_counts_for_nothing(rows: tuple[targets.Held, ...]) -> None:
    report = targets.report(rows)
    for one in rows:
        assert f"| {one.target.id} |" in report
        assert not (one.found is None and one.counts)


def test_what_the_fit_used_does_not_count(rows: tuple[targets.Held, ...]) -> None:
    used = [one for one in rows if one.target.used_in_fit]
    assert used
    assert not any(one.counts for one in used)


def test_the_model_names_exactly_the_targets_that_were_fitted(library: Library) -> None:
    for model in library.kinetics.fcrn.values():
        used = {one.id for one in library.kinetics.targets.values() if one.used_in_fit and one.model == model.id}
        assert set(model.fitted_to) == used


def test_calibrated_figures_are_labelled_model(library: Library) -> None:
    figures = {one.name: one.status for one in library.kinetics.fcrn["competition-70kg"].figures}
    assert {figures[name] for name in ("uptake", "receptor", "affinity")} == {"model"}


def test_every_target_rests_on_a_source_that_was_read(library: Library) -> None:
    # Figures known from memory alone have no status of their own, and no source that was read.
    for one in library.kinetics.targets.values():
        assert one.passage.source in library.sources, one.id
        assert one.passage.place, one.id
        assert one.status != "model", one.id
        assert one.why, one.id
        assert one.low <= one.published <= one.high, one.id


def test_every_scenario_is_one_that_a_function_answers(library: Library) -> None:
    for one in library.kinetics.targets.values():
        if not one.scenario.startswith(MECHANISM):
            assert asked(one.scenario).name in {*EVERYBODY, *FCRN}, one.id


@pytest.mark.parametrize("name", ["landersdorfer-2013", "navarro-mora-2022", "zhang-2020"])
def test_a_linear_model_gives_its_own_clearance_whatever_the_dose(library: Library, name: str) -> None:
    person = linear_person(library.kinetics.models[name], {"weight_kg": 70.0})
    for g_per_kg in (0.2, 2.0):
        found = apparent_clearance(person, {"g_per_kg": g_per_kg, "every_days": 28.0})
        assert math.isclose(found, person.parameters.clearance_l_per_day, rel_tol=SETTLED)


def test_under_recycling_clearance_rises_and_the_trough_gains_less_with_the_dose(library: Library) -> None:
    given = {"every_days": 28.0, "weight_kg": 70.0, "own_g_per_l": 4.0, "more_g_per_kg": 0.1}
    person = fcrn_person(library.kinetics.fcrn["competition-70kg"], given)
    low, high = {**given, "g_per_kg": 0.2}, {**given, "g_per_kg": 1.0}
    assert apparent_clearance(person, low) < apparent_clearance(person, high)
    assert trough_slope(person, low) > trough_slope(person, high)


def test_without_treatment_a_person_stays_at_the_own_level(library: Library) -> None:
    person = fcrn_person(library.kinetics.fcrn["competition-70kg"], {"weight_kg": 70.0, "own_g_per_l": 11.0})
    made = person.clearance_l_per_day(11.0) * 11.0 / 70.0
    question = asked(f"steady level; synthesis_g_per_kg_per_day {made}")
    assert math.isclose(answer(question, person, "here"), 11.0, rel_tol=SETTLED)


def test_the_record_is_what_the_calibration_finds(library: Library) -> None:
    found = calibrate.calibrated(library, mean_volumes(library))
    recorded = library.kinetics.fcrn["competition-70kg"]
    for one, held in zip(found.figures, recorded.figures, strict=True):
        assert one.name == held.name
        assert math.isclose(float(one.value), float(held.value), rel_tol=RECORDED), one.name


def test_a_scenario_without_a_figure_it_needs_is_refused(library: Library) -> None:
    person = linear_person(library.kinetics.models["zhang-2020"], {"weight_kg": 70.0})
    with pytest.raises(BadInput, match="every_days"):
        answer(asked("total trough; g_per_kg 0.4"), person, "here")


def test_what_a_linear_model_cannot_tell_is_refused(library: Library) -> None:
    person = linear_person(library.kinetics.models["zhang-2020"], {"weight_kg": 70.0})
    with pytest.raises(BadInput, match="a scenario of this model"):
        answer(asked("greatest autoantibody fall; g_per_kg 2"), person, "here")


def test_a_scenario_with_a_part_that_is_no_figure_is_refused() -> None:
    with pytest.raises(BadInput, match="a name and a number"):
        asked("total trough; g_per_kg much")


def test_the_report_is_up_to_date(rows: tuple[targets.Held, ...]) -> None:
    written = (VALIDATION / "targets.md").read_text(encoding="utf-8")
    for old, new in zip(_lines(written), _lines(targets.report(rows)), strict=True):
        assert old.without_model == new.without_model
        assert _agree(old.model, new.model), old


class _Line:
    """A line of the report, with the cell of the model's value apart."""

    def __init__(self, text: str) -> None:
        cells = text.split(" | ")
        held = len(cells) == len(targets.COLUMNS)
        self.model = cells[MODEL_COLUMN] if held else ""
        self.without_model = [*cells[:MODEL_COLUMN], *cells[MODEL_COLUMN + 1 :]] if held else cells

    def __repr__(self) -> str:
        return " | ".join(self.without_model) + f" (model: {self.model})"


def _lines(report: str) -> Iterator[_Line]:
    return (_Line(line) for line in report.splitlines())


def _agree(old: str, new: str) -> bool:
    try:
        return math.isclose(float(old), float(new), rel_tol=PRINTED)
    except ValueError:
        return old == new
