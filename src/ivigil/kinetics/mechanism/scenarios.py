"""What studies measured of the actions, as scenarios: each makes of the model the quantity that a target prints.

A target names its scenario with the figures of the study, as the scenarios of the kinetics do:
``mechanism: deposition held back; g_per_kg 1; every_days 1; doses 2; hours 6; after_days 0.1; weight_kg 70``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ivigil.documents import BadInput, Fault
from ivigil.kinetics.doses import Course, every
from ivigil.kinetics.exponentials import FloatArray
from ivigil.kinetics.linear import exogenous, parameters_of
from ivigil.kinetics.mechanism.actions import (
    CLEARANCE,
    COMPLEMENT,
    DIRECT,
    GRIP_BY_EXPOSURE,
    Effect,
    actions_of,
)
from ivigil.kinetics.mechanism.figures import Figures, figures_of
from ivigil.kinetics.mechanism.person import typical
from ivigil.kinetics.mechanism.platelets import counts, turnover
from ivigil.kinetics.mechanism.responders import Patients, Phagocytosis, phagocytosis_of
from ivigil.kinetics.mechanism.run import MechanismRun, run
from ivigil.kinetics.mechanism.switches import Switches
from ivigil.kinetics.people import Covariates
from ivigil.kinetics.scenarios import MECHANISM, Asked, asked
from ivigil.knowledge.library import Library

# Days between two points of a curve along which platelets and strength are followed: finer changes no third digit.
STEP_DAYS = 0.05
# So many intervals settle any course here: longer than ten half-lives of IgG.
SETTLED_INTERVALS = 12
PUBLISHED_KINETICS = "li-2024-mmn-grip"


@dataclass(frozen=True)
class Study:
    """A scenario with its figures, and the library that it is asked of."""

    question: Asked
    library: Library
    figures: Figures

    def __getitem__(self, name: str) -> float:
        try:
            return self.question.given[name]
        except KeyError:
            raise BadInput([Fault(self.question.name, "missing", f"a figure for {name}")]) from None

    def get(self, name: str, otherwise: float) -> float:
        """A figure that the scenario may leave out."""
        return self.question.given.get(name, otherwise)

    @property
    def course(self) -> Course:
        """What the patients were given."""
        doses = int(self.get("doses", 1.0))
        grams = self["g_per_kg"] * self["weight_kg"]
        return every(grams, self.get("every_days", 1.0), doses, hours=self.get("hours", 0.0))

    def igg(self, days: FloatArray) -> MechanismRun:
        """IgG and autoantibody of the typical patient on ``days``, with nothing but FcRn at work."""
        person = typical(self.library, self["weight_kg"], self.question.given.get("own_g_per_l"))
        return run(self.course, person, Switches(frozenset({CLEARANCE})), days, self.library)


def mechanism_value(library: Library, scenario: str) -> float | None:
    """What the mechanism gives of a scenario, in its target's unit; ``None`` where it has no term for it.

    Raises :class:`BadInput` for a figure that the scenario needs and lacks.
    """
    question = asked(scenario)
    found = SCENARIOS.get(question.name)
    return None if found is None else found(Study(question, library, figures_of(library)))


def rise_after(study: Study) -> float:
    """The rise of IgG above the patient's own level, in g/L, ``after_days`` after the end of the course."""
    ended = max(dose.ends_at_day for dose in study.course.doses)
    return float(study.igg(np.array([ended + study["after_days"]])).curves["rise of IgG"][0])


def deposition_held_back(study: Study) -> float:
    """The share of complement deposition held back ``after_days`` after the end of the course, in per cent."""
    effect = actions_of(Switches(frozenset({COMPLEMENT})), study.figures).complement
    return 100.0 * effect.at(rise_after(study))


def deposition_left(study: Study) -> float:
    """The share of complement deposition that is left ``after_days`` after the end of the course, in per cent."""
    return 100.0 - deposition_held_back(study)


def patients(study: Study, phagocytosis: Phagocytosis | None = None, igg: MechanismRun | None = None) -> Patients:
    """The patients of a trial of immune thrombocytopenia, up to its ``day``, who differ in how they are blocked."""
    start = study.figures[DIRECT, "untreated platelets"]
    days = np.linspace(0.0, study["day"], round(study["day"] / STEP_DAYS) + 1)
    block = phagocytosis or phagocytosis_of(DIRECT, study.figures)
    return Patients(igg or study.igg(days), start, turnover(study.figures, start), block)


def platelet_responders(study: Study, treated: Patients | None = None) -> float:
    """Patients whose platelets reach a count, a multiple of their start and a rise, on ``day``, in per cent."""
    treated = treated or patients(study)
    reached = (
        study.get("reached", 0.0),
        study.get("times", 1.0) * treated.start,
        treated.start + study.get("rise", 0.0),
    )
    return 100.0 * treated.share_reaching(max(reached), study["day"])


def mean_platelet_rise(study: Study, treated: Patients | None = None) -> float:
    """The mean rise of platelets over all patients on ``day``, in 10*9/L."""
    return (treated or patients(study)).mean_rise(study["day"])


def grip_responders(study: Study) -> float:
    """Patients whose grip is ``gain_kg`` stronger, mean over a settled interval, in per cent, with recycling."""
    days = _settled_days(study)
    return _grip_gained(study, days, study.igg(days).curves["rise of IgG"])


def grip_responders_by_published_kinetics(study: Study) -> float:
    """The same with the linear kinetics that the term of strength was published with."""
    days = _settled_days(study)
    covariates = Covariates(study["weight_kg"], lean_body_mass_kg=study["lean_body_mass_kg"])
    parameters = parameters_of(study.library.kinetics.models[PUBLISHED_KINETICS], covariates)
    return _grip_gained(study, days, exogenous(parameters, study.course, days))


def _settled_days(study: Study) -> FloatArray:
    last = study["every_days"] * SETTLED_INTERVALS
    return np.linspace(0.0, last, round(last / STEP_DAYS / 4) + 1)


def _grip_gained(study: Study, days: FloatArray, rise: FloatArray) -> float:
    """Strength is in proportion to that before treatment: so many gain enough as were strong enough."""
    relative = grip_of(rise, days, study.figures)
    settled = days >= days[-1] - study["every_days"]
    gained = float(np.trapezoid(relative[settled], days[settled])) / study["every_days"] - 1.0
    spread = math.sqrt(math.log1p((study.figures[GRIP_BY_EXPOSURE, "spread of untreated grip"] / 100.0) ** 2))
    needed = math.log(study["gain_kg"] / gained / study.figures[GRIP_BY_EXPOSURE, "untreated grip"]) / spread
    return 100.0 * (1.0 - math.erf(needed / math.sqrt(2.0))) / 2.0


def grip_of(rise: FloatArray, days: FloatArray, figures: Figures) -> FloatArray:
    """Strength (T,) as a share of that before treatment, at the rises (T,) of ``days``."""
    effect: Effect = actions_of(Switches(frozenset({GRIP_BY_EXPOSURE})), figures).grip
    per_day = figures[GRIP_BY_EXPOSURE, "loss of strength"]
    kept = np.array([1.0 - effect.at(one) for one in rise.tolist()])
    strength: FloatArray = counts(np.ones(1), per_day, per_day * kept[None, :], days)[0]
    return strength


SCENARIOS: Mapping[str, Callable[[Study], float]] = {
    f"{MECHANISM} deposition held back": deposition_held_back,
    f"{MECHANISM} deposition left": deposition_left,
    f"{MECHANISM} grip responders": grip_responders,
    f"{MECHANISM} grip responders by published kinetics": grip_responders_by_published_kinetics,
    f"{MECHANISM} mean platelet rise": mean_platelet_rise,
    f"{MECHANISM} platelet responders": platelet_responders,
}
