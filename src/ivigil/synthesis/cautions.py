"""What a reader must know of a result: one study only, an estimator that ended at 0, filled tables, and the like."""

from __future__ import annotations

from collections.abc import Iterator

from ivigil.synthesis.options import Options
from ivigil.synthesis.results import Effects
from ivigil.synthesis.tau2 import Tau2Found

_TWO = 2  # their one difference is all that tells of the variance between studies


def inverse_variance_warnings(
    effects: Effects, options: Options, found: Tau2Found, prediction: tuple[float, float] | None, se: float
) -> tuple[str, ...]:
    """The warnings of a result by inverse variance, in the order a reader needs them."""
    return (
        *_number(effects, options),
        *_tau2(effects, options, found, prediction),
        *_interval(effects, options, se),
        *filled(effects),
    )


def filled(effects: Effects) -> tuple[str, ...]:
    """That empty cells were filled, and in which studies."""
    if not effects.corrected:
        return ()
    return (f"one half was added to each cell of {', '.join(effects.corrected)}, which had an empty one",)


def _number(effects: Effects, options: Options) -> Iterator[str]:
    k = len(effects.estimates)
    if k == 1:
        yield "one study only: the result is that study's, and nothing can be said of how studies differ"
    elif k == _TWO and options.model == "random":
        yield f"{k} studies: the variance between studies is poorly known"


def _tau2(
    effects: Effects, options: Options, found: Tau2Found, prediction: tuple[float, float] | None
) -> Iterator[str]:
    if options.model == "common" or len(effects.estimates) == 1:
        return
    if not found.converged:
        yield f"the estimator {options.tau2} of τ² did not come to rest"
    if found.at_zero:
        yield f"τ² ({options.tau2}) is 0: the result is that of a common effect"
    if prediction is None:
        yield "too few studies for a prediction interval"


def _interval(effects: Effects, options: Options, se: float) -> Iterator[str]:
    if options.interval == "normal":
        return
    if len(effects.estimates) == 1:
        yield "one study only: the interval is normal, not Hartung–Knapp"
    elif se < float((1 / effects.variances).sum()) ** -0.5:
        yield "the Hartung–Knapp standard error is below that of a common effect: the studies agree more than chance"
