"""What a forest plot holds, and the same in words: rows to draw and a table of every number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import isfinite

from ivigil.explain.layout import Table
from ivigil.explain.plot_numbers import begun, effect_words, estimable, printed, weight_words
from ivigil.explain.plot_rows import Mark, PlotRow, RowPlot, effect_heading
from ivigil.explain.pooling_words import (
    conventions,
    finding_rows,
    findings,
    heterogeneity_words,
    pooled_name,
    prediction_words,
)
from ivigil.synthesis.measures import Measure
from ivigil.synthesis.options import Options
from ivigil.synthesis.results import Estimate, Pooled, StudyLine

_ARM_UNITS = {
    "two-by-two": "events/total",
    "two means": "mean (SD), n",
    "proportion": "events/total",
    "correlation": "r, n",
}
_DEFAULTS = Options()
_ALIKE = 0.4  # the area of squares without weights, of the largest


@dataclass(frozen=True)
class SubgroupContent:
    """Studies that are pooled among themselves too."""

    name: str
    lines: tuple[StudyLine, ...]
    pooled: Pooled | None


@dataclass(frozen=True)
class ForestContent:
    """A forest plot in plain values.

    ``a_name`` and ``b_name`` head the arms; ``favours_left`` and ``favours_right`` are printed under the axis as they
    stand (``Favours placebo``). ``pooled`` is ``None`` where the studies are not pooled; ``measure`` is then needed,
    else that of ``pooled`` holds. Where there are ``subgroups`` their lines are drawn, and after them those of
    ``lines`` that are in none. ``subgroup_test`` is the test between them in words; ``notes`` are printed beneath.
    """

    title: str
    outcome: str
    a_name: str
    b_name: str
    favours_left: str
    favours_right: str
    lines: tuple[StudyLine, ...]
    pooled: Pooled | None
    subgroups: tuple[SubgroupContent, ...] = ()
    subgroup_test: str | None = None
    notes: tuple[str, ...] = ()
    measure: Measure | None = None

    @property
    def shown_measure(self) -> Measure:
        """The measure of every effect in it. Raises ``ValueError`` where neither it nor a pooled effect is given."""
        given = [one.pooled for one in self.subgroups if one.pooled]
        for pooled in (self.pooled, *given):
            if pooled:
                return pooled.measure
        if self.measure is None:
            raise ValueError("a forest plot without a pooled effect has to name its measure")
        return self.measure

    @property
    def options(self) -> Options:
        return self.pooled.options if self.pooled else _DEFAULTS


def row_plot_of(content: ForestContent) -> RowPlot:
    """``content`` as rows of words and marks."""
    measure = content.shown_measure
    pooled = content.pooled if content.pooled and estimable(content.pooled.effect) else None
    rows = (*_study_rows(content), *_overall(content.pooled))
    return RowPlot(
        "forest",
        content.title,
        content.outcome,
        said(content, rows),
        ("Study", *_arm_headings(content)),
        effect_heading(measure, content.options.level),
        "Weight" if any(row.weight for row in rows) else "",
        rows,
        measure,
        (content.favours_left, content.favours_right),
        pooled.effect.value if pooled else None,
        findings(content.pooled, content.subgroup_test) if content.pooled else _unpooled(content),
        tuple(_fine(content)),
    )


def _unpooled(content: ForestContent) -> tuple[str, ...]:
    test = (f"Between subgroups: {content.subgroup_test}",) if content.subgroup_test else ()
    return ("The studies are not pooled.", *test)


def _fine(content: ForestContent) -> Iterator[str]:
    if content.pooled:
        yield conventions(content.pooled)
        if any(one.weight is not None for one in all_lines(content)):
            yield "The area of a square is the weight of its study; an arrow: the interval goes on beyond the axis."
    yield from content.notes


def said(content: ForestContent, rows: Sequence[PlotRow]) -> str:
    """The picture for who cannot see it."""
    words = [f"{row.name}: {row.effect}" for row in rows if row.effect]
    return f"Forest plot of {content.outcome or content.title}. " + "; ".join(words) + "."


def all_lines(content: ForestContent) -> tuple[StudyLine, ...]:
    """Every study once, in the order it is drawn."""
    grouped = [line for group in content.subgroups for line in group.lines]
    return (*grouped, *(line for line in content.lines if line not in grouped))


def _arm_headings(content: ForestContent) -> tuple[str, ...]:
    """The arms that have something to print, each with what is printed on a line of its own."""
    unit = _ARM_UNITS.get(content.shown_measure.of)
    names = [name for name, words in zip((content.a_name, content.b_name), _columns(content), strict=True) if words]
    return tuple("\n".join(one for one in (name, unit) if one) or "Data" for name in names)


def _columns(content: ForestContent) -> tuple[bool, bool]:
    lines = all_lines(content)
    return any(line.a for line in lines), any(line.b for line in lines)


def _study_rows(content: ForestContent) -> Iterator[PlotRow]:
    most = max([line.weight or 0.0 for line in all_lines(content)] or [0.0])
    studies = _Studies(content.shown_measure, _columns(content), most)
    rest = all_lines(content)[sum(len(group.lines) for group in content.subgroups) :]
    for group in content.subgroups:
        yield PlotRow("group", group.name)
        yield from map(studies.row, group.lines)
        yield from _subtotal(group)
    if content.subgroups and rest:
        yield PlotRow("group", "In no subgroup")
    yield from map(studies.row, rest)


@dataclass(frozen=True)
class _Studies:
    """How a study becomes a row: its measure, the arms that are printed, and the largest weight."""

    measure: Measure
    kept: tuple[bool, bool]
    most: float

    def row(self, line: StudyLine) -> PlotRow:
        cells = tuple(printed(words) for words, keep in zip((line.a, line.b), self.kept, strict=True) if keep)
        effect, words = line.effect, effect_words(self.measure, line.effect)
        if effect is None or not isfinite(effect.value):
            return PlotRow("study", line.label, cells, words, below=begun(line.left_out or ""), soft=True)
        weight = weight_words(line.weight) if line.weight is not None else ""
        mark = Mark("square", effect, self.share(line.weight))
        return PlotRow("study", line.label, cells, words, weight, mark, below=begun(line.left_out or ""))

    def share(self, weight: float | None) -> float:
        return weight / self.most if weight is not None and self.most else _ALIKE


def _subtotal(group: SubgroupContent) -> Iterator[PlotRow]:
    if group.pooled is None:
        return
    row = replace(_diamond(group.pooled, pooled_name(group.pooled, "Subgroup")), kind="subtotal")
    yield row
    if group.pooled.k > 1 and row.mark:
        yield PlotRow("words", "Between studies", below=heterogeneity_words(group.pooled.heterogeneity))


def _overall(pooled: Pooled | None) -> Iterator[PlotRow]:
    if pooled is None:
        return
    yield _diamond(pooled, pooled_name(pooled))
    if pooled.prediction and estimable(pooled.effect):
        low, high = pooled.prediction
        bar = Mark("bar", Estimate(pooled.effect.value, low, high))
        yield PlotRow("prediction", "Prediction interval", effect=prediction_words(pooled), mark=bar)


def _diamond(pooled: Pooled, name: str) -> PlotRow:
    words = effect_words(pooled.measure, pooled.effect)
    drawn = Mark("diamond", pooled.effect) if estimable(pooled.effect) else None
    return PlotRow("pooled", name, effect=words, mark=drawn)


def forest_table(content: ForestContent) -> Table:
    """Every number of the picture: a row for each study, pooled effect and prediction interval, then how they agree."""
    plot = row_plot_of(content)
    columns = (*(" ".join(one.split()) for one in (*plot.columns, plot.effect_heading)), "Weight", "Remark")
    rows = [_table_row(row, len(plot.columns) - 1) for row in plot.rows]
    if content.pooled:
        blank = ("",) * (len(plot.columns) + 1)
        rows += [(name, *blank, value) for name, value in finding_rows(content.pooled, content.subgroup_test)]
    return Table(columns, tuple(rows))


def _table_row(row: PlotRow, arms: int) -> tuple[str, ...]:
    cells = row.cells or ("",) * arms
    return (row.name, *cells, row.effect, row.weight, row.below)
