"""Forest plots: as a wide picture, a narrow one, a table, and a page that shows whichever fits."""

from __future__ import annotations

from collections.abc import Sequence

from ivigil.explain.evidence_page import Figure, evidence_page
from ivigil.explain.forest_content import ForestContent, SubgroupContent, forest_table, row_plot_of
from ivigil.explain.row_plot import row_plot
from ivigil.explain.row_plot_narrow import row_plot_narrow

__all__ = [
    "ForestContent",
    "SubgroupContent",
    "forest_figure",
    "forest_narrow_svg",
    "forest_page",
    "forest_svg",
    "forest_table",
]


def forest_svg(content: ForestContent) -> str:
    """``content`` as an SVG about 900 wide: a table with a drawing column."""
    return row_plot(row_plot_of(content))


def forest_narrow_svg(content: ForestContent) -> str:
    """``content`` as an SVG 380 wide, for a phone."""
    return row_plot_narrow(row_plot_of(content))


def forest_figure(content: ForestContent) -> Figure:
    """Both pictures and the table, for a page."""
    return Figure(content.title, forest_svg(content), forest_table(content), forest_narrow_svg(content))


def forest_page(contents: Sequence[ForestContent], title: str = "ivigil: evidence") -> str:
    """One HTML document with every forest plot: the picture that fits the width, and its numbers as a table."""
    return evidence_page(title, [forest_figure(one) for one in contents])
