"""Every claim with what its check found, the figures that can be computed again, and the analyses that bear on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from ivigil.evidence.recompute import Recomputed, recomputed
from ivigil.evidence.running import Ran, run
from ivigil.knowledge import Library
from ivigil.knowledge.records import Claim
from ivigil.knowledge.study_records import Study


@dataclass(frozen=True, eq=False)
class Checked:
    """One claim: its recorded check, what was computed again, analyses that re-run it, and later studies on it."""

    claim: Claim
    figures: tuple[Recomputed, ...]
    analyses: tuple[Ran, ...]
    studies: tuple[Study, ...]

    @property
    def computes(self) -> str:
        """In a word or two, what computing it again showed."""
        if not self.figures:
            return "nothing to compute"
        differing = sum(not one.agrees for one in self.figures)
        return "agrees" if not differing else f"{differing} of {len(self.figures)} differ"


def check_claims(library: Library, runs: Mapping[str, Ran] | None = None) -> tuple[Checked, ...]:
    """Every claim of ``library``, in order of id. ``runs`` holds analyses that were already run, by id."""
    done = runs if runs is not None else run_all(library)
    return tuple(_checked(claim, library, done) for _, claim in sorted(library.claims.items()))


def run_all(library: Library) -> dict[str, Ran]:
    """Every analysis run by its own conventions, in order of id."""
    return {key: run(one, library) for key, one in sorted(library.evidence.analyses.items())}


def status_counts(checked: tuple[Checked, ...]) -> Counter[str]:
    """How many claims have each status."""
    return Counter(one.claim.check.status for one in checked)


def _checked(claim: Claim, library: Library, runs: Mapping[str, Ran]) -> Checked:
    evidence = library.evidence
    figures = [recomputed(one) for _, one in sorted(evidence.recomputations.items()) if one.claim == claim.id]
    studies = [one for one in evidence.studies.values() if claim.id in one.claims]
    return Checked(
        claim=claim,
        figures=tuple(figures),
        analyses=tuple(one for one in runs.values() if claim.id in one.analysis.claims),
        studies=tuple(sorted(studies, key=lambda one: (one.year, one.id))),
    )
