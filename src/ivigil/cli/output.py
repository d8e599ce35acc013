"""What commands share: streams, faults, and the library."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path

from ivigil.documents import BadInput, Fault
from ivigil.knowledge import Library, load


def prepare_streams() -> None:
    """UTF-8 on every system; text that no encoding holds is escaped, not fatal."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def report(error: BadInput) -> None:
    """Every fault on standard error, one a line."""
    count = len(error.faults)
    sys.stderr.write(f"ivigil: {count} fault{'s' if count > 1 else ''} in what was given:\n")
    for fault in error.faults:
        sys.stderr.write(f"  {fault}\n")


def library(folders: Sequence[str] = ()) -> Library:
    """The knowledge of ivigil with the given folders added."""
    return load(tuple(Path(folder) for folder in folders))


def say(text: str) -> None:
    """One line or block on standard output."""
    sys.stdout.write(f"{text}\n")


def unknown_id(kind: str, wanted: str, known: Sequence[str]) -> BadInput:
    """The fault of an id that does not exist, with those that come near."""
    import difflib  # noqa: PLC0415 - only read when something is wrong

    near = difflib.get_close_matches(wanted, known, n=3)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(sorted(known)[:20])}."
    article = "an" if kind[0] in "aeiou" else "a"
    return BadInput([Fault(kind, repr(wanted), f"the id of {article} {kind}", hint)])
