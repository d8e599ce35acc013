"""A person's parameters under a published linear model, and what follows from them alone. Pure Python.

The models describe the IgG that was *given*. Their clearance is an apparent one of exogenous IgG at the doses studied,
because recycling by FcRn saturates; a constant level of the person's own IgG is added to it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ivigil.documents import BadInput, Fault
from ivigil.kinetics.doses import Route
from ivigil.kinetics.people import Covariates
from ivigil.knowledge.kinetic_records import CovariateEffect, CovariateName, KineticParameter, LinearModel

BASELINE = "baseline"
# The fields of Covariates that the covariates of a model are, and the routes whose shares its parameters are.
COVARIATE_FIELDS: Mapping[CovariateName, str] = {
    "body weight": "weight_kg",
    "lean body mass": "lean_body_mass_kg",
    "IgM": "igm_g_per_l",
    "secondary antibody deficiency": "secondary_deficiency",
}
ROUTE_SHARES: Mapping[str, Route] = {"F_sc": "subcutaneous", "F_fsc": "facilitated subcutaneous"}


@dataclass(frozen=True)
class LinearParameters:
    """One person's parameters: flows in L/day, volumes in L, absorption per day, the share taken up by each route.

    ``between_l_per_day`` and ``peripheral_l`` are 0 for one compartment. A route that is not in ``bioavailable`` was
    not studied. ``baseline_g_per_l`` is ``None`` where the model states none, or a covariate of it is unknown.
    """

    clearance_l_per_day: float
    central_l: float
    between_l_per_day: float
    peripheral_l: float
    absorption_per_day: float | None
    bioavailable: Mapping[Route, float]
    baseline_g_per_l: float | None


def parameters_of(
    model: LinearModel, covariates: Covariates, etas: Mapping[str, float] | None = None
) -> LinearParameters:
    """The parameters of a person: typical at these covariates, times ``exp(eta)`` for each eta.

    Etas are named as the model names its parameters, or ``baseline``. Raises :class:`BadInput` with every covariate
    that the model needs and that is unknown, and every eta it has no parameter for.
    """
    held = dict(etas or {})
    faults = [*_unknown_covariates(model, covariates), *_unknown_etas(model, held)]
    if faults:
        raise BadInput(faults)
    values = {one.name: _valued(one, covariates) * math.exp(held.get(one.name, 0.0)) for one in model.parameters}
    shares = {ROUTE_SHARES[name]: values[name] for name in ROUTE_SHARES if name in values}
    return LinearParameters(
        clearance_l_per_day=values["CL"] if "CL" in values else values["kel"] * values["Vc"],
        central_l=values["Vc"],
        between_l_per_day=values.get("Q", 0.0) if model.compartments > 1 else 0.0,
        peripheral_l=values.get("Vp", 0.0) if model.compartments > 1 else 0.0,
        absorption_per_day=values.get("ka"),
        bioavailable={"intravenous": 1.0, **shares},
        baseline_g_per_l=_baseline(model, covariates, held.get(BASELINE, 0.0)),
    )


def with_baseline(parameters: LinearParameters, g_per_l: float) -> LinearParameters:
    """The parameters with the person's own measured level before treatment instead of the model's."""
    if not (math.isfinite(g_per_l) and g_per_l >= 0):
        raise BadInput([Fault("baseline_g_per_l", f"{g_per_l:g}", "a level in g/L, 0 or more")])
    return replace(parameters, baseline_g_per_l=g_per_l)


def factor_of(effect: CovariateEffect, covariates: Covariates) -> float:
    """By what a covariate multiplies. The covariate is known: see :func:`parameters_of`."""
    value = getattr(covariates, COVARIATE_FIELDS[effect.covariate])
    if effect.factor is not None:
        return float(effect.factor) if value else 1.0
    # crosscheck_kinetics holds that an effect has a factor, or a reference with an exponent
    return float((value / float(effect.reference or 1)) ** float(effect.exponent or 0))


def needed_covariates(model: LinearModel) -> tuple[str, ...]:
    """The fields of :class:`Covariates` without which the model has no parameters; the baseline apart."""
    effects = (effect for one in model.parameters for effect in one.covariates)
    return tuple(dict.fromkeys(COVARIATE_FIELDS[effect.covariate] for effect in effects))


def _valued(one: KineticParameter, covariates: Covariates) -> float:
    return float(one.value) * math.prod(factor_of(effect, covariates) for effect in one.covariates)


def _baseline(model: LinearModel, covariates: Covariates, eta: float) -> float | None:
    held = model.baseline
    unknown = any(getattr(covariates, COVARIATE_FIELDS[effect.covariate]) is None for effect in held.covariates)
    if held.g_per_l is None or unknown:
        return None
    factor = math.prod(factor_of(effect, covariates) for effect in held.covariates)
    return float(held.g_per_l) * factor * math.exp(eta)


def _unknown_covariates(model: LinearModel, covariates: Covariates) -> Iterator[Fault]:
    for name in needed_covariates(model):
        if getattr(covariates, name) is None:
            yield Fault(name, "unknown", f"a value: {model.id} scales by it", "Take a model that does not, or give it.")


def _unknown_etas(model: LinearModel, etas: Mapping[str, float]) -> Iterator[Fault]:
    known = {one.name for one in model.parameters} | {BASELINE}
    for name, value in etas.items():
        if name not in known:
            yield Fault("etas", repr(name), ", ".join(sorted(known)))
        elif not math.isfinite(value):
            yield Fault(f"etas, {name}", str(value), "a finite number")


@dataclass(frozen=True)
class Modes:
    """Two exponential modes of the central compartment: rates fast and slow per day, and their shares of a dose.

    With one compartment the fast share is 0. ``exit_per_day``, ``out_per_day`` and ``back_per_day`` are elimination,
    flow to the periphery and flow back, as rate constants.
    """

    fast_per_day: float
    slow_per_day: float
    fast_share: float
    slow_share: float
    exit_per_day: float
    out_per_day: float
    back_per_day: float


def modes_of(parameters: LinearParameters) -> Modes:
    """The modes, without subtracting nearly equal numbers: the smaller root from the product of both."""
    leaving = parameters.clearance_l_per_day / parameters.central_l
    if parameters.between_l_per_day == 0 or parameters.peripheral_l == 0:
        return Modes(leaving, leaving, 0.0, 1.0, leaving, 0.0, 0.0)
    out = parameters.between_l_per_day / parameters.central_l
    back = parameters.between_l_per_day / parameters.peripheral_l
    fast = (leaving + out + back) / 2 + half_gap(leaving, out, back)
    above, below = offsets(leaving, out, back)
    return Modes(fast, leaving * back / fast, above / (above + below), below / (above + below), leaving, out, back)


def half_gap(leaving: float, out: float, back: float) -> float:
    """Half the distance between the two rates."""
    return math.hypot((leaving + out - back) / 2, math.sqrt(out * back))


def offsets(leaving: float, out: float, back: float) -> tuple[float, float]:
    """The distance of the fast rate above ``back``, and of the slow one below it; both positive."""
    middle, gap = (leaving + out - back) / 2, half_gap(leaving, out, back)
    if middle >= 0:
        return gap + middle, out * back / (gap + middle)
    return out * back / (gap - middle), gap - middle


@dataclass(frozen=True)
class HalfLives:
    """Half-lives in days, of the IgG that ``of`` names: never of the person's whole IgG."""

    distribution_days: float | None
    terminal_days: float
    absorption_days: float | None
    of: str


def half_lives(parameters: LinearParameters) -> HalfLives:
    """The half-lives of the model's exogenous IgG. Where absorption is the slowest, it rules the end of the curve."""
    modes, absorption = modes_of(parameters), parameters.absorption_per_day
    return HalfLives(
        distribution_days=math.log(2) / modes.fast_per_day if modes.fast_share else None,
        terminal_days=math.log(2) / modes.slow_per_day,
        absorption_days=math.log(2) / absorption if absorption else None,
        of="exogenous IgG, apparent, in this model at the doses it was built on",
    )
