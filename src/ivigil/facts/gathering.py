"""Gathering a case: readers add what they find, in any order; the finished case is always in the same order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from ivigil.facts.case import Case, Diagnosis, Request, Statement, Unused

_ORIGINS_SHOWN = 10


@dataclass
class Gathering:
    """What has been read so far."""

    name: str
    statements: list[Statement] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    diagnoses: list[Diagnosis] = field(default_factory=list)
    warnings: set[str] = field(default_factory=set)
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
            statements=tuple(sorted(set(self.statements), key=lambda statement: statement.order)),
            requests=tuple(sorted(set(self.requests), key=_request_order)),
            diagnoses=tuple(sorted(set(self.diagnoses), key=_diagnosis_order)),
            unused=tuple(sorted(unused)),
            warnings=tuple(sorted(self.warnings)),
        )


def _request_order(request: Request) -> tuple[str, tuple[str, ...], tuple[tuple[str, str, str, str], ...]]:
    reasons = tuple(str(reason) for reason in request.reasons)
    return request.origin, reasons, tuple(statement.order for statement in request.statements)


def _diagnosis_order(diagnosis: Diagnosis) -> tuple[str, str, str, str]:
    return diagnosis.origin, str(diagnosis.codings), diagnosis.state, str(diagnosis.when)
