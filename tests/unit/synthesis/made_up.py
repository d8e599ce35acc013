"""Eight made-up studies, and the tolerances that go with what metafor 3.8-1 gives for them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ivigil.knowledge.grading_records import HintRule
from ivigil.knowledge.records import Passage
from ivigil.synthesis.effects import effects_of
from ivigil.synthesis.results import Effects
from ivigil.synthesis.rows import Reported, TwoByTwo

PRINTED = 1e-9  # twelve digits are printed of closed-form results, lost to nothing but summation order
REML = 1e-6  # an iteration ends where the likelihood is flat: half of the digits of a double

VALUES = (-0.9, -0.2, -1.4, -0.6, 0.1, -1.1, -0.3, -2.0)
VARIANCES = (0.04, 0.02, 0.30, 0.09, 0.03, 0.16, 0.05, 0.50)
DOSES = (10.0, 20.0, 35.0, 15.0, 22.0, 40.0, 18.0, 44.0)
GROUPS = ("a", "b", "c", "a", "b", "c", "b", "c")
LABELS = tuple(f"study {at}" for at in range(1, 9))
TABLES = (
    TwoByTwo("one", 1, 20, 5, 22),
    TwoByTwo("two", 3, 40, 8, 38),
    TwoByTwo("three", 10, 100, 18, 104),
    TwoByTwo("four", 2, 15, 6, 16),
    TwoByTwo("five", 30, 300, 42, 290),
    TwoByTwo("six", 4, 50, 9, 47),
)
FEW = HintRule(
    "few", "publication bias", "a rule", Passage("a-source", "a place"), threshold=Decimal(10), unit="studies"
)


def differences(values: Sequence[float], variances: Sequence[float], labels: Sequence[str] | None = None) -> Effects:
    """Mean differences as reported: the pooling scale is the scale given."""
    names = labels or [f"study {at}" for at, _ in enumerate(values, 1)]
    rows = [Reported(name, at, se=v**0.5) for name, at, v in zip(names, values, variances, strict=True)]
    return effects_of("MD", rows)


EIGHT = differences(VALUES, VARIANCES)
DOSE_OF = dict(zip(LABELS, DOSES, strict=True))
GROUP_OF = dict(zip(LABELS, GROUPS, strict=True))
