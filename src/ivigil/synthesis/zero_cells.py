"""Tables with empty cells: when one half is added to the four cells, and when a table is left out.

The conventions follow what the programs document: metafor's ``escalc`` and ``rma.mh`` (``add``, ``to = "only0"``,
``drop00``), and Review Manager, which pools Mantel–Haenszel from the filled tables and leaves out tables that say
nothing of a ratio. Peto's odds ratio needs no filling; ``revman`` therefore adds nothing to it, ``metafor`` fills the
tables of the single effects as ``escalc`` does.
"""

from __future__ import annotations

from dataclasses import dataclass

from ivigil.synthesis.measures import MeasureName
from ivigil.synthesis.options import ZeroCells
from ivigil.synthesis.rows import TwoByTwo

HALF = 0.5


@dataclass(frozen=True)
class Table:
    """Events and non-events of each arm; ``corrected`` where one half was added to each cell."""

    events_a: float
    others_a: float
    events_b: float
    others_b: float
    corrected: bool = False

    @property
    def n_a(self) -> float:
        return self.events_a + self.others_a

    @property
    def n_b(self) -> float:
        return self.events_b + self.others_b

    @property
    def total(self) -> float:
        return self.n_a + self.n_b

    @property
    def has_empty_cell(self) -> bool:
        """Whether a cell is 0."""
        return 0 in (self.events_a, self.others_a, self.events_b, self.others_b)

    @property
    def is_one_sided(self) -> bool:
        """Whether nobody, or everybody, had the event: such a table says nothing of an odds ratio."""
        return self.events_a + self.events_b == 0 or self.others_a + self.others_b == 0

    def with_halves(self) -> Table:
        """The table with one half added to each cell."""
        return Table(
            self.events_a + HALF, self.others_a + HALF, self.events_b + HALF, self.others_b + HALF, corrected=True
        )


def table_of(row: TwoByTwo) -> Table:
    """The four cells as counted."""
    return Table(row.events_a, row.n_a - row.events_a, row.events_b, row.n_b - row.events_b)


def table_for_effect(measure: MeasureName, row: TwoByTwo, convention: ZeroCells) -> Table:
    """The cells from which the effect of one study is computed."""
    table = table_of(row)
    fills = convention == "metafor" or (convention == "revman" and measure != "PETO")
    return table.with_halves() if fills and table.has_empty_cell else table


def table_for_pooling(row: TwoByTwo, convention: ZeroCells) -> Table:
    """The cells that Mantel–Haenszel pools."""
    table = table_of(row)
    return table.with_halves() if convention == "revman" and table.has_empty_cell else table


def tells_nothing(measure: MeasureName, row: TwoByTwo, convention: ZeroCells) -> bool:
    """Whether a table adds nothing to a pooled effect by Mantel–Haenszel or Peto."""
    table = table_for_pooling(row, convention)
    match measure:
        case "RD":
            return False
        case "RR":
            return table.events_a + table.events_b == 0
        case _:
            return table.is_one_sided


def why_left_out(measure: MeasureName, row: TwoByTwo, convention: ZeroCells) -> str | None:
    """Why the convention leaves the table out of a ratio, or ``None``."""
    if convention == "metafor" or measure == "RD" or not table_of(row).is_one_sided:
        return None
    nobody = row.events_a + row.events_b == 0
    return f"{'no' if nobody else 'every'} participant of either arm had the event (zero cells: {convention})"
