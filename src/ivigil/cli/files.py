"""Files that commands read and write: told of before anything is written, and written whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ivigil.documents import BadInput, Fault, write_whole

_HINT = "Nothing was written."


def content_of(path: Path) -> bytes:
    """What is in the file at ``path``. Raises :class:`BadInput` where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput([Fault(str(path), error.strerror or "cannot be read", "a file that can be read")]) from error


def write(path: Path, text: str) -> None:
    """Write ``text`` to ``path`` in one step. Raises :class:`BadInput` where it cannot be written."""
    try:
        write_whole(path, text)
    except (OSError, ValueError) as error:
        found = getattr(error, "strerror", None) or "no place"
        raise BadInput([Fault(str(path), found, "a file that can be written")]) from error


def output_faults(outputs: Sequence[Path], inputs: Sequence[Path] = ()) -> Iterator[Fault]:
    """Why ``outputs`` cannot all be written: no folder, no file, one that is read too, or one named twice."""
    taken = {path.resolve(): "a file that is read too" for path in inputs}
    for path in outputs:
        found = _unwritable(path) or taken.get(path.resolve())
        if found:
            yield Fault(str(path), found, "a file of its own that can be written", _HINT)
        taken[path.resolve()] = "a file named twice"


def _unwritable(path: Path) -> str | None:
    """What stands in the way of a new file at ``path``; ``None`` where nothing is seen to."""
    if path.is_dir():
        return "a folder"
    if not path.parent.is_dir():
        return "a file in a folder that there is not"
    # A file is replaced as a whole: that would take away a device such as /dev/stdout.
    return "no ordinary file" if path.exists() and not path.is_file() else None
