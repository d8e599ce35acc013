"""What stands beside an answer: warnings, and what was read and not used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ivigil.facts import Case, Settled, Unused, warnings_of
from ivigil.knowledge import Difference, Library


def warnings(library: Library, case: Case, known: Mapping[str, Settled], more: Iterable[str] = ()) -> tuple[str, ...]:
    """Everything a reader should be warned of, each once, in a stable order."""
    return tuple(sorted({*case.warnings, *warnings_of(library.askable, known), *more, *library.notes}))


def ignored(case: Case, known: Mapping[str, Settled]) -> tuple[Unused, ...]:
    """What was read and not used: whole resources, and values set aside in settling a fact."""
    aside = [
        Unused(one.fact, f"{set_aside.statement.written}: {set_aside.why}", 1, (set_aside.statement.origin,))
        for one in known.values()
        for set_aside in one.set_aside
    ]
    return tuple(sorted({*case.unused, *aside}))


def cited_in(differences: Iterable[Difference]) -> tuple[str, ...]:
    """The sources of the positions that stand against each other."""
    return tuple(position.passage.source for one in differences for position in one.positions)
