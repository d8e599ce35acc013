from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ivigil.documents import BadInput
from ivigil.kinetics.doses import Course, Dose, every
from ivigil.kinetics.fcrn import FcRnParameters, FcRnPopulation, parameters_of, stacked
from ivigil.kinetics.fineness import fineness_of, grids_of
from ivigil.kinetics.fcrn_tables import Given
from ivigil.kinetics.grid import LONGEST, Fineness, graded
from ivigil.kinetics.influences import OccupancyCourse, Occupied, SynthesisChange, SynthesisCourse
from ivigil.kinetics.solving import engine_named, solve, solve_each
from ivigil.knowledge import load_library
