"""What an audit found, all of it: what its report and its JSON say alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ivigil.knowledge import Library, RuleSet
from ivigil.populations.audit.cohort import Cohort
from ivigil.populations.audit.disclosure import Cell
from ivigil.populations.audit.listing import OpenRow


@dataclass(frozen=True)
class Report:
    """An audit. ``counts`` are of the records that were read, and not of people; ``months`` are the first and the last.

    ``listed`` and ``open_rows`` name rows, and are empty unless everything may be seen.
    """

    of: str
    library: Library
    rules: RuleSet
    cohort: Cohort
    counts: Mapping[str, int]
    other: RuleSet | None = None
    listed: Mapping[Cell, tuple[str, ...]] = field(default_factory=dict)
    open_rows: tuple[OpenRow, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether everything is shown."""
        return self.cohort.policy is None

    @property
    def months(self) -> tuple[str, ...]:
        """The first and the last month with a request."""
        found = sorted(key for one in self.cohort.tables["month"].groups for key in one.key if key)
        return (found[0], found[-1]) if found else ()
