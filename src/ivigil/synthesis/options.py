"""How an analysis is done: every convention has a name, and the name is printed with the result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Model = Literal["common", "random"]
Method = Literal["inverse-variance", "mantel-haenszel", "peto"]
Tau2 = Literal["DL", "PM", "REML", "ML", "HE", "SJ", "EB", "HS"]
IntervalMethod = Literal["normal", "hartung-knapp", "hartung-knapp-at-least-normal"]
Prediction = Literal["t-k-2", "t-k-1", "normal"]
ZeroCells = Literal["none", "metafor", "revman"]


@dataclass(frozen=True)
class Options:
    """The conventions of one analysis.

    ``model``: one common effect, or effects that vary between studies (``random``). ``method``: what weighs the
    studies; Mantel–Haenszel and Peto pool a common effect of two-by-two tables. ``tau2``: the estimator of the
    variance between studies. ``interval``: of the pooled effect. ``prediction``: degrees of freedom of the prediction
    interval. ``zero_cells``: ``none`` adds nothing and leaves out what cannot be computed; ``metafor`` adds one half to
    the four cells of a table with an empty one when an effect is computed, and nothing when Mantel–Haenszel pools;
    ``revman`` adds one half likewise, pools Mantel–Haenszel with it, and for a ratio leaves out tables without,
    or with nothing but, events; Peto's method adds nothing under any of them. ``level``: confidence
    level of every interval.
    """

    model: Model = "random"
    method: Method = "inverse-variance"
    tau2: Tau2 = "REML"
    interval: IntervalMethod = "normal"
    prediction: Prediction = "t-k-2"
    zero_cells: ZeroCells = "metafor"
    level: float = 0.95
