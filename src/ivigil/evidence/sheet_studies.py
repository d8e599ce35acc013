"""The studies of an extraction sheet as studies on record that join an analysis, so that what they move can be told."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import cast, get_args

from ivigil.documents import BadInput, Fault
from ivigil.evidence.rows import used_in
from ivigil.evidence.sheet import Sheet
from ivigil.evidence.sheet_rows import About, SheetRow
from ivigil.knowledge import Library
from ivigil.knowledge.analysis_records import Analysis
from ivigil.knowledge.records import Passage
from ivigil.knowledge.study_records import (
    ArmCount,
    ArmMean,
    Design,
    Joins,
    MeasureOfStudy,
    ReportedEffect,
    Study,
    StudyArm,
    StudyResult,
)
from ivigil.literature.record import doi_of
from ivigil.synthesis.rows import OneProportion, Reported, StudyData, TwoByTwo, TwoMeans

_RESULT = "outcome"
_REPORTED = get_args(MeasureOfStudy)
_HOW = "Put a file for it into sources/ of a folder, and name the folder with --knowledge."


@dataclass(frozen=True)
class _Given:
    """What the rows of a sheet are turned into studies by."""

    sheet: Sheet
    analysis: Analysis
    library: Library
    about: frozenset[About]
    held: frozenset[str]

    def place(self, one: SheetRow) -> str:
        return f"{self.sheet.name}, line {one.line}, {one.label}"


def sheet_as_studies(sheet: Sheet, analysis: Analysis, library: Library) -> tuple[Study, ...]:
    """The rows of ``sheet`` as studies that join ``analysis``.

    Each needs a design, and a source that ``library`` holds, by its id or DOI. Raises :class:`BadInput` with every
    fault: these, a measure that is not the analysis's, figures it does not pool, and studies that it holds already.
    """
    used = used_in(analysis, library)
    given = _Given(
        sheet=sheet,
        analysis=analysis,
        library=library,
        about=frozenset(one.study.about for one in used),
        held=frozenset(one.label.casefold() for one in used),
    )
    faults = list(_of_measure(given))
    if not faults:
        faults = [fault for one in sheet.rows for fault in _of_row(one, given)]
    faults += _one_id(given)
    if faults:
        raise BadInput(faults)
    return tuple(_study(one, given) for one in sheet.rows)


def with_studies(studies: Iterable[Study], library: Library) -> Library:
    """``library`` holding ``studies`` too, in memory alone."""
    held = MappingProxyType({**library.evidence.studies, **{one.id: one for one in studies}})
    return replace(library, evidence=replace(library.evidence, studies=held))


def study_id(label: str) -> str:
    """The id of a study from its label: small letters, digits and hyphens."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", label) if not unicodedata.combining(one))
    return re.sub(r"[^a-z0-9]+", "-", bare.lower()).strip("-")


def _of_measure(given: _Given) -> Iterator[Fault]:
    if given.sheet.measure.name != given.analysis.measure:
        expected = f"{given.analysis.measure}, as {given.analysis.id} pools"
        yield Fault(given.sheet.name, f"data for {given.sheet.measure.name}", expected)


def _of_row(one: SheetRow, given: _Given) -> Iterator[Fault]:
    place = given.place(one)
    if one.design is None:
        yield Fault(f"{place}, design", "nothing", "the design of the study", "Levels of evidence go by it.")
    if one.year is None:
        yield Fault(f"{place}, year", "nothing", "the year of the study")
    if _source(one, given.library) is None:
        found = one.source or one.doi or "nothing"
        yield Fault(f"{place}, source", found, "the id, or the DOI, of a source that is held", _HOW)
    if one.about is None and len(given.about) != 1:
        yield Fault(f"{place}, about", "nothing", "what is tested, as the studies of this analysis differ in it")
    if isinstance(one.row, Reported) and given.analysis.measure not in _REPORTED:
        yield Fault(place, "an effect as reported", f"the figures of the arms, for {given.analysis.measure}")
    if one.label.casefold() in given.held:
        yield Fault(place, f"a study that {given.analysis.id} holds already", "one that is new to it")
    elif study_id(one.label) in given.library.evidence.studies:
        hint = "Is it the same study? Then give its file in the folder of studies the field joins."
        yield Fault(place, f"the id of a study that is held ({study_id(one.label)})", "a label of its own", hint)


def _one_id(given: _Given) -> Iterator[Fault]:
    first: dict[str, SheetRow] = {}
    for one in given.sheet.rows:
        other = first.setdefault(study_id(one.label), one)
        if other is not one or not study_id(one.label):
            yield Fault(given.place(one), "a label without an id of its own", "letters or digits that tell it apart")


def _source(one: SheetRow, library: Library) -> str | None:
    if one.source is not None:
        return one.source if one.source in library.sources else None
    wanted = doi_of(one.doi) if one.doi else None
    return next((key for key, held in library.sources.items() if wanted and (held.doi or "").lower() == wanted), None)


def _study(one: SheetRow, given: _Given) -> Study:
    analysis, passage = given.analysis, Passage(_source(one, given.library) or "", f"extraction sheet, line {one.line}")
    sizes = _sizes(one.row)
    arms = [StudyArm("a", analysis.intervention, n=sizes[0] if sizes else None)]
    compares = given.sheet.measure.compares
    if compares:
        arms.append(StudyArm("b", analysis.comparator, n=sizes[1] if sizes else None))
    return Study(
        id=study_id(one.label),
        name=one.study,
        year=one.year or 0,
        design=cast("Design", one.design),
        condition=given.library.indications[analysis.indication].name,
        arms=tuple(arms),
        results=(_result(one, given, passage),),
        passage=passage,
        indication=analysis.indication,
        about=min(given.about) if one.about is None else one.about,
        participants=sum(sizes) if sizes else None,
        joins=(Joins(analysis.id, _RESULT, "a", "b" if compares else None, one.subgroup),),
        note=one.note,
    )


def _sizes(row: StudyData) -> tuple[int, ...]:
    match row:
        case TwoByTwo() | TwoMeans():
            return int(row.n_a), int(row.n_b)
        case OneProportion():
            return (int(row.n),)
        case _:
            return ()


def _result(one: SheetRow, given: _Given, passage: Passage) -> StudyResult:
    return StudyResult(
        id=_RESULT,
        outcome=given.analysis.outcome,
        better=given.analysis.better,
        compared=one.compared,
        passage=passage,
        verified="figure read",
        unit=one.unit,
        counts=_counts(one.row),
        means=_means(one),
        effect=_effect(one, given.analysis.measure) if isinstance(one.row, Reported) else None,
    )


def _counts(row: StudyData) -> tuple[ArmCount, ...]:
    match row:
        case TwoByTwo():
            return ArmCount("a", int(row.events_a), int(row.n_a)), ArmCount("b", int(row.events_b), int(row.n_b))
        case OneProportion():
            return (ArmCount("a", int(row.events), int(row.n)),)
        case _:
            return ()


def _means(one: SheetRow) -> tuple[ArmMean, ...]:
    row, of = one.row, one.of or "final value"
    if not isinstance(row, TwoMeans):
        return ()
    return (
        ArmMean("a", _exact(row.mean_a), _exact(row.sd_a), int(row.n_a), of),
        ArmMean("b", _exact(row.mean_b), _exact(row.sd_b), int(row.n_b), of),
    )


def _effect(one: SheetRow, measure: str) -> ReportedEffect:
    row = cast("Reported", one.row)
    return ReportedEffect(
        measure=cast("MeasureOfStudy", measure),
        estimate=_exact(row.estimate),
        a="a",
        b="b",
        low=_exact(row.low),
        high=_exact(row.high),
        level=one.level,
    )


def _exact(value: float | None) -> Decimal:
    return Decimal(repr(value))
