"""The record of one made-up patient while it is written: lines of NDJSON by type of resource."""

from __future__ import annotations

from collections import Counter
from typing import Final

from ivigil.synthetic.draws import Draws

KINDS: Final = (
    "Condition",
    "Observation",
    "MedicationRequest",
    "MedicationStatement",
    "MedicationAdministration",
    "AllergyIntolerance",
    "Procedure",
    "FamilyMemberHistory",
    "QuestionnaireResponse",
)


class Record:
    """What has been written of one patient. ``dirt`` counts the kinds of dirt, for tests that each occurs."""

    __slots__ = ("_count", "dirt", "draws", "lines", "patient", "subject", "subject_last")

    def __init__(self, patient: str, draws: Draws) -> None:
        self.patient = patient
        self.draws = draws
        self.subject = f'"subject":{{"reference":"Patient/{patient}"}},'
        self.subject_last = f'"patient":{{"reference":"Patient/{patient}"}},'
        self.lines: dict[str, list[str]] = {kind: [] for kind in KINDS}
        self.dirt: Counter[str] = Counter()
        self._count = 0

    def new_id(self) -> str:
        """An id that no resource of the cohort has yet."""
        self._count += 1
        return f"{self.patient}-{self._count}"

    def add(self, kind: str, members: str, *, times: int = 1) -> str:
        """Write a resource whose ``members`` each end in a comma; its reference."""
        self._count += 1
        identity = f"{self.patient}-{self._count}"
        line = f'{{"resourceType":"{kind}","id":"{identity}",{members[:-1]}}}\n'
        self.lines[kind] += (line,) * times
        return f"{kind}/{identity}"

    def put(self, kind: str, identity: str, members: str) -> None:
        """Write a resource under a given id."""
        self.lines[kind].append(f'{{"resourceType":"{kind}","id":"{identity}",{members[:-1]}}}\n')

    def spoils(self, kind: str) -> bool:
        """Note a kind of dirt; always true."""
        self.dirt[kind] += 1
        return True
