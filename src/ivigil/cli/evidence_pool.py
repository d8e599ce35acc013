"""``ivigil evidence pool``: the studies of an analysis, or of an extraction sheet, pooled under named conventions."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ivigil.cli.output import library, say, unknown_id
from ivigil.cli.review import day
from ivigil.documents import BadInput, Fault, canonical_json, write_whole
from ivigil.evidence.leaning import leaning_on
from ivigil.evidence.pooling import More, Pooling, more_of, pooling_of
from ivigil.evidence.running import Ran, options_of, run
from ivigil.evidence.sheet import read_sheet, sheet_pooling
from ivigil.evidence.snapshot import signed, snapshot
from ivigil.explain.evidence_json import more_values, pooling_values, ran_values
from ivigil.explain.evidence_pictures import figures_of, forest_of
from ivigil.explain.evidence_sections import analysis_sections, more_sections, pooling_sections
from ivigil.explain.layout import Section
from ivigil.explain.terminal import print_sections
from ivigil.knowledge import Library
from ivigil.synthesis.options import Options


def pool_one(given: Namespace) -> int:
    """Pool an analysis on record, or a sheet, and print and write what is asked for."""
    known = library(given.knowledge)
    is_sheet = given.what.lower().endswith(".csv")
    faults = [*_of_options(given), *(_of_sheet(given) if is_sheet else _of_record(given, known))]
    if faults:
        raise BadInput(faults)
    return _sheet(given, known) if is_sheet else _record(given, known)


def _record(given: Namespace, known: Library) -> int:
    analysis = known.evidence.analyses[given.what]
    ran = run(analysis, known, _options(given, options_of(analysis)))
    pooling = pooling_of(ran)
    more = more_of(pooling, known, tuple(given.moderator)) if pooling and _asks_more(given) else None
    leaning = leaning_on(analysis, known)
    sections = [*analysis_sections(ran, leaning), *_more(pooling, more)]
    _write(given, pooling, more, sections)
    if given.snapshot:
        _keep(given, ran, known)
    if given.json:
        say(canonical_json(ran_values(ran, leaning) | _more_values(more), indent=2))
        return 0
    print_sections(analysis.title, sections, everything=True)
    return 0


def _sheet(given: Namespace, known: Library) -> int:
    sheet = read_sheet(_bytes(Path(given.what)), given.what, given.measure)
    pooling = sheet_pooling(sheet, _options(given, Options()), given.better)
    more = more_of(pooling, known, tuple(given.moderator)) if _asks_more(given) else None
    sections = [*pooling_sections(pooling), *_more(pooling, more)]
    _write(given, pooling, more, sections)
    if given.json:
        say(canonical_json(pooling_values(pooling) | _more_values(more), indent=2))
        return 0
    print_sections(pooling.title, sections, everything=True)
    return 0


def _of_options(given: Namespace) -> Iterator[Fault]:
    if given.level is not None and _level(given.level) is None:
        yield Fault("--level", repr(given.level), "a number of per cent between 0 and 100, such as 95")
    if given.method in {"mantel-haenszel", "peto"} and given.model == "random":
        yield Fault("--method", given.method, "inverse-variance with --model random", "It pools a common effect.")
    if given.sign_with and not given.snapshot:
        yield Fault("--sign-with", "a key", "--snapshot with it", "Only a snapshot is signed.")
    if given.snapshot and not given.today:
        yield Fault("--today", "none", "the day that the snapshot bears, such as 2026-11-20")


def _of_record(given: Namespace, known: Library) -> Iterator[Fault]:
    if given.what not in known.evidence.analyses:
        yield from unknown_id("analysis", given.what, tuple(known.evidence.analyses)).faults
    if given.measure is not None:
        yield Fault("--measure", given.measure, "none with an analysis on record, which names its own")


def _of_sheet(given: Namespace) -> Iterator[Fault]:
    if given.snapshot:
        yield Fault("--snapshot", given.snapshot, "none with a sheet", "A snapshot is of an analysis on record.")


def _options(given: Namespace, defaults: Options) -> Options:
    """``defaults`` with what is given; a method that pools a common effect says which model it is."""
    method = given.method or defaults.method
    model = given.model or ("common" if method != "inverse-variance" else defaults.model)
    return Options(
        model=model,
        method=method if model == "common" or given.method else "inverse-variance",
        tau2=given.tau2 or defaults.tau2,
        interval=given.interval or defaults.interval,
        prediction=given.prediction or defaults.prediction,
        zero_cells=given.zero_cells or defaults.zero_cells,
        level=(_level(given.level) if given.level is not None else None) or defaults.level,
    )


def _level(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value / 100 if 0 < value < 100 else None  # noqa: PLR2004 - per cent


def _asks_more(given: Namespace) -> bool:
    return bool(given.more or given.moderator or given.html)


def _more(pooling: Pooling | None, more: More | None) -> list[Section]:
    return more_sections(pooling, more) if pooling and more else []


def _more_values(more: More | None) -> dict[str, Any]:
    return {"more": more_values(more)} if more else {}


def _write(given: Namespace, pooling: Pooling | None, more: More | None, sections: Sequence[Section]) -> None:
    if not (given.forest or given.funnel or given.html):
        return
    if pooling is None:
        raise BadInput([Fault(given.what, "no study that gives an effect", "one, for a picture")])
    from ivigil.explain.forest import forest_narrow_svg, forest_svg  # noqa: PLC0415 - read only for a picture

    if given.forest:
        content, path = forest_of(pooling), Path(given.forest)
        write_whole(path, forest_svg(content))
        write_whole(path.with_suffix(f".narrow{path.suffix}"), forest_narrow_svg(content))
    if given.funnel:
        write_whole(Path(given.funnel), figures_of(pooling, None)["funnel"].wide)
    if given.html:
        from ivigil.explain.evidence_report import evidence_report  # noqa: PLC0415

        figures = tuple(figures_of(pooling, more).values())
        write_whole(Path(given.html), evidence_report(pooling.title, sections, figures))


def _keep(given: Namespace, ran: Ran, known: Library) -> None:
    content = snapshot(ran, known.hash, day(given.today))
    if given.sign_with:
        content = signed(content, _bytes(Path(given.sign_with)))
    write_whole(Path(given.snapshot), canonical_json(content, indent=2) + "\n")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput([Fault(str(path), error.strerror or "cannot be read", "a file that can be read")]) from error
