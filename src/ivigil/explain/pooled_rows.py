"""Several pooled effects below each other, as cumulative and leave-one-out plots show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ivigil.explain.layout import Table
from ivigil.explain.plot_figures import figure, per_cent
from ivigil.explain.plot_numbers import effect_words, estimable, p_words
from ivigil.explain.plot_rows import Mark, PlotRow, RowPlot, Shape, effect_heading
from ivigil.explain.pooling_words import conventions
from ivigil.synthesis.results import Pooled


@dataclass(frozen=True)
class NamedPooled:
    """A pooled effect by the name of its row; ``whole`` for that of all studies, drawn as a diamond."""

    name: str
    pooled: Pooled
    whole: bool = False


@dataclass(frozen=True)
class PooledPlot:
    """What a picture of pooled effects holds; ``heading`` heads their names, ``kind`` is the class of the picture."""

    kind: str
    title: str
    outcome: str
    heading: str
    rows: tuple[NamedPooled, ...]
    favours: tuple[str, str]
    notes: tuple[str, ...]


def row_plot_of_pooled(plot: PooledPlot) -> RowPlot:
    """``plot`` as rows of words and marks. Raises ``ValueError`` where it has none."""
    if not plot.rows:
        raise ValueError("a plot of pooled effects needs at least one")
    last = plot.rows[-1].pooled
    rows = tuple(map(_row, plot.rows))
    words = "; ".join(f"{row.name}: {row.effect}" for row in rows)
    return RowPlot(
        plot.kind,
        plot.title,
        plot.outcome,
        f"{plot.heading}: {words}.",
        (plot.heading, "Studies", "I²"),
        effect_heading(last.measure, last.options.level),
        "",
        rows,
        last.measure,
        plot.favours,
        last.effect.value if estimable(last.effect) else None,
        fine=(conventions(last, prediction=False), *plot.notes),
        labelled=True,
    )


def _row(one: NamedPooled) -> PlotRow:
    pooled = one.pooled
    drawn = estimable(pooled.effect)
    shape: Shape = "diamond" if one.whole else "dot"
    return PlotRow(
        "pooled" if one.whole else "study",
        one.name,
        (str(pooled.k), _i2(pooled)),
        effect_words(pooled.measure, pooled.effect),
        mark=Mark(shape, pooled.effect) if drawn else None,
        soft=not drawn,
    )


def _i2(pooled: Pooled) -> str:
    """A share of the variance between studies, which one study does not have."""
    return per_cent(pooled.heterogeneity.i2) if pooled.k > 1 else "–"


def pooled_table(plot: PooledPlot) -> Table:
    """Every number of the picture, and τ² and the p value of each pooled effect."""
    drawn = row_plot_of_pooled(plot)
    heading = " ".join(drawn.effect_heading.split())
    return Table((*drawn.columns, heading, "τ²", "p"), tuple(_cells(plot.rows, drawn.rows)))


def _cells(rows: Sequence[NamedPooled], drawn: Sequence[PlotRow]) -> list[tuple[str, ...]]:
    return [
        (row.name, *row.cells, row.effect, figure(one.pooled.heterogeneity.tau2), p_words(one.pooled.p))
        for one, row in zip(rows, drawn, strict=True)
    ]
