"""The effect measures: on what scale each is pooled, and what value means no difference.

The short names are the field's own (as in metafor's ``escalc``, Viechtbauer 2010).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MeasureName = Literal[
    "RR", "OR", "RD", "PETO", "MD", "SMD", "ROM", "HR", "PR", "PLN", "PLO", "PAS", "PFT", "COR", "ZCOR"
]
Scale = Literal["identity", "log", "logit", "arcsine", "double-arcsine", "fisher-z"]
Kind = Literal["two-by-two", "two means", "proportion", "correlation", "reported"]


@dataclass(frozen=True)
class Measure:
    """A measure: its name, the scale it is pooled on, what data it is computed from, and no difference on that scale.

    ``null`` is ``None`` where the measure compares nothing (a single proportion).
    """

    name: MeasureName
    words: str
    scale: Scale
    of: Kind
    null: float | None = 0.0

    @property
    def is_ratio(self) -> bool:
        """Whether it is pooled as a logarithm and shown as a ratio."""
        return self.scale == "log" and self.null is not None

    @property
    def compares(self) -> bool:
        """Whether two arms are compared, so that an effect can favour one of them."""
        return self.null is not None and self.of != "correlation"


MEASURES: dict[str, Measure] = {
    one.name: one
    for one in (
        Measure("RR", "risk ratio", "log", "two-by-two"),
        Measure("OR", "odds ratio", "log", "two-by-two"),
        Measure("RD", "risk difference", "identity", "two-by-two"),
        Measure("PETO", "Peto odds ratio", "log", "two-by-two"),
        Measure("MD", "mean difference", "identity", "two means"),
        Measure("SMD", "standardised mean difference", "identity", "two means"),
        Measure("ROM", "ratio of means", "log", "two means"),
        Measure("HR", "hazard ratio", "log", "reported"),
        Measure("PR", "proportion", "identity", "proportion", None),
        Measure("PLN", "proportion", "log", "proportion", None),
        Measure("PLO", "proportion", "logit", "proportion", None),
        Measure("PAS", "proportion", "arcsine", "proportion", None),
        Measure("PFT", "proportion", "double-arcsine", "proportion", None),
        Measure("COR", "correlation", "identity", "correlation"),
        Measure("ZCOR", "correlation", "fisher-z", "correlation"),
    )
}
