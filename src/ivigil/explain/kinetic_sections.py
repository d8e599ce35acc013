"""Kinetics laid out: one person's course by each model, a population, and what levels say of one person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ivigil.explain.curve_content import Band, CurveContent, DoseMark, LevelCurve, TargetLine
from ivigil.explain.layout import Row, Section, Table
from ivigil.explain.plot_figures import figure
from ivigil.kinetics.doses import Course
from ivigil.kinetics.simulation import Interval, Simulated
from ivigil.kinetics.wanted import UNITS, Wanted
from ivigil.knowledge.kinetic_records import FcRnModel, LinearModel

if TYPE_CHECKING:  # they load numeric libraries, which one person's curve does not need
    from ivigil.kinetics.population_summary import Reached, Summary
    from ivigil.kinetics.recycling import Recycled, RecycledInterval
    from ivigil.kinetics.targets_search import Target

_SHOWN = 6  # intervals of the table: the first ones, and the last
APPARENT = "Clearance is that of the immunoglobulin given, apparent, at the doses studied; it holds near them only."
MODEL = "A model, not a measurement."
RECYCLING = "Calibrated here, no evidence: all IgG shares one recycling, so that more of it is cleared faster."


def model_rows(models: Sequence[LinearModel | FcRnModel]) -> tuple[Row, ...]:
    """The models that are held, and on whom they were built."""
    return tuple(_model_row(one) for one in models)


def _model_row(one: LinearModel | FcRnModel) -> Row:
    if isinstance(one, LinearModel):
        return Row(f"{one.id}: {one.title}", "linear", (one.built_on.text,))
    return Row(f"{one.id}: {one.title}", "recycling", (one.note,) if one.note else ())


def person_sections(runs: Sequence[Simulated], wanted: Sequence[Wanted]) -> Iterator[Section]:
    """One person's course by each model, its intervals as a table."""
    for one in runs:
        yield Section(one.model.title, tuple(_said(one, wanted)), table=_intervals(one))


def _said(one: Simulated, wanted: Sequence[Wanted]) -> Iterator[Row]:
    lives = one.half_lives
    passage = one.model.passage
    yield Row(f"{MODEL} {APPARENT}", "model", (f"{passage.source}, {passage.place}",))
    yield Row(f"The person's own IgG: {_own(one)}", "own", tuple(filter(None, (one.model.baseline.note,))))
    parts = [f"terminal {figure(lives.terminal_days)} d"]
    parts += [f"distribution {figure(lives.distribution_days)} d"] if lives.distribution_days else []
    parts += [f"absorption {figure(lives.absorption_days)} d"] if lives.absorption_days else []
    yield Row(f"{', '.join(parts)}: of {lives.of}", "half-lives")
    yield Row(f"{figure(one.taken_up_g)} g taken up, {figure(one.cleared_g)} g of it cleared by the end", "balance")
    for each in wanted:
        yield _reached(one, each)
    for words in one.says:
        yield Row(words, "outside")


def _unanswered(one: Simulated | Recycled) -> str:
    if not one.intervals:
        return "not known without a dose"
    return "not known without the person's own IgG" if isinstance(one, Simulated) else "not answered by this model"


def _own(one: Simulated) -> str:
    if one.own is None:
        return "not known: levels are those above it"
    low, high = min(one.own), max(one.own)
    return f"{figure(low)} g/L" if low == high else f"{figure(one.own[0])} g/L, at the end {figure(one.own[-1])} g/L"


def _reached(one: Simulated | Recycled, wanted: Wanted) -> Row:
    """Whether the typical person's last interval reaches what is wanted of it; nothing is said of other people."""
    found = one.last(wanted.quantity)
    if found is None:
        return Row(f"{wanted.words}: {_unanswered(one)}", "unknown")
    words = f"{wanted.words}: {figure(found)} {UNITS[wanted.quantity]} in the last interval, of the typical person"
    return Row(words, "met" if found >= wanted.at_least else "not met")


def _intervals(one: Simulated) -> Table:
    shown = one.intervals if len(one.intervals) <= _SHOWN else (*one.intervals[: _SHOWN - 1], one.intervals[-1])
    columns = ("from day", "to day", "grams", "highest", "trough", "area above own, g·d/L")
    return Table(columns, tuple(_interval(each) for each in shown))


def _interval(one: Interval) -> tuple[str, ...]:
    levels = _level(one.highest, one.highest_of_all), _level(one.trough, one.trough_of_all)
    return (figure(one.from_day), figure(one.to_day), figure(one.grams), *levels, figure(one.area))


def _level(given: float, of_all: float | None) -> str:
    return f"+{figure(given)} g/L" if of_all is None else f"{figure(of_all)} g/L (+{figure(given)})"


def recycled_sections(one: Recycled, wanted: Sequence[Wanted]) -> Iterator[Section]:
    """One person's course by the recycling model: what is given, and the own level that falls beside it."""
    columns = ("from day", "to day", "grams", "highest", "trough", "of it given", "of it own")
    shown = one.intervals if len(one.intervals) <= _SHOWN else (*one.intervals[: _SHOWN - 1], one.intervals[-1])
    rows = tuple(_recycled(each) for each in shown)
    passage = one.model.passage
    said = [Row(f"{MODEL} {RECYCLING}", "model", (f"{passage.source}, {passage.place}", one.model.note or ""))]
    said.append(Row(f"The person's own IgG before treatment: {figure(one.start_g_per_l)} g/L", "own"))
    said += [_reached(one, each) for each in wanted]
    yield Section(one.model.title, tuple(said), table=Table(columns, rows))


def _recycled(one: RecycledInterval) -> tuple[str, ...]:
    levels = (f"{figure(level)} g/L" for level in (one.highest, one.trough, one.given, one.own))
    return (figure(one.from_day), figure(one.to_day), figure(one.grams), *levels)


def recycled_curve(one: Recycled, targets: Sequence[TargetLine] = ()) -> CurveContent:
    """The curve of one person by the recycling model."""
    return CurveContent(
        title=one.model.title,
        days=one.days,
        total=LevelCurve(one.total),
        exogenous=LevelCurve(one.given),
        doses=doses_of(one.course),
        targets=tuple(targets),
        baseline_g_per_l=one.start_g_per_l,
        notes=(f"{MODEL} {RECYCLING}",),
    )


def curve_of(one: Simulated, targets: Sequence[TargetLine] = ()) -> CurveContent:
    """The curve of one person by one model."""
    return CurveContent(
        title=one.model.title,
        days=one.days,
        total=LevelCurve(one.total) if one.total else None,
        exogenous=LevelCurve(one.given),
        doses=doses_of(one.course),
        targets=tuple(targets) if one.total else (),
        baseline_g_per_l=one.own_g_per_l,
        notes=(f"{MODEL} {APPARENT}", *one.says),
    )


def doses_of(course: Course) -> tuple[DoseMark, ...]:
    """The doses of a course as a picture marks them."""
    return tuple(DoseMark(one.at_day, one.grams, one.route) for one in course.doses)


def wanted_words(target: Target) -> str:
    """A target in words, with its unit."""
    unit, low, high = UNITS[target.quantity], target.at_least, target.at_most
    if low is None:
        return f"{target.quantity} of {high:g} {unit} or less"
    return (
        f"{target.quantity} of {low:g} {unit} or more"
        if high is None
        else f"{target.quantity} of {low:g} to {high:g} {unit}"
    )


def bands_of(shares: Sequence[float], levels: Sequence[Sequence[float]]) -> LevelCurve:
    """The median of quantiles (Q, T) and the bands between those that mirror each other."""
    middle = list(shares).index(0.5)
    pairs = ((place, len(shares) - 1 - place) for place in range(middle))
    bands = tuple(
        Band(round(shares[high] - shares[low], 6), tuple(levels[low]), tuple(levels[high])) for low, high in pairs
    )
    return LevelCurve(tuple(levels[middle]), bands)


def population_sections(
    model: LinearModel | FcRnModel, summary: Summary, judged: tuple[float, float]
) -> Iterator[Section]:
    """What a population comes to in the interval that is judged: quantiles, and shares in the targets."""
    columns = ("", *(f"{100 * share:g} %" for share in summary.shares), "mean")
    rows = tuple(
        (_QUANTITIES[name], *(figure(value) for value in values), figure(summary.means[name]))
        for name, values in summary.quantiles.items()
    )
    said = [Row(_reaches(one), "target") for one in summary.reached]
    outside = f"{summary.outside} of {summary.count} people lie outside what the model was built on."
    said += [Row(outside, "outside")] if summary.outside else []
    words = APPARENT if isinstance(model, LinearModel) else RECYCLING
    said.append(Row(f"{MODEL} {words}", "model", (f"{model.passage.source}, {model.passage.place}",)))
    title = f"{model.title}, from day {figure(judged[0])} to {figure(judged[1])}"
    yield Section(title, tuple(said), table=Table(columns, rows))


_QUANTITIES = {
    "trough": "trough, g/L",
    "rise": "rise at the end, g/L",
    "area": "area above own, g·d/L",
    "own": "own IgG, g/L",
}


def _reaches(one: Reached) -> str:
    share = f"{100 * one.share:.1f} % (± {100 * one.standard_error:.1f})"
    return f"{wanted_words(one.target)}: {share}, {one.people} people"
