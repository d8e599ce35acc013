"""Leave-one-out: the pooled effect without each study in turn, and so how much one study carries."""

from __future__ import annotations

from dataclasses import dataclass

from ivigil.documents import BadInput, Fault
from ivigil.synthesis.options import Options
from ivigil.synthesis.pool import pool
from ivigil.synthesis.results import Effects, Pooled
from ivigil.synthesis.selection import chosen

_DEFAULTS = Options()


@dataclass(frozen=True)
class LeftOneOut:
    """The pooled effect of all studies but the one with ``label``."""

    label: str
    pooled: Pooled


def leave_one_out(effects: Effects, options: Options = _DEFAULTS) -> tuple[LeftOneOut, ...]:
    """The pooled effect without each study in turn, in the order of ``effects``.

    Raises ``BadInput`` with fewer than two studies: nothing would be left.
    """
    places = range(len(effects.rows))
    if len(places) < 2:  # noqa: PLR2004 - without one of two, one is left
        raise BadInput([Fault("studies", str(len(places)), "at least 2", "Nothing is left without the only study.")])
    return tuple(
        LeftOneOut(effects.labels[out], pool(chosen(effects, [at for at in places if at != out]), options))
        for out in places
    )
