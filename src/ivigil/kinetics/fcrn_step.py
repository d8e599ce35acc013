"""One step of the FcRn model: the equations and the fifth-order formula, written once for both engines.

Each function is plain arithmetic on floats or on arrays of one shape. numpy calls it with arrays of patients, and the
kernel compiles the very same text for one patient at a time: both do the same operations in the same order.

Concentrations are in g/L and times in days. A patient's ``traits`` are, each per day or in g/L: uptake / V1, Q / V1,
Q / V2, receptor, affinity. A ``state`` is exogenous IgG in V1 and V2, then the patient's own in V1 and V2. The formula
is that of Dormand and Prince 1980 (10.1016/0771-050X(80)90013-3), order 5 without its error estimate. A step is a
linear combination of slopes, so that whatever flows between places is conserved to rounding.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Value = TypeVar("Value", float, NDArray[np.float64])
Two = tuple[Value, Value]
Four = tuple[Value, Value, Value, Value]
Five = tuple[Value, Value, Value, Value, Value]
Six = tuple[Value, Value, Value, Value, Value, Value]
FiveSlopes = tuple[Four[Value], Four[Value], Four[Value], Four[Value], Four[Value]]
Numbers = tuple[float, ...]

STAGES = (0.0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1.0)
FORMULA = (
    1 / 5,
    *(3 / 40, 9 / 40),
    *(44 / 45, -56 / 15, 32 / 9),
    *(19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729),
    *(9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656),
    *(35 / 384, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84),
)


def recycled_share(total: Value, receptor: Value, affinity: Value) -> Value:
    """The share of IgG taken up that FcRn brings back, 0 to 1, at a total of all IgG species in quasi-steady state.

    The stable root: nothing is subtracted from anything near it, so that no digits are lost at small totals.
    """
    half = 0.5 * (total + (receptor + affinity))
    root: Value = np.sqrt(half * half - receptor * total)
    return receptor / (half + root)


def clearance_rate(total: Value, receptor: Value, affinity: Value, uptake: Value) -> Value:
    """The clearance of every IgG species, in the unit of ``uptake``, at a total of all of them."""
    return uptake * (1.0 - recycled_share(total, receptor, affinity))


def weighted(length: float) -> Numbers:
    """The formula's weights times the length of a step; written out, because the kernel compiles it too."""
    a, b, c, d, e = FORMULA[0:3], FORMULA[3:6], FORMULA[6:10], FORMULA[10:15], FORMULA[15:20]
    return (
        *(length * a[0], length * a[1], length * a[2]),
        *(length * b[0], length * b[1], length * b[2]),
        *(length * c[0], length * c[1], length * c[2], length * c[3]),
        *(length * d[0], length * d[1], length * d[2], length * d[3], length * d[4]),
        *(length * e[0], length * e[1], length * e[2], length * e[3], length * e[4]),
    )


def slopes(
    state: Four[Value], inflow: Value, synthesis: Value, traits: Five[Value], free: float
) -> tuple[Four[Value], Value]:
    """How fast the state changes, per day, and the clearance rate; an inhibitor leaves the share ``free`` of FcRn."""
    exogenous, exogenous_outside, own, own_outside = state
    uptake, out, back, receptor, affinity = traits
    cleared = clearance_rate(exogenous + own, receptor * free, affinity, uptake)
    exogenous_apart = exogenous - exogenous_outside
    own_apart = own - own_outside
    return (
        (inflow - cleared * exogenous) - out * exogenous_apart,
        back * exogenous_apart,
        (synthesis - cleared * own) - out * own_apart,
        back * own_apart,
    ), cleared


def second(y: Value, w: Numbers, a: Value) -> Value:
    """Where the second stage stands."""
    return y + w[0] * a


def third(y: Value, w: Numbers, a: Value, b: Value) -> Value:
    """Where the third stage stands."""
    return y + (w[1] * a + w[2] * b)


def fourth(y: Value, w: Numbers, k: tuple[Value, Value, Value]) -> Value:
    """Where the fourth stage stands."""
    return y + (w[3] * k[0] + w[4] * k[1] + w[5] * k[2])


def fifth(y: Value, w: Numbers, k: Four[Value]) -> Value:
    """Where the fifth stage stands."""
    return y + (w[6] * k[0] + w[7] * k[1] + w[8] * k[2] + w[9] * k[3])


def sixth(y: Value, w: Numbers, k: Five[Value]) -> Value:
    """Where the sixth stage stands."""
    return y + (w[10] * k[0] + w[11] * k[1] + w[12] * k[2] + w[13] * k[3] + w[14] * k[4])


def gathered(w: Numbers, k: Five[Value]) -> Value:
    """What the step adds: the slopes of all stages but the second, weighted."""
    return w[15] * k[0] + w[16] * k[1] + w[17] * k[2] + w[18] * k[3] + w[19] * k[4]


def at_second(y: Four[Value], w: Numbers, a: Four[Value]) -> Four[Value]:
    """The state at the second stage, from that at the start and the slopes so far; those below likewise."""
    return second(y[0], w, a[0]), second(y[1], w, a[1]), second(y[2], w, a[2]), second(y[3], w, a[3])


def at_third(y: Four[Value], w: Numbers, a: Four[Value], b: Four[Value]) -> Four[Value]:
    """The state at the third stage."""
    return (
        third(y[0], w, a[0], b[0]),
        third(y[1], w, a[1], b[1]),
        third(y[2], w, a[2], b[2]),
        third(y[3], w, a[3], b[3]),
    )


def at_fourth(y: Four[Value], w: Numbers, k: tuple[Four[Value], Four[Value], Four[Value]]) -> Four[Value]:
    """The state at the fourth stage."""
    a, b, c = k
    return (
        fourth(y[0], w, (a[0], b[0], c[0])),
        fourth(y[1], w, (a[1], b[1], c[1])),
        fourth(y[2], w, (a[2], b[2], c[2])),
        fourth(y[3], w, (a[3], b[3], c[3])),
    )


def at_fifth(y: Four[Value], w: Numbers, k: tuple[Four[Value], Four[Value], Four[Value], Four[Value]]) -> Four[Value]:
    """The state at the fifth stage."""
    a, b, c, d = k
    return (
        fifth(y[0], w, (a[0], b[0], c[0], d[0])),
        fifth(y[1], w, (a[1], b[1], c[1], d[1])),
        fifth(y[2], w, (a[2], b[2], c[2], d[2])),
        fifth(y[3], w, (a[3], b[3], c[3], d[3])),
    )


def at_sixth(y: Four[Value], w: Numbers, k: FiveSlopes[Value]) -> Four[Value]:
    """The state at the sixth stage."""
    a, b, c, d, e = k
    return (
        sixth(y[0], w, (a[0], b[0], c[0], d[0], e[0])),
        sixth(y[1], w, (a[1], b[1], c[1], d[1], e[1])),
        sixth(y[2], w, (a[2], b[2], c[2], d[2], e[2])),
        sixth(y[3], w, (a[3], b[3], c[3], d[3], e[3])),
    )


def at_end(y: Four[Value], w: Numbers, k: FiveSlopes[Value]) -> Four[Value]:
    """The state one step on, from the slopes of all stages but the second."""
    a, c, d, e, f = k
    return (
        y[0] + gathered(w, (a[0], c[0], d[0], e[0], f[0])),
        y[1] + gathered(w, (a[1], c[1], d[1], e[1], f[1])),
        y[2] + gathered(w, (a[2], c[2], d[2], e[2], f[2])),
        y[3] + gathered(w, (a[3], c[3], d[3], e[3], f[3])),
    )


def passed(y: Two[Value], synthesis: Value, rate: Value, between: Two[Value]) -> Two[Value]:
    """The slopes of one own species at a clearance rate that all species made together."""
    apart = y[0] - y[1]
    return (synthesis - rate * y[0]) - between[0] * apart, between[1] * apart


def followed(
    state: Two[Value], synthesis: Value, rates: Six[Value], between: Two[Value], w: Numbers
) -> tuple[Two[Value], Value]:
    """One own species one step on, and what is cleared of it, at the clearance rates of the stages.

    ``between`` is Q / V1 and Q / V2. With all own species followed their sum is what the state holds of them.
    """
    p, q = state
    a = passed(state, synthesis, rates[0], between)
    at_b = second(p, w, a[0]), second(q, w, a[1])
    b = passed(at_b, synthesis, rates[1], between)
    at_c = third(p, w, a[0], b[0]), third(q, w, a[1], b[1])
    c = passed(at_c, synthesis, rates[2], between)
    at_d = fourth(p, w, (a[0], b[0], c[0])), fourth(q, w, (a[1], b[1], c[1]))
    d = passed(at_d, synthesis, rates[3], between)
    at_e = fifth(p, w, (a[0], b[0], c[0], d[0])), fifth(q, w, (a[1], b[1], c[1], d[1]))
    e = passed(at_e, synthesis, rates[4], between)
    at_f = sixth(p, w, (a[0], b[0], c[0], d[0], e[0])), sixth(q, w, (a[1], b[1], c[1], d[1], e[1]))
    f = passed(at_f, synthesis, rates[5], between)
    gone = (rates[0] * p, rates[2] * at_c[0], rates[3] * at_d[0], rates[4] * at_e[0], rates[5] * at_f[0])
    moved = (
        p + gathered(w, (a[0], c[0], d[0], e[0], f[0])),
        q + gathered(w, (a[1], c[1], d[1], e[1], f[1])),
    )
    return moved, gathered(w, gone)


def absorbed(depot: Value, into: Value, absorption: Value, w: Numbers) -> tuple[Value, Six[Value]]:
    """The depot one step on, and what reaches the blood from it at each stage (g/L of V1 a day)."""
    a = into - absorption * depot
    at_b = second(depot, w, a)
    b = into - absorption * at_b
    at_c = third(depot, w, a, b)
    c = into - absorption * at_c
    at_d = fourth(depot, w, (a, b, c))
    d = into - absorption * at_d
    at_e = fifth(depot, w, (a, b, c, d))
    e = into - absorption * at_e
    at_f = sixth(depot, w, (a, b, c, d, e))
    f = into - absorption * at_f
    out = (
        absorption * depot,
        absorption * at_b,
        absorption * at_c,
        absorption * at_d,
        absorption * at_e,
        absorption * at_f,
    )
    return depot + gathered(w, (a, c, d, e, f)), out


ARITHMETIC = (
    *(recycled_share, clearance_rate, weighted, slopes, passed),
    *(second, third, fourth, fifth, sixth, gathered),
    *(at_second, at_third, at_fourth, at_fifth, at_sixth, at_end),
    *(followed, absorbed),
)
