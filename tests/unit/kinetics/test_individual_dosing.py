"""Forecasts, models side by side, and the dose and interval that reach a target."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.unit.kinetics.linear_models import on_record

from ivigil.documents import BadInput
from ivigil.kinetics.averaging import Averaged, alone, averaged, row_weights, weighted_quantiles
from ivigil.kinetics.doses import Course, every
from ivigil.kinetics.event_table import Observed, Subject
from ivigil.kinetics.forecast import drawn_levels, forecast
from ivigil.kinetics.likelihood import Fitting
from ivigil.kinetics.most_likely import most_likely
from ivigil.kinetics.people import Covariates, steady
from ivigil.kinetics.posterior import Posterior, posterior
from ivigil.kinetics.residual import Residual
from ivigil.kinetics.targets_search import Plan, Target, search

ADULT = Covariates(64.0, 50.0, 0.5, secondary_deficiency=False, age_years=35.0)
COURSE = every(30.0, 28.0, 4, hours=3.0)
LEVELS = (Observed(56.0, 8.0), Observed(84.0, 8.6))
WHO = Subject("1", COURSE, steady(ADULT), LEVELS)
DAYS = np.array([100.0, 112.0])
PID = "primary-immunodeficiency"
FITTING = Fitting(seed=5, draws=800)
SAME = 1e-9  # superposition adds the same curves in another order


@pytest.fixture(scope="module")
def zhang() -> Posterior:
    return posterior(on_record("zhang-2020"), WHO, FITTING, indication=PID)


@pytest.fixture(scope="module")
def both() -> Averaged:
    models = (on_record("zhang-2020"), on_record("navarro-mora-2022"))
    return averaged(models, WHO, FITTING, indication=PID)


def test_bands_are_quantiles_of_the_draws(zhang: Posterior) -> None:
    found = forecast(zhang, COURSE, DAYS)
    expected = np.quantile(drawn_levels(zhang, COURSE, DAYS), found.shares, axis=0, method="hazen")
    assert found.levels == pytest.approx(expected, rel=SAME)
    assert (np.diff(found.levels, axis=0) > 0).all()


def test_a_measurement_scatters_more_than_the_level(zhang: Posterior) -> None:
    level, measured = (forecast(zhang, COURSE, DAYS, measured_with=seed).levels for seed in (None, 3))
    assert ((measured[-1] - measured[0]) > (level[-1] - level[0])).all()


def test_what_stands_above_the_baseline_is_the_total_without_it(zhang: Posterior) -> None:
    total, above = (forecast(zhang, COURSE, DAYS, shown=shown).levels for shown in ("total", "above baseline"))
    assert total - above == pytest.approx(np.full(total.shape, 4.0))  # the constant of Zhang 2020


def test_models_weigh_by_evidence_and_prior_weight(both: Averaged) -> None:
    one, other = both.members
    assert sum(both.weights) == pytest.approx(1.0)
    assert math.log(both.weights[0] / both.weights[1]) == pytest.approx(one.log_evidence - other.log_evidence)
    models = (on_record("zhang-2020"), on_record("navarro-mora-2022"))
    heavier = averaged(models, WHO, FITTING, prior_weights={"zhang-2020": 3.0, "navarro-mora-2022": 1.0})
    assert heavier.weights[0] / heavier.weights[1] == pytest.approx(3 * both.weights[0] / both.weights[1])
    only = averaged(models, WHO, FITTING, prior_weights={"zhang-2020": 1.0, "navarro-mora-2022": 0.0})
    assert only.weights == (1.0, 0.0)
    assert forecast(only, COURSE, DAYS).levels == pytest.approx(
        forecast(only.members[0], COURSE, DAYS).levels, abs=1e-2
    )


def test_an_average_lies_between_its_models(both: Averaged) -> None:
    middle = forecast(both, COURSE, DAYS, shares=(0.5,)).levels[0]
    each = [forecast(one, COURSE, DAYS, shares=(0.5,)).levels[0] for one in both.members]
    assert (np.min(each, axis=0) <= middle).all()
    assert (middle <= np.max(each, axis=0)).all()
    assert row_weights(both).sum() == pytest.approx(1.0)
    assert len(row_weights(alone(both.members[0]))) == 800


def test_quantiles_follow_weights() -> None:
    values, weights = np.array([3.0, 1.0, 2.0]), np.array([0.25, 0.5, 0.25])
    doubled = np.array([3.0, 1.0, 1.0, 2.0])
    shares = (0.25, 0.625, 0.875)  # the middles of the weights
    assert weighted_quantiles(values, weights, shares) == pytest.approx([1.0, 2.0, 3.0])
    assert weighted_quantiles(doubled, np.full(4, 0.25), (0.625, 0.875)) == pytest.approx([2.0, 3.0])


def test_models_that_take_different_levels_do_not_compare() -> None:
    who = Subject("1", COURSE, steady(ADULT), (Observed(-1.0, 9.0), *LEVELS))
    models = (on_record("zhang-2020"), on_record("tortorici-2021"))
    with pytest.raises(BadInput, match="different numbers of levels"):
        averaged(models, who, FITTING)
    assert len(averaged(models, who, Fitting(draws=400, baseline_g_per_l=9.0)).members) == 2


@pytest.mark.parametrize(
    ("keys", "weights", "said"),
    [
        ((), None, "none"),
        (("zhang-2020", "zhang-2020"), None, "twice"),
        (("zhang-2020",), {"luo-2020": 1.0}, "luo-2020"),
        (("zhang-2020",), {"zhang-2020": -1.0}, "0 or more"),
        (("zhang-2020",), {"zhang-2020": 0.0}, "above 0"),
        (("zhang-2020", "luo-2020", "dumas-2019"), None, r"dumas-2019.*\n?.*luo-2020"),
    ],
)
def test_averages_that_cannot_be_are_refused(
    keys: tuple[str, ...], weights: dict[str, float] | None, said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        averaged([on_record(key) for key in keys], WHO, FITTING, prior_weights=weights)


PLAN = Plan((20.0, 30.0, 40.0, 60.0), (21.0, 28.0), from_day=112.0, cycles=4, hours=3.0)


def test_more_grams_and_shorter_intervals_reach_a_trough_more_surely(zhang: Posterior) -> None:
    found = {(one.dose_g, one.interval_days): one for one in search(zhang, PLAN, Target("trough", 8.0))}
    assert len(found) == 8
    for interval in PLAN.intervals_days:
        row = [found[dose, interval].probability for dose in PLAN.doses_g]
        assert row == sorted(row)
    for dose in PLAN.doses_g:
        assert found[dose, 21.0].middle > found[dose, 28.0].middle


@pytest.mark.parametrize("quantity", ["trough", "rise", "area above baseline", "mean level"])
def test_candidates_are_judged_on_the_curve_of_their_whole_course(both: Averaged, quantity: str) -> None:
    found = search(both, PLAN, Target(quantity, 5.0, 9.0))  # type: ignore[arg-type] # a quantity by parameter
    for one in found:
        whole = Course((*COURSE.doses, *PLAN.course(one.dose_g, one.interval_days).doses))
        end = 112.0 + 4 * one.interval_days
        values = []
        for member in both.members:
            if quantity in ("trough", "rise"):
                shown = "total" if quantity == "trough" else "above baseline"
                values.append(drawn_levels(member, whole, np.array([end]), shown)[:, 0])
                continue
            area = member.curves.area(member.etas, whole, end - one.interval_days, end)
            own = member.curves.own(member.etas, np.array([end]))[:, 0]
            values.append(area if quantity == "area above baseline" else area / one.interval_days + own)
        joined = np.concatenate(values)
        inside = (joined >= 5.0) & (joined <= 9.0)
        assert one.probability == pytest.approx((inside * row_weights(both)).sum(), abs=SAME)
        bands = weighted_quantiles(joined, row_weights(both), (0.05, 0.5, 0.95))
        assert (one.low, one.middle, one.high) == pytest.approx(bands, rel=1e-7)


def test_the_most_probable_comes_first_and_of_enough_the_least(zhang: Posterior) -> None:
    by_probability = search(zhang, PLAN, Target("trough", 8.0))
    assert [one.probability for one in by_probability] == sorted(
        (one.probability for one in by_probability), reverse=True
    )
    enough = search(zhang, PLAN, Target("trough", 8.0), enough=0.9)
    sure = [one for one in by_probability if one.probability >= 0.9]
    assert enough[0].grams_a_day == min(one.grams_a_day for one in sure)
    assert {one.probability >= 0.9 for one in enough[: len(sure)]} == {True}
    assert len(enough) == len(by_probability)


def test_doses_that_the_plan_replaces_are_left_out(zhang: Posterior) -> None:
    early = Plan((30.0,), (28.0,), from_day=84.0, cycles=2)
    without = posterior(
        on_record("zhang-2020"), Subject("1", every(30.0, 28.0, 3, hours=3.0), steady(ADULT), LEVELS), FITTING
    )
    one, other = (search(found, early, Target("rise", 3.0))[0] for found in (zhang, without))
    assert one.middle == pytest.approx(other.middle, rel=0.01)


def test_an_answer_beyond_the_model_says_so(zhang: Posterior) -> None:
    inside = search(zhang, PLAN, Target("trough", 8.0), indication=PID)[0]
    assert (inside.outside, zhang.outside) == ((), ())
    cidp = search(zhang, PLAN, Target("trough", 8.0), indication="cidp")[0]
    assert "not on cidp" in cidp.outside[0]
    heavy = Subject("1", COURSE, steady(Covariates(150.0, age_years=35.0)), LEVELS)
    assert "150 kg" in posterior(on_record("zhang-2020"), heavy, FITTING, indication=PID).outside[0]


def test_a_model_without_a_baseline_answers_rises_alone() -> None:
    cheng = posterior(on_record("cheng-2025"), Subject("1", COURSE, steady(ADULT), ()), Fitting(draws=100))
    assert search(cheng, PLAN, Target("trough", 6.0))
    unknown = Covariates(64.0, secondary_deficiency=False)  # its baseline asks for IgM
    without = posterior(on_record("cheng-2025"), Subject("1", COURSE, steady(unknown), ()), Fitting(draws=100))
    assert search(without, PLAN, Target("rise", 3.0))
    for quantity in ("trough", "mean level"):
        with pytest.raises(BadInput, match="baseline that is unknown"):
            search(without, PLAN, Target(quantity, 6.0))  # type: ignore[arg-type] # a quantity by parameter
    with pytest.raises(BadInput, match="baseline that is unknown"):
        forecast(without, COURSE, DAYS)
    with pytest.raises(BadInput, match="IgM"):
        posterior(on_record("cheng-2025"), Subject("1", COURSE, steady(unknown), LEVELS), Fitting(draws=100))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Target("trough"), "no bound"),
        (lambda: Target("trough", 9.0, 8.0), "range from low to high"),
        (lambda: Target("trough", -1.0), "0 or more"),
        (lambda: Plan((), (28.0,), 0.0), "doses_g"),
        (lambda: Plan((10.0, -5.0), (28.0,), 0.0), "-5"),
        (lambda: Plan((10.0,), (0.0,), 0.0), "intervals_days"),
        (lambda: Plan((10.0,), (28.0,), 0.0, cycles=0), "cycles"),
        (lambda: Fitting(prior_weight=1.5), "prior_weight"),
        (lambda: Fitting(prior_weight=math.nan), "prior_weight"),
        (lambda: Fitting(draws=10), "draws"),
        (lambda: posterior(on_record("zhang-2020"), WHO, Fitting(prior_weight=0.0)), "most_likely"),
        (lambda: most_likely(on_record("zhang-2020"), WHO, Fitting(prior_weight=0.0)), "too few"),
        (lambda: posterior(on_record("landersdorfer-2013"), WHO, Fitting(assay=Residual(0.5))), "variability"),
        (lambda: posterior(on_record("zhang-2020"), Subject("1", COURSE, steady(Covariates(None)), ())), "weight_kg"),
        (
            lambda: posterior(
                on_record("tortorici-2019"), Subject("1", every(8.0, 7.0, 3, route="subcutaneous"), steady(ADULT), ())
            ),
            "subcutaneous",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused(make: object, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        make()  # type: ignore[operator] # a call by parameter


def test_shares_and_enough_have_to_be_shares(zhang: Posterior) -> None:
    with pytest.raises(BadInput, match="between 0 and 1"):
        forecast(zhang, COURSE, DAYS, shares=(0.0, 0.5))
    with pytest.raises(BadInput, match="enough"):
        search(zhang, PLAN, Target("trough", 8.0), enough=0.0)
    with pytest.raises(BadInput, match="facilitated"):
        search(zhang, Plan((10.0,), (7.0,), 112.0, route="facilitated subcutaneous"), Target("rise", 1.0))
