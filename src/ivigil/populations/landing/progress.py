"""How far a landing has come, told to whoever draws it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """What is told while a landing goes on. Stages follow each other: ``reading`` (bytes), then ``landing`` (parts)."""

    def begin(self, stage: str, total: int, done: int) -> None:
        """A stage begins; ``done`` of ``total`` stood already from an earlier run."""

    def advance(self, done: int) -> None:
        """So much more of the stage is done."""


class Silent:
    """Tells no one."""

    def begin(self, stage: str, total: int, done: int) -> None:
        """Nothing."""

    def advance(self, done: int) -> None:
        """Nothing."""
