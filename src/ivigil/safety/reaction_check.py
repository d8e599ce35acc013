"""What is stated of a reaction, once every name in it is known: each fault at the place that states it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from ivigil.documents import BadInput, Fault, Place
from ivigil.facts.readers.sheet import Path, Sheet
from ivigil.knowledge import Library
from ivigil.knowledge.safety_records import ReactionDefinition
from ivigil.safety.reaction_file import Stated
from ivigil.safety.reaction_record import ReactionRecord, asks_alike, beside
from ivigil.safety.reactions import Reaction, recorded
from ivigil.safety.schemes import Axis, grade_fault

_AXES: tuple[Axis, ...] = ("severity", "imputability")
_LISTED = "ivigil reactions list shows them."


def record_of(stated: Stated, library: Library) -> ReactionRecord:
    """The record that is stated. Raises :class:`BadInput` with every fault, those of reading too."""
    definition = library.reaction_definitions.get(stated.texts.get("definition", ""))
    faults = [*stated.faults, *_of_definition(stated, library), *_of_product(stated, library)]
    if definition is not None:
        faults += [*_of_signs(stated, definition, library), *_of_answers(stated, definition, library)]
        faults += [fault for axis in _AXES for fault in _of_grade(stated, axis, definition, library)]
    if faults or definition is None:
        raise BadInput(faults)
    return ReactionRecord(recorded(_reaction(stated, definition), library), _answers(stated, definition, library))


def _reaction(stated: Stated, definition: ReactionDefinition) -> Reaction:
    numbers = stated.numbers
    return Reaction(
        definition.id,
        {one.id: stated.signs[one.id] for one in definition.signs if one.id in stated.signs},
        numbers.get("onset_hours"),
        severity=stated.grades.get("severity"),
        imputability=stated.grades.get("imputability"),
        product=stated.texts.get("product"),
        lot=stated.texts.get("lot"),
        rate_at_onset_ml_per_h=numbers.get("rate_at_onset_ml_per_h"),
        volume_given_ml=numbers.get("volume_given_ml"),
    )


def _answers(stated: Stated, own: ReactionDefinition, library: Library) -> Mapping[str, Mapping[str, bool | None]]:
    """The answers by definition, in the order of the definitions and of their signs."""
    found = {
        one.id: {sign.id: stated.answers[one.id, sign.id] for sign in one.signs if (one.id, sign.id) in stated.answers}
        for one in beside(own, library)
    }
    return {key: signs for key, signs in found.items() if signs}


def _fault(stated: Stated, path: Path, found: str, expected: str, hint: str = "") -> Fault:
    return Fault(stated.where.get(path, stated.where.get((), "the reaction")), found, expected, hint)


def _near(word: str, known: Mapping[str, object], otherwise: str) -> str:
    return Sheet(Place("")).nearest(word, tuple(known)) or otherwise


def _of_definition(stated: Stated, library: Library) -> Iterator[Fault]:
    """None named is a fault of its own only where nothing else was wrong: it may stand in what could not be read."""
    named, held = stated.texts.get("definition"), library.reaction_definitions
    if named is None and not stated.faults:
        yield _fault(stated, (), "no definition", "the id of a reaction definition", _LISTED)
    elif named is not None and named not in held:
        expected = "the id of a reaction definition"
        yield _fault(stated, ("definition",), repr(named), expected, _near(named, held, _LISTED))


def _of_product(stated: Stated, library: Library) -> Iterator[Fault]:
    named, held = stated.texts.get("product"), library.products
    if named is not None and named not in held:
        hint = _near(named, held, "ivigil products lists them.")
        yield _fault(stated, ("product",), repr(named), "the id of a product", hint)


def _of_signs(stated: Stated, definition: ReactionDefinition, library: Library) -> Iterator[Fault]:
    held = {one.id: one for one in definition.signs}
    others = beside(definition, library)
    for sign in stated.signs:
        if sign not in held:
            asking = [one.id for one in others if any(each.id == sign for each in one.signs)]
            elsewhere = f"It is asked by {' and '.join(asking)}: state it as an answer to that." if asking else ""
            hint = elsewhere or _near(sign, held, _shown(definition))
            yield _fault(stated, ("signs", sign), repr(sign), f"a sign of {definition.id}", hint)


def _of_answers(stated: Stated, own: ReactionDefinition, library: Library) -> Iterator[Fault]:
    others = {one.id: one for one in beside(own, library)}
    for name, sign in stated.answers:
        told, other = partial(_fault, stated, ("answers", name, sign)), others.get(name)
        if other is None:
            hint = f"There are: {', '.join(others)}." if others else "There is none."
            yield told(repr(name), f"another definition of the hazard of {own.id}", hint)
            continue
        held = {one.id: one for one in other.signs}
        if sign not in held:
            yield told(repr(sign), f"a sign of {name}", _near(sign, held, _shown(other)))
        elif asks_alike(held[sign], own):
            yield told(repr(sign), "a sign that only the other definition asks", f"State it as a sign of {own.id}.")


def _of_grade(stated: Stated, axis: Axis, own: ReactionDefinition, library: Library) -> Iterator[Fault]:
    given = stated.grades.get(axis)
    fault = grade_fault(axis, given, own, library) if given else None
    if fault is not None:
        yield _fault(stated, (axis,), fault.found, fault.expected, fault.hint)


def _shown(definition: ReactionDefinition) -> str:
    return f"ivigil reactions show {definition.id} shows them."
