"""``ivigil synth``: made-up patients as bulk FHIR."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

from ivigil.cli.numbers import Numbers
from ivigil.cli.output import say
from ivigil.documents import BadInput, Fault, canonical_json
from ivigil.synthetic.cohort import Cohort, usual_files, write_cohort
from ivigil.synthetic.figures import DirtKind, figures
from ivigil.synthetic.plan import Options
from ivigil.synthetic.recipe import Recipe
from ivigil.synthetic.runs import Place, Written

_ALL = "all"


def synth(given: Namespace) -> int:
    """Write a cohort, or list the kinds of dirt."""
    kinds = figures().dirt.kinds
    if given.kinds:
        _list(kinds, as_json=given.json)
        return 0
    cohort, workers = _wanted(given, kinds)
    written = _write(cohort, workers)
    if given.json:
        values = {"patients": cohort.patients, "files": cohort.files, "seed": cohort.recipe.options.seed}
        written_now = {"patients": written.patients, "resources": written.resources, "bytes": written.size}
        say(canonical_json({**values, "written_now": written_now}, indent=2))
    else:
        say(_summary(cohort, written))
    return 0


def _summary(cohort: Cohort, written: Written) -> str:
    if not written.patients:
        return f"{cohort.place.out} holds all {cohort.patients:,} made-up patients already."
    before = cohort.patients - written.patients
    found = f"; {before:,} were there before" if before else ""
    amount = f"{written.resources:,} resources, {written.size / 1e6:,.1f} MB of text"
    return f"{written.patients:,} made-up patients written to {cohort.place.out}: {amount}{found}."


def _wanted(given: Namespace, kinds: Sequence[DirtKind]) -> tuple[Cohort, int]:
    """The cohort and by how many processes it is made, or every fault of the options."""
    numbers = Numbers(given)
    patients, seed = numbers.whole("patients"), numbers.whole("seed", least=0)
    files, workers = numbers.whole("files"), numbers.whole("workers")
    faults = [*numbers.faults]
    shares = _shares(given.share, kinds, faults)
    if given.out is None:
        faults.append(Fault("OUT", "nothing", "a folder to write to"))
    if files and patients and files > patients:
        faults.append(Fault("--files", str(files), f"no more files than patients ({patients})"))
    if faults or patients is None or seed is None:
        raise BadInput(faults)
    folders = tuple(Path(one) for one in given.knowledge)
    background = Path(given.background) if given.background is not None else None
    recipe = Recipe(Options(seed, shares, given.rules), folders, background)
    cohort = Cohort(recipe, patients, files or usual_files(patients), Place(Path(given.out), given.gzip))
    return cohort, workers or os.cpu_count() or 1


def _shares(given: Sequence[str], kinds: Sequence[DirtKind], faults: list[Fault]) -> dict[str, Decimal]:
    """The share of each kind; ``all`` means every one, and what stands later counts."""
    found: dict[str, Decimal] = {}
    for text in given:
        kind, _, number = text.partition("=")
        try:
            share = Decimal(number)
        except InvalidOperation:
            faults.append(Fault("--share", repr(text), "a kind and a share, such as stale=0.1"))
            continue
        found.update({one.id: share for one in kinds} if kind == _ALL else {kind: share})
    return found


def _write(cohort: Cohort, workers: int) -> Written:
    """Write the cohort behind a bar that says how fast it goes."""
    from rich.console import Console  # noqa: PLC0415 - only for work
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task("patients", total=cohort.patients, rate="")

        def told(done: Written) -> None:
            speed = bar.tasks[0].speed
            bar.update(task, completed=done.patients, rate=f"{speed:,.0f} patients/s" if speed else "")

        return write_cohort(cohort, workers, told)


def _list(kinds: Sequence[DirtKind], *, as_json: bool) -> None:
    if as_json:
        say(
            canonical_json(
                [{"id": one.id, "of": one.of, "share": one.share, "text": one.text} for one in kinds], indent=2
            )
        )
        return
    for one in kinds:
        say(f"{one.share:>6}  {one.of:<12} {one.id:<24} {one.text}")
