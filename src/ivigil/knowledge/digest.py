"""Which YAML files a folder of knowledge has, and a digest of them: what every start looks at first."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def files_of(root: Path) -> list[Path]:
    """The YAML files under ``root``, in order of path."""
    return [root / name for name in _names_of(root)]


def _names_of(root: Path) -> list[str]:
    """The YAML files under ``root`` by their path from it, with ``/`` between parts; in order of parts."""
    top = os.fspath(root)
    found = [os.path.join(folder, name) for folder, _, names in os.walk(top) for name in names]  # noqa: PTH118 - a Path each costs more than reading the file
    inner = (name[len(top) + 1 :].replace(os.sep, "/") for name in found if name.endswith(".yaml"))
    return sorted(inner, key=lambda name: name.split("/"))


def digest_of(root: Path) -> str:
    """A digest of the names and contents of the YAML files under ``root``."""
    whole = hashlib.sha256()
    for name in _names_of(root):
        with open(f"{root}/{name}", "rb") as file:  # noqa: PTH123 - read on every start, a thousand times
            content = file.read().replace(b"\r\n", b"\n")
        whole.update(f"{name}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()
