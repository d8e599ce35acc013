"""Adding what a further document says to a case, such as the answers to the questions ivigil asked."""

from __future__ import annotations

from ivigil.documents import BadInput, Fault
from ivigil.facts.case import Case, each_once


def merged(case: Case, more: Case) -> Case:
    """``case`` with what ``more`` states added; a request in ``more`` that names no indication only adds its facts.

    Raises :class:`BadInput` when the two speak of different patients.
    """
    if case.patient and more.patient and case.patient != more.patient:
        found = f"{more.patient}, while {case.name} is about {case.patient}"
        raise BadInput([Fault(more.name, found, "documents about one patient")])
    asked = tuple(request for request in more.requests if request.reasons)
    answers = tuple(one for request in more.requests if not request.reasons for one in request.statements)
    return Case(
        name=f"{case.name} with {more.name}",
        statements=each_once((*case.statements, *more.statements, *answers)),
        requests=(*case.requests, *asked),
        diagnoses=(*case.diagnoses, *more.diagnoses),
        unused=tuple(sorted({*case.unused, *more.unused})),
        warnings=tuple(sorted({*case.warnings, *more.warnings})),
        patient=case.patient or more.patient,
    )
