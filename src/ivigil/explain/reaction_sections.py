"""A reaction in words: three axes kept apart, each body's definition beside it, what to ask, and what it changes."""

from __future__ import annotations

from collections.abc import Iterator

from ivigil.criteria import Truth
from ivigil.explain.answer import place
from ivigil.explain.citing import NOT_A_DEVICE, cited
from ivigil.explain.definition_sections import NOT_VERIFIED, body_words, question_words
from ivigil.explain.layout import Row, Section, Table
from ivigil.explain.words import capitalised, listed
from ivigil.knowledge import Library
from ivigil.knowledge.safety_records import ReactionDefinition
from ivigil.safety import Certainty, ChangeFound
from ivigil.safety.certainty import LevelName
from ivigil.safety.reaction_record import Assessment, GradeFound, Question, answer_of
from ivigil.safety.schemes import Axis, schemes
from ivigil.units import shown

_ANSWERED = {True: "there", False: "not there", None: "unknown"}
_APPLIES = {Truth.MET: "applies", Truth.UNKNOWN: "may apply"}
_RUNNING = {"rate_at_onset_ml_per_h": ("rate at onset", "mL/h"), "volume_given_ml": ("volume given", "mL")}


def reaction_sections(found: Assessment, library: Library) -> Iterator[Section]:
    """What is made of a reaction; sections without content are left out."""
    made = (
        Section("Three axes, each by its own scheme", tuple(_axes(found, library))),
        Section("Each body's definition", tuple(_definitions(found)), table=_beside(found)),
        Section("What could raise the certainty", tuple(_questions(found))),
        Section("What it changes next time", tuple(_changes(found))),
        Section(
            "In a reaction, by this place's own protocol", tuple(Row(one.text, one.severity) for one in found.ladder)
        ),
        Section("What was recorded", tuple(_recorded(found, library))),
        Section("Sources", tuple(_sources(found, library)), folded=True),
        Section("Who decides", (Row(NOT_A_DEVICE),)),
    )
    yield from (one for one in made if one.rows)


def level_words(one: Certainty) -> str:
    """The level that is reached: one of the definition's, *none*, or *not known* while one could still be."""
    if not one.levels:
        return "not graded"
    if one.highest is not None:
        return one.highest.level.name
    return "not known" if one.could_be else "none"


def _axes(found: Assessment, library: Library) -> Iterator[Row]:
    own, open_ones = found.certainty, _open(found.certainty)
    words = {
        "none": "No level holds",
        "not known": "No level is reached yet",
        "not graded": "Not graded: it has no levels",
    }
    level = level_words(own)
    could = f"; it could be {listed(open_ones, 'or')}" if open_ones else ""
    details = (f"By {body_words(own.definition)}", *_caution(own.definition))
    yield Row(f"{words.get(level, capitalised(level))}{could}.", "certainty", details)
    axes: tuple[tuple[Axis, GradeFound | None], ...] = (
        ("severity", found.severity),
        ("imputability", found.imputability),
    )
    for axis, given in axes:
        yield _grade(axis, given, found.definition, library)


def _grade(axis: Axis, given: GradeFound | None, own: ReactionDefinition, library: Library) -> Row:
    if given is not None:
        name = given.grade.id
        words = f"Grade {name}" if name[:1].isdigit() else capitalised(name.replace("-", " "))
        details = (f"By {body_words(given.scheme)}", *_caution(given.scheme))
        return Row(f"{words}: {given.grade.text}", axis, details)
    held = [one.id for one in schemes(axis, own, library)]
    return Row("Not graded.", axis, (f"To be graded by {listed(held, 'or')}",) if held else ())


def _caution(definition: ReactionDefinition) -> tuple[str, ...]:
    return () if definition.status == "verified" else (NOT_VERIFIED,)


def _named(definition: ReactionDefinition, own: ReactionDefinition) -> str:
    """Whose definition it is, and of what where that is not what the reaction is recorded as."""
    name = "" if definition.name == own.name else f": {definition.name}"
    return f"{body_words(definition)}{name}"


def _beside(found: Assessment) -> Table:
    rows = tuple(_cells(one, found.definition) for one in (found.certainty, *found.others))
    return Table(("Definition", "level reached", "could still be"), rows)


def _cells(one: Certainty, own: ReactionDefinition) -> tuple[str, ...]:
    return _named(one.definition, own), level_words(one), listed(_open(one), "or") or "–"


def _open(one: Certainty) -> tuple[LevelName, ...]:
    return tuple(each.level.name for each in one.could_be)


def _definitions(found: Assessment) -> Iterator[Row]:
    for one in (found.certainty, *found.others):
        definition = one.definition
        details = (*definition.notes, *_caution(definition), place(definition.passage))
        yield Row(
            _named(definition, found.definition), "recorded by" if one is found.certainty else "beside it", details
        )
    if found.definition.hazard is None:
        yield Row("It is of no single hazard, so no other definition stands beside it.", "note")
    elif not found.others:
        yield Row("No other definition of this hazard is held.", "note")
    elif found.record.reaction.onset_hours is not None:
        yield Row("The same hours are held against every definition; each may count them from its own moment.", "note")


def _questions(found: Assessment) -> Iterator[Row]:
    """The questions of each definition, the reaction's own first."""
    for one in (found.certainty, *found.others):
        asked = [each for each in found.questions if each.asked_by is one.definition]
        if asked:
            members = tuple(_question(each, one, found) for each in asked)
            could = f"; it could still be {listed(_open(one), 'or')}" if one.could_be else ""
            yield Row(f"{_named(one.definition, found.definition)}{could}", "asks", members=members)


def _question(question: Question, by: Certainty, found: Assessment) -> Row:
    """A question; for which levels it counts where those are not all that its definition leaves open."""
    plainly = ((by.definition, _open(by)),)
    raised = [f"Counts for {listed(levels, 'or')} by {body_words(one)}" for one, levels in question.raises]
    details = [] if question.raises == plainly else raised
    return Row(question_words(question.sign), None, (*details, _option(question, found)))


def _option(question: Question, found: Assessment) -> str:
    if question.sign is None:
        return "--onset-hours HOURS"
    if question.asked_by.id == found.definition.id:
        return f"--sign {question.sign.id}=yes or =no"
    return f"--answer {question.asked_by.id}.{question.sign.id}=yes or =no"


def _changes(found: Assessment) -> Iterator[Row]:
    for one in found.changes:
        yield Row(one.change.text, _APPLIES[one.truth], tuple(_change_details(one)))
    if found.changes:
        yield Row("Severity alone narrows this list; certainty and imputability do not.", "note")
    else:
        yield Row("Nothing is held that this reaction changes.", "note")


def _change_details(one: ChangeFound) -> Iterator[str]:
    if one.question:
        yield f"To be known: {one.question}"
    if one.change.levers:
        yield f"It changes: {', '.join(one.change.levers)}"
    if one.change.status == "remembered":
        yield NOT_VERIFIED
    yield place(one.change.passage)


def _recorded(found: Assessment, library: Library) -> Iterator[Row]:
    reaction = found.record.reaction
    yield Row(f"{found.definition.name} ({found.definition.id})", "reaction")
    for one in found.definition.signs:
        yield Row(one.text, _ANSWERED[answer_of(reaction.signs.get(one.id))])
    for other in found.others:
        given = found.record.answers.get(other.definition.id, {})
        for one in other.definition.signs:
            if one.id in given:
                yield Row(one.text, _ANSWERED[answer_of(given[one.id])], (f"asked by {body_words(other.definition)}",))
    if reaction.onset_hours is not None:
        yield Row(f"{shown(reaction.onset_hours)} hours, counted as the definition counts", "onset")
    yield from _infusion(found, library)


def _infusion(found: Assessment, library: Library) -> Iterator[Row]:
    reaction = found.record.reaction
    if reaction.product is not None:
        product = library.products[reaction.product]
        yield Row(f"{product.brand}, label {product.region} ({product.id})", "product")
    if reaction.lot is not None:
        yield Row(reaction.lot, "lot")
    for name, (words, unit) in _RUNNING.items():
        value = getattr(reaction, name)
        if value is not None:
            yield Row(f"{shown(value)} {unit}", words)


def _sources(found: Assessment, library: Library) -> Iterator[Row]:
    graded = [one.scheme for one in (found.severity, found.imputability) if one]
    passages = [one.definition.passage for one in (found.certainty, *found.others)]
    passages += [one.passage for one in graded] + [one.change.passage for one in found.changes]
    for name in dict.fromkeys(one.source for one in passages):
        yield Row(cited(library.sources[name]), None, (name,))
