"""The files of an input, and in which form each holds its records."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal

from ivigil.documents import BadInput, Fault
from ivigil.populations.landing.decoding import NotJson, read_anything
from ivigil.populations.landing.gunzip import MAGIC, DamagedError, unpacked

Form = Literal["lines", "bundle", "table", "unread"]
FORMS = (
    "a folder of FHIR NDJSON files (plain or .gz), a folder of Bundles (.json), or CSV or Parquet with a mapping file"
)
_LINES = (".ndjson", ".jsonl")
_TABLES = (".csv", ".parquet")
_ABOUT = ".manifest"  # how the records were made, as ``ivigil synth`` says it: none of them
_LOOKED_AT = 64 * 1024


@dataclass(frozen=True)
class Source:
    """One file: ``name`` is how it is cited, ``size`` its bytes as they stand on disk.

    ``changed`` is when it was last written to, in ns: by that a file is known to be still what was read of it.
    """

    path: Path
    name: str
    form: Form
    size: int
    packed: bool = False
    changed: int = 0


def find_sources(inputs: Sequence[Path], *, mapped: bool) -> tuple[Source, ...]:
    """Every file of ``inputs``, in order of name. Raises :class:`BadInput` where one holds nothing that is read."""
    faults: list[Fault] = []
    found: list[Source] = []
    for one in inputs:
        prefix = f"{one.name}/" if len(inputs) > 1 else ""
        here = [_source(path, f"{prefix}{name}") for path, name in _files(one)]
        faults += _faults(one, here, mapped=mapped)
        found += here
    names = [one.name for one in found]
    twice = {name for name in names if names.count(name) > 1} if len(inputs) > 1 else set()
    faults += [Fault(name, "two inputs that hold a file of this name", "each input once") for name in sorted(twice)]
    if faults:
        raise BadInput(faults)
    return tuple(sorted(found, key=lambda one: one.name))


def _files(given: Path) -> Iterator[tuple[Path, str]]:
    if given.is_file():
        yield given, given.name
    elif given.is_dir():
        for path in sorted(given.rglob("*")):
            parts = path.relative_to(given).parts
            hidden = any(part.startswith(".") for part in parts)
            if path.is_file() and not hidden and path.suffix != _ABOUT:
                yield path, "/".join(parts)


def _faults(given: Path, found: list[Source], *, mapped: bool) -> Iterator[Fault]:
    forms = {one.form for one in found} - {"unread"}
    if not given.exists():
        yield Fault(str(given), "no such file or folder", FORMS)
    elif not forms:
        yield Fault(str(given), "no file that is read" if found else "nothing", FORMS)
    elif "table" in forms and not mapped:
        yield Fault(str(given), "a table without a mapping file", FORMS, "Give --mapping FILE.")
    elif mapped and forms != {"table"}:
        yield Fault(str(given), "FHIR beside a mapping file", "CSV or Parquet only where a mapping file is given")


def _source(path: Path, name: str) -> Source:
    with path.open("rb") as file:
        head = file.read(_LOOKED_AT)
    packed = head.startswith(MAGIC)
    inner = name.lower().removesuffix(".gz") if packed else name.lower()
    form, about = _form(inner, _unpacked(head) if packed else head), path.stat()
    return Source(path, name, form, about.st_size, packed, about.st_mtime_ns)


def _unpacked(head: bytes) -> bytes:
    """How the content of a compressed file begins."""
    try:
        return next(unpacked(BytesIO(head)), b"")
    except DamagedError:
        return b""


def _form(name: str, head: bytes) -> Form:
    """By name where it says so, else by what the first line is: a whole JSON value, or the beginning of one."""
    if name.endswith(_LINES):
        return "lines"
    if name.endswith(_TABLES):
        return "table"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text.startswith(b"{"):
        return "lines" if name.endswith(".json") and not text else "unread"
    first, newline, rest = text.partition(b"\n")
    if not newline and len(text) >= _LOOKED_AT - 4 and not name.endswith(".json"):
        return "lines"
    return "lines" if _is_one_resource(first) or (rest.strip() and _is_json(first)) else "bundle"


def _is_json(line: bytes) -> bool:
    try:
        read_anything(line)
    except NotJson:
        return False
    return True


def _is_one_resource(line: bytes) -> bool:
    """Whether a line alone is a resource other than a Bundle."""
    try:
        found = read_anything(line)
    except NotJson:
        return False
    return isinstance(found, dict) and found.get("resourceType") != "Bundle"


def digest(source: Source) -> str:
    """A digest of a file's size, beginning and end: enough to tell one export from another without reading it all."""
    with source.path.open("rb") as file:
        head = file.read(_LOOKED_AT)
        file.seek(max(0, source.size - _LOOKED_AT))
        tail = file.read(_LOOKED_AT)
    return hashlib.sha256(b"%d\n" % source.size + head + tail).hexdigest()
