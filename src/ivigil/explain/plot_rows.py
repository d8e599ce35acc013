"""What a picture made of rows shows, before it is drawn: names, cells, effects and marks, for any width."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ivigil.explain.plot_figures import level_words
from ivigil.explain.plot_numbers import begun, estimable
from ivigil.synthesis.measures import Measure
from ivigil.synthesis.results import Estimate

Shape = Literal["square", "dot", "diamond", "bar"]
Kind = Literal["study", "group", "subtotal", "pooled", "prediction", "words"]


@dataclass(frozen=True)
class Mark:
    """What is drawn for an effect on the pooling scale; ``share`` of the largest weight gives a square its area."""

    shape: Shape
    effect: Estimate
    share: float = 1.0


@dataclass(frozen=True)
class PlotRow:
    """One row in words: ``cells`` for each arm, ``below`` in small print under them; ``soft`` where it took no part."""

    kind: Kind
    name: str
    cells: tuple[str, ...] = ()
    effect: str = ""
    weight: str = ""
    mark: Mark | None = None
    below: str = ""
    soft: bool = False

    @property
    def bold(self) -> bool:
        return self.kind in {"group", "subtotal", "pooled"}


@dataclass(frozen=True)
class RowPlot:
    """A whole picture of rows.

    ``columns`` head the name and each arm, whose second line says what is printed; ``favours`` stand left and right of
    no difference; ``reference`` is the pooled effect, on the pooling scale; ``findings`` and ``fine`` stand beneath,
    what was found and how it was done. Cells are those of arms, or, where ``labelled``, figures that a narrow picture
    has to name.
    """

    kind: str
    title: str
    outcome: str
    said: str
    columns: tuple[str, ...]
    effect_heading: str
    weight_heading: str
    rows: tuple[PlotRow, ...]
    measure: Measure
    favours: tuple[str, str]
    reference: float | None
    findings: tuple[str, ...] = ()
    fine: tuple[str, ...] = ()
    labelled: bool = False

    @property
    def effects(self) -> tuple[Estimate, ...]:
        """Every effect that can be drawn."""
        return tuple(row.mark.effect for row in self.rows if row.mark and estimable(row.mark.effect))

    @property
    def has_arms(self) -> bool:
        return len(self.columns) > 1


def effect_heading(measure: Measure, level: float) -> str:
    """``Risk ratio [95 % CI]``, on two lines."""
    held = f"[{level_words(level)} CI]".replace(" ", "\u00a0")
    return f"{begun(measure.words)}\n{held}"


def axis_title(measure: Measure) -> str:
    """``Risk ratio (logarithmic axis)``."""
    words = begun(measure.words)
    return f"{words} (logarithmic axis)" if measure.is_ratio else words
