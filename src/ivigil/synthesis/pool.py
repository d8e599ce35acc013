"""Pooling: checks the options against each other and the effects, and passes on to the method they name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from ivigil.documents import BadInput, Fault
from ivigil.synthesis.inverse_variance import pool_by_inverse_variance
from ivigil.synthesis.mantel_haenszel import pool_by_mantel_haenszel
from ivigil.synthesis.options import IntervalMethod, Method, Model, Options, Prediction, Tau2, ZeroCells
from ivigil.synthesis.peto import pool_by_peto
from ivigil.synthesis.results import Effects, Pooled

_NAMES = {
    "model": Model,
    "method": Method,
    "tau2": Tau2,
    "interval": IntervalMethod,
    "prediction": Prediction,
    "zero_cells": ZeroCells,
}
_POOLS = {
    "inverse-variance": pool_by_inverse_variance,
    "mantel-haenszel": pool_by_mantel_haenszel,
    "peto": pool_by_peto,
}
_DEFAULTS = Options()


def pool(effects: Effects, options: Options = _DEFAULTS) -> Pooled:
    """The pooled effect of ``effects`` by ``options``, on the pooling scale of their measure.

    Raises ``BadInput`` where no study is left, for an option that is none, and for options that do not go together:
    Mantel–Haenszel and Peto pool tables, under a common effect, with a normal interval.
    """
    faults = [*_option_faults(options), *_no_study(effects)]
    if faults:
        raise BadInput(faults)
    return _POOLS[options.method](effects, options)


def _option_faults(options: Options) -> Iterator[Fault]:
    for name, allowed in _NAMES.items():
        if getattr(options, name) not in get_args(allowed):
            yield Fault(f"option {name}", str(getattr(options, name)), f"one of {', '.join(get_args(allowed))}")
    if not 0 < options.level < 1:
        yield Fault("option level", f"{options.level:g}", "a confidence level between 0 and 1", "Write 0.95 for 95 %.")
    if options.method in ("mantel-haenszel", "peto"):
        if options.model != "common":
            yield Fault("option model", f"{options.model} with {options.method}", "model common, which it pools")
        if options.interval != "normal":
            yield Fault("option interval", f"{options.interval} with {options.method}", "interval normal")


def _no_study(effects: Effects) -> Iterator[Fault]:
    if not effects.rows:
        why = "; ".join(f"{one.label}: {one.reason}" for one in effects.left_out)
        yield Fault("studies", "no study that gives an effect", "one study or more", why)
