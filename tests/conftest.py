"""What all tests share: how many examples property tests draw, and the root of the checkout to import from."""

import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

# Test modules import each other by their path from here, also when pytest is not started as `python -m pytest`.
sys.path.insert(0, str(Path(__file__).parents[1]))

# The same examples on every run, so that a failure is one anybody can repeat. No deadline: machines differ.
settings.register_profile(
    "ci", derandomize=True, max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
# Fresh examples, and many of them: HYPOTHESIS_PROFILE=long python3 start.py test tests/property
settings.register_profile("long", max_examples=5000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
