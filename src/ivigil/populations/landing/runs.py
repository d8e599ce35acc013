"""What a landing is of, so that a run that was cut short is taken up again, and one of something else is refused."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from ivigil.documents import BadInput, Fault, canonical_json, write_whole
from ivigil.knowledge import Library
from ivigil.populations.landing.pieces import parts_for
from ivigil.populations.landing.sources import Source, digest

# Of the tables themselves: to be raised whenever the same input would land as other rows.
FORMAT = 1


@dataclass(frozen=True)
class Run:
    """Everything that decides what a landing comes to."""

    sources: tuple[Source, ...]
    knowledge: str
    today: date | None
    mapping: str | None

    @property
    def parts(self) -> int:
        """Into how many parts the patients are divided."""
        return parts_for(self.sources)

    def as_json(self) -> dict[str, Any]:
        """The run in words that another run can be compared with."""
        return {
            "format": FORMAT,
            "knowledge": self.knowledge,
            "today": self.today.isoformat() if self.today else None,
            "mapping": self.mapping,
            "parts": self.parts,
            "files": [[one.name, one.size, digest(one)] for one in self.sources],
        }


def run_of(sources: Sequence[Source], library: Library, today: date | None, mapping: Path | None) -> Run:
    """The run over these files."""
    content = sha256(mapping.read_bytes()).hexdigest() if mapping else None
    return Run(tuple(sources), library.hash, today, content)


def claim(run: Run, out: Path) -> None:
    """Make ``out`` the folder of ``run``. Raises :class:`BadInput` where it holds a landing of something else."""
    path = out / "landed" / "input.json"
    wanted = run.as_json()
    if path.is_file():
        faults = _differences(json.loads(path.read_bytes()), wanted, out)
        if faults:
            raise BadInput(faults)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, canonical_json(wanted, indent=1) + "\n")


_WORDS = {
    "format": "a landing by another version of ivigil",
    "knowledge": "a landing under other knowledge",
    "today": "a landing as of another day",
    "mapping": "a landing by another mapping file",
    "parts": "a landing of another input",
    "files": "a landing of another input",
}


def _differences(found: dict[str, Any], wanted: dict[str, Any], out: Path) -> list[Fault]:
    different = {_WORDS[name] for name in wanted if found.get(name) != wanted[name]}
    hint = "Name another folder, or remove this one."
    return [Fault(str(out), words, "a folder of this run or an empty one", hint) for words in sorted(different)]
