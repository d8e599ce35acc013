"""One run of patients into its files: drafts until all of it is there."""

from __future__ import annotations

import gzip
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from ivigil.synthetic.patients import patient
from ivigil.synthetic.plan import Plan

LAST: Final = "Patient"
_BLOCK = 250
_LEVEL = 1
_DRAFT = ".*-[0-9][0-9][0-9][0-9].draft-*"


@dataclass(frozen=True)
class Place:
    """A folder, and whether its files are packed."""

    out: Path
    gzip: bool = False

    def path(self, kind: str, run: int) -> Path:
        """The file of one type of resource of a run."""
        return self.out / f"{kind}-{run:04d}.ndjson{'.gz' if self.gzip else ''}"


@dataclass(frozen=True)
class Written:
    """How many patients, resources and bytes of text have been written."""

    patients: int = 0
    resources: int = 0
    size: int = 0

    def __add__(self, other: Written) -> Written:
        return Written(self.patients + other.patients, self.resources + other.resources, self.size + other.size)


def packed(place: Place, content: bytes) -> bytes:
    """The bytes of a file; a packed file may be several packed pieces in a row, which is one to any reader."""
    return gzip.compress(content, _LEVEL, mtime=0) if place.gzip else content


def write_run(plan: Plan, place: Place, run: int, numbers: range, told: Callable[[Written], None]) -> None:
    """Write the patients of one run; ``told`` is each block as it is made, and may raise to stop."""
    with _drafts(place, run) as files:
        for start in range(numbers.start, numbers.stop, _BLOCK):
            told(_write_block(plan, place, files, range(start, min(start + _BLOCK, numbers.stop))))


def _write_block(plan: Plan, place: Place, files: _Drafts, numbers: range) -> Written:
    lines: dict[str, list[str]] = {}
    for number in numbers:
        for kind, some in patient(plan, number).lines.items():
            if some:
                lines.setdefault(kind, []).extend(some)
    size = 0
    for kind, some in lines.items():
        content = "".join(some).encode()
        size += len(content)
        files.of(kind).write(packed(place, content))
    return Written(len(numbers), sum(map(len, lines.values())), size)


class _Drafts:
    """The files of a run by type, opened when they are first written to."""

    def __init__(self, place: Place, run: int) -> None:
        self._place, self._run = place, run
        self._token = secrets.token_hex(8)
        self._open: dict[str, tuple[Path, BinaryIO]] = {}

    def of(self, kind: str) -> BinaryIO:
        """The draft of a type."""
        if kind not in self._open:
            draft = self._place.out / f".{kind}-{self._run:04d}.draft-{self._token}"
            self._open[kind] = draft, draft.open("xb")
        return self._open[kind][1]

    def close(self) -> None:
        """Close every draft."""
        for _, file in self._open.values():
            file.close()

    def publish(self) -> None:
        """Give every draft its name, the one that tells that the run is there last."""
        for kind in sorted(self._open, key=lambda one: (one == LAST, one)):
            self._open[kind][0].replace(self._place.path(kind, self._run))

    def discard(self) -> None:
        """Take every draft away."""
        for draft, _ in self._open.values():
            draft.unlink(missing_ok=True)


@contextmanager
def _drafts(place: Place, run: int) -> Iterator[_Drafts]:
    drafts = _Drafts(place, run)
    try:
        yield drafts
        drafts.close()
        drafts.publish()
    except BaseException:
        drafts.close()
        drafts.discard()
        raise


def sweep(place: Place) -> Sequence[Path]:
    """Take away the drafts of runs that never ended."""
    left = sorted(place.out.glob(_DRAFT))
    for draft in left:
        draft.unlink(missing_ok=True)
    return left
