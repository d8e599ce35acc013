"""A definition of a reaction in words: what it needs for each level, what it asks, how it grades, where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from ivigil.explain.answer import place
from ivigil.explain.citing import cited
from ivigil.explain.layout import Row, Section
from ivigil.explain.words import lowered
from ivigil.knowledge import Library
from ivigil.knowledge.safety_records import CaseLevel, Grade, Needed, ReactionDefinition, Sign
from ivigil.safety import classify
from ivigil.units import shown

NOT_VERIFIED = "Caution, not verified: remembered, not read in its source."
_ONSET = "How many hours passed until it began, counted as the definition counts?"


def definition_sections(definition: ReactionDefinition, library: Library) -> Iterator[Section]:
    """Everything that is held of one definition; sections without content are left out."""
    made = (
        Section("Definition", tuple(_head(definition, library))),
        Section("Levels of certainty", tuple(_level(one, definition) for one in levels_of(definition))),
        Section("Signs", tuple(_sign(one) for one in definition.signs)),
        Section("Grades of severity", tuple(_graded(definition.severity))),
        Section("Grades of imputability", tuple(_graded(definition.imputability))),
        Section("What to know of it", tuple(Row(one) for one in definition.notes)),
        Section("Source", tuple(_source(definition, library))),
    )
    yield from (one for one in made if one.rows)


def levels_of(definition: ReactionDefinition) -> tuple[CaseLevel, ...]:
    """The levels of certainty, the most certain first."""
    return tuple(one.level for one in classify(definition, {}, None).levels)


def axes_of(definition: ReactionDefinition) -> dict[str, tuple[str, ...]]:
    """What it grades, axis by axis, with its own names of levels and grades."""
    return {
        "certainty": tuple(one.name for one in levels_of(definition)),
        "severity": tuple(one.id for one in definition.severity),
        "imputability": tuple(one.id for one in definition.imputability),
    }


def body_words(definition: ReactionDefinition) -> str:
    """Whose definition it is, and of which version."""
    return f"{definition.body}, {definition.version}"


def question_words(sign: Sign | None) -> str:
    """A sign as a question; without a sign, the onset."""
    return _ONSET if sign is None else f"{sign.text.rstrip('.')}?"


def hazard_words(definition: ReactionDefinition, library: Library) -> str:
    """The hazard that it defines a reaction of."""
    if definition.hazard is None:
        return "no single hazard: it grades reactions of any"
    return lowered(library.hazards[definition.hazard].name)


def _head(definition: ReactionDefinition, library: Library) -> Iterator[Row]:
    yield Row(definition.name, definition.status, () if definition.status == "verified" else (NOT_VERIFIED,))
    yield Row(definition.body, "body")
    since = f", valid from {definition.valid_from.isoformat()}" if definition.valid_from else ""
    yield Row(f"{definition.version}{since}", "version")
    yield Row(hazard_words(definition, library), "hazard")


def _level(level: CaseLevel, definition: ReactionDefinition) -> Row:
    signs = {one.id: one.text.rstrip(".") for one in definition.signs}
    needed = tuple(_needed(one, signs) for one in level.needs)
    hours = level.onset_within_hours
    window = "At any time of onset" if hours is None else f"With onset within {shown(hours)} hours"
    return Row(f"{window}{', all of these' if len(needed) > 1 else ''}:", level.name, members=needed)


def _needed(needed: Needed, signs: dict[str, str]) -> Row:
    among = tuple(signs[one] for one in needed.of)
    if len(among) == 1:
        return Row(f"{among[0]}.")
    number = "All" if needed.at_least == len(among) else f"At least {needed.at_least}"
    return Row(f"{number} of these {len(among)}:", details=among)


def _sign(sign: Sign) -> Row:
    return Row(question_words(sign), sign.group, (f"answered as {sign.id}",))


def _graded(grades: tuple[Grade, ...]) -> Iterator[Row]:
    yield from (Row(one.text, one.id) for one in grades)


def _source(definition: ReactionDefinition, library: Library) -> Iterator[Row]:
    source = library.sources[definition.passage.source]
    yield Row(cited(source), None, (place(definition.passage),))
