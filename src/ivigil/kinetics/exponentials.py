"""Integrals of exponentials that two engines share by name: here for arrays, with numpy.

Every rate is 0 or more and every time 0 or more; all results are positive and lose no digits where rates are equal,
nearly equal, or where little time has passed. Arguments broadcast. ``exponentials_light`` has the same in pure Python.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from ivigil.kinetics.exponentials_light import SERIES_BELOW, TERMS

FloatArray = npt.NDArray[np.float64]


def once(rate: FloatArray, days: FloatArray) -> FloatArray:
    """What has left at unit size: the integral of exp(-rate·s) from 0 to ``days``."""
    return np.where(rate == 0, days, -np.expm1(-rate * days) / _or_one(rate))


def twice(rate: FloatArray, days: FloatArray) -> FloatArray:
    """The integral of :func:`once` from 0 to ``days``."""
    quotient = (days - once(rate, days)) / _or_one(rate)
    return _or_series(quotient, rate, np.zeros_like(rate), days, 2)


def chain(rate: FloatArray, other: FloatArray, days: FloatArray) -> FloatArray:
    """The convolution of exp(-rate·s) with exp(-other·s) at ``days``: what came through one pool into the next."""
    return np.exp(-np.minimum(rate, other) * days) * once(np.abs(rate - other), days)


def chain_once(rate: FloatArray, other: FloatArray, days: FloatArray) -> FloatArray:
    """The integral of :func:`chain` from 0 to ``days``."""
    larger, smaller = np.maximum(rate, other), np.minimum(rate, other)
    quotient = (once(smaller, days) - chain(rate, other, days)) / _or_one(larger)
    return _or_series(quotient, rate, other, days, 2)


def chain_twice(rate: FloatArray, other: FloatArray, days: FloatArray) -> FloatArray:
    """The integral of :func:`chain_once` from 0 to ``days``."""
    larger, smaller = np.maximum(rate, other), np.minimum(rate, other)
    quotient = (twice(smaller, days) - chain_once(rate, other, days)) / _or_one(larger)
    return _or_series(quotient, rate, other, days, 3)


def _or_one(rate: FloatArray) -> FloatArray:
    return np.where(rate == 0, 1.0, rate)


def _or_series(quotient: FloatArray, rate: FloatArray, other: FloatArray, days: FloatArray, order: int) -> FloatArray:
    """The quotient, and where it loses digits the series: see ``exponentials_light``."""
    is_small = np.broadcast_to(np.maximum(rate, other) * days < SERIES_BELOW, quotient.shape)
    if not is_small.any():
        return quotient
    made = quotient.copy()
    small = [np.broadcast_to(one, quotient.shape)[is_small] for one in (rate, other, days)]
    made[is_small] = _series(small[0], small[1], small[2], order)
    return made


def _series(rate: FloatArray, other: FloatArray, days: FloatArray, order: int) -> FloatArray:
    total, products, power = np.zeros_like(days), np.ones_like(days), np.ones_like(days)
    scale = 1.0 / math.factorial(order)
    for n in range(TERMS):
        total += products * scale
        power = power * -other * days
        products = products * -rate * days + power
        scale /= n + order + 1
    made: FloatArray = total * days**order
    return made
