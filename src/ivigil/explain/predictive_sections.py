"""A predictive check laid out: its picture, and the same in numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ivigil.explain.kinetic_sections import APPARENT, MODEL
from ivigil.explain.layout import Row, Section, Table
from ivigil.explain.plot_figures import figure, interval, level_words, per_cent
from ivigil.explain.visual_check import CheckContent, CheckedQuantile, visual_check_table
from ivigil.kinetics.predictive_check import BAND, QUANTILES, Band, Group, Interval, PredictiveCheck
from ivigil.knowledge.kinetic_records import LinearModel

_MOST_POINTS = 2000  # more would blacken the picture
_MOST_IDS = 6
_PERCENT = 100
CORRECTED = (
    "Prediction corrected: each level times the median of the typical levels of its group over its own typical level "
    "(Bergstrand 2011, 10.1208/s12248-011-9255-z)."
)
AT_LIMIT = "Levels below their limit of quantification stand at it, in what was observed and in what is simulated."
FEW = "Correlations between parameters are not printed: bands take those handed in, else none."
ALONE = "A check shows where a model fails; that it does not fail here is no proof of it."


@dataclass(frozen=True)
class CheckedTable:
    """What was checked: the model, the table's people and levels, and how often it was simulated.

    ``outside`` holds the people who lie outside what the model was built on, by the reason.
    """

    model: LinearModel
    name: str
    people: int
    taken_as_own: int
    replicates: int
    seed: int
    outside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def check_content(found: PredictiveCheck, of: CheckedTable) -> CheckContent:
    """The picture of a check."""
    levels = "prediction-corrected levels" if found.corrected else "levels"
    notes = (
        f"{MODEL} {ALONE}",
        *((CORRECTED,) if found.corrected else ()),
        *((AT_LIMIT,) if found.below else ()),
    )
    return CheckContent(
        title=f"Predictive check: {of.model.title}",
        days=tuple(group.middle for group in found.groups),
        quantiles=tuple(_quantile(found, place) for place in range(len(QUANTILES))),
        level=BAND,
        subtitle=f"{found.times.size} {levels} of {of.people} people, {of.replicates} replicates, seed {of.seed}",
        unit=f"IgG in g/L{', prediction corrected' if found.corrected else ''}",
        day_title="Days" if found.by == "day" else "Days since the last dose",
        points=tuple(zip(found.times.tolist(), found.values.tolist(), strict=True))[:_MOST_POINTS],
        notes=notes,
    )


def _quantile(found: PredictiveCheck, place: int) -> CheckedQuantile:
    bands = [group.quantiles[place] for group in found.groups]
    return CheckedQuantile(
        QUANTILES[place],
        tuple(band.observed for band in bands),
        tuple(band.median for band in bands),
        tuple(band.low for band in bands),
        tuple(band.high for band in bands),
    )


def predictive_sections(found: PredictiveCheck, of: CheckedTable) -> Iterator[Section]:
    """The quantiles of each group, the groups, and the shares below and above the model's intervals."""
    yield Section(of.model.title, tuple(_said(found, of)))
    yield Section("Quantiles of each group of levels, g/L", (), table=visual_check_table(check_content(found, of)))
    yield Section(f"Groups of levels, by {found.by}", (), table=_groups(found.groups))
    title = "Levels below and above the middle of their own simulations"
    yield Section(title, (), table=_intervals(found.intervals))


def _said(found: PredictiveCheck, of: CheckedTable) -> Iterator[Row]:
    checked = (
        f"{found.times.size} levels of {of.people} people in {of.name}, {of.replicates} replicates, seed {of.seed}"
    )
    yield Row(checked, "checked", tuple(_left(found, of)))
    bands = [band for group in found.groups for band in group.quantiles]
    outside = sum(band.outside for band in bands)
    words = (
        f"{outside} of {len(bands)} observed quantiles lie outside where {level_words(BAND)} of replicates place them"
    )
    yield Row(words, "quantiles", (f"About {per_cent(_PERCENT * (1 - BAND))} would by chance, were the model true.",))
    if found.corrected:
        yield Row(CORRECTED, "corrected")
    if found.below:
        yield Row(f"{found.below} levels lie below their limit. {AT_LIMIT}", "below")
    for reason, ids in of.outside.items():
        yield Row(f"{len(ids)} {'person' if len(ids) == 1 else 'people'}: {reason}", "outside", (_named(ids),))
    passage = of.model.passage
    yield Row(f"{MODEL} {APPARENT}", "model", (f"{passage.source}, {passage.place}", FEW, ALONE))


def _named(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _MOST_IDS} more" if len(ids) > _MOST_IDS else ""
    return f"{', '.join(ids[:_MOST_IDS])}{more}"


def _left(found: PredictiveCheck, of: CheckedTable) -> Iterator[str]:
    if of.taken_as_own:
        yield f"{of.taken_as_own} levels are taken as people's own before treatment, or lie before it: not checked."
    if found.left_out:
        yield f"{found.left_out} levels before a first dose are left out."


def _groups(groups: Sequence[Group]) -> Table:
    columns = ("from", "to", "levels", "below limit", f"simulated, {level_words(BAND)}", "remark")
    return Table(columns, tuple(_group(one) for one in groups))


def _group(one: Group) -> tuple[str, ...]:
    return (figure(one.first), figure(one.last), str(one.levels), *_shares(one.below))


def _intervals(intervals: Sequence[Interval]) -> Table:
    columns = ("middle", "side", "observed", "simulated, median", f"simulated, {level_words(BAND)}", "remark")
    rows = ((one, side, band) for one in intervals for side, band in (("below", one.below), ("above", one.above)))
    return Table(columns, tuple(_side(one, side, band) for one, side, band in rows))


def _side(one: Interval, side: str, band: Band) -> tuple[str, ...]:
    observed, *rest = _shares(band)
    return (level_words(one.level), side, observed, per_cent(_PERCENT * band.median), *rest)


def _shares(band: Band) -> tuple[str, str, str]:
    within = interval(_PERCENT * band.low, _PERCENT * band.high)
    return per_cent(_PERCENT * band.observed), f"{within} %", "outside its band" if band.outside else ""
