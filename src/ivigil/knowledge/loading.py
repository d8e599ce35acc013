"""Loading the library: compiled where it fits, from YAML where it does not, with local folders added."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from ivigil.documents import BadInput, Fault
from ivigil.knowledge.compiled import FILE, read_compiled
from ivigil.knowledge.library import Library

STALE = (
    "The compiled knowledge does not fit its YAML files, which were read instead. "
    f"Run: ivigil knowledge compile (writes {FILE})."
)


def data_folder() -> Path:
    """Where ivigil's own knowledge is installed."""
    return Path(str(files("ivigil.knowledge"))) / "data"


def load(extra: Sequence[Path] = (), root: Path | None = None) -> Library:
    """The knowledge of ivigil with that of the folders in ``extra``. Raises :class:`BadInput` with every fault."""
    own = root or data_folder()
    missing = [Fault(str(path), "no such folder", "a folder of knowledge files") for path in extra if not path.is_dir()]
    if missing:
        raise BadInput(missing)
    compiled = None if extra else read_compiled(own)
    if compiled is not None:
        return compiled
    from ivigil.knowledge.building import build  # noqa: PLC0415 - not needed where the compiled form fits
    from ivigil.knowledge.folder import read_folder  # noqa: PLC0415

    notes = () if extra else (STALE,)
    return build([read_folder(own, own=root is None), *(read_folder(path) for path in extra)], notes)
