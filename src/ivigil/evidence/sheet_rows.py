"""A study of an extraction sheet: the figures of its row, what stands beside them, and every fault of either."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, cast

from ivigil.documents import Fault
from ivigil.evidence.rows import refused
from ivigil.evidence.sheet_cells import Cells
from ivigil.evidence.sheet_columns import ARMS, REPORTED, WORDS, figures_of, moderators_of, takes_reported
from ivigil.knowledge.records import Passage
from ivigil.knowledge.study_records import ArmMean, CompareBy, Design, MeasureOfStudy, ReportedEffect, StudyResult
from ivigil.literature.table import Line, unsafe
from ivigil.synthesis.measures import Measure
from ivigil.synthesis.row_checks import row_faults
from ivigil.synthesis.rows import OneCorrelation, OneProportion, Reported, StudyData, TwoByTwo, TwoMeans

Of = Literal["final value", "change"]
About = Literal["immunoglobulin", "an addition to immunoglobulin", "another treatment"]
PERIODS: CompareBy = "crossover, periods as arms"
_ROWS: dict[str, type] = {
    "two-by-two": TwoByTwo,
    "two means": TwoMeans,
    "proportion": OneProportion,
    "correlation": OneCorrelation,
}
_CROSSOVER = "randomised crossover trial"
_LEVEL = Decimal(95)
_COUNTED = ("events", "n")


@dataclass(frozen=True)
class SheetRow:
    """A study of a sheet: what it gives to an analysis, the line it stands on, and what was written beside it.

    ``level`` is the confidence level of a reported interval in per cent. ``moderators`` holds the columns that ivigil
    has no name for.
    """

    label: str
    study: str
    year: int | None
    row: StudyData
    line: int
    subgroup: str | None = None
    moderators: Mapping[str, float | str] = field(default_factory=dict)
    source: str | None = None
    doi: str | None = None
    design: Design | None = None
    compared: CompareBy = "parallel arms"
    of: Of | None = None
    about: About | None = None
    unit: str | None = None
    level: Decimal = _LEVEL
    note: str | None = None


def label_part(line: Line) -> str:
    """The name of the study on ``line``, in one line."""
    return " ".join(unsafe(line["study"]).split())


def labelled(study: str, year: int | str | None) -> str:
    """A study as an analysis names it: its name, and the year where the name has none."""
    return study if not year or str(year) in study else f"{study} {year}"


def row_of(line: Line, measure: Measure, columns: Sequence[str], name: str) -> tuple[SheetRow | None, list[Fault]]:
    """The study on ``line``, or every fault of it."""
    study = label_part(line)
    cells = Cells(line, f"{name}, line {line.number}" + (f", {study}" if study else ""))
    if not study and "study" in line.cells:
        cells.wrong("study", "nothing", "a label for the study")
    year = cells.year()
    words = {column: cells.word(column, WORDS[column]) for column in WORDS}
    moderators = {one: value for one in moderators_of(columns) if (value := cells.moderator(one)) is not None}
    label = labelled(study, year)
    row, level = _data(cells, measure, label)
    compared = _compared(cells, words["design"], words["compared"])
    _refuse(cells, measure, compared, cast("Of", words["of"] or "final value"))
    if row is None or cells.faults:
        return None, cells.faults
    return SheetRow(
        label=label,
        study=study,
        year=year,
        row=row,
        line=line.number,
        subgroup=cells.text("subgroup"),
        moderators=moderators,
        source=cells.text("source"),
        doi=cells.text("doi"),
        design=cast("Design | None", words["design"]),
        compared=compared,
        of=cast("Of | None", words["of"]),
        about=cast("About | None", words["about"]),
        unit=cells.text("unit"),
        level=level,
        note=cells.text("note"),
    ), []


def _data(cells: Cells, measure: Measure, label: str) -> tuple[StudyData | None, Decimal]:
    """What the row gives: figures of the arms, or the effect as reported; never a choice between the two."""
    figures = ARMS.get(measure.of, ())
    own = [one for one in figures if not one.startswith("n") and cells.line[one]]
    is_reported = _is_reported(cells)
    if own and is_reported:
        cells.wrong("", f"both {own[0]} and {REPORTED[0]}", "figures of the arms, or the effect as reported, not both")
        return None, _LEVEL
    if is_reported and takes_reported(measure):
        return _reported(cells, measure, label)
    if not own and not _has_columns(cells, measure):
        return None, _LEVEL  # told of once, for the whole sheet
    if not own:
        other = f", or {', '.join(REPORTED)}" if figures and takes_reported(measure) else ""
        cells.wrong("", "no figures", f"{', '.join(figures_of(measure))}{other}")
        return None, _LEVEL
    return _of_arms(cells, measure, label), _LEVEL


def _has_columns(cells: Cells, measure: Measure) -> bool:
    """Whether the sheet has the columns of either kind of figures."""
    kinds = (figures_of(measure), REPORTED if takes_reported(measure) else figures_of(measure))
    return any(all(one in cells.line.cells for one in columns) for columns in kinds)


def _of_arms(cells: Cells, measure: Measure, label: str) -> StudyData | None:
    """The figures of the arms. Where one cannot be read, those beside it are checked all the same."""
    figures = ARMS[measure.of]
    found = {one: (cells.whole if one.startswith(_COUNTED) else cells.number)(one) for one in figures}
    absent = [one for one in figures if one not in cells.line.cells]
    if absent and all(one in cells.line.cells for one in REPORTED):
        cells.wrong("", f"no column {absent[0]}", ", ".join(figures))
    row: StudyData = _ROWS[measure.of](label, *(_possible(one, found) for one in figures))
    _impossible(cells, row, measure)
    return None if None in found.values() else row


def _possible(name: str, found: Mapping[str, float | None]) -> float:
    """The figure ``name``, or where it was not read one that is wrong in no row."""
    value = found[name]
    if value is not None:
        return value
    if name.startswith("n"):
        return max(1.0, found.get(name.replace("n", "events", 1)) or 0.0)
    return 1.0 if name.startswith("sd") else 0.0


def _reported(cells: Cells, measure: Measure, label: str) -> tuple[StudyData | None, Decimal]:
    estimate, low, high = (cells.number(one) for one in REPORTED)
    level = cells.number("level") if cells.line["level"] else float(_LEVEL)
    if level is not None and not 1 < level < 100:  # noqa: PLR2004 - per cent
        hint = "Write 95, not 0.95." if 0 < level <= 1 else ""
        cells.wrong("level", cells.line["level"], "a confidence level in per cent, such as 95", hint)
        return None, _LEVEL
    if estimate is None or low is None or high is None or level is None:
        return None, _LEVEL
    percent = Decimal(repr(level)) if cells.line["level"] else _LEVEL
    row = Reported(label, estimate, low, high, level=float(percent / 100))
    _impossible(cells, row, measure)
    return row, percent


def _compared(cells: Cells, design: str | None, compared: str | None) -> CompareBy:
    if compared is None and design == _CROSSOVER and not _is_reported(cells):
        expected = f"first period, crossover, paired or {PERIODS}"
        cells.wrong("compared", "nothing, for a crossover trial", expected, "Say what the figures of the arms are of.")
    return cast("CompareBy", compared or "parallel arms")


def _is_reported(cells: Cells) -> bool:
    return any(cells.line[one] for one in REPORTED)


def _impossible(cells: Cells, row: StudyData, measure: Measure) -> None:
    for fault in row_faults(measure, [row]):
        where = fault.where.removeprefix(f"row 1, {row.label}").removeprefix(", ")
        cells.wrong(where, fault.found, fault.expected, fault.hint)


def _refuse(cells: Cells, measure: Measure, compared: CompareBy, of: Of) -> None:
    """Say where the design of a study does not let its arms carry ``measure``."""
    reported, means = _is_reported(cells), tuple[ArmMean, ...]()
    if measure.of == "two means" and not reported:
        # What is asked goes by the design, not by the figures.
        means = (ArmMean("a", Decimal(0), Decimal(1), 1, of),)
    result = StudyResult(
        id="outcome",
        outcome="",
        better="higher",
        compared=compared,
        passage=Passage("", ""),
        verified="figure read",
        means=means,
        effect=ReportedEffect(cast("MeasureOfStudy", measure.name), Decimal(0), "a", "b") if reported else None,
    )
    refusal = refused(result, measure.name)
    if refusal is not None:
        cells.wrong(
            "", refusal, f"figures that carry {measure.name}", "Give the effect with its interval, as reported."
        )
