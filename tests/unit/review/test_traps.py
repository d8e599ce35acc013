"""Traps of diagnosis: what looks like an indication and is not, or not surely, or is another one."""

from __future__ import annotations

import pytest
from tests.unit.review.judged import judged

FIRST = "request_phase: initial"
Answers = list[tuple[str | None, str]]


def request(indication: str, *, facts: str = "", diagnoses: str = "") -> str:
    return f"request: {{indication: {indication}, {FIRST}}}\nfacts: {{{facts}}}\ndiagnoses: [{diagnoses}]\n"


def cm(code: str) -> str:
    return f"{{system: icd-10-cm, code: {code}}}"


def who(code: str) -> str:
    return f"{{system: icd-10, code: {code}}}"


def listed(code: str, state: str = "confirmed", system: str = "icd-10-cm") -> str:
    return f"{{system: {system}, code: {code}, state: {state}}}"


NEEDS = "needs-information"
TRAPS: dict[str, tuple[str, Answers]] = {
    "refuted on the problem list": (
        request(cm("M30.3"), diagnoses=listed("M30.3", "refuted")),
        [("kawasaki", NEEDS)],
    ),
    "provisional on the problem list": (
        request(cm("M30.3"), diagnoses=listed("M30.3", "provisional")),
        [("kawasaki", NEEDS)],
    ),
    "resolved on the problem list": (
        request(cm("G61.81"), diagnoses=listed("G61.81", "not-current")),
        [("cidp", NEEDS)],
    ),
    "confirmed beside resolved": (
        request(cm("G61.81"), diagnoses=f"{listed('G61.81', 'not-current')}, {listed('G61.81')}"),
        [("cidp", "supported")],
    ),
    "G61.8 of WHO is more general than CIDP and MMN": (
        request(who("G61.8")),
        [("cidp", NEEDS), ("multifocal-motor-neuropathy", NEEDS)],
    ),
    "G61.8 of WHO, with one of them on the problem list": (
        request(who("G61.8"), diagnoses=listed("G61.81")),
        [("cidp", "supported"), ("multifocal-motor-neuropathy", NEEDS)],
    ),
    "M33.9 is more general than dermatomyositis and polymyositis": (
        request(cm("M33.90")),
        [("dermatomyositis", NEEDS), ("polymyositis", NEEDS)],
    ),
    "a problem list alone asks for nothing": (
        f"facts: {{weight: 70 kg}}\ndiagnoses: [{listed('M30.3')}, {listed('G61.0')}]\n",
        [(None, NEEDS)],
    ),
    "another disease is requested than the problem list names": (
        request(cm("J45.909"), diagnoses=listed("M30.3")),
        [("asthma", "not-supported")],
    ),
    "relapsing–remitting multiple sclerosis": (request(cm("G35.A")), [("relapsing-remitting-ms", "not-supported")]),
    "secondary progressive multiple sclerosis": (
        request(cm("G35.C1")),
        [("secondary-progressive-ms", "not-supported")],
    ),
    "multiple sclerosis without its course may be either": (
        request(cm("G35.D")),
        [("relapsing-remitting-ms", NEEDS), ("secondary-progressive-ms", NEEDS)],
    ),
    "inclusion body myositis coded as itself": (request(cm("G72.41")), [("inclusion-body-myositis", "not-supported")]),
    "polymyositis requested, inclusion body myositis on the problem list": (
        request(cm("M33.20"), facts="corticosteroids: failed, disease_severe: true", diagnoses=listed("G72.41")),
        [("polymyositis", NEEDS)],
    ),
    "haemophagocytosis with Epstein–Barr virus": (
        request("secondary-haemophagocytic", facts="epstein_barr_related: true, haemophagocytosis_viral: true"),
        [("secondary-haemophagocytic", "avoid")],
    ),
    "haemophagocytosis with a virus not named": (
        request("secondary-haemophagocytic", facts="haemophagocytosis_viral: true"),
        [("secondary-haemophagocytic", NEEDS)],
    ),
    "haemophagocytosis without Epstein–Barr virus": (
        request("secondary-haemophagocytic", facts="epstein_barr_related: false, haemophagocytosis_lupus: true"),
        [("secondary-haemophagocytic", "supported")],
    ),
    "other, as free text": (request('"Other: see letter"'), [(None, "panel-review")]),
    "a name as free text": (request("Kawasaki disease"), [("kawasaki", "supported")]),
    "a suspicion as free text": (request("suspected Kawasaki disease"), [(None, "panel-review")]),
    "DRESS is coded apart from other rashes": (request(cm("D72.12")), [("dress", "avoid")]),
    "congenital myasthenia is no myasthenia gravis": (request(cm("G70.2")), [(None, "panel-review")]),
    "immunodeficiency belongs elsewhere": (request(cm("D83.9")), [("primary-immunodeficiency", "out-of-scope")]),
    "Evans syndrome is no immune thrombocytopenia": (
        request(cm("D69.3"), diagnoses=listed("D69.41")),
        [("immune-thrombocytopenia", NEEDS)],
    ),
    "two candidates in one reason are two requests": (
        f"request: {{indication: [{cm('G61.81')}, {cm('G61.82')}], {FIRST}}}\n",
        [("cidp", "supported"), ("multifocal-motor-neuropathy", "supported")],
    ),
}


@pytest.mark.parametrize("trap", sorted(TRAPS))
def test_trap(trap: str) -> None:
    text, expected = TRAPS[trap]
    found = [(one.indication.id if one.indication else None, one.verdict) for one in judged(text)]
    assert found == expected


def test_there_are_25_traps() -> None:
    assert len(TRAPS) >= 25
