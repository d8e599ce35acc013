"""Commands load ivigil's own knowledge anew each time; here it is loaded once for all tests."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from ivigil.cli import output
from ivigil.knowledge import Library, load


@cache
def loaded() -> Library:
    return load()


def load_once(extra: Sequence[Path] = ()) -> Library:
    """ivigil's own knowledge as it was first loaded; with folders added, as they are now."""
    return load(extra) if extra else loaded()


@pytest.fixture(autouse=True)
def _own_knowledge_is_loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "load", load_once)
