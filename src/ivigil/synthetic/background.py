"""The records of other made-up patients, such as Synthea's, as the background of those who are given immunoglobulin.

The background comes as bulk FHIR. Each of its patients becomes a text with gaps where ids stood, so that a copy of a
record for a new patient is one replacement: ids are made new, references go with them.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ivigil.documents import BadInput, Fault
from ivigil.synthetic.bodies import Person
from ivigil.synthetic.fragments import compact
from ivigil.synthetic.records import Record

_MARK = "\ue000"  # of the private use area: no record holds it
_GAP = compact(_MARK)[1:-1]
_URN = "urn:uuid:"
_NEAR = 5  # so many background patients nearest in age may lend their record
_ID = re.compile(r"[A-Za-z0-9.\-]{1,64}")


@dataclass(frozen=True)
class Lent:
    """The record of one background patient: lines by type, with a gap for the id of the new patient."""

    born: int
    lines: dict[str, list[str]]


class Background:
    """Records to lend, by sex, oldest first; ``digest`` names what was read."""

    def __init__(self, by_sex: dict[str, list[Lent]], digest: str) -> None:
        self._by_sex = {sex: sorted(lent, key=lambda one: one.born) for sex, lent in by_sex.items()}
        self._births = {sex: [one.born for one in lent] for sex, lent in self._by_sex.items()}
        self.digest = digest

    def mix_in(self, record: Record, person: Person) -> None:
        """Add the record of a background patient of the same sex and about the same age, where there is one."""
        sex = person.sex if person.sex in self._by_sex else next(iter(sorted(self._by_sex)))
        lent = self._by_sex[sex]
        middle = bisect_left(self._births[sex], person.born)
        first = max(0, min(middle - _NEAR // 2, len(lent) - _NEAR))
        chosen = lent[first + record.draws.below(min(_NEAR, len(lent)))]
        for kind, lines in chosen.lines.items():
            record.lines.setdefault(kind, []).extend([line.replace(_GAP, record.patient) for line in lines])


def read_background(folder: Path) -> Background:
    """The background in a folder of ``*.ndjson`` and ``*.ndjson.gz``. Raises :class:`BadInput` with every fault."""
    faults: list[Fault] = []
    digest = hashlib.sha256()
    patients: dict[str, dict[str, Any]] = {}
    others: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for path in _files(folder):
        content = _content(path, faults)
        digest.update(f"{path.name}\n".encode())
        digest.update(content)
        for number, line in enumerate(content.splitlines(), 1):
            resource = _resource(line, f"{path.name}, line {number}", faults) if line.strip() else None
            if resource is not None and resource["resourceType"] == "Patient":
                patients[resource["id"]] = resource
            elif resource is not None and (owner := _owner(resource)):
                others[owner].append(resource)
    if not faults and not patients:
        faults.append(Fault(str(folder), "no patients", "bulk FHIR with a Patient file"))
    if faults:
        raise BadInput(faults)
    by_sex: dict[str, list[Lent]] = defaultdict(list)
    for identity, one in sorted(patients.items()):
        by_sex[str(one.get("gender"))].append(Lent(_born(one), _gapped(identity, sorted(others[identity], key=_name))))
    return Background(dict(by_sex), digest.hexdigest())


def _files(folder: Path) -> list[Path]:
    found = sorted([*folder.glob("*.ndjson"), *folder.glob("*.ndjson.gz")]) if folder.is_dir() else []
    if not found:
        raise BadInput([Fault(str(folder), "no bulk FHIR", "a folder with files such as Patient.ndjson")])
    return found


def _content(path: Path, faults: list[Fault]) -> bytes:
    try:
        content = path.read_bytes()
        return gzip.decompress(content) if path.suffix == ".gz" else content
    except (OSError, EOFError) as error:
        faults.append(Fault(str(path), str(error), "a file that can be read"))
        return b""


def _resource(line: bytes, where: str, faults: list[Fault]) -> dict[str, Any] | None:
    """A resource with a type and an id; ``None`` with a fault for anything else."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        faults.append(Fault(where, "text that is not JSON", "one FHIR resource a line"))
        return None
    named = isinstance(found, dict) and isinstance(found.get("resourceType"), str)
    if not named or not isinstance(found.get("id"), str) or not _ID.fullmatch(found["id"]):
        faults.append(Fault(where, "no resource with an id", "one FHIR resource a line"))
        return None
    return dict(found)


def _owner(resource: dict[str, Any]) -> str | None:
    """The id of the patient that a resource is about."""
    for name in ("subject", "patient"):
        found = resource.get(name)
        reference = found.get("reference") if isinstance(found, dict) else None
        if isinstance(reference, str):
            return reference.rsplit("/", 1)[-1].removeprefix(_URN)
    return None


def _born(patient: dict[str, Any]) -> int:
    try:
        return date.fromisoformat(str(patient.get("birthDate"))).toordinal()
    except ValueError:
        return 1


def _gapped(patient: str, resources: list[dict[str, Any]]) -> dict[str, list[str]]:
    """The lines of a record with a gap for the id of the patient, and ids made of it and a number for the others."""
    new = {f"Patient/{patient}": _MARK}
    for number, one in enumerate(resources, 1):
        new.setdefault(_name(one), f"{_MARK}-b{number}")
    by_id = {name.partition("/")[2]: (name.partition("/")[0], made) for name, made in new.items()}
    found: dict[str, list[str]] = defaultdict(list)
    for one in resources:
        line = {**_pointed(one, new, by_id), "id": new[_name(one)]}
        found[one["resourceType"]].append(f"{compact(line)}\n")
    return dict(found)


def _name(resource: dict[str, Any]) -> str:
    return f"{resource['resourceType']}/{resource['id']}"


def _pointed(part: Any, new: Mapping[str, str], by_id: Mapping[str, tuple[str, str]]) -> Any:  # noqa: ANN401 - any JSON value
    """``part`` with its references leading to the new ids; those that lead out of the record are left."""
    if isinstance(part, list):
        return [_pointed(one, new, by_id) for one in part]
    if not isinstance(part, dict):
        return part
    found = {name: _pointed(one, new, by_id) for name, one in part.items()}
    reference = found.get("reference")
    if isinstance(reference, str):
        found["reference"] = _renamed(reference, new, by_id)
    return found


def _renamed(reference: str, new: Mapping[str, str], by_id: Mapping[str, tuple[str, str]]) -> str:
    bare = reference.removeprefix(_URN)
    if bare != reference and bare in by_id:
        kind, made = by_id[bare]
        return f"{kind}/{made}"
    name = "/".join(reference.split("/")[-2:])
    return f"{name.partition('/')[0]}/{new[name]}" if name in new else reference
