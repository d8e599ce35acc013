"""Mantel–Haenszel pooling of two-by-two tables: risk ratio, odds ratio, risk difference.

Variances: risk ratio and its logarithm, Greenland and Robins 1985; odds ratio, Robins, Breslow and Greenland 1986; risk
difference, Sato, Greenland and Robins 1989. Q compares the single effects with the pooled one; tables in which nobody
or everybody had the event do not enter it under the convention ``metafor``, as in ``rma.mh``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ivigil.documents import BadInput, Fault
from ivigil.synthesis.cautions import filled
from ivigil.synthesis.heterogeneity import heterogeneity_from_q
from ivigil.synthesis.inverse_variance import Mean, pooled_from
from ivigil.synthesis.options import Options
from ivigil.synthesis.results import Effects, FloatArray, Heterogeneity, Pooled
from ivigil.synthesis.rows import StudyData, TwoByTwo
from ivigil.synthesis.zero_cells import Table, table_for_pooling, table_of, tells_nothing

Cells = tuple[FloatArray, FloatArray, FloatArray, FloatArray]  # events a, n a, events b, n b: each (k,)


def pool_by_mantel_haenszel(effects: Effects, options: Options) -> Pooled:
    """The pooled risk ratio, odds ratio or risk difference of ``effects``, all of which must be two-by-two tables."""
    name = effects.measure.name
    if name not in _FORMULAS:
        raise BadInput([Fault("method", f"mantel-haenszel of {name}", f"one of {', '.join(_FORMULAS)}")])
    tables = [table_for_pooling(row, options.zero_cells) for row in two_by_two_rows(effects.rows, "mantel-haenszel")]
    value, se, weights = _FORMULAS[name](_cells(tables))
    if not (math.isfinite(value) and se > 0):
        raise BadInput([_undefined(effects, options)])
    silent = silent_tables(effects, options)
    return pooled_from(
        effects,
        options,
        Mean(value, se, None),
        k=len(tables) - len(silent),
        weights=weights,
        heterogeneity=_heterogeneity(effects, value, options),
        warnings=table_warnings(effects, options, silent),
    )


def two_by_two_rows(rows: Sequence[StudyData], method: str) -> tuple[TwoByTwo, ...]:
    """The rows, all of them tables; ``BadInput`` names each that is not."""
    faults = [
        Fault(f"row {number}, {row.label}", type(row).__name__, f"a two-by-two table, which {method} pools")
        for number, row in enumerate(rows, 1)
        if not isinstance(row, TwoByTwo)
    ]
    if faults:
        raise BadInput(faults)
    return tuple(row for row in rows if isinstance(row, TwoByTwo))


def silent_tables(effects: Effects, options: Options) -> tuple[int, ...]:
    """The places, counted from 0, of the studies whose tables add nothing to the pooled effect."""
    name, zero_cells = effects.measure.name, options.zero_cells
    return tuple(
        at for at, row in enumerate(effects.rows) if isinstance(row, TwoByTwo) and tells_nothing(name, row, zero_cells)
    )


def table_warnings(effects: Effects, options: Options, silent: tuple[int, ...]) -> tuple[str, ...]:
    """Which tables add nothing, and which were filled: for the pooled effect, or only for the effects of studies."""
    named = ", ".join(effects.labels[at] for at in silent)
    said = [f"nothing comes from tables that hold no information: {named}"] if silent else []
    if len(effects.rows) - len(silent) == 1:
        said.append("one study only: nothing can be said of how studies differ")
    if options.zero_cells == "none" and any(isinstance(one.row, TwoByTwo) for one in effects.left_out):
        said.append("tables with an empty cell are lost to it; the convention metafor pools them with nothing added")
    if options.zero_cells == "revman":
        return (*said, *filled(effects))
    only = f" (for its own effect; {options.method} adds nothing)"
    return (*said, *(text + only for text in filled(effects)))


def _heterogeneity(effects: Effects, value: float, options: Options) -> Heterogeneity:
    """Q of the single effects around the pooled ``value``."""
    told = np.array([_enters_q(row, options) for row in effects.rows])
    y, v = effects.estimates[told], effects.variances[told]
    return heterogeneity_from_q(float(((y - value) ** 2 / v).sum()), len(y) - 1)


def _enters_q(row: StudyData, options: Options) -> bool:
    return options.zero_cells != "metafor" or not (isinstance(row, TwoByTwo) and table_of(row).is_one_sided)


def _undefined(effects: Effects, options: Options) -> Fault:
    return Fault(
        "events",
        f"tables whose pooled {effects.measure.name} cannot be computed (zero cells: {options.zero_cells})",
        "events, and participants without, in both arms taken together",
        "Choose zero_cells = revman, which fills empty cells before it pools, or the risk difference.",
    )


def _cells(tables: Sequence[Table]) -> Cells:
    rows = np.array([(one.events_a, one.n_a, one.events_b, one.n_b) for one in tables], dtype=np.float64)
    events_a, n_a, events_b, n_b = rows.T
    return events_a, n_a, events_b, n_b


_Found = tuple[float, float, FloatArray]
_UNDEFINED = math.nan, math.nan


def _risk_ratio(cells: Cells) -> _Found:
    events_a, n_a, events_b, n_b = cells
    n = n_a + n_b
    top, weights = events_a * n_b / n, events_b * n_a / n
    above, below = float(top.sum()), float(weights.sum())
    if above == 0 or below == 0:
        return *_UNDEFINED, weights
    spread = (n_a * n_b * (events_a + events_b) / n - events_a * events_b) / n
    return math.log(above / below), math.sqrt(max(0.0, float(spread.sum())) / (above * below)), weights


def _odds_ratio(cells: Cells) -> _Found:
    events_a, n_a, events_b, n_b = cells
    n = n_a + n_b
    agreeing = (events_a + n_b - events_b) / n
    opposing = (events_b + n_a - events_a) / n
    top, weights = events_a * (n_b - events_b) / n, (n_a - events_a) * events_b / n
    above, below = float(top.sum()), float(weights.sum())
    if above == 0 or below == 0:
        return *_UNDEFINED, weights
    variance = (
        float(agreeing @ top) / (2 * above**2)
        + float(agreeing @ weights + opposing @ top) / (2 * above * below)
        + float(opposing @ weights) / (2 * below**2)
    )
    return math.log(above / below), math.sqrt(variance), weights


def _risk_difference(cells: Cells) -> _Found:
    events_a, n_a, events_b, n_b = cells
    n = n_a + n_b
    weights = n_a * n_b / n
    total = float(weights.sum())
    value = float(((events_a * n_b - events_b * n_a) / n).sum()) / total
    share_a, share_b = n_a / n, n_b / n
    slant = events_b * share_a**2 - events_a * share_b**2 + share_a * share_b * (n_b - n_a) / 2
    base = (events_a * (n_b - events_b) + events_b * (n_a - events_a)) / (2 * n)
    variance = (value * float(slant.sum()) + float(base.sum())) / total**2
    return value, math.sqrt(max(0.0, variance)), weights


_FORMULAS = {"RR": _risk_ratio, "OR": _odds_ratio, "RD": _risk_difference}
