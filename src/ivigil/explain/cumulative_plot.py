"""The pooled effect as studies join one at a time, as a picture and a table."""

from __future__ import annotations

from dataclasses import dataclass

from ivigil.explain.evidence_page import Figure
from ivigil.explain.layout import Table
from ivigil.explain.pooled_rows import NamedPooled, PooledPlot, pooled_table, row_plot_of_pooled
from ivigil.explain.row_plot import row_plot
from ivigil.explain.row_plot_narrow import row_plot_narrow
from ivigil.synthesis.cumulative import Step


@dataclass(frozen=True)
class CumulativeContent:
    """A cumulative meta-analysis in plain values; ``favours_left`` and ``favours_right`` are printed as they stand."""

    title: str
    outcome: str
    steps: tuple[Step, ...]
    favours_left: str = ""
    favours_right: str = ""
    notes: tuple[str, ...] = ()


def cumulative_svg(content: CumulativeContent) -> str:
    """``content`` as an SVG about 900 wide. Raises ``ValueError`` without steps."""
    return row_plot(row_plot_of_pooled(_plot(content)))


def cumulative_narrow_svg(content: CumulativeContent) -> str:
    """``content`` as an SVG 380 wide, for a phone. Raises ``ValueError`` without steps."""
    return row_plot_narrow(row_plot_of_pooled(_plot(content)))


def cumulative_table(content: CumulativeContent) -> Table:
    """Every number of the picture, a row for each study that joins."""
    return pooled_table(_plot(content))


def cumulative_figure(content: CumulativeContent) -> Figure:
    """Both pictures and the table, for a page."""
    narrow = cumulative_narrow_svg(content)
    return Figure(content.title, cumulative_svg(content), cumulative_table(content), narrow)


def _plot(content: CumulativeContent) -> PooledPlot:
    names = [f"+ {step.label}" if place else step.label for place, step in enumerate(content.steps)]
    rows = tuple(NamedPooled(name, step.pooled) for name, step in zip(names, content.steps, strict=True))
    favours = (content.favours_left, content.favours_right)
    heading = "As each study joins"
    return PooledPlot("cumulative", content.title, content.outcome, heading, rows, favours=favours, notes=content.notes)
