"""Models of one person as SBML Level 3 Version 2 core, for simulators such as COPASI, libRoadRunner or AMICI.

Time counts in days, amounts in grams, volumes in litres. Model time 0 is the first day that anything happens on, or
day 0 where that is earlier, and the notes say which. Doses are events that fire once, also at the start of the model.
A simulator that is reset may keep what an event has set last: load the model anew, or reset all of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ivigil.documents import BadInput, Fault
from ivigil.interop.about import APPARENT, About
from ivigil.interop.fcrn_system import FcRnPerson, fcrn_system
from ivigil.interop.linear_system import linear_system
from ivigil.interop.sbml_parts import fill
from ivigil.interop.system import System
from ivigil.kinetics.doses import Course, later
from ivigil.kinetics.linear_light import LinearParameters

LEVEL, VERSION = 3, 2
_ERROR = 2  # libSBML's severities: 1 is a warning, 2 an error, 3 fatal


def linear_sbml(parameters: LinearParameters, course: Course, about: About) -> str:
    """A linear model of one or two compartments with a course, as SBML.

    Raises :class:`BadInput` for a route that is not modelled, or without the extra ``sbml``.
    """
    shift = starts_at(course)
    system = linear_system(parameters, later(course, -shift))
    baseline = () if parameters.baseline_g_per_l is None else ("The person's own IgG is a constant level.",)
    return sbml_text(system, replace(about, notes=(APPARENT, *baseline, *about.notes)), from_day=shift)


def fcrn_sbml(person: FcRnPerson, course: Course, about: About) -> str:
    """The recycling model with a course, as SBML; given and own IgG, and an autoantibody where there is one, apart.

    Raises :class:`BadInput` for a route without bioavailability, or without the extra ``sbml``.
    """
    shift = min([starts_at(course), *(day for day, _ in person.occupied)])
    moved = replace(person, occupied=tuple((day - shift, share) for day, share in person.occupied))
    return sbml_text(fcrn_system(moved, later(course, -shift)), about, from_day=shift)


def starts_at(course: Course) -> float:
    """The day that model time 0 is: day 0, or the first dose where that is earlier."""
    return min([0.0, *(dose.at_day for dose in course.doses)])


def sbml_text(system: System, about: About, *, from_day: float = 0.0) -> str:
    """``system`` as SBML, checked: the same bytes on each run. Raises :class:`BadInput` without the extra ``sbml``."""
    libsbml = required_libsbml()
    document = libsbml.SBMLDocument(LEVEL, VERSION)
    fill(libsbml, document, system, about, f"Time 0 of the model is day {from_day:g}; time counts in days.")
    text = str(libsbml.SBMLWriter().writeSBMLToString(document))
    faults = sbml_faults(text)
    if faults:  # a defect of ours, told rather than handed on
        raise BadInput(Fault(about.id, one, "a model that libSBML finds consistent") for one in faults)
    return text


def sbml_faults(text: str) -> tuple[str, ...]:
    """What libSBML's whole check finds wrong with a model: errors, and units that do not fit. Warnings are left out."""
    libsbml = required_libsbml()
    document = libsbml.readSBMLFromString(text)
    document.setConsistencyChecks(libsbml.LIBSBML_CAT_UNITS_CONSISTENCY, True)  # noqa: FBT003 - libSBML's own call
    document.checkConsistency()
    found = [document.getError(place) for place in range(document.getNumErrors())]
    units = libsbml.LIBSBML_CAT_UNITS_CONSISTENCY
    return tuple(_told(one) for one in found if one.getSeverity() >= _ERROR or one.getCategory() == units)


def _told(error: Any) -> str:  # noqa: ANN401 - libSBML has no types
    return f"line {error.getLine()}: {' '.join(error.getMessage().split())}"


def required_libsbml() -> Any:  # noqa: ANN401 - libSBML has no types
    """The library. Raises :class:`BadInput` where the extra ``sbml`` is not installed."""
    try:
        # It has no types, and an extra need not be there: only an export needs it.
        import libsbml  # type: ignore[import-untyped,import-not-found,unused-ignore]  # noqa: PLC0415
    except ImportError:
        found, hint = "that the extra `sbml` is not installed", "The model is written by its package python-libsbml."
        raise BadInput([Fault("SBML", found, "pip install 'ivigil[sbml]'", hint)]) from None
    return libsbml
