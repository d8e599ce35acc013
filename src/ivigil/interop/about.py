"""What an exported model says of itself: whose it is, where its figures come from, and what it is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ivigil.documents import BadInput, Fault

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
MODEL_ONLY = "A model, not evidence: it says what follows from its figures, not what will happen to a person."
APPARENT = "Its clearance is an apparent one, of the IgG that was given, at the doses the model was built on."


@dataclass(frozen=True)
class About:
    """``id`` names the model in files, ``source`` says where its figures come from, ``status`` how far they were read.

    Raises :class:`BadInput` for an id that SBML and PEtab do not allow.
    """

    id: str
    title: str
    source: str
    status: str = "model"
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _IDENTIFIER.fullmatch(self.id):
            raise BadInput([Fault("id", repr(self.id), "letters, digits and _, not beginning with a digit")])

    def sentences(self) -> Iterator[str]:
        """Everything it says, the warning first."""
        yield MODEL_ONLY
        yield f"Source: {self.source}. Status of the figures: {self.status}."
        yield from self.notes


def identifier(name: str) -> str:
    """An id for files made of any name: ``li-2024-mmn`` is ``li_2024_mmn``."""
    made = re.sub(r"[^A-Za-z0-9_]", "_", name) or "_"
    return f"_{made}" if made[0].isdigit() else made
