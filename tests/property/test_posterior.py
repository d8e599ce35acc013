"""What levels say of one person: against independent arithmetic, quadrature and optimisers, and relations that hold."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import differential_evolution, minimize
from scipy.stats import norm
from tests.unit.kinetics.linear_models import on_record

from ivigil.kinetics import linear_light
from ivigil.kinetics.doses import Course, Dose, every
from ivigil.kinetics.draws import normals, numbered
from ivigil.kinetics.event_table import Observed, Subject
from ivigil.kinetics.forecast import forecast
from ivigil.kinetics.importance import resampled, weighted_draws
from ivigil.kinetics.likelihood import Fitting, Likelihood, likelihood_of
from ivigil.kinetics.most_likely import most_likely, tops_of
from ivigil.kinetics.parameters import parameters_of
from ivigil.kinetics.people import CovariateCourse, Covariates, steady
from ivigil.kinetics.posterior import moments, posterior
from ivigil.kinetics.residual import Residual, residual_of
from ivigil.kinetics.variability import drawn, log_variance, variability_of
from ivigil.kinetics.walkers import walked

# Optimisers stop where the density changes by less than its rounding; near a top that leaves the root of it in z.
TOP = 1e-4
HEIGHT = 1e-7  # the density itself at that top
SAME_ARITHMETIC = 1e-9  # single people in pure Python against arrays, summed over levels
# 4000 draws worth some 2000: five standard errors of a mean and of a standard deviation, as shares of the deviation.
DRAWN = 5 / math.sqrt(2000)
FEW = settings(max_examples=12)

ADULT = Covariates(64.0, 50.0, 0.5, secondary_deficiency=False, age_years=35.0)
COURSE = Course(
    (*every(30.0, 28.0, 4, hours=3.0).doses, *every(10.0, 7.0, 4, route="subcutaneous", from_day=112.0).doses)
)
INTRAVENOUS = every(30.0, 28.0, 6)


def subject(*levels: Observed, course: Course = INTRAVENOUS) -> Subject:
    return Subject("1", course, steady(ADULT), levels)


def by_hand(key: str, who: Subject, etas: dict[str, float], weight: float = 1.0) -> float:
    """The log density of the posterior in etas, up to the population's constant, without the tested modules."""
    model = on_record(key)
    own = parameters_of(model, ADULT, etas)
    error = residual_of(model)
    found = 0.0
    for level in who.levels:
        expected = linear_light.total(own, who.course, [math.nextafter(level.at_day, -math.inf)])[
            0
        ]  # before a dose then
        deviation = math.hypot(error.additive_g_per_l, error.proportional * expected)
        if level.g_per_l is None:
            found += norm.logcdf(level.limit_g_per_l, expected, deviation)
        else:
            found += norm.logpdf(level.g_per_l, expected, deviation)
    printed = {one.name: one.cv_percent for one in model.parameters} | {"baseline": model.baseline.cv_percent}
    return found - sum(weight * eta**2 / (2 * log_variance(float(printed[name] or 0))) for name, eta in etas.items())


levels_drawn = st.lists(
    st.tuples(st.floats(1.0, 130.0), st.floats(4.5, 16.0), st.booleans()),
    min_size=1,
    max_size=4,
    unique_by=lambda one: one[0],
).map(lambda found: tuple(Observed(day, None if low else level, 6.0 if low else None) for day, level, low in found))


@FEW
@given(levels=levels_drawn, key=st.sampled_from(["navarro-mora-2022", "tortorici-2019", "cheng-2025"]))
def test_the_most_likely_parameters_are_those_of_an_independent_optimiser(
    levels: tuple[Observed, ...], key: str
) -> None:
    course = COURSE if key == "navarro-mora-2022" else INTRAVENOUS
    who = subject(*levels, course=course)
    found = most_likely(on_record(key), who)
    names = list(found.etas)
    best = None
    for start in (np.zeros(len(names)), np.array(list(found.etas.values()))):
        tried = minimize(
            lambda z: -by_hand(key, who, dict(zip(names, z, strict=True))),
            start,
            method="Nelder-Mead",
            options={"xatol": 1e-9, "fatol": 1e-13, "maxiter": 4000, "maxfev": 4000},
        )
        best = tried if best is None or tried.fun < best.fun else best
    assert best is not None
    ours = by_hand(key, who, dict(found.etas))
    assert ours >= -best.fun - HEIGHT
    if ours <= -best.fun + HEIGHT:  # where the other optimiser arrived at the same height, it is the same place
        assert [found.etas[name] for name in names] == pytest.approx(best.x, abs=TOP)


def test_the_most_likely_parameters_are_found_globally() -> None:
    who = subject(Observed(50.0, 13.0), Observed(84.0, 5.0), Observed(140.0, 11.0))
    found = most_likely(on_record("tortorici-2019"), who)
    other = differential_evolution(
        lambda z: -by_hand("tortorici-2019", who, {"CL": z[0], "Vc": z[1]}), [(-3, 3), (-3, 3)], rng=1, tol=1e-12
    )
    assert list(found.etas.values()) == pytest.approx(other.x, abs=TOP)


@given(
    levels=levels_drawn,
    etas=st.tuples(st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1)),
    weight=st.floats(0.05, 1.0),
)
def test_the_density_is_that_worked_by_hand(
    levels: tuple[Observed, ...], etas: tuple[float, float, float], weight: float
) -> None:
    likelihood = likelihood_of(on_record("cheng-2025"), subject(*levels), Fitting(prior_weight=weight))
    names = likelihood.curves.variability.names
    deviations = np.diag(likelihood.curves.variability.factor)
    z = np.array([[*etas]]) / deviations
    constant = 3 * 0.5 * math.log(weight / (2 * math.pi))
    expected = by_hand("cheng-2025", subject(*levels), dict(zip(names, etas, strict=True)), weight) + constant
    assert likelihood.of_both(z)[0] == pytest.approx(expected, rel=SAME_ARITHMETIC, abs=SAME_ARITHMETIC)


@pytest.mark.parametrize("key", ["zhang-2020", "cheng-2025"])
def test_without_levels_the_posterior_is_the_population(key: str) -> None:
    found = posterior(on_record(key), subject(), Fitting(seed=4))
    assert found.effective == pytest.approx(4000)
    assert found.log_evidence == pytest.approx(0.0, abs=1e-9)
    assert list(found.most_likely.etas.values()) == pytest.approx([0.0] * len(found.names), abs=1e-9)
    variability = variability_of(on_record(key))
    for place, (mean, deviation) in enumerate(moments(found).values()):
        asked = variability.factor[place, place]
        assert mean == pytest.approx(0.0, abs=5 * asked / math.sqrt(4000))
        assert deviation == pytest.approx(asked, rel=5 / math.sqrt(2 * 4000))


def test_a_lighter_prior_without_levels_is_a_wider_population() -> None:
    found = posterior(on_record("tortorici-2019"), subject(), Fitting(seed=4, prior_weight=0.25))
    assert moments(found)["CL"][1] == pytest.approx(2 * math.sqrt(log_variance(53.1)), rel=DRAWN)


# The log density, below its highest, at which nothing is left that counts.
NOTHING = 40.0


def quadrature(likelihood: Likelihood) -> tuple[float, float, float]:
    """The log evidence, and mean and deviation of one z, on a fine grid over all that counts of the density."""
    wide = np.linspace(-80, 80, 3_201)
    coarse = likelihood.of_both(wide[:, None])
    counts = np.flatnonzero(coarse > coarse.max() - NOTHING)
    assert 0 < counts[0] < counts[-1] < len(wide) - 1
    z = np.linspace(wide[counts[0] - 1], wide[counts[-1] + 1], 8_001)
    logs = likelihood.of_both(z[:, None])
    density = np.exp(logs - logs.max())
    total = density.sum()
    mean = (density * z).sum() / total
    log_evidence = math.log(total * (z[1] - z[0])) + logs.max()
    return log_evidence, mean, math.sqrt((density * (z - mean) ** 2).sum() / total)


@FEW
@example(levels=(Observed(16.0, 13.0),), own=3.0, weight=0.3)  # far from the population
@example(levels=(Observed(10.0, 16.0),), own=2.0, weight=0.3)
@given(levels=levels_drawn, own=st.floats(2.0, 8.0), weight=st.sampled_from([1.0, 0.3]))
def test_draws_and_evidence_are_those_of_quadrature(levels: tuple[Observed, ...], own: float, weight: float) -> None:
    fitting = Fitting(seed=3, baseline_g_per_l=own, prior_weight=weight, assay=Residual(0.5, 0.08))
    model = on_record("li-2024-mmn")  # one eta
    likelihood = likelihood_of(model, subject(*levels), fitting)
    log_evidence, mean, deviation = quadrature(likelihood)
    found = posterior(model, subject(*levels), fitting)
    scale = likelihood.curves.variability.factor[0, 0]
    # Five standard errors of a mean, as a share of the deviation, with as many draws as these are worth.
    errors = 5 / math.sqrt(found.effective)
    assert found.log_evidence == pytest.approx(log_evidence, abs=errors)
    assert moments(found)["Vc"] == pytest.approx((mean * scale, deviation * scale), abs=errors * deviation * scale)


def test_walkers_find_the_posterior_that_weights_find() -> None:
    who = subject(Observed(56.0, 8.0), Observed(84.0, 8.5), Observed(91.0, None, 9.0))
    likelihood = likelihood_of(on_record("cheng-2025"), who, Fitting())
    weighted = weighted_draws(likelihood, tops_of(likelihood, 1), 1, 4000)
    path = walked(likelihood, resampled(weighted, 1), 1, 4000)
    mean = (weighted.weights[:, None] * weighted.z).sum(axis=0)
    deviation = np.sqrt((weighted.weights[:, None] * (weighted.z - mean) ** 2).sum(axis=0))
    assert path.effective > 400
    assert 0.1 < path.accepted < 0.9
    assert path.z.mean(axis=0) == pytest.approx(mean, abs=5 * deviation.max() / math.sqrt(path.effective))
    assert path.z.std(axis=0) == pytest.approx(deviation, rel=5 / math.sqrt(path.effective))


def test_walkers_take_over_where_weights_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivigil.kinetics.posterior._FEWEST_EFFECTIVE", 1.0)
    who = subject(Observed(56.0, 8.0))
    found = posterior(on_record("tortorici-2019"), who, Fitting(draws=1000))
    assert found.method == "walkers"
    monkeypatch.undo()
    usual = posterior(on_record("tortorici-2019"), who, Fitting(draws=1000))
    assert usual.method == "importance resampling"
    assert moments(found)["CL"] == pytest.approx(moments(usual)["CL"], abs=0.1)


LEVELS = (Observed(56.0, 8.0), Observed(84.0, 8.6), Observed(91.0, None, 10.5), Observed(100.0, 9.0))


@FEW
@given(order=st.permutations(LEVELS))
def test_the_order_of_levels_does_not_matter(order: list[Observed]) -> None:
    expected = posterior(on_record("tortorici-2019"), subject(*LEVELS), Fitting(draws=200))
    assert np.array_equal(
        posterior(on_record("tortorici-2019"), subject(*order), Fitting(draws=200)).etas, expected.etas
    )


def test_the_seed_gives_the_draws() -> None:
    one, again, other = (posterior(on_record("zhang-2020"), subject(*LEVELS), Fitting(seed=seed)) for seed in (1, 1, 2))
    assert np.array_equal(one.etas, again.etas)
    assert not np.array_equal(one.etas, other.etas)


def widths(fitting: Fitting, *levels: Observed) -> np.ndarray:
    found = posterior(on_record("navarro-mora-2022"), subject(*levels), fitting)
    bands = forecast(found, INTRAVENOUS, np.array([120.0, 168.0]), shares=(0.05, 0.95)).levels
    return np.asarray(bands[1] - bands[0])


def test_a_more_precise_assay_and_more_levels_narrow_the_bands() -> None:
    one = [widths(Fitting(assay=Residual(error)), *LEVELS[:2]) for error in (0.1, 0.4, 1.2)]
    assert (one[0] < one[1]).all()
    assert (one[1] < one[2]).all()
    assert (widths(Fitting(), *LEVELS[:2]) < widths(Fitting(), LEVELS[0])).all()
    assert (widths(Fitting(), LEVELS[0]) < widths(Fitting())).all()


def test_a_level_below_a_limit_that_nothing_reaches_says_nothing() -> None:
    told = posterior(on_record("tortorici-2019"), subject(Observed(56.0, None, 1e6)))
    assert told.log_evidence == pytest.approx(0.0, abs=DRAWN)
    assert moments(told)["CL"][1] == pytest.approx(math.sqrt(log_variance(53.1)), rel=DRAWN)


def test_a_level_below_a_limit_tells_of_a_faster_clearance() -> None:
    told = posterior(on_record("tortorici-2019"), subject(Observed(56.0, None, 5.0)))
    assert moments(told)["CL"][0] > 0.2


def test_less_weight_of_the_prior_moves_towards_the_levels() -> None:
    levels = (Observed(56.0, 6.0), Observed(84.0, 6.1), Observed(91.0, 9.0), Observed(112.0, 6.2))
    found = [
        most_likely(on_record("tortorici-2019"), subject(*levels), Fitting(prior_weight=one))
        for one in (1, 0.3, 0.05, 0)
    ]

    def misfit(etas: dict[str, float]) -> float:
        own = parameters_of(on_record("tortorici-2019"), ADULT, etas)
        expected = linear_light.total(own, INTRAVENOUS, [math.nextafter(one.at_day, 0) for one in levels])
        residual = residual_of(on_record("tortorici-2019"))
        return -sum(
            norm.logpdf(one.g_per_l, level, math.hypot(residual.additive_g_per_l, residual.proportional * level))
            for one, level in zip(levels, expected, strict=True)
        )

    misfits = [misfit(dict(one.etas)) for one in found]
    assert misfits == sorted(misfits, reverse=True)
    alone = minimize(
        lambda z: misfit({"CL": z[0], "Vc": z[1]}),
        [0, 0],
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-12},
    )
    assert list(found[-1].etas.values()) == pytest.approx(alone.x, abs=TOP)


@FEW
@given(factor=st.floats(0.2, 5.0))
def test_doses_levels_and_baseline_in_proportion_change_nothing_but_the_unit(factor: float) -> None:
    """A model whose error is all proportional knows no scale."""
    model = on_record("tortorici-2021")
    fitting = Fitting(draws=400, baseline_g_per_l=9.0)
    levels = (Observed(56.0, 16.0), Observed(84.0, None, 15.0))
    one = posterior(model, subject(*levels), fitting)
    scaled = [
        replace(level, g_per_l=(level.g_per_l or 0) * factor or None, limit_g_per_l=(level.limit_g_per_l or 0) * factor)
        for level in levels
    ]
    course = Course(tuple(Dose(dose.at_day, dose.grams * factor) for dose in INTRAVENOUS.doses))
    other = posterior(model, subject(*scaled, course=course), replace(fitting, baseline_g_per_l=9.0 * factor))
    assert other.most_likely.etas == pytest.approx(one.most_likely.etas, abs=TOP)
    assert other.log_evidence == pytest.approx(one.log_evidence - math.log(factor), abs=1e-6)
    assert moments(other)["CL"] == pytest.approx(moments(one)["CL"], abs=1e-3)


def test_covariates_that_stay_the_same_in_two_stretches_change_nothing() -> None:
    model, fitting = on_record("tortorici-2019"), Fitting(draws=100)
    one = posterior(model, subject(*LEVELS[:2]), fitting)
    changing = CovariateCourse(((0.0, ADULT), (60.0, ADULT)))
    other = posterior(model, Subject("1", INTRAVENOUS, changing, LEVELS[:2]), fitting)
    assert other.etas == pytest.approx(one.etas, abs=1e-6)
    days = np.array([10.0, 70.0, 168.0])
    assert forecast(other, INTRAVENOUS, days).levels == pytest.approx(forecast(one, INTRAVENOUS, days).levels, abs=1e-6)
    assert other.curves.area(other.etas, INTRAVENOUS, 56.0, 84.0) == pytest.approx(
        one.curves.area(one.etas, INTRAVENOUS, 56.0, 84.0), rel=1e-5
    )


@cache
def covered(people: int) -> tuple[int, int, int]:
    """In how many simulated patients 90 % bands hold a level ahead, one as measured, and the clearance."""
    model, seed = on_record("tortorici-2019"), 77
    variability, error = variability_of(model), residual_of(model)
    etas = drawn(variability, seed, numbered(0, people))
    noise = normals(seed, numbered(0, people), 4, purpose="assay")
    days = [56.0, 84.0, 91.0, 168.0]
    counts = [0, 0, 0]
    for person in range(people):
        own = parameters_of(model, ADULT, dict(zip(variability.names, etas[person].tolist(), strict=True)))
        truth = np.array(linear_light.total(own, INTRAVENOUS, [math.nextafter(day, 0) for day in days]))
        measured = truth + error.deviation(truth) * noise[person]
        levels = [Observed(day, level) for day, level in zip(days[:3], measured.tolist(), strict=False)]
        found = posterior(model, subject(*levels), Fitting(seed=seed, draws=1000))
        ahead = np.array([math.nextafter(168.0, 0)])
        level = forecast(found, INTRAVENOUS, ahead, shares=(0.05, 0.95)).levels[:, 0]
        again = forecast(found, INTRAVENOUS, ahead, shares=(0.05, 0.95), measured_with=person).levels[:, 0]
        clearance = np.quantile(found.curves.population(found.etas).clearance_l_per_day, (0.05, 0.95))
        pairs = ((level, truth[3]), (again, measured[3]), (clearance, own.clearance_l_per_day))
        counts = [count + int(low <= value <= high) for count, ((low, high), value) in zip(counts, pairs, strict=True)]
    return counts[0], counts[1], counts[2]


@pytest.mark.parametrize("quantity", [0, 1, 2])
def test_nine_bands_of_ten_hold_the_truth(quantity: int) -> None:
    """Of 60 bands that each hold with 90 %, fewer than 46 or all hold three times in a thousand."""
    assert 46 <= covered(60)[quantity] <= 59
