"""An analysis run again: its studies' effects, the pooled one, and how it stands to the published figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Literal

from ivigil.evidence.rows import Used, used_in
from ivigil.knowledge import Library
from ivigil.knowledge.analysis_records import Analysis, PublishedEffect
from ivigil.synthesis.absolute import AbsoluteEffect, Relative, absolute_effect
from ivigil.synthesis.effects import effects_of
from ivigil.synthesis.measures import MEASURES, Measure
from ivigil.synthesis.options import Options
from ivigil.synthesis.pool import pool
from ivigil.synthesis.results import Effects, Pooled, StudyLine
from ivigil.synthesis.scales import shown
from ivigil.synthesis.study_lines import lines_of

Standing = Literal["reproduced", "differs", "data missing", "nothing published", "no effect"]


@dataclass(frozen=True, eq=False)
class Ran:
    """One run of an analysis. ``pooled`` is ``None`` where no study gives an effect."""

    analysis: Analysis
    options: Options
    used: tuple[Used, ...]
    effects: Effects | None
    pooled: Pooled | None
    lines: tuple[StudyLine, ...]
    standing: Standing
    why: str
    remarks: tuple[str, ...] = ()
    absolute: AbsoluteEffect | None = None

    @property
    def measure(self) -> Measure:
        return MEASURES[self.analysis.measure]


def options_of(analysis: Analysis) -> Options:
    """The conventions that an analysis names for itself."""
    return Options(**asdict(analysis.conventions))


def run(analysis: Analysis, library: Library, options: Options | None = None) -> Ran:
    """``analysis`` from the studies held now, by its own conventions unless ``options`` are given."""
    chosen = options or options_of(analysis)
    used = used_in(analysis, library)
    rows = [one.row for one in used if one.row is not None]
    effects = effects_of(analysis.measure, rows, chosen.zero_cells) if rows else None
    if effects is not None:
        own = tuple(one.left_out for one in used if one.left_out)
        effects = replace(effects, left_out=(*own, *effects.left_out))
    pooled = pool(effects, chosen) if effects is not None and len(effects.estimates) else None
    standing, why = _standing(analysis, pooled, used)
    return Ran(
        analysis=analysis,
        options=chosen,
        used=used,
        effects=effects,
        pooled=pooled,
        lines=lines_of(effects, pooled, subgroups_of(used)) if effects is not None and pooled is not None else (),
        standing=standing,
        why=why,
        remarks=_remarks(used),
        absolute=_absolute(analysis, pooled),
    )


def subgroups_of(used: tuple[Used, ...]) -> Mapping[str, str]:
    """The subgroup of each study that has one, by its label."""
    return {one.label: one.subgroup for one in used if one.subgroup}


def _remarks(used: tuple[Used, ...]) -> tuple[str, ...]:
    return tuple(f"{one.label}: {one.remark}" for one in used if one.remark)


def _absolute(analysis: Analysis, pooled: Pooled | None) -> AbsoluteEffect | None:
    if analysis.baseline is None or pooled is None or analysis.measure not in {"RR", "OR", "PETO", "HR", "RD"}:
        return None
    ends = [shown(pooled.measure, value) for value in (pooled.effect.value, pooled.effect.low, pooled.effect.high)]
    return absolute_effect(Relative(analysis.measure, *ends), float(analysis.baseline.risk), analysis.better)


def _standing(analysis: Analysis, pooled: Pooled | None, used: tuple[Used, ...]) -> tuple[Standing, str]:
    """How a run stands to the published figure: a reproduction needs every study of it, and no other."""
    if pooled is None:
        return "no effect", "No study whose figures could be read gives an effect."
    if names := _missing(analysis, used):
        return "data missing", f"Not a reproduction: the figures of {', '.join(names)} could not be read."
    if analysis.published is None:
        return "nothing published", "No published pooled figure stands beside it."
    if why := _other(analysis, used):
        return "differs", why
    if _agrees(analysis.published, pooled):
        return "reproduced", "Every study's figures were read, and the pooled figure agrees as printed."
    return "differs", "Every study's figures were read, and the pooled figure is another one."


def _other(analysis: Analysis, used: tuple[Used, ...]) -> str:
    """Why the published figure is of something else, whatever its value."""
    own = {one.study for one in analysis.studies}
    joined = [one.label for one in used if one.study.id not in own]
    if joined:
        return f"Pooled here and not in the published figure: {', '.join(joined)}."
    published = analysis.published
    if published is None or published.measure == analysis.measure:
        return ""
    return f"The published figure is a {published.measure}."


def _missing(analysis: Analysis, used: tuple[Used, ...]) -> list[str]:
    """What a reproduction lacks: studies not held, those whose figures give no row, and those nobody has named."""
    names = [*(one.name for one in analysis.missing), *(one.label for one in used if one.row is None)]
    trials = analysis.published.trials if analysis.published else None
    unnamed = 0 if trials is None or analysis.missing else trials - len(used)
    return [*names, f"{unnamed} of {trials} trials"] if unnamed > 0 else names


def _agrees(published: PublishedEffect, pooled: Pooled) -> bool:
    found = (pooled.effect.value, pooled.effect.low, pooled.effect.high)
    stated = (published.estimate, published.low, published.high)
    return all(rounds_to(shown(pooled.measure, value), printed) for value, printed in zip(found, stated, strict=True))


def rounds_to(value: float, printed: Decimal) -> bool:
    """Whether ``value`` is ``printed`` at the digits printed; one unit of the last digit is not forgiven."""
    half = Decimal(1).scaleb(int(printed.as_tuple().exponent)) / 2
    return abs(Decimal(repr(value)) - printed) <= half
