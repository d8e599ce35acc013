"""Each study as a line of a forest plot: its data as printed, its effect with interval, its weight."""

from __future__ import annotations

import math
from collections.abc import Mapping

from ivigil.synthesis.mantel_haenszel import silent_tables
from ivigil.synthesis.quantiles import critical
from ivigil.synthesis.results import Effects, Estimate, Pooled, StudyLine
from ivigil.synthesis.rows import OneCorrelation, OneProportion, StudyData, TwoByTwo, TwoMeans


def lines_of(effects: Effects, pooled: Pooled, subgroups: Mapping[str, str] | None = None) -> tuple[StudyLine, ...]:
    """The lines of the studies in the order of ``effects``, then of those left out, with the reason.

    Intervals are normal, at the level of the options. ``subgroups`` names the subgroup of each label. A study that
    says nothing to Mantel–Haenszel or Peto (a table without events) has no effect on its line.
    """
    groups = subgroups or {}
    reach = critical(pooled.options.level)
    tables = pooled.options.method != "inverse-variance"
    unused = silent_tables(effects, pooled.options) if tables else ()
    lines = []
    for index, row in enumerate(effects.rows):
        a, b = printed_arms(row)
        value, half = float(effects.estimates[index]), reach * math.sqrt(effects.variances[index])
        silent = index in unused
        effect = None if silent else Estimate(value, value - half, value + half)
        why = "its table holds no information" if silent else None
        lines.append(StudyLine(row.label, a, b, effect, pooled.weights[index], groups.get(row.label), why))
    return (*lines, *_left_out(effects, groups))


def printed_arms(row: StudyData) -> tuple[str, str]:
    """The data of both arms as a reader sees them; of one group, the first alone; none for a reported effect."""
    match row:
        case TwoByTwo():
            return f"{row.events_a:g}/{row.n_a:g}", f"{row.events_b:g}/{row.n_b:g}"
        case TwoMeans():
            return (
                f"{row.mean_a:g} ({row.sd_a:g}), {row.n_a:g}",
                f"{row.mean_b:g} ({row.sd_b:g}), {row.n_b:g}",
            )
        case OneProportion():
            return f"{row.events:g}/{row.n:g}", ""
        case OneCorrelation():
            return f"{row.r:g}, {row.n:g}", ""
        case _:
            return "", ""


def _left_out(effects: Effects, groups: Mapping[str, str]) -> list[StudyLine]:
    return [
        StudyLine(
            one.label,
            *(printed_arms(one.row) if one.row else ("", "")),
            effect=None,
            subgroup=groups.get(one.label),
            left_out=one.reason,
        )
        for one in effects.left_out
    ]
