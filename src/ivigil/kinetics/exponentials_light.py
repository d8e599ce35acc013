"""Integrals of exponentials that two engines share by name: here for single numbers, in pure Python.

Every rate is 0 or more and every time 0 or more; all results are positive and lose no digits where rates are equal,
nearly equal, or where little time has passed. ``exponentials`` has the same functions for arrays.
"""

from __future__ import annotations

import math

# Below this rate times time the quotients lose digits and the series below is short.
SERIES_BELOW = 0.5
# 0.5 ** 18 / 18! is far under a double's last digit.
TERMS = 18


def once(rate: float, days: float) -> float:
    """What has left at unit size: the integral of exp(-rate·s) from 0 to ``days``."""
    return days if rate == 0 else -math.expm1(-rate * days) / rate


def twice(rate: float, days: float) -> float:
    """The integral of :func:`once` from 0 to ``days``."""
    if rate * days < SERIES_BELOW:
        return _series(rate, 0.0, days, 2)
    return (days - once(rate, days)) / rate


def chain(rate: float, other: float, days: float) -> float:
    """The convolution of exp(-rate·s) with exp(-other·s) at ``days``: what came through one pool into the next."""
    return math.exp(-min(rate, other) * days) * once(abs(rate - other), days)


def chain_once(rate: float, other: float, days: float) -> float:
    """The integral of :func:`chain` from 0 to ``days``."""
    larger, smaller = max(rate, other), min(rate, other)
    if larger * days < SERIES_BELOW:
        return _series(rate, other, days, 2)
    return (once(smaller, days) - chain(rate, other, days)) / larger


def chain_twice(rate: float, other: float, days: float) -> float:
    """The integral of :func:`chain_once` from 0 to ``days``."""
    larger, smaller = max(rate, other), min(rate, other)
    if larger * days < SERIES_BELOW:
        return _series(rate, other, days, 3)
    return (twice(smaller, days) - chain_once(rate, other, days)) / larger


def _series(rate: float, other: float, days: float, order: int) -> float:
    """days^order times the sum of (-days)^n h_n / (n + order)!, h_n the sum of all products of n of the two rates."""
    total, products, power, scale = 0.0, 1.0, 1.0, 1.0 / math.factorial(order)
    for n in range(TERMS):
        total += products * scale
        power *= -other * days
        products = products * -rate * days + power
        scale /= n + order + 1
    return total * days**order
