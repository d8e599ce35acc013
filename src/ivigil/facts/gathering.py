"""Gathering a case: readers add what they find, in any order; the finished case is always in the same order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from ivigil.facts.case import Case, Diagnosis, Request, Statement, Unused, each_once

_ORIGINS_SHOWN = 10


@dataclass
class Gathering:
    """What has been read so far."""

    name: str
    statements: list[Statement] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    diagnoses: list[Diagnosis] = field(default_factory=list)
    warnings: set[str] = field(default_factory=set)
    patient: str | None = None
    _unused: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def set_aside(self, what: str, why: str, origin: str) -> None:
        """Note that ``what`` at ``origin`` was not used, and why."""
        self._unused[what, why].add(origin)

    def finish(self) -> Case:
        """The case, independent of the order in which things were found."""
        unused = [
            Unused(what, why, len(origins), tuple(sorted(origins)[:_ORIGINS_SHOWN]))
            for (what, why), origins in self._unused.items()
        ]
        return Case(
            name=self.name,
            statements=each_once(self.statements),
            requests=each_once(self.requests),
            diagnoses=each_once(self.diagnoses),
            unused=tuple(sorted(unused)),
            warnings=tuple(sorted(self.warnings)),
            patient=self.patient,
        )
