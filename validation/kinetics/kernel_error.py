"""How far the fixed grid is from SciPy's DOP853 at 1e-12, on 500 drawn patients and regimens.

Run ``python validation/kinetics/kernel_error.py`` from a set-up checkout; it takes some minutes. It prints the largest
relative error of daily levels, the error that 99 in 100 patients stay below, and the patient it is largest for. The
patients are made up and spread more widely than people are: see ``tests/differential/fcrn_drawn.py``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.differential.fcrn_drawn import drawn, exact, relative_error

from ivigil.kinetics.solving import solve

PATIENTS = 500
DAYS = np.arange(0.0, 85.0)


def error(seed: int) -> float:
    """The largest relative error of one patient, over days and species."""
    case = drawn(seed)
    return relative_error(solve(case.patient, case.course, DAYS, engine="numpy").g_per_l[0], exact(case, DAYS))


if __name__ == "__main__":
    errors = np.array([error(seed) for seed in range(PATIENTS)])
    print(f"{PATIENTS} patients: largest relative error {errors.max():.1e}, of patient {errors.argmax()}")
    print(f"median {np.median(errors):.1e}, 99th percentile {np.quantile(errors, 0.99):.1e}")
