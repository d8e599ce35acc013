"""Peto's pooled odds ratio: the sum of O - E over the sum of its hypergeometric variances (Yusuf and others 1985).

Nothing is added to empty cells. The method is biased where arms differ much in size or effects are large.
"""

from __future__ import annotations

import numpy as np

from ivigil.documents import BadInput, Fault
from ivigil.synthesis.heterogeneity import heterogeneity_from_q
from ivigil.synthesis.inverse_variance import Mean, pooled_from
from ivigil.synthesis.mantel_haenszel import silent_tables, table_warnings, two_by_two_rows
from ivigil.synthesis.options import Options
from ivigil.synthesis.results import Effects, Pooled
from ivigil.synthesis.two_by_two import observed_less_expected
from ivigil.synthesis.zero_cells import table_of


def pool_by_peto(effects: Effects, options: Options) -> Pooled:
    """The pooled Peto odds ratio, as a logarithm, of ``effects`` of the measure ``PETO``."""
    if effects.measure.name != "PETO":
        raise BadInput([Fault("method", f"peto of {effects.measure.name}", "the measure PETO")])
    found = np.array([observed_less_expected(table_of(row)) for row in two_by_two_rows(effects.rows, "peto")])
    excess, variances = found.T
    total = float(variances.sum())
    if total == 0:
        raise BadInput([Fault("events", "tables in which nobody or everybody had the event", "a table with both")])
    value = float(excess.sum()) / total
    told = variances > 0
    q = float(((excess[told] / variances[told] - value) ** 2 * variances[told]).sum())
    return pooled_from(
        effects,
        options,
        Mean(value, total**-0.5, None),
        k=int(told.sum()),
        weights=variances,
        heterogeneity=heterogeneity_from_q(q, int(told.sum()) - 1),
        warnings=table_warnings(effects, options, silent_tables(effects, options)),
    )
