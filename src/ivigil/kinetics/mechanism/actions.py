"""The hypotheses by name, and the effect of immunoglobulin that each of them states, ready to be computed."""

from __future__ import annotations

from dataclasses import dataclass

from ivigil.kinetics.mechanism.figures import Figures
from ivigil.kinetics.mechanism.switches import Switches
from ivigil.kinetics.mechanism.terms import approach, binder_for, saturating, unbound

IDIOTYPE = "idiotype-neutralisation"
CLEARANCE = "fcrn-autoantibody-clearance"
DIRECT = "direct-receptor-block"
INHIBITORY = "inhibitory-receptor"
SYNTHESIS = "b-cell-synthesis"
TREG = "regulatory-t-cells"
CYTOKINES = "cytokine-antagonists"
NK = "nk-cell-loss"
COMPLEMENT = "complement-c3-uptake"
GRIP_BY_EXPOSURE = "grip-by-exposure"
GRIP_BY_COMPLEMENT = "grip-by-complement"
COMPUTED = frozenset(
    {
        IDIOTYPE,
        CLEARANCE,
        DIRECT,
        INHIBITORY,
        SYNTHESIS,
        TREG,
        CYTOKINES,
        NK,
        COMPLEMENT,
        GRIP_BY_EXPOSURE,
        GRIP_BY_COMPLEMENT,
    }
)


@dataclass(frozen=True)
class Effect:
    """An effect of the rise of IgG above the patient's own level: at once, or approached at a rate.

    ``greatest`` is the effect at an endless rise, ``half_g_per_l`` the rise that gives one half of it.
    """

    greatest: float = 0.0
    half_g_per_l: float = 1.0
    steepness: float = 1.0
    per_day: float = 0.0

    def at(self, rise_g_per_l: float) -> float:
        """The effect at a rise, once settled."""
        return self.greatest * saturating(rise_g_per_l, self.half_g_per_l, self.steepness) if self.greatest else 0.0

    def slope(self, state: float, rise_g_per_l: float) -> float:
        """How fast a slow effect moves, per day."""
        return approach(state, self.at(rise_g_per_l), self.per_day)


NOTHING = Effect()


@dataclass(frozen=True)
class Idiotypes:
    """Binding of autoantibody by idiotypes in the immunoglobulin given; levels in units of the untreated antibody."""

    binder_per_g_per_l: float = 0.0
    affinity: float = 1.0

    def free(self, antibody: float, exogenous_g_per_l: float) -> float:
        """The autoantibody that stays free."""
        return unbound(antibody, self.binder_per_g_per_l * max(exogenous_g_per_l, 0.0), self.affinity)


@dataclass(frozen=True)
class Actions:
    """Every effect, those that are off as none; ``clears`` says whether immunoglobulin speeds up autoantibody's end."""

    clears: bool
    idiotypes: Idiotypes
    block: Effect
    slow_block: Effect
    synthesis: Effect
    treg: Effect
    cytokines: Effect
    nk: Effect
    complement: Effect
    grip: Effect
    grip_by_complement: float


def actions_of(switches: Switches, figures: Figures) -> Actions:
    """The effects that are on, with their figures."""

    def effect(name: str, *, slow: bool = False) -> Effect:
        return _effect(name, figures, slow=slow) if name in switches else NOTHING

    return Actions(
        clears=CLEARANCE in switches,
        idiotypes=_idiotypes(figures) if IDIOTYPE in switches else Idiotypes(),
        block=effect(DIRECT),
        slow_block=effect(INHIBITORY, slow=True),
        synthesis=effect(SYNTHESIS, slow=True),
        treg=effect(TREG, slow=True),
        cytokines=effect(CYTOKINES, slow=True),
        nk=effect(NK, slow=True),
        complement=effect(COMPLEMENT),
        grip=effect(GRIP_BY_EXPOSURE),
        grip_by_complement=figures[GRIP_BY_COMPLEMENT, "greatest effect"] if GRIP_BY_COMPLEMENT in switches else 0.0,
    )


def _effect(name: str, figures: Figures, *, slow: bool) -> Effect:
    return Effect(
        greatest=figures[name, "greatest effect"],
        half_g_per_l=figures[name, "rise for half"],
        steepness=figures[name, "steepness"],
        per_day=figures[name, "rate"] if slow else 0.0,
    )


def _idiotypes(figures: Figures) -> Idiotypes:
    affinity = figures[IDIOTYPE, "affinity"]
    share = figures[IDIOTYPE, "inhibition in vitro"] / 100.0
    return Idiotypes(binder_for(share, 1.0, affinity) / figures[IDIOTYPE, "level in vitro"], affinity)
