"""Reading a file of knowledge twice gives the same record: here each content is parsed once for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivigil.knowledge import folder
from ivigil.knowledge.folder import Entry

_PARSE = folder._read
_PARSED: dict[tuple[str, bytes, str], Entry] = {}


def read_once(path: Path, name: str, kind: type, *, quickly: bool) -> Entry:
    """The entry of a file, by its name and content; a fault is told every time."""
    key = (name, path.read_bytes(), kind.__name__)
    if key not in _PARSED:
        _PARSED[key] = _PARSE(path, name, kind, quickly=quickly)
    return _PARSED[key]


@pytest.fixture(autouse=True, scope="session")
def _each_content_is_parsed_once() -> None:
    folder._read = read_once  # type: ignore[assignment] # the same signature
