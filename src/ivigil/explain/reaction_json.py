"""A reaction as plain JSON values; docs/how-to/record-a-reaction.md describes its keys."""

from __future__ import annotations

from typing import Any

from ivigil.documents import encode
from ivigil.explain.definition_sections import question_words
from ivigil.knowledge import Library
from ivigil.knowledge.safety_records import ReactionDefinition
from ivigil.safety import Certainty, ChangeFound, LevelFound
from ivigil.safety.reaction_file import record_json
from ivigil.safety.reaction_record import Assessment, GradeFound, Question

Json = dict[str, Any]


def reaction_json(found: Assessment, library: Library) -> Json:
    """Everything that is made of a reaction; the keys are always there."""
    return {
        "format": "1",
        "knowledge_hash": library.hash,
        "record": record_json(found.record),
        "certainty": _certainty(found.certainty),
        "severity": _grade(found.severity),
        "imputability": _grade(found.imputability),
        "other_definitions": [_certainty(one) for one in found.others],
        "questions": [_question(one, found) for one in found.questions],
        "changes": [_change(one) for one in found.changes],
        "reaction_ladder": [encode(one) for one in found.ladder],
    }


def _certainty(one: Certainty) -> Json:
    return {
        **_named(one.definition),
        "level": one.highest.level.name if one.highest else None,
        "could_be": [each.level.name for each in one.could_be],
        "levels": [_level(each) for each in one.levels],
        "notes": list(one.definition.notes),
    }


def _named(definition: ReactionDefinition) -> Json:
    return {
        "definition": definition.id,
        "name": definition.name,
        "body": definition.body,
        "version": definition.version,
        "status": definition.status,
        "source": definition.passage.source,
    }


def _level(found: LevelFound) -> Json:
    return {
        "level": found.level.name,
        "holds": found.truth.value,
        "open_signs": list(found.signs),
        "open_onset": found.onset,
    }


def _grade(given: GradeFound | None) -> Json | None:
    if given is None:
        return None
    return {**_named(given.scheme), "grade": given.grade.id, "text": given.grade.text}


def _question(question: Question, found: Assessment) -> Json:
    own = question.asked_by.id == found.definition.id
    sign = question.sign.id if question.sign else None
    return {
        "question": question_words(question.sign),
        "definition": question.asked_by.id,
        "sign": sign,
        "answered_under": "onset_hours" if sign is None else "signs" if own else "answers",
        "raises": [{"definition": one.id, "levels": list(levels)} for one, levels in question.raises],
    }


def _change(found: ChangeFound) -> Json:
    change = found.change
    return {
        "id": change.id,
        "text": change.text,
        "applies": found.truth.value,
        "question": found.question,
        "levers": list(change.levers),
        "status": change.status,
        "source": change.passage.source,
    }
