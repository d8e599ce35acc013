"""Effects of two-by-two tables: risk ratio, odds ratio, risk difference, Peto's odds ratio.

Variances are those of large samples (Fleiss and Berlin, in Cooper, Hedges and Valentine, The handbook of research
synthesis and meta-analysis, 2009); Peto's from the hypergeometric variance (Yusuf and others 1985).
"""

from __future__ import annotations

import math

from ivigil.synthesis.computed import Computed, NotComputable, usable
from ivigil.synthesis.measures import MeasureName
from ivigil.synthesis.options import ZeroCells
from ivigil.synthesis.rows import TwoByTwo
from ivigil.synthesis.zero_cells import Table, table_for_effect, why_left_out


def two_by_two_effect(measure: MeasureName, row: TwoByTwo, zero_cells: ZeroCells) -> Computed | NotComputable:
    """The effect of one table, as a logarithm for a ratio, with empty cells treated as ``zero_cells`` says."""
    reason = why_left_out(measure, row, zero_cells)
    if reason is not None:
        return NotComputable(reason)
    table = table_for_effect(measure, row, zero_cells)
    if measure in ("RR", "OR") and _lacks_logarithm(measure, table):
        return NotComputable(f"a cell is 0, so that its {measure} has no logarithm (zero cells: {zero_cells})")
    estimate, variance = _FORMULAS[measure](table)
    return usable(Computed(estimate, variance, table.corrected))


def observed_less_expected(table: Table) -> tuple[float, float]:
    """Peto's O - E of the events with the treatment, and the hypergeometric variance of it."""
    events, total = table.events_a + table.events_b, table.total
    others = total - events
    expected = table.n_a * events / total
    variance = table.n_a * table.n_b * events * others / (total**2 * (total - 1)) if total > 1 else 0.0
    return table.events_a - expected, variance


def _lacks_logarithm(measure: MeasureName, table: Table) -> bool:
    cells = (table.events_a, table.events_b)
    return 0 in cells if measure == "RR" else table.has_empty_cell


def _risk_ratio(table: Table) -> tuple[float, float]:
    estimate = math.log((table.events_a / table.n_a) / (table.events_b / table.n_b))
    return estimate, 1 / table.events_a - 1 / table.n_a + 1 / table.events_b - 1 / table.n_b


def _odds_ratio(table: Table) -> tuple[float, float]:
    cells = (table.events_a, table.others_a, table.events_b, table.others_b)
    odds_a, odds_b = table.events_a / table.others_a, table.events_b / table.others_b
    return math.log(odds_a / odds_b), sum(1 / cell for cell in cells)


def _risk_difference(table: Table) -> tuple[float, float]:
    risk_a, risk_b = table.events_a / table.n_a, table.events_b / table.n_b
    variance = risk_a * (1 - risk_a) / table.n_a + risk_b * (1 - risk_b) / table.n_b
    return risk_a - risk_b, variance


def _peto(table: Table) -> tuple[float, float]:
    excess, variance = observed_less_expected(table)
    return (excess / variance, 1 / variance) if variance > 0 else (math.nan, math.nan)


_FORMULAS = {"RR": _risk_ratio, "OR": _odds_ratio, "RD": _risk_difference, "PETO": _peto}
