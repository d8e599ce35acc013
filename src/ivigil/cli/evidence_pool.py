"""``ivigil evidence pool``: the studies of an analysis, or of an extraction sheet, pooled under named conventions."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ivigil.cli.files import content_of, output_faults, write
from ivigil.cli.given import day
from ivigil.cli.output import library, say, unknown_id
from ivigil.documents import BadInput, Fault, canonical_json
from ivigil.evidence.leaning import leaning_on
from ivigil.evidence.pooling import More, Pooling, more_of, pooling_of
from ivigil.evidence.running import Ran, options_of, run
from ivigil.evidence.sheet import read_sheet, sheet_pooling
from ivigil.evidence.snapshot import signed, snapshot
from ivigil.explain.evidence_json import more_values, pooling_values, ran_values
from ivigil.explain.evidence_more import more_sections
from ivigil.explain.evidence_pictures import figures_of, forest_of
from ivigil.explain.evidence_sections import analysis_sections, pooling_sections
from ivigil.explain.layout import Section
from ivigil.explain.terminal import print_sections
from ivigil.knowledge import Library
from ivigil.synthesis.options import Options


def pool_one(given: Namespace) -> int:
    """Pool an analysis on record, or a sheet, and print and write what is asked for."""
    known = library(given.knowledge)
    is_sheet = given.what not in known.evidence.analyses and _names_a_file(given.what)
    faults = [*_of_options(given), *(_of_sheet(given) if is_sheet else _of_record(given, known))]
    faults += output_faults(_outputs(given), [Path(given.what)] if is_sheet else [])
    if faults:
        raise BadInput(faults)
    return _sheet(given, known) if is_sheet else _record(given, known)


def _names_a_file(what: str) -> bool:
    return what.lower().endswith(".csv") or Path(what).is_file()


def _outputs(given: Namespace) -> list[Path]:
    """Every file that is to be written."""
    named = [Path(one) for one in (given.forest, given.funnel, given.html, given.snapshot) if one is not None]
    narrow = [_narrow(Path(given.forest))] if given.forest and Path(given.forest).name else []
    return [*named, *narrow]


def _narrow(path: Path) -> Path:
    return path.with_suffix(f".narrow{path.suffix}")


def _record(given: Namespace, known: Library) -> int:
    analysis = known.evidence.analyses[given.what]
    ran = run(analysis, known, _options(given, options_of(analysis)))
    pooling = pooling_of(ran)
    more = more_of(pooling, known, tuple(given.moderator)) if pooling and _asks_more(given) else None
    leaning = leaning_on(analysis, known)
    sections = [*analysis_sections(ran, leaning), *_more(pooling, more)]
    kept = _kept(given, ran, known) if given.snapshot else None
    _write(given, pooling, more, sections)
    if kept is not None:
        write(Path(given.snapshot), kept)
    if given.json:
        say(canonical_json(ran_values(ran, leaning) | _more_values(more), indent=2))
        return 0
    print_sections(analysis.title, sections, everything=True)
    return 0


def _sheet(given: Namespace, known: Library) -> int:
    sheet = read_sheet(content_of(Path(given.what)), given.what, given.measure)
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
        yield Fault("--level", repr(given.level), "a number of per cent above 1 and below 100, such as 95")
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
    if given.better is not None:
        yield Fault("--better", given.better, "none with an analysis on record, which says what is better")


def _of_sheet(given: Namespace) -> Iterator[Fault]:
    if given.snapshot:
        yield Fault("--snapshot", given.snapshot, "none with a sheet", "A snapshot is of an analysis on record.")


def _options(given: Namespace, defaults: Options) -> Options:
    """``defaults`` with what is given; a method that pools a common effect says which model it is."""
    method = given.method or defaults.method
    model = given.model or ("common" if method != "inverse-variance" else defaults.model)
    if model == "common" and (faults := list(_of_random_effects(given))):
        raise BadInput(faults)
    return Options(
        model=model,
        method=method if model == "common" or given.method else "inverse-variance",
        tau2=given.tau2 or defaults.tau2,
        interval=given.interval or defaults.interval,
        prediction=given.prediction or defaults.prediction,
        zero_cells=given.zero_cells or defaults.zero_cells,
        level=(_level(given.level) if given.level is not None else None) or defaults.level,
    )


def _of_random_effects(given: Namespace) -> Iterator[Fault]:
    """What is given that one common effect would leave unused."""
    for name in ("tau2", "prediction"):
        if getattr(given, name) is not None:
            expected = "none where one common effect is pooled"
            yield Fault(f"--{name}", getattr(given, name), expected, "With --model random it is used.")


def _level(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    # 0.95 is meant as 95 per cent, and would be taken for less than one.
    return value / 100 if 1 < value < 100 else None  # noqa: PLR2004 - per cent


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
        write(path, forest_svg(content))
        write(_narrow(path), forest_narrow_svg(content))
    if given.funnel:
        write(Path(given.funnel), figures_of(pooling, None)["funnel"].wide)
    if given.html:
        from ivigil.explain.evidence_report import evidence_report  # noqa: PLC0415

        figures = tuple(figures_of(pooling, more).values())
        write(Path(given.html), evidence_report(pooling.title, sections, figures))


def _kept(given: Namespace, ran: Ran, known: Library) -> str:
    """The snapshot to keep, signed where a key is given."""
    content = snapshot(ran, known.hash, day(given.today))
    if given.sign_with:
        content = signed(content, content_of(Path(given.sign_with)))
    return canonical_json(content, indent=2) + "\n"
