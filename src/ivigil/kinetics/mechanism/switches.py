"""Which hypotheses are on: as shipped, none, one action alone, or what somebody asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from ivigil.documents import BadInput, Fault
from ivigil.knowledge.kinetic_records import ActionName, Hypothesis
from ivigil.knowledge.library import Library

ACTIONS: tuple[ActionName, ...] = get_args(ActionName)


@dataclass(frozen=True)
class Switches:
    """The ids of the hypotheses that are on. Rivals explain the same thing: together only where that is asked for."""

    on: frozenset[str] = frozenset()
    rivals_together: bool = False

    def __contains__(self, hypothesis: str) -> bool:
        return hypothesis in self.on

    def with_(self, *hypotheses: str) -> Switches:
        """These on as well."""
        return Switches(self.on | set(hypotheses), self.rivals_together)

    def without(self, *hypotheses: str) -> Switches:
        """These off."""
        return Switches(self.on - set(hypotheses), self.rivals_together)


def shipped(library: Library) -> Switches:
    """What ships on: hypotheses that data calibrate, and that no better supported rival displaces."""
    return Switches(frozenset(one.id for one in _hypotheses(library).values() if one.ships == "on"))


def by_action(library: Library) -> Mapping[ActionName, tuple[Hypothesis, ...]]:
    """The hypotheses of each action, in the order of Figure 1 and of their ids."""
    held = sorted(_hypotheses(library).values(), key=lambda one: one.id)
    return {action: tuple(one for one in held if one.action == action) for action in ACTIONS}


def alone(action: ActionName, library: Library) -> Switches:
    """One action alone: what ships on of it, or where nothing does, all of it but later rivals."""
    held = by_action(library)[action]
    chosen = [one for one in held if one.ships == "on"]
    for one in () if chosen else held:
        if not any(one.id in other.rivals or other.id in one.rivals for other in chosen):
            chosen.append(one)
    return Switches(frozenset(one.id for one in chosen))


def together(library: Library) -> Switches:
    """Every action at once, each as it is alone."""
    return Switches(frozenset().union(*(alone(action, library).on for action in ACTIONS)))


def swapped(switches: Switches, hypothesis: Hypothesis, library: Library) -> Switches:
    """``hypothesis`` on, and its rivals off."""
    rivals = {one.id for one in _hypotheses(library).values() if hypothesis.id in one.rivals}
    return Switches((switches.on - rivals - set(hypothesis.rivals)) | {hypothesis.id}, switches.rivals_together)


def switch_faults(switches: Switches, library: Library) -> Iterator[Fault]:
    """What is wrong with a choice: an id that is none, or rivals together without being asked for."""
    known = _hypotheses(library)
    for unknown in sorted(switches.on - set(known)):
        yield Fault("switches", repr(unknown), "the id of a hypothesis", f"Known are {', '.join(sorted(known))}.")
    for first, second in _rivals_on(switches, known):
        expected = "one of the two"
        yield Fault("switches", f"{first!r} and {second!r}, which are rivals", expected, "Or ask for rivals together.")


def refuse(switches: Switches, library: Library) -> None:
    """Raises :class:`BadInput` with every fault of the choice."""
    if faults := list(switch_faults(switches, library)):
        raise BadInput(faults)


def _rivals_on(switches: Switches, known: Mapping[str, Hypothesis]) -> Iterator[tuple[str, str]]:
    if switches.rivals_together:
        return
    pairs = {(min(key, rival), max(key, rival)) for key in switches.on & set(known) for rival in known[key].rivals}
    yield from sorted(pair for pair in pairs if set(pair) <= switches.on)


def _hypotheses(library: Library) -> Mapping[str, Hypothesis]:
    return library.kinetics.hypotheses
