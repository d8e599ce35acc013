"""A cohort as bulk FHIR: NDJSON files by type of resource, the same for any number of workers.

The patients are dealt to runs of equal length; each run has a file of each type, written whole. A run is there once its
Patient file is, which comes last: a cohort that was stopped goes on with the runs that are not there yet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ivigil.documents import BadInput, Fault, canonical_json, write_whole
from ivigil.synthetic.plan import Plan
from ivigil.synthetic.recipe import Recipe
from ivigil.synthetic.runs import LAST, Place, Written, packed, sweep, write_run
from ivigil.synthetic.shared import shared_lines
from ivigil.synthetic.workers import write_runs

MANIFEST = "synth.manifest"
_PER_FILE = 10_000

Told = Callable[[Written], None]


@dataclass(frozen=True)
class Cohort:
    """So many patients of a recipe, in so many files of each type, in a folder."""

    recipe: Recipe
    patients: int
    files: int
    place: Place

    def run(self, at: int) -> range:
        """The numbers of the patients of one run."""
        return range(self.patients * at // self.files, self.patients * (at + 1) // self.files)


def usual_files(patients: int) -> int:
    """How many files of each type, where nobody says."""
    return max(1, -(-patients // _PER_FILE))


def write_cohort(cohort: Cohort, workers: int = 1, told: Told = lambda _: None) -> Written:
    """Write what is not there yet, and say how much that was; ``told`` is how much there is so far.

    Raises :class:`BadInput` where the recipe cannot be, where the folder holds something else, or cannot be written.
    """
    plan = cohort.recipe.plan()
    try:
        _claim(plan, cohort)
        for kind, lines in shared_lines(plan).items():
            path = cohort.place.path(kind, 0)
            if not path.exists():
                write_whole(path, packed(cohort.place, "".join(lines).encode()))
        return _write_runs(plan, cohort, workers, told)
    except OSError as error:
        found = (error.strerror or str(error)).lower()
        raise BadInput([Fault(str(cohort.place.out), found, "a folder that can be written")]) from None


def _write_runs(plan: Plan, cohort: Cohort, workers: int, told: Told) -> Written:
    waiting = [at for at in range(cohort.files) if not cohort.place.path(LAST, at).exists()]
    runs = [(at, cohort.run(at)) for at in waiting]
    there = Written(cohort.patients - sum(len(numbers) for _, numbers in runs))
    total = Written()

    def add(more: Written) -> None:
        nonlocal total
        total += more
        told(there + total)

    add(Written())
    if min(workers, len(runs)) > 1:
        write_runs(cohort.recipe, cohort.place, runs, workers, add)
    else:
        for at, numbers in runs:
            write_run(plan, cohort.place, at, numbers, add)
    return total


def _claim(plan: Plan, cohort: Cohort) -> None:
    """Make the folder this cohort's own, and clear away what an interrupted run left half written."""
    out = cohort.place.out
    manifest = out / MANIFEST
    wanted = canonical_json(_about(plan, cohort), indent=2) + "\n"
    if manifest.is_file():
        if manifest.read_text(encoding="utf-8") != wanted:
            hint = "Give another folder, or the same options to go on."
            raise BadInput([Fault(str(out), "a cohort made with other options", "an empty folder", hint)])
        sweep(cohort.place)
        return
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        found = "a folder with something in it" if out.is_dir() else "a file"
        raise BadInput([Fault(str(out), found, "an empty folder, or none yet", "Nothing was written.")])
    out.mkdir(parents=True, exist_ok=True)
    write_whole(manifest, wanted)


def _about(plan: Plan, cohort: Cohort) -> dict[str, object]:
    """What the bytes of the cohort depend on."""
    return {
        "made_up": "No person's record: made up for demonstration, tests and benchmarks.",
        "patients": cohort.patients,
        "seed": plan.options.seed,
        "rules": plan.options.rules,
        "shares": {kind: str(share) for kind, share in sorted(plan.options.shares.items())},
        "background": plan.background.digest if plan.background else None,
        "files": cohort.files,
        "gzip": cohort.place.gzip,
        "knowledge": plan.library.hash,
    }
