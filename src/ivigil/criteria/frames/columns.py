"""The facts of a table as expressions; a column that is not there is unknown in every row."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ivigil.criteria.frames.cells import HIGH, HIGH_OPEN, LOW, LOW_OPEN, MAY, cell_kinds
from ivigil.facts import Catalogue, Fact
from ivigil.tables import Expr, column, unknown
from ivigil.tables.expressions import certainly, first_known


@dataclass(frozen=True)
class Ends:
    """The ends of what is known of a number: an unknown one is unbounded; whether one is left out is definite."""

    low: Expr
    high: Expr
    low_open: Expr
    high_open: Expr


@dataclass(frozen=True)
class FactColumns:
    """The columns ``present`` in a table. ``renamed`` gives facts that stand in a column of another name."""

    catalogue: Catalogue
    present: Collection[str]
    renamed: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _present(self) -> frozenset[str]:
        return frozenset(self.present)

    def fact(self, fact_id: str) -> Fact:
        """The fact with this id."""
        return self.catalogue[fact_id]

    def value(self, fact_id: str) -> Expr:
        """The one value of a fact, where it has one."""
        return self._cell(fact_id, "")

    def options(self, fact_id: str) -> Expr | None:
        """Which options of a coded fact are possible, as bits; ``None`` where the table never says."""
        return self._cell(fact_id, MAY) if self._has(fact_id, MAY) else None

    def has_spans(self, fact_id: str) -> bool:
        """Whether the table may give a number as a span."""
        return self._has(fact_id, LOW) or self._has(fact_id, HIGH)

    def ends(self, fact_id: str) -> Ends:
        """A number's two ends, which are one where its value is known."""
        value = self.value(fact_id)
        if not self.has_spans(fact_id):
            closed = certainly(unknown("truth"))
            return Ends(value, value, closed, closed)
        return Ends(
            first_known((value, self._cell(fact_id, LOW))),
            first_known((value, self._cell(fact_id, HIGH))),
            value.is_null() & certainly(self._cell(fact_id, LOW_OPEN)),
            value.is_null() & certainly(self._cell(fact_id, HIGH_OPEN)),
        )

    def _name(self, fact_id: str, suffix: str) -> str:
        return self.renamed.get(fact_id, fact_id) + suffix

    def _has(self, fact_id: str, suffix: str) -> bool:
        return self._name(fact_id, suffix) in self._present

    def _cell(self, fact_id: str, suffix: str) -> Expr:
        if self._has(fact_id, suffix):
            return column(self._name(fact_id, suffix))
        return unknown(cell_kinds(self.fact(fact_id))[fact_id + suffix])
