"""The library's hypotheses and recycling model without the rest of it, and patients and courses to try them on."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from ivigil.documents import parse_yaml
from ivigil.documents.schemas import check
from ivigil.kinetics.doses import Course, every
from ivigil.kinetics.fcrn import FcRnParameters
from ivigil.kinetics.mechanism.person import typical
from ivigil.kinetics.mechanism.run import MechanismRun, run
from ivigil.kinetics.mechanism.states import Disease
from ivigil.kinetics.mechanism.switches import Switches
from ivigil.knowledge import data_folder
from ivigil.knowledge.kinetic_records import FcRnModel, Hypothesis, LinearModel
from ivigil.knowledge.library import Kinetics, Library

# What two adaptive solutions may differ by, each within 1e-9 a step.
SOLVED = 1e-6
DAYS = np.array([0.0, 0.5, 1.0, 2.0, 4.0, 7.0, 14.0, 28.0, 60.0])
SICK = Disease(platelets_10_9_per_l=20.0, grip_kg=10.0)


@cache
def held(folder: str, kind: type) -> dict[str, Any]:
    """The records of one folder of knowledge."""
    records = {}
    for path in sorted((data_folder() / folder).glob("*.yaml")):
        data, place = parse_yaml(path.read_bytes(), path.name)
        records[path.stem] = check(kind, data, place)
    return records


@cache
def library() -> Library:
    """A library of kinetics alone: the whole takes seconds to build."""
    kinetics = Kinetics(
        models=held("kinetic-models", LinearModel),
        fcrn=held("fcrn-models", FcRnModel),
        hypotheses=held("hypotheses", Hypothesis),
    )
    return cast("Library", SimpleNamespace(kinetics=kinetics))


def person(**others: Any) -> FcRnParameters:  # noqa: ANN401 - any parameter
    """Somebody of 70 kg."""
    return replace(typical(library(), 70.0), **others)


def two_grams(g_per_kg: float = 1.0) -> Course:
    """So much a kilogram on each of two days."""
    return every(70.0 * g_per_kg, 1.0, 2, hours=6.0)


def ran(*on: str, course: Course | None = None, **others: Any) -> MechanismRun:  # noqa: ANN401 - any of run's
    """A run of the typical person with these hypotheses on."""
    course = two_grams() if course is None else course
    switches = others.pop("switches", Switches(frozenset(on)))
    days = others.pop("days", DAYS)
    return run(course, others.pop("person", person()), switches, days, library(), **{"start": SICK, **others})
