"""What a plan is made from, small enough to be handed to another process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ivigil.knowledge import load
from ivigil.synthetic.background import read_background
from ivigil.synthetic.plan import Options, Plan, plan_of


@dataclass(frozen=True)
class Recipe:
    """Options, folders of knowledge to add, and a folder of bulk FHIR whose records are mixed in."""

    options: Options
    knowledge: tuple[Path, ...] = ()
    background: Path | None = None

    def plan(self) -> Plan:
        """The plan. Raises :class:`BadInput` where it cannot be made."""
        background = read_background(self.background) if self.background is not None else None
        return plan_of(load(self.knowledge), self.options, background)
