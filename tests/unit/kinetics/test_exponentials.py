"""Integrals of exponentials: against quadrature, at equal rates, and where naive quotients lose their digits."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy.integrate import quad

from ivigil.kinetics import exponentials, exponentials_light

QUADRATURE = 1e-11
ENGINES_AGREE = 1e-13
RATES = [0.0, 1e-12, 0.02, 0.02 * (1 + 1e-10), 0.4, 3.0, 20.0]
DAYS = [0.0, 1e-9, 1e-3, 0.2, 2.0, 30.0]
PAIRS = [(one, other) for one in RATES for other in RATES]


def integral(of: Callable[[float], float], days: float) -> float:
    steep = [point for point in (0.05, 0.5, 3.0) if point < days]
    return float(quad(of, 0.0, days, epsabs=0, epsrel=1e-13, limit=400, points=steep or None)[0])


@pytest.mark.parametrize("days", DAYS)
@pytest.mark.parametrize("rate", RATES)
def test_integrals_of_one_rate(rate: float, days: float) -> None:
    once, twice = exponentials_light.once(rate, days), exponentials_light.twice(rate, days)
    assert once == pytest.approx(integral(lambda s: math.exp(-rate * s), days), rel=QUADRATURE)
    assert twice == pytest.approx(integral(lambda s: exponentials_light.once(rate, s), days), rel=QUADRATURE)


@pytest.mark.parametrize("days", DAYS)
@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_integrals_of_two_rates(one: float, other: float, days: float) -> None:
    chain = exponentials_light.chain(one, other, days)
    smaller, larger = sorted((one, other))
    scale = math.exp(-smaller * days)  # the convolution, with the slow decay taken out
    assert chain == pytest.approx(scale * integral(lambda s: math.exp(-(larger - smaller) * s), days), rel=QUADRATURE)
    through = exponentials_light.chain_once(one, other, days)
    assert through == pytest.approx(integral(lambda s: exponentials_light.chain(one, other, s), days), rel=QUADRATURE)
    twice = exponentials_light.chain_twice(one, other, days)
    assert twice == pytest.approx(
        integral(lambda s: exponentials_light.chain_once(one, other, s), days), rel=QUADRATURE
    )


@pytest.mark.parametrize("name", ["chain", "chain_once", "chain_twice"])
def test_arrays_and_numbers_give_the_same(name: str) -> None:
    rates = np.array(PAIRS)
    found = getattr(exponentials, name)(rates[:, :1], rates[:, 1:], np.array([DAYS]))
    light = getattr(exponentials_light, name)
    expected = [[light(one, other, day) for day in DAYS] for one, other in PAIRS]
    np.testing.assert_allclose(found, expected, rtol=ENGINES_AGREE, atol=0)


@pytest.mark.parametrize("name", ["once", "twice"])
def test_arrays_and_numbers_of_one_rate_give_the_same(name: str) -> None:
    found = getattr(exponentials, name)(np.array(RATES)[:, None], np.array([DAYS]))
    light = getattr(exponentials_light, name)
    np.testing.assert_allclose(
        found, [[light(rate, day) for day in DAYS] for rate in RATES], rtol=ENGINES_AGREE, atol=0
    )
