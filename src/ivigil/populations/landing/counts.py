"""What a landing came to: where its tables are, and that everything read is accounted for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Lines:
    """Lines of the input; a Bundle counts its entries. ``read`` are ``no_bearing`` and ``kept``."""

    no_bearing: int
    kept: int
    quarantined: int

    @property
    def read(self) -> int:
        """Those that were read."""
        return self.no_bearing + self.kept

    @property
    def total(self) -> int:
        """All that hold something."""
        return self.read + self.quarantined


@dataclass(frozen=True)
class Patients:
    """Patients that a Patient resource or anything kept names."""

    with_requests: int
    without_requests: int
    quarantined: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.with_requests + self.without_requests + self.quarantined


@dataclass(frozen=True)
class Requests:
    """Requests for immunoglobulin; ``rows`` are of those landed, one for each indication that they name."""

    landed: int
    quarantined: int
    rows: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.landed + self.quarantined


@dataclass(frozen=True)
class Files:
    """Files of the input; ``unread`` are those of no form that is read, or damaged as a whole."""

    total: int
    unread: int
    bytes: int


@dataclass(frozen=True)
class Landed:
    """A finished landing. ``out`` is its folder, ``parts`` the number of files of each table."""

    out: Path
    parts: int
    files: Files
    lines: Lines
    patients: Patients
    requests: Requests

    @property
    def request_files(self) -> tuple[Path, ...]:
        """The table of requests."""
        return self._files("requests")

    @property
    def event_files(self) -> tuple[Path, ...]:
        """The table of what was stated."""
        return self._files("events")

    @property
    def quarantine(self) -> Path:
        """What was set aside, one JSON object a line."""
        return self.out / "quarantine.ndjson"

    def _files(self, table: str) -> tuple[Path, ...]:
        return tuple(part_file(self.out, table, one) for one in range(self.parts))

    def as_json(self) -> dict[str, Any]:
        """The counts with their sums."""
        return {
            "parts": self.parts,
            "files": asdict(self.files),
            "lines": {"total": self.lines.total, "read": self.lines.read, **asdict(self.lines)},
            "patients": {"total": self.patients.total, **asdict(self.patients)},
            "requests": {"total": self.requests.total, **asdict(self.requests)},
        }


def landed_from(found: Mapping[str, Any], out: Path) -> Landed:
    """What :meth:`Landed.as_json` wrote."""
    lines, patients, requests = (dict(found[name]) for name in ("lines", "patients", "requests"))
    for counts in (lines, patients, requests):
        counts.pop("total")
    lines.pop("read")
    files = Files(**found["files"])
    return Landed(out, found["parts"], files, Lines(**lines), Patients(**patients), Requests(**requests))


def part_file(out: Path, table: str, part: int) -> Path:
    """One part of a table."""
    return out / "landed" / table / f"part-{part:04d}.parquet"
