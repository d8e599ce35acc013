"""The pooled effect without each study in turn, as a picture and a table."""

from __future__ import annotations

from dataclasses import dataclass

from ivigil.explain.evidence_page import Figure
from ivigil.explain.layout import Table
from ivigil.explain.pooled_rows import NamedPooled, PooledPlot, pooled_table, row_plot_of_pooled
from ivigil.explain.pooling_words import pooled_name
from ivigil.explain.row_plot import row_plot
from ivigil.explain.row_plot_narrow import row_plot_narrow
from ivigil.synthesis.leave_out import LeftOneOut
from ivigil.synthesis.results import Pooled


@dataclass(frozen=True)
class LeaveOutContent:
    """A leave-one-out analysis in plain values; ``pooled`` is the effect of all studies."""

    title: str
    outcome: str
    left_out: tuple[LeftOneOut, ...]
    pooled: Pooled
    favours_left: str = ""
    favours_right: str = ""
    notes: tuple[str, ...] = ()


def leave_out_svg(content: LeaveOutContent) -> str:
    """``content`` as an SVG about 900 wide."""
    return row_plot(row_plot_of_pooled(_plot(content)))


def leave_out_narrow_svg(content: LeaveOutContent) -> str:
    """``content`` as an SVG 380 wide, for a phone."""
    return row_plot_narrow(row_plot_of_pooled(_plot(content)))


def leave_out_table(content: LeaveOutContent) -> Table:
    """Every number of the picture, a row for each study left out, and all studies last."""
    return pooled_table(_plot(content))


def leave_out_figure(content: LeaveOutContent) -> Figure:
    """Both pictures and the table, for a page."""
    return Figure(content.title, leave_out_svg(content), leave_out_table(content), leave_out_narrow_svg(content))


def _plot(content: LeaveOutContent) -> PooledPlot:
    rows = tuple(NamedPooled(f"Without {one.label}", one.pooled) for one in content.left_out)
    whole = NamedPooled(pooled_name(content.pooled), content.pooled, whole=True)
    favours = (content.favours_left, content.favours_right)
    heading = "Without one study"
    return PooledPlot(
        "leave-out", content.title, content.outcome, heading, (*rows, whole), favours=favours, notes=content.notes
    )
