"""Everything beyond a pooled effect, laid out: robustness, small studies, subgroups, regression, hints for grading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ivigil.evidence.pooling import More, Pooling
from ivigil.explain.layout import Row, Section, Table
from ivigil.explain.plot_figures import figure
from ivigil.explain.plot_numbers import effect_words, p_words
from ivigil.synthesis.certainty_hints import Hint
from ivigil.synthesis.cumulative import Step
from ivigil.synthesis.leave_out import LeftOneOut
from ivigil.synthesis.small_study import SmallStudyTest


def more_sections(one: Pooling, more: More) -> list[Section]:
    """Everything beyond the pooled effect, each as a small table, and what could not be had."""
    sections = [
        Section("Without each study in turn", (), table=_effects(one, more.leave_one_out)),
        Section("As studies came", (), table=_effects(one, more.cumulative)),
        Section("Small studies", tuple(_small(each) for each in more.small_study) + _filled(one, more)),
        *_subgroups(more),
        *_regression(more),
        Section("Hints for grading, never a grade", tuple(_hint(each) for each in more.hints)),
        Section("Not had", tuple(Row(each) for each in more.refused)),
    ]
    return [each for each in sections if each.rows or (each.table and each.table.rows)]


def _effects(one: Pooling, pooled: Sequence[LeftOneOut | Step]) -> Table:
    name = f"{one.effects.measure.name} so pooled"
    rows = (
        (each.label, effect_words(each.pooled.measure, each.pooled.effect), p_words(each.pooled.p)) for each in pooled
    )
    return Table(("study", name, "p"), tuple(rows))


def _small(one: SmallStudyTest) -> Row:
    exact = ", exact" if one.exact else ""
    said = f"{one.name}: {one.of} = {figure(one.statistic)}, {p_words(one.p)}{exact}, {one.k} studies"
    return Row(said, "test", (one.remark,) if one.remark else ())


def _filled(one: Pooling, more: More) -> tuple[Row, ...]:
    filled = more.filled
    if filled is None:
        return ()
    effect = effect_words(one.effects.measure, filled.pooled.effect)
    said = f"Trim and fill ({filled.estimator}): {filled.missing} put in on the {filled.side}, and then {effect}"
    return (Row(said, "trim and fill", ("What is put in is no data.",)),)


def _subgroups(more: More) -> Iterator[Section]:
    if more.subgroups is None:
        return
    rows = tuple(
        (one.name, str(len(one.labels)), effect_words(one.alone.measure, one.effect), p_words(one.p))
        for one in more.subgroups.groups
    )
    test = more.subgroups.difference
    said = (Row(f"Between subgroups: Q = {figure(test.statistic)}, {p_words(test.p)}"),) if test else ()
    yield Section("Subgroups", said, table=Table(("subgroup", "studies", "effect", "p"), rows))


def _regression(more: More) -> Iterator[Section]:
    found = more.regression
    if found is None:
        return
    rows = tuple(
        (one.name, figure(one.effect.value), figure(one.effect.low), figure(one.effect.high), p_words(one.p))
        for one in found.coefficients
    )
    said = (
        [Row(f"Of the variance between studies they account for {figure(found.r2)} %")] if found.r2 is not None else []
    )
    said += [Row(one) for one in found.warnings]
    columns = ("coefficient, on the pooling scale", "value", "low", "high", "p")
    yield Section("Meta-regression", tuple(said), table=Table(columns, rows))


def _hint(one: Hint) -> Row:
    figures = ", ".join(f"{name} {figure(value)}" for name, value in one.figures)
    return Row(one.text, one.domain, (f"{figures} [rule {one.rule}]",))
