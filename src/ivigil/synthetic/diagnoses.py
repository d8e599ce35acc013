"""The problem list: the indication as a Condition, with everything that is wrong with diagnoses."""

from __future__ import annotations

from dataclasses import dataclass

from ivigil.synthetic.diseases import Disease
from ivigil.synthetic.fragments import clinical, verification
from ivigil.synthetic.observations import dated
from ivigil.synthetic.plan import Plan
from ivigil.synthetic.records import Record

_ACTIVE = clinical("active") + verification("confirmed")
_STATES = {
    "refuted": verification("refuted"),
    "provisional": clinical("active") + verification("provisional"),
    "resolved": clinical("resolved") + verification("confirmed"),
    "diagnosis-in-error": verification("entered-in-error"),
}
_WORDS = {"denied-in-words": "no ", "doubted-in-words": "? "}


@dataclass(frozen=True)
class Diagnosis:
    """Which disease a patient has, under which of its codes, since when, and on which day it was recorded."""

    disease: Disease
    code: str
    onset: int
    day: int


def diagnose(record: Record, plan: Plan, found: Diagnosis) -> str | None:
    """Write the indication on the problem list; the reference, where it is there to be pointed to."""
    draws = record.draws
    if draws.chance(plan.limits["no-diagnosis"]) and record.spoils("no-diagnosis"):
        return None
    dirt = plan.dirt["diagnosis"].draw(draws)
    if dirt is None:
        state, code = _ACTIVE, found.code
    else:
        record.spoils(dirt)
        state, code = _STATES.get(dirt, _ACTIVE), _code(record, found, dirt)
    dates = dated("onsetDateTime", found.onset, dirt) + dated("recordedDate", found.day, dirt)
    members = f'{state}"code":{code},{record.subject}{dates}'
    return record.add("Condition", members, times=2 if dirt == "diagnosed-twice" else 1)


def _code(record: Record, found: Diagnosis, dirt: str) -> str:
    draws, disease = record.draws, found.disease
    if dirt in _WORDS:
        return f'{{"text":"{_WORDS[dirt]}{draws.pick(disease.words)[1:]}}}'
    if dirt == "diagnosis-in-words":
        return f'{{"text":{draws.pick(disease.words)}}}'
    return draws.pick(disease.broader) if dirt == "broader-diagnosis" and disease.broader else found.code
