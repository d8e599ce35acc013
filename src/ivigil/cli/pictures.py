"""The curves that the commands of kinetics draw, and the files that they write."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from ivigil.cli.files import output_faults, write
from ivigil.documents import Fault
from ivigil.explain.curve_content import CurveContent, MeasuredPoint, TargetLine
from ivigil.explain.layout import Section
from ivigil.kinetics.event_table import Observed
from ivigil.kinetics.wanted import Wanted


def target_lines(wishes: Sequence[Wanted], own_g_per_l: float | None = None) -> tuple[TargetLine, ...]:
    """What is wanted as lines of a picture of all IgG; an area has none, nor a rise above an own level unknown."""
    lines = [TargetLine(one.at_least, one.words) for one in wishes if one.quantity == "trough"]
    if own_g_per_l is not None:
        lines += [TargetLine(own_g_per_l + one.at_least, one.words) for one in wishes if one.quantity == "rise"]
    return tuple(lines)


def written_faults(given: Namespace) -> Iterator[Fault]:
    """Why the files that are asked for cannot all be written."""
    names = [getattr(given, name, None) for name in ("svg", "html", "sbml", "events_out", "parquet")]
    outputs = [Path(name) for name in names if name]
    if given.svg:
        outputs.append(narrow_of(Path(given.svg)))
    inputs = [Path(name) for name in (given.events, getattr(given, "levels", None)) if name]
    yield from output_faults(outputs, inputs)


def narrow_of(path: Path) -> Path:
    """Where the picture for a phone stands beside the wide one."""
    return path.with_suffix(f".narrow{path.suffix}")


def measured(levels: Sequence[Observed]) -> tuple[MeasuredPoint, ...]:
    """Levels as a picture marks them."""
    return tuple(MeasuredPoint(one.at_day, one.g_per_l, limit_g_per_l=one.limit_g_per_l) for one in levels)


def write_pictures(given: Namespace, title: str, curves: list[CurveContent], sections: list[Section]) -> None:
    """The picture and the page that are asked for."""
    if not (given.svg or given.html):
        return
    from ivigil.explain.igg_curve import (  # noqa: PLC0415 - read only for a picture
        igg_curve_figure,
        igg_curve_narrow_svg,
        igg_curve_svg,
        igg_curves_figure,
        igg_curves_narrow_svg,
        igg_curves_svg,
    )

    alone = len(curves) == 1
    if given.svg:
        path = Path(given.svg)
        write(path, igg_curve_svg(curves[0]) if alone else igg_curves_svg(title, curves))
        narrow = igg_curve_narrow_svg(curves[0]) if alone else igg_curves_narrow_svg(title, curves)
        write(narrow_of(path), narrow)
    if given.html:
        from ivigil.explain.evidence_report import evidence_report  # noqa: PLC0415

        figure = igg_curve_figure(curves[0]) if alone else igg_curves_figure(title, curves)
        write(Path(given.html), evidence_report(title, sections, [figure]))
