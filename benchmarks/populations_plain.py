"""Three made-up indications checked over parsed FHIR, as somebody would write it by hand for just these three.

It imports nothing of ivigil: ``python populations_plain.py BUNDLES CODES``, where BUNDLES holds a Bundle of one patient
in each line, and CODES, as JSON, the codes that name each indication. Prints one line for each answer and last the
seconds it took. Values given as a limit (<5) and dates without a day are left out, as in ``peers/Facts.cql``.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

Resource = Mapping[str, Any]  # Any: JSON
Truth = bool | None
PLATELETS = frozenset({"26515-7", "49497-1", "777-3", "778-1"})
IGG = frozenset({"2465-3"})
HAEMOGLOBIN = frozenset({"718-7", "20509-6", "30313-1", "30350-3", "30352-9", "59260-0"})
TO_UNIT = {
    ("10*9/L", "10*9/L"): 1.0,
    ("10*3/uL", "10*9/L"): 1.0,
    ("g/L", "g/L"): 1.0,
    ("g/dL", "g/L"): 10.0,
    ("mg/dL", "g/L"): 0.01,
}
SETTLED = frozenset({"final", "amended", "corrected"})
ASKED = frozenset({"active", "draft", "on-hold", "completed", "stopped", "unknown"})
DAY = 10  # signs of a date


@dataclass(frozen=True)
class Said:
    """One statement: when it was made, as written, what it says, and whether it is preliminary."""

    when: str
    says: float | bool
    preliminary: bool

    @property
    def day(self) -> date:
        """The day of it."""
        return date.fromisoformat(self.when[:DAY])


def main(bundles: Path, codes: Path) -> None:
    """Check every patient."""
    naming = {name: frozenset(given) for name, given in json.loads(codes.read_text()).items()}
    reading, judging = 0.0, 0.0
    with bundles.open() as lines:
        for line in lines:
            begun = time.perf_counter()
            resources = [one["resource"] for one in json.loads(line)["entry"]]
            read = time.perf_counter()
            found = list(answers(resources, naming))
            reading, judging = reading + read - begun, judging + time.perf_counter() - read
            for answer in found:
                print(json.dumps(answer))
    print(json.dumps({"reading": reading, "judging": judging}))


def answers(resources: Sequence[Resource], naming: Mapping[str, frozenset[str]]) -> Iterator[dict[str, Any]]:
    """What is found for each order that names one of the indications."""
    record = _Record(resources)
    for order in record.of("MedicationRequest"):
        given = {
            f"{one.get('system')}|{one.get('code')}"
            for reason in order.get("reasonCode", ())
            for one in reason.get("coding", ())
        }
        asked = order.get("status") in ASKED and not order.get("doNotPerform")
        for indication, codes in naming.items():
            if asked and given & codes:
                day = _day(order.get("authoredOn"))
                answer = CHECKS[indication](record, day) if day else None
                yield {"request": order["id"], "indication": indication, "answer": answer}


class _Record:
    """The resources of one patient by type."""

    def __init__(self, resources: Sequence[Resource]) -> None:
        self._of: dict[str, list[Resource]] = {}
        for one in resources:
            self._of.setdefault(one["resourceType"], []).append(one)

    def of(self, kind: str) -> Sequence[Resource]:
        return self._of.get(kind, ())

    def age(self, day: date) -> int | None:
        born = next((_day(one.get("birthDate")) for one in self.of("Patient")), None)
        return None if born is None else day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    def measured(self, codes: frozenset[str], unit: str, within: tuple[float, float]) -> Iterator[Said]:
        for one in self.of("Observation"):
            if any(coding.get("code") in codes for coding in one.get("code", {}).get("coding", ())):
                value, status = one.get("valueQuantity", {}), one.get("status")
                factor = TO_UNIT.get((value.get("code"), unit))
                if factor is None or "comparator" in value or status not in SETTLED | {"preliminary"}:
                    continue
                number = value["value"] * factor
                if within[0] <= number <= within[1]:
                    yield Said(one.get("effectiveDateTime", ""), number, status == "preliminary")

    def answered(self, fact: str) -> Iterator[Said]:
        for form in self.of("QuestionnaireResponse"):
            if form.get("status") in {"completed", "amended", "in-progress"}:
                for item in form.get("item", ()):
                    if item["linkId"] == fact:
                        for answer in item.get("answer", ()):
                            if "valueBoolean" in answer:
                                draft = form["status"] == "in-progress"
                                yield Said(form.get("authored", ""), answer["valueBoolean"], draft)


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written[:DAY]) if written and len(written) >= DAY else None


def _recent(said: Iterator[Said], day: date, days: int | None) -> float | bool | None:
    """What the latest settled statements agree on; without ``days`` it counts for as long as it is recorded."""
    dated = [one for one in said if len(one.when) >= DAY or (days is None and not one.when)]
    usable = [
        one for one in dated if not one.when or 0 <= (day - one.day).days <= (days if days is not None else 10**6)
    ]
    kept = [one for one in usable if not one.preliminary] or usable
    latest = {one.says for one in kept if not any(_is_after(other.when, one.when) for other in kept)}
    return latest.pop() if len(latest) == 1 else None


def _is_after(one: str, other: str) -> bool:
    """Whether a date is certainly later; two moments of the same form are compared as such, all else by day."""
    if not one or not other:
        return False
    return one > other if len(one) == len(other) else one[:DAY] > other[:DAY]


def _both(one: Truth, other: Truth) -> Truth:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _either(one: Truth, other: Truth) -> Truth:
    if one or other:
        return True
    return None if one is None or other is None else False


def _below(value: float | None, limit: float) -> Truth:
    return None if value is None else value < limit


def _not(truth: Truth) -> Truth:
    return None if truth is None else not truth


def _thrombocytopenia(record: _Record, day: date) -> Truth:
    count = _recent(record.measured(PLATELETS, "10*9/L", (0, 5000)), day, 7)
    severe = _recent(record.answered("severe_cytopenia"), day, 14)
    return _both(_below(count, 30), _either(severe, _below(record.age(day), 18)))  # type: ignore[arg-type] # a truth


def _immunodeficiency(record: _Record, day: date) -> Truth:
    igg = _recent(record.measured(IGG, "g/L", (0, 200)), day, 90)
    immobile = _recent(record.answered("immobility"), day, None)
    either = _either(_below(record.age(day), 18), immobile)  # type: ignore[arg-type] # a truth
    return _either(_below(igg, 5), _both(_below(igg, 7), either))


def _neuropathy(record: _Record, day: date) -> Truth:
    disabled = _recent(record.answered("significant_disability"), day, 30)
    haemoglobin = _recent(record.measured(HAEMOGLOBIN, "g/L", (10, 300)), day, 7)
    adult, enough = _not(_below(record.age(day), 18)), _not(_below(haemoglobin, 80))
    return _both(_both(disabled, adult), enough)  # type: ignore[arg-type] # a truth


CHECKS = {
    "immune-thrombocytopenia": _thrombocytopenia,
    "primary-immunodeficiency": _immunodeficiency,
    "cidp": _neuropathy,
}

if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
