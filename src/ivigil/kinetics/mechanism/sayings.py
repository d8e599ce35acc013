"""What has to be said beside a run: what is calibrated to what, what is made up, and what is off."""

from __future__ import annotations

from collections.abc import Iterator

from ivigil.kinetics.mechanism.actions import COMPLEMENT, GRIP_BY_COMPLEMENT
from ivigil.kinetics.mechanism.figures import illustrative
from ivigil.kinetics.mechanism.switches import Switches, by_action
from ivigil.knowledge.library import Library

ALWAYS = "A model, calibrated to few figures: its curves are no evidence, and no patient's forecast."


def sayings(switches: Switches, library: Library) -> tuple[str, ...]:
    """The sentences, in the order of Figure 1."""
    return (ALWAYS, *_on(switches, library), *_chained(switches), *_off(switches, library))


def _on(switches: Switches, library: Library) -> Iterator[str]:
    for hypotheses in by_action(library).values():
        for one in hypotheses:
            if one.id not in switches:
                continue
            if made_up := illustrative(one):
                names = ", ".join(figure.name for figure in made_up)
                yield f"{one.title}: nothing calibrates {names}; the figures are illustrative."
            if one.ships == "off":
                yield f"{one.title}: {one.why}"


def _chained(switches: Switches) -> Iterator[str]:
    if GRIP_BY_COMPLEMENT in switches and COMPLEMENT not in switches:
        yield "Grip strength by complement does nothing while the action on complement is off."


def _off(switches: Switches, library: Library) -> Iterator[str]:
    for action, hypotheses in by_action(library).items():
        if not any(one.id in switches for one in hypotheses):
            yield f"Off: {action}."
