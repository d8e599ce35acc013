"""Subgroups: each pooled, and whether they differ by more than chance.

With ``separate`` variances each subgroup has a τ² of its own, as in RevMan; with a ``common`` one it is estimated
within the subgroups together, as in metafor's ``rma(mods = ~ subgroup)``. Either way the test of subgroup differences
takes each subgroup's pooled effect as one study: Q between them, with one degree of freedom less than subgroups
(Cochrane Handbook 5.1, section 9.6.3.1).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ivigil.documents import BadInput, Fault
from ivigil.synthesis.mixed_model import WaldTest, coefficients_of, method_faults, mixed_fit, wald
from ivigil.synthesis.options import Options
from ivigil.synthesis.pool import pool
from ivigil.synthesis.quantiles import chi2_p
from ivigil.synthesis.results import Effects, Estimate, Pooled
from ivigil.synthesis.selection import chosen

Variance = Literal["separate", "common"]
_DEFAULTS = Options()


@dataclass(frozen=True)
class Subgroup:
    """One subgroup: its studies, its pooled effect with the ``tau2`` of the analysis, and what it gives ``alone``.

    With separate variances ``effect``, ``se``, ``p`` and ``tau2`` are those of ``alone``.
    """

    name: str
    labels: tuple[str, ...]
    effect: Estimate
    se: float
    p: float
    tau2: float
    alone: Pooled


@dataclass(frozen=True)
class Subgroups:
    """The subgroups in alphabetical order, how τ² was taken, and the test of their difference.

    ``difference`` is ``None`` where there is only one subgroup.
    """

    variance: Variance
    groups: tuple[Subgroup, ...]
    difference: WaldTest | None
    warnings: tuple[str, ...] = ()


def pool_subgroups(
    effects: Effects, groups: Mapping[str, str], options: Options = _DEFAULTS, variance: Variance = "separate"
) -> Subgroups:
    """Each subgroup pooled, ``groups`` giving the subgroup of each study by its label, and the test of differences.

    Raises ``BadInput`` where a study has no subgroup, where a common variance is asked of a method that has none, or
    where every study is a subgroup of its own and leaves none to estimate a common variance from.
    """
    if faults := (*_group_faults(effects, groups), *(method_faults(options) if variance == "common" else ())):
        raise BadInput(faults)
    names = tuple(sorted({groups[label] for label in effects.labels}))
    alone = tuple(pool(_part(effects, groups, name), options) for name in names)
    return (_alone if variance == "separate" else _together)(effects, groups, names, alone)


def _part(effects: Effects, groups: Mapping[str, str], name: str) -> Effects:
    return chosen(effects, [place for place, label in enumerate(effects.labels) if groups[label] == name])


def _labels(effects: Effects, groups: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(label for label in effects.labels if groups[label] == name)


def _alone(effects: Effects, groups: Mapping[str, str], names: Sequence[str], alone: Sequence[Pooled]) -> Subgroups:
    """Subgroups with a variance each: what each gives by itself."""
    found = tuple(
        Subgroup(name, _labels(effects, groups, name), one.effect, one.se, one.p, one.heterogeneity.tau2, one)
        for name, one in zip(names, alone, strict=True)
    )
    if len(found) == 1:
        return Subgroups("separate", found, None)
    q, df = _between(found), len(found) - 1
    return Subgroups("separate", found, WaldTest(q, df, chi2_p(q, df)))


def _together(effects: Effects, groups: Mapping[str, str], names: Sequence[str], alone: Sequence[Pooled]) -> Subgroups:
    """Subgroups with one variance within them all: a column of the design for each."""
    if len(names) == len(effects.rows) > 1:
        hint = "Pool them with separate variances."
        raise BadInput([Fault("subgroups", "one study in each", "a subgroup of two studies or more", hint)])
    design = np.array([[float(groups[label] == name) for name in names] for label in effects.labels])
    model = mixed_fit(effects, design, alone[0].options)
    found = tuple(
        Subgroup(one.name, _labels(effects, groups, one.name), one.effect, one.se, one.p, model.tau2, by_itself)
        for one, by_itself in zip(coefficients_of(tuple(names), model), alone, strict=True)
    )
    difference = wald(_between(found), len(found) - 1, model) if len(found) > 1 else None
    return Subgroups("common", found, difference, model.warnings)


def _between(groups: Sequence[Subgroup]) -> float:
    """Cochran's Q of the pooled effects of the subgroups."""
    values = np.array([group.effect.value for group in groups])
    errors = np.array([group.se for group in groups])
    if not errors.all():  # studies that agree to the last digit leave Hartung and Knapp no error to weigh by
        return math.inf if np.ptp(values) else 0.0
    weights = 1 / errors**2
    return float(weights @ (values - weights @ values / weights.sum()) ** 2)


def _group_faults(effects: Effects, groups: Mapping[str, str]) -> tuple[Fault, ...]:
    hint = "Leave the study out, or say where it belongs."
    return tuple(
        Fault(f"subgroup of {label}", "none", "a subgroup for every study", hint)
        for label in effects.labels
        if label not in groups
    )
