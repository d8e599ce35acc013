"""One patient's IgG and everything that it acts on, as one system of equations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ivigil.kinetics.mechanism.actions import GRIP_BY_EXPOSURE, Actions
from ivigil.kinetics.mechanism.figures import Figures
from ivigil.kinetics.mechanism.igg import Recycling, Stretch
from ivigil.kinetics.mechanism.platelets import PlateletTurnover, turnover
from ivigil.kinetics.mechanism.states import Disease, Place


@dataclass(frozen=True)
class System:
    """The equations of a patient whose disease was steady before treatment."""

    recycling: Recycling
    actions: Actions
    disease: Disease
    platelets: PlateletTurnover
    grip_loss_per_day: float

    def start(self) -> list[float]:
        """The state before treatment."""
        state = [0.0] * len(Place)
        state[Place.OWN] = state[Place.OWN_OUTSIDE] = self.recycling.parameters.endogenous_g_per_l
        state[Place.ANTIBODY] = state[Place.ANTIBODY_OUTSIDE] = self.disease.antibody
        state[Place.PLATELETS] = self.disease.platelets_10_9_per_l or 0.0
        state[Place.GRIP] = self.disease.grip_kg or 0.0
        return state

    def slopes(self, day: float, state: Sequence[float], stretch: Stretch) -> list[float]:
        """How fast each part of the state changes, per day."""
        made = [0.0] * len(Place)
        free = self.recycling.free(stretch.from_day, day)
        self._igg(free, state, stretch, made)
        self._antibody(free, state, stretch, made)
        rise, actions = self.rise(state), self.actions
        made[Place.LESS_SYNTHESIS] = actions.synthesis.slope(state[Place.LESS_SYNTHESIS], rise)
        made[Place.SLOW_BLOCK] = actions.slow_block.slope(state[Place.SLOW_BLOCK], rise)
        made[Place.TREG] = actions.treg.slope(state[Place.TREG], rise)
        made[Place.CYTOKINES] = actions.cytokines.slope(state[Place.CYTOKINES], rise)
        made[Place.NK] = actions.nk.slope(state[Place.NK], rise)
        if self.disease.platelets_10_9_per_l is not None:
            made[Place.PLATELETS] = self.platelets.slope(state[Place.PLATELETS], self.free(state), self.block(state))
        if self.disease.grip_kg is not None:
            kept = 1.0 - self.grip_held(state)
            made[Place.GRIP] = self.grip_loss_per_day * (self.disease.grip_kg - kept * state[Place.GRIP])
        return made

    def rise(self, state: Sequence[float]) -> float:
        """How far all IgG stands above the patient's own level before treatment, 0 or more, in g/L."""
        total = state[Place.GIVEN] + state[Place.OWN]
        return max(total - self.recycling.parameters.endogenous_g_per_l, 0.0)

    def free(self, state: Sequence[float]) -> float:
        """The autoantibody that is free to act."""
        return self.actions.idiotypes.free(state[Place.ANTIBODY], state[Place.GIVEN])

    def block(self, state: Sequence[float]) -> float:
        """The share of phagocytosis that is held back; two ways of doing so leave what both let through."""
        return 1.0 - (1.0 - self.actions.block.at(self.rise(state))) * (1.0 - state[Place.SLOW_BLOCK])

    def held_deposition(self, state: Sequence[float]) -> float:
        """The share of complement deposition that is held back."""
        return self.actions.complement.at(self.rise(state))

    def grip_held(self, state: Sequence[float]) -> float:
        """The share of the loss of strength that is held back."""
        by_complement = self.actions.grip_by_complement * self.held_deposition(state)
        return 1.0 - (1.0 - self.actions.grip.at(self.rise(state))) * (1.0 - by_complement)

    def _igg(self, free: float, state: Sequence[float], stretch: Stretch, made: list[float]) -> None:
        given, own, recycling = state[Place.GIVEN], state[Place.OWN], self.recycling
        central_l = recycling.parameters.central_l
        cleared = recycling.cleared_per_day(given + own, free)
        absorbed = recycling.absorption_per_day * state[Place.DEPOT]
        inside, made[Place.GIVEN_OUTSIDE] = recycling.exchanged(given, state[Place.GIVEN_OUTSIDE])
        made[Place.GIVEN] = stretch.running_g_per_day / central_l + absorbed - cleared * given + inside
        inside, made[Place.OWN_OUTSIDE] = recycling.exchanged(own, state[Place.OWN_OUTSIDE])
        synthesis = recycling.untreated_per_day() * recycling.parameters.endogenous_g_per_l
        made[Place.OWN] = synthesis * recycling.made_of_own(stretch.from_day) - cleared * own + inside
        made[Place.DEPOT] = stretch.running_under_skin_g_per_day / central_l - absorbed

    def _antibody(self, free: float, state: Sequence[float], stretch: Stretch, made: list[float]) -> None:
        """Autoantibody is a trace of the patient's own IgG: too little to change the total."""
        recycling, antibody = self.recycling, state[Place.ANTIBODY]
        total = state[Place.GIVEN] + state[Place.OWN]
        cleared = recycling.cleared_per_day(total, free) if self.actions.clears else recycling.untreated_per_day(free)
        left = (1.0 - state[Place.LESS_SYNTHESIS]) * recycling.made_of_antibody(stretch.from_day)
        inside, made[Place.ANTIBODY_OUTSIDE] = recycling.exchanged(antibody, state[Place.ANTIBODY_OUTSIDE])
        synthesis = recycling.untreated_per_day() * self.disease.antibody
        made[Place.ANTIBODY] = synthesis * left - cleared * antibody + inside


def system_of(recycling: Recycling, actions: Actions, disease: Disease, figures: Figures) -> System:
    """The system of a patient. Raises :class:`BadInput` for a state of disease that no turnover holds steady."""
    platelets = turnover(figures, disease.platelets_10_9_per_l, disease.antibody)
    return System(recycling, actions, disease, platelets, figures[GRIP_BY_EXPOSURE, "loss of strength"])
