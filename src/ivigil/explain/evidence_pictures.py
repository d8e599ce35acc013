"""Which pictures pooled studies give: a forest and a funnel plot, and what else their data allow."""

from __future__ import annotations

from ivigil.evidence.pooling import More, Pooling
from ivigil.explain.cumulative_plot import CumulativeContent, cumulative_figure
from ivigil.explain.evidence_page import Figure
from ivigil.explain.evidence_words import favours
from ivigil.explain.forest import ForestContent, SubgroupContent, forest_figure
from ivigil.explain.funnel import FunnelContent, FunnelPoint, funnel_figure, points_of
from ivigil.explain.labbe import LabbeContent, labbe_figure
from ivigil.explain.leave_out_plot import LeaveOutContent, leave_out_figure
from ivigil.explain.plot_figures import figure
from ivigil.explain.plot_numbers import p_words
from ivigil.synthesis.rows import TwoByTwo
from ivigil.synthesis.subgroups import Subgroups


def forest_of(one: Pooling, subgroups: Subgroups | None = None) -> ForestContent:
    """The forest plot of ``one``."""
    left, right = favours(one)
    return ForestContent(
        title=one.title,
        outcome=one.outcome,
        a_name=one.a_name,
        b_name=one.b_name,
        favours_left=left,
        favours_right=right,
        lines=one.lines,
        pooled=one.pooled,
        subgroups=_groups(one, subgroups) if subgroups else (),
        subgroup_test=_difference(subgroups) if subgroups else None,
        notes=one.notes,
    )


def figures_of(one: Pooling, more: More | None) -> dict[str, Figure]:
    """Every picture that the data allow, by name, the forest plot first."""
    figures = {"forest": forest_figure(forest_of(one, more.subgroups if more else None))}
    figures["funnel"] = funnel_figure(_funnel(one, more))
    tables = tuple(row for row in one.effects.rows if isinstance(row, TwoByTwo))
    if tables and len(tables) == len(one.effects.rows):
        effect = one.pooled.effect.value
        figures["labbe"] = labbe_figure(
            LabbeContent(
                f"Risks: {one.title}", one.outcome, one.a_name, one.b_name, tables, one.effects.measure, effect
            )
        )
    return figures | (_series(one, more) if more else {})


def _series(one: Pooling, more: More) -> dict[str, Figure]:
    left, right = favours(one)
    found: dict[str, Figure] = {}
    if more.leave_one_out:
        title = f"Without each study in turn: {one.title}"
        content = LeaveOutContent(title, one.outcome, more.leave_one_out, one.pooled, left, right)
        found["leave-one-out"] = leave_out_figure(content)
    if len(more.cumulative) > 1:
        title = f"As studies came: {one.title}"
        found["cumulative"] = cumulative_figure(CumulativeContent(title, one.outcome, more.cumulative, left, right))
    return found


def _funnel(one: Pooling, more: More | None) -> FunnelContent:
    filled = more.filled.filled if more and more.filled else ()
    mirrored = tuple(
        FunnelPoint(f"mirror image of {each.mirrors}", each.estimate, each.variance**0.5, filled=True)
        for each in filled
    )
    title = f"Funnel plot: {one.title}"
    points = (*points_of(one.effects), *mirrored)
    return FunnelContent(title, one.outcome, one.effects.measure, points, one.pooled.effect.value, one.options.level)


def _groups(one: Pooling, subgroups: Subgroups) -> tuple[SubgroupContent, ...]:
    return tuple(
        SubgroupContent(group.name, tuple(line for line in one.lines if line.label in group.labels), group.alone)
        for group in subgroups.groups
    )


def _difference(subgroups: Subgroups) -> str | None:
    test = subgroups.difference
    return f"Q = {figure(test.statistic)} (df {test.df:g}), {p_words(test.p)}" if test else None
