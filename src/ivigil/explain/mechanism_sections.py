"""The mechanism laid out: hypotheses with their status, and what each explanation makes of a course."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ivigil.explain.kinetic_sections import doses_of
from ivigil.explain.layout import Row, Section, Table
from ivigil.explain.small_multiples import MultiplesContent, Panel, small_multiples_table
from ivigil.kinetics.doses import Course
from ivigil.kinetics.mechanism.curves import UNITS
from ivigil.kinetics.mechanism.run import MechanismRun
from ivigil.knowledge.kinetic_records import Hypothesis, ModelFigure

_TITLE = "What immunoglobulin does, by these hypotheses"
_ALIKE = 1e-9  # a curve that moves less than this does not move


def hypothesis_rows(held: Sequence[Hypothesis]) -> tuple[Row, ...]:
    """Each hypothesis: whether it ships on, why, and its figures with their status."""
    return tuple(_hypothesis(one) for one in held)


def _hypothesis(one: Hypothesis) -> Row:
    figures = (_figure(each) for each in one.figures)
    rivals = (f"Rival of: {', '.join(one.rivals)}.",) if one.rivals else ()
    place = (f"{one.passage.source}, {one.passage.place}",) if one.passage else ()
    details = (f"Term: {one.term}", one.why, *rivals, *figures, *place)
    return Row(f"{one.id} ({one.action}): {one.title}", one.ships, details)


def _figure(one: ModelFigure) -> str:
    source = f"; {one.passage.source}" if one.passage else f"; {one.script}" if one.script else ""
    return f"{one.name} {one.value} {one.unit}: {one.status}. {one.text}{source}"


def mechanism_sections(runs: Mapping[str, MechanismRun]) -> Iterator[Section]:
    """What each explanation comes to, and what has to be said beside it."""
    content = multiples_of(runs, Course(()))
    yield Section("Start, lowest, highest and end", (), table=_brief(small_multiples_table(content)))
    for name, one in runs.items():
        on = ", ".join(one.on) or "nothing"
        yield Section(name, (Row(f"On: {on}"), *(Row(words) for words in one.says)))


def _brief(table: Table) -> Table:
    """The table with explanations that come to the same in one row, and without what does not move."""
    together: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for output, explanation, *cells in table.rows:
        together.setdefault((output, tuple(cells)), []).append(explanation)
    outputs = [output for output, _ in together]
    rows = (
        (output, "each" if outputs.count(output) == 1 else "; ".join(names), *cells)
        for (output, cells), names in together.items()
        if _start_to_end(cells)
    )
    return Table(table.columns, tuple(rows))


def _start_to_end(cells: tuple[str, ...]) -> bool:
    """Whether start, lowest, highest and end are not all the same."""
    return len({cells[1], cells[2], cells[4], cells[6]}) > 1


def multiples_of(runs: Mapping[str, MechanismRun], course: Course) -> MultiplesContent:
    """Small multiples: a plane for each output that any explanation moves, a line for each explanation."""
    first = next(iter(runs.values()))
    names = [name for name in UNITS if any(_moves(run, name) for run in runs.values())]
    panels = tuple(Panel(name, UNITS[name], tuple(_levels(run, name) for run in runs.values())) for name in names)
    return MultiplesContent(
        title=_TITLE,
        days=tuple(first.days.tolist()),
        explanations=tuple(runs),
        panels=panels,
        doses=doses_of(course),
        notes=tuple(dict.fromkeys(run.says[0] for run in runs.values())),
    )


def _levels(run: MechanismRun, name: str) -> tuple[float, ...] | None:
    return tuple(run.curves[name].tolist()) if name in run.curves else None


def _moves(run: MechanismRun, name: str) -> bool:
    levels = _levels(run, name)
    return levels is not None and max(levels) - min(levels) > _ALIKE
