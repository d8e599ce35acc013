"""Floor 4: the dose: which weight counts, grams, rounding, limits, vials, and how a requested dose compares."""

from ivigil.dosing.aims import Aim, aims
from ivigil.dosing.body import adjusted_kg, body_mass_index, ideal_kg
from ivigil.dosing.comparing import Compared, Explanation, Savings, compare, savings
from ivigil.dosing.errors import DoseError
from ivigil.dosing.grams import Course, Planned, divided, plan
from ivigil.dosing.limits import limits_of
from ivigil.dosing.rounding import Rounded, round_dose
from ivigil.dosing.validity import Validity, current, validity
from ivigil.dosing.vials import Lot, Picked, VialChoice, at_most, choose
from ivigil.dosing.weighed import Weighed, WeightOutcome
from ivigil.dosing.weights import weigh, weigh_all

__all__ = [
    "Aim",
    "Compared",
    "Course",
    "DoseError",
    "Explanation",
    "Lot",
    "Picked",
    "Planned",
    "Rounded",
    "Savings",
    "Validity",
    "VialChoice",
    "Weighed",
    "WeightOutcome",
    "adjusted_kg",
    "aims",
    "at_most",
    "body_mass_index",
    "choose",
    "compare",
    "current",
    "divided",
    "ideal_kg",
    "limits_of",
    "plan",
    "round_dose",
    "savings",
    "validity",
    "weigh",
    "weigh_all",
]
