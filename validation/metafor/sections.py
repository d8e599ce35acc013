"""What each section of the pins holds, and how ivigil computes the same.

A section takes the pins of one data set and measure, by path, and gives ivigil's value beside each.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any, cast

import numpy as np
from datasets import DataSet

from ivigil.documents import BadInput
from ivigil.knowledge.evidence_records import HintRule
from ivigil.knowledge.records import Passage
from ivigil.synthesis.cumulative import cumulative
from ivigil.synthesis.effects import effects_of
from ivigil.synthesis.heterogeneity import q_profile
from ivigil.synthesis.leave_out import leave_one_out
from ivigil.synthesis.many import pool_many
from ivigil.synthesis.mixed_model import WaldTest
from ivigil.synthesis.moderators import Categorical, Moderator, Numeric
from ivigil.synthesis.options import Options, Tau2, ZeroCells
from ivigil.synthesis.pool import pool
from ivigil.synthesis.regression import regress
from ivigil.synthesis.residuals import Data
from ivigil.synthesis.results import Effects, Estimate, Pooled
from ivigil.synthesis.small_study import SmallStudyTest, begg, egger, egger_mixed, harbord, peters
from ivigil.synthesis.subgroups import pool_subgroups
from ivigil.synthesis.trim_fill import trim_and_fill

Pins = Mapping[str, Sequence[float | None]]
Pairs = Iterator[tuple[str, float | None, float | None]]

# --- what the sections hold -----------------------------------------------------------------------------------------


def _effects(data: DataSet, measure: str, pins: Pins) -> Pairs:
    for convention in sorted({path.split("/")[0] for path in pins}):
        found = _effects_of(data, measure, convention)
        places = [data.labels.index(label) + 1 for label in found.labels]
        yield from _each(f"{convention}/kept", pins[f"{convention}/kept"], places)
        if pins[f"{convention}/kept"] == places and places:
            yield from _each(f"{convention}/estimates", pins[f"{convention}/estimates"], found.estimates)
            yield from _each(f"{convention}/variances", pins[f"{convention}/variances"], found.variances)


def _pooled(data: DataSet, measure: str, pins: Pins) -> Pairs:
    for path, values in pins.items():
        convention, tau2, interval, level = path.split("/")
        options = replace(_options(tau2, interval), zero_cells=cast("ZeroCells", convention), level=float(level))
        found = pool(_effects_of(data, measure, convention), options)
        spread = found.heterogeneity
        beyond = [spread.q, _p_of_q(spread.q, spread.p)] if tau2 == "common" else [spread.tau2]
        names = [*_OF_A_POOL, *(["q", "q p"] if tau2 == "common" else ["tau2"])]
        yield from _named(path, names, values, [*_estimate(found), spread.i2, spread.h2, *beyond])
        if interval == "normal" and tau2 in ("DL", "PM", "REML", "common"):
            yield from _at_once(path, values, _effects_of(data, measure, convention), options)


def _at_once(path: str, values: Sequence[float | None], effects: Effects, options: Options) -> Pairs:
    """The same by the arrays of many analyses: here two copies of one."""
    y, v = (np.tile(one, (2, 1)) for one in (effects.estimates, effects.variances))
    found = pool_many(y, v, np.ones_like(y, dtype=np.bool_), options)
    figures = [found.effect, found.low, found.high, found.se, found.statistic, found.p, found.i2]
    yield from _named(f"{path}/many", _OF_A_POOL[:-1], values[:7], [float(one[1]) for one in figures])


def _weights(data: DataSet, measure: str, pins: Pins) -> Pairs:
    for tau2, values in pins.items():
        yield from _each(tau2, values, pool(_effects_of(data, measure), _options(tau2)).weights)


def _predictions(data: DataSet, measure: str, pins: Pins) -> Pairs:
    for path, values in pins.items():
        tau2, interval, law = path.split("/")
        found = pool(_effects_of(data, measure), replace(_options(tau2, interval), prediction=cast("Any", law)))
        yield from _each(path, values, found.prediction or (math.nan, math.nan))


def _profile(data: DataSet, measure: str, pins: Pins) -> Pairs:
    effects = _effects_of(data, measure)
    for path, values in pins.items():
        level, empty = float(path.split("/")[0]), path.endswith("/empty")
        spread = pool(effects, replace(_options("REML"), level=level)).heterogeneity
        ends = [spread.tau2_low, spread.tau2_high, spread.i2_low, spread.i2_high]
        # Where Q is below both quantiles already at 0, metafor names the set of τ² empty, and ivigil gives 0 to 0.
        yield from _each(path, [0.0] * 4 if empty else values, ends)
        alone = q_profile(Data(effects.estimates, effects.variances), level)
        yield from _each(f"{path}/alone", [0.0] * 2 if empty else values[:2], [alone.low, alone.high])


def _mantel_haenszel(data: DataSet, measure: str, pins: Pins) -> Pairs:
    for path, values in pins.items():
        convention, level = path.split("/")[:2]
        effects, options = _effects_of(data, measure, convention), replace(_tables(convention), level=float(level))
        if path.endswith("/undefined"):
            yield path, values[0], _refused(partial(pool, effects, options))
            continue
        yield from _named(path, _OF_TABLES, values, _by_tables(pool(effects, options)))


def _mantel_haenszel_weights(data: DataSet, measure: str, pins: Pins) -> Pairs:
    values = pins[""]
    yield from _each("", values, pool(_effects_of(data, measure), _tables("metafor")).weights)


def _mantel_haenszel_left(data: DataSet, measure: str, pins: Pins) -> Pairs:
    effects, options = _effects_of(data, measure), _tables("metafor")
    if "undefined" in pins:
        yield "undefined", pins["undefined"][0], _refused(partial(leave_one_out, effects, options))
        return
    found = leave_one_out(effects, options)
    yield from _each("estimate", pins["estimate"], [one.pooled.effect.value for one in found])
    yield from _each("se", pins["se"], [one.pooled.se for one in found])


def _peto(data: DataSet, measure: str, pins: Pins) -> Pairs:
    for convention, values in pins.items():
        options = Options(model="common", method="peto", zero_cells=cast("ZeroCells", convention))
        yield from _named(
            convention, _OF_TABLES, values, _by_tables(pool(_effects_of(data, measure, convention), options))
        )


def _regression(data: DataSet, measure: str, pins: Pins) -> Pairs:
    for path in sorted({path.rpartition("/")[0] for path in pins}):
        names, tau2, interval = path.split("/")
        moderators = [_moderator(data, name) for name in names.split("+")]
        found = regress(_effects_of(data, measure), moderators, _options(tau2, interval))
        lines = [[one.effect.value, one.effect.low, one.effect.high, one.se, one.p] for one in found.coefficients]
        yield from _each(
            f"{path}/coefficients", pins[f"{path}/coefficients"], [cell for line in lines for cell in line]
        )
        test, left = cast("WaldTest", found.moderators), found.residual
        # Where there was no variance to account for, metafor prints a share of 0 and ivigil none.
        r2 = 0.0 if tau2 != "common" and found.tau2_without == 0 and found.r2 is None else found.r2
        ours = [test.statistic, test.df, test.p, left.tau2, left.i2, left.h2, left.q, left.p, r2]
        yield from _named(f"{path}/model", _OF_A_MODEL, pins[f"{path}/model"], ours)


def _subgroups(data: DataSet, measure: str, pins: Pins) -> Pairs:
    groups = dict(zip(data.labels, (str(row[data.group or ""]) for row in data.table), strict=True))
    for path in sorted({path.rpartition("/")[0] for path in pins}):
        variance, tau2, interval = path.split("/")
        found = pool_subgroups(_effects_of(data, measure), groups, _options(tau2, interval), cast("Any", variance))
        tau2s = [one.tau2 for one in found.groups]
        yield from _each(f"{path}/effect", pins[f"{path}/effect"], [one.effect.value for one in found.groups])
        yield from _each(f"{path}/se", pins[f"{path}/se"], [one.se for one in found.groups])
        yield from _each(f"{path}/tau2", pins[f"{path}/tau2"], tau2s if variance == "separate" else tau2s[:1])
        between = cast("WaldTest", found.difference)
        ours = [between.statistic, between.df, between.p]
        yield from _each(f"{path}/test", pins[f"{path}/test"], ours)


def _left_out(data: DataSet, measure: str, pins: Pins) -> Pairs:
    yield from _series(
        pins, lambda tau2: [one.pooled for one in leave_one_out(_effects_of(data, measure), _options(tau2))]
    )


def _cumulative(data: DataSet, measure: str, pins: Pins) -> Pairs:
    effects = _effects_of(data, measure)
    at = {row["label"]: float(row[data.order or ""]) for row in data.table}
    by = [at[label] for label in effects.labels]
    yield from _series(pins, lambda tau2: [one.pooled for one in cumulative(effects, by, _options(tau2))])


def _series(pins: Pins, steps: Callable[[str], Sequence[Pooled]]) -> Pairs:
    for path, values in pins.items():
        tau2, name = path.split("/")
        yield from _each(path, values, [_OF_A_STEP[name](one) for one in steps(tau2)])


def _egger(data: DataSet, measure: str, pins: Pins) -> Pairs:
    yield from _line(egger(_effects_of(data, measure), _FEW), "", pins[""])


def _egger_mixed(data: DataSet, measure: str, pins: Pins) -> Pairs:
    for tau2, values in pins.items():
        yield from _line(egger_mixed(_effects_of(data, measure), _FEW, _options(tau2)), tau2, values)


def _begg(data: DataSet, measure: str, pins: Pins) -> Pairs:
    found = begg(_effects_of(data, measure), _FEW)
    yield from _named("", ["tau", "p"], pins[""], [found.statistic, found.p])


def _harbord(data: DataSet, measure: str, pins: Pins) -> Pairs:
    yield from _slope(harbord(_effects_of(data, measure), _FEW), pins[""])


def _peters(data: DataSet, measure: str, pins: Pins) -> Pairs:
    yield from _slope(peters(_effects_of(data, measure), _FEW), pins[""])


def _trim_and_fill(data: DataSet, measure: str, pins: Pins) -> Pairs:
    names = ["missing", "se of it", "on the right", "effect", "se", "low", "high", "tau2"]
    for path, values in pins.items():
        tau2, estimator = path.split("/")
        found = trim_and_fill(_effects_of(data, measure), _options(tau2), cast("Any", estimator))
        with_them = found.pooled
        ends = with_them.effect
        ours = [found.missing, found.se, float(found.side == "right"), ends.value, with_them.se, ends.low, ends.high]
        yield from _named(path, names, values, [*ours, with_them.heterogeneity.tau2])


SECTIONS: dict[str, Callable[[DataSet, str, Pins], Pairs]] = {
    "effects": _effects,
    "pooled": _pooled,
    "weights": _weights,
    "prediction": _predictions,
    "profile": _profile,
    "mantel-haenszel": _mantel_haenszel,
    "mantel-haenszel-weights": _mantel_haenszel_weights,
    "mantel-haenszel-leave-one-out": _mantel_haenszel_left,
    "peto": _peto,
    "regression": _regression,
    "subgroups": _subgroups,
    "leave-one-out": _left_out,
    "cumulative": _cumulative,
    "egger": _egger,
    "egger-mixed": _egger_mixed,
    "begg": _begg,
    "harbord": _harbord,
    "peters": _peters,
    "trim-and-fill": _trim_and_fill,
}

# --- parts -----------------------------------------------------------------------------------------------------------

_OF_A_POOL = ["effect", "low", "high", "se", "statistic", "p", "i2", "h2"]
_OF_TABLES = ["effect", "low", "high", "se", "statistic", "p", "i2", "h2", "q", "q p"]
_OF_A_MODEL = ["test", "test df", "test p", "tau2", "i2", "h2", "qe", "qe p", "r2"]
_OF_A_STEP: dict[str, Callable[[Pooled], float]] = {
    "estimate": lambda one: one.effect.value,
    "se": lambda one: one.se,
    "Q": lambda one: one.heterogeneity.q,
    "tau2": lambda one: one.heterogeneity.tau2,
}
# The tests ask for a rule of how few studies are too few; this one asks for none.
_FEW = HintRule("none", "publication bias", "none", Passage("none", "none"))


@cache
def _effects_of(data: DataSet, measure: str, convention: str = "metafor") -> Effects:
    return effects_of(measure, data.studies, cast("ZeroCells", convention))


def _options(tau2: str, interval: str = "normal") -> Options:
    if tau2 == "common":
        return Options(model="common", interval=cast("Any", interval))
    return Options(tau2=cast("Tau2", tau2), interval=cast("Any", interval))


def _tables(convention: str) -> Options:
    return Options(model="common", method="mantel-haenszel", zero_cells=cast("ZeroCells", convention))


def _moderator(data: DataSet, name: str) -> Moderator:
    values = {row["label"]: row[name] for row in data.table}
    if name == data.group:
        return Categorical(name, values, min(values.values()))
    return Numeric(name, {label: float(value) for label, value in values.items()})


def _estimate(found: Pooled) -> list[float]:
    return [found.effect.value, found.effect.low, found.effect.high, found.se, found.statistic, found.p]


def _by_tables(found: Pooled) -> list[float]:
    spread = found.heterogeneity
    return [*_estimate(found), spread.i2, spread.h2, spread.q, _p_of_q(spread.q, spread.p)]


def _refused(asked: Callable[[], object]) -> float:
    """1 where ivigil refuses to compute, which is what it does where metafor gives NA, and 0 where it does not."""
    try:
        asked()
    except BadInput:
        return 1.0
    return 0.0


def _p_of_q(q: float, p: float | None) -> float:
    """The p value of Q; metafor gives 1 where ivigil gives none, with one study."""
    return 1.0 if p is None and q == 0 else cast("float", p)


def _line(found: SmallStudyTest, path: str, values: Sequence[float | None]) -> Pairs:
    limit = cast("Estimate", found.limit)
    ours = [found.statistic, found.p, limit.value, limit.low, limit.high]
    yield from _named(path, ["statistic", "p", "limit", "low", "high"], values, ours)


def _slope(found: SmallStudyTest, values: Sequence[float | None]) -> Pairs:
    yield from _named("", ["t", "p", "slope"], values, [found.statistic, found.p, cast("Estimate", found.slope).value])


def _named(path: str, names: Sequence[str], theirs: Sequence[float | None], ours: Sequence[float | None]) -> Pairs:
    for name, metafor, ivigil in zip(names, theirs, ours, strict=True):
        yield f"{path}/{name}".strip("/"), metafor, ivigil


def _each(path: str, theirs: Sequence[float | None], ours: Iterable[float | None]) -> Pairs:
    found = list(ours)
    if len(theirs) != len(found):
        yield f"{path}/number of values", len(theirs), len(found)
        return
    for number, (metafor, ivigil) in enumerate(zip(theirs, found, strict=True), start=1):
        yield f"{path}/{number}".strip("/"), metafor, None if ivigil is None else float(ivigil)
