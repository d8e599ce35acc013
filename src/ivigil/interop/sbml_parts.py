"""The parts of an SBML document: units, compartments, species, parameters, reactions, events and notes."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from ivigil.interop.about import About
from ivigil.interop.system import Compartment, Event, Flow, Parameter, Species, System, quantity

# libSBML has no types: a library, a document and its elements are Any throughout this module.
Lib = Any
Element = Any

_SECONDS_A_DAY = 86400
# Systems Biology Ontology: non-spatial continuous framework; physical compartment; macromolecule.
_CONTINUOUS, _PHYSICAL_COMPARTMENT, _MACROMOLECULE = 293, 290, 245


class LibSbmlError(RuntimeError):
    """libSBML refused what it was given: a defect of this package, not of its input."""


def fill(libsbml: Lib, document: Element, system: System, about: About, *more: str) -> None:
    """Write ``system`` into an empty document."""
    model = document.createModel()
    _done(model.setId(about.id))
    _done(model.setName(about.title))
    _done(model.setSBOTerm(_CONTINUOUS))
    _units(libsbml, model)
    _notes(model, (*about.sentences(), *more))
    for compartment in system.compartments:
        _compartment(libsbml, model, compartment)
    for species in system.species:
        _species(libsbml, model, species)
    for parameter in system.parameters:
        _parameter(libsbml, model, parameter)
    for flow in system.flows:
        _reaction(libsbml, model, flow)
    for event in system.events:
        _event(libsbml, model, event)


def _units(libsbml: Lib, model: Element) -> None:
    litre, gram, second = libsbml.UNIT_KIND_LITRE, libsbml.UNIT_KIND_GRAM, libsbml.UNIT_KIND_SECOND
    _unit(model, "day", [(second, 1)])
    _unit(model, "per_day", [(second, -1)])
    _unit(model, "L_per_day", [(litre, 1), (second, -1)])
    _unit(model, "g_per_L", [(gram, 1), (litre, -1)])
    _unit(model, "g_per_day", [(gram, 1), (second, -1)])
    _done(model.setTimeUnits("day"))
    for setter in (model.setSubstanceUnits, model.setExtentUnits):
        _done(setter("gram"))
    _done(model.setVolumeUnits("litre"))


def _unit(model: Element, name: str, kinds: Iterable[tuple[int, int]]) -> None:
    """A unit of these kinds, in which each second is one of a day's."""
    definition = model.createUnitDefinition()
    _done(definition.setId(name))
    for kind, exponent in kinds:
        unit = definition.createUnit()
        _done(unit.setKind(kind))
        _done(unit.setExponent(exponent))
        _done(unit.setScale(0))
        is_second = unit.isSecond()
        _done(unit.setMultiplier(_SECONDS_A_DAY if is_second else 1))


def _notes(model: Element, sentences: Iterable[str]) -> None:
    paragraphs = "".join(f"<p>{escape(one)}</p>" for one in sentences)
    _done(model.setNotes(f'<body xmlns="http://www.w3.org/1999/xhtml">{paragraphs}</body>'))


def _compartment(libsbml: Lib, model: Element, one: Compartment) -> None:
    made = model.createCompartment()
    _named(made, one.id, one.name)
    _done(made.setSpatialDimensions(3))
    _done(made.setUnits("litre"))
    _done(made.setConstant(True))
    _done(made.setSBOTerm(_PHYSICAL_COMPARTMENT))
    if isinstance(one.volume, float):
        _done(made.setSize(one.volume))
    else:
        _start(libsbml, model, one.id, one.volume)


def _species(libsbml: Lib, model: Element, one: Species) -> None:
    made = model.createSpecies()
    _named(made, one.id, one.name)
    _done(made.setCompartment(one.compartment))
    _done(made.setSubstanceUnits("gram"))
    _done(made.setHasOnlySubstanceUnits(True))
    _done(made.setBoundaryCondition(False))
    _done(made.setConstant(False))
    _done(made.setSBOTerm(_MACROMOLECULE))
    if isinstance(one.start, float):
        _done(made.setInitialAmount(one.start))
    else:
        _start(libsbml, model, one.id, one.start)


def _parameter(libsbml: Lib, model: Element, one: Parameter) -> None:
    made = model.createParameter()
    _named(made, one.id, one.name)
    _done(made.setUnits(one.unit))
    _done(made.setConstant(not (one.formula or one.changes)))
    if one.sbo is not None:
        _done(made.setSBOTerm(one.sbo))
    if one.value is not None:
        _done(made.setValue(one.value))
    if one.formula:
        rule = model.createAssignmentRule()
        _done(rule.setVariable(one.id))
        _done(rule.setMath(_math(libsbml, one.formula)))


def _start(libsbml: Lib, model: Element, symbol: str, formula: str) -> None:
    made = model.createInitialAssignment()
    _done(made.setSymbol(symbol))
    _done(made.setMath(_math(libsbml, formula)))


def _reaction(libsbml: Lib, model: Element, one: Flow) -> None:
    made = model.createReaction()
    _named(made, one.id, one.name)
    _done(made.setReversible(False))
    if one.sbo is not None:
        _done(made.setSBOTerm(one.sbo))
    for species, create in ((one.from_species, made.createReactant), (one.to_species, made.createProduct)):
        if species:
            reference = create()
            _done(reference.setSpecies(species))
            _done(reference.setStoichiometry(1))
            _done(reference.setConstant(True))
    _done(made.createKineticLaw().setMath(_math(libsbml, one.rate)))


def _event(libsbml: Lib, model: Element, one: Event) -> None:
    made = model.createEvent()
    _named(made, one.id, one.name)
    _done(made.setUseValuesFromTriggerTime(True))
    trigger = made.createTrigger()
    # False before the start, so that what is given at time 0 is given.
    _done(trigger.setInitialValue(False))
    _done(trigger.setPersistent(True))
    _done(trigger.setMath(_math(libsbml, f"time >= {quantity(one.at_day, 'day')}")))
    for variable, formula in one.sets:
        assignment = made.createEventAssignment()
        _done(assignment.setVariable(variable))
        _done(assignment.setMath(_math(libsbml, formula)))


def _named(made: Element, identifier: str, name: str) -> None:
    _done(made.setId(identifier))
    _done(made.setName(name))


def _math(libsbml: Lib, formula: str) -> Element:
    tree = libsbml.parseL3Formula(formula)
    if tree is None:
        raise LibSbmlError(f"{formula}: {libsbml.getLastParseL3Error()}")
    return tree


def _done(code: int) -> None:
    if code != 0:
        raise LibSbmlError(f"libSBML answered {code}")
