"""Trim and fill, as metafor's trimfill but for ties."""

import pytest
from tests.unit.synthesis.made_up import EIGHT, LABELS, PRINTED, REML, TABLES, VALUES, VARIANCES, differences

from ivigil.documents import BadInput
from ivigil.synthesis.effects import effects_of
from ivigil.synthesis.options import Options
from ivigil.synthesis.pool import pool
from ivigil.synthesis.trim_fill import Estimator, Side, trim_and_fill

COMMON = Options(model="common")
LAIRD = Options(tau2="DL")
# With study 7 at -0.3 it lies on the centre itself, and metafor ranks it by the last digit.
OFF_CENTRE = differences([*VALUES[:6], -0.33, VALUES[7]], VARIANCES)


@pytest.mark.parametrize(
    ("options", "estimator", "missing", "expected"),
    [
        (LAIRD, "L0", 2, (1.96647456689, -0.456138589552, 0.185705706541, 0.211432209768)),
        (LAIRD, "R0", 1, (2.0, -0.53073284023, 0.188237655328, 0.199219129162)),
        (COMMON, "L0", 3, (1.86666666667, -0.304302788845, 0.0784196485004, 0.0)),
        (COMMON, "R0", 3, (2.82842712475, -0.304302788845, 0.0784196485004, 0.0)),
    ],
)
def test_missing_studies(options: Options, estimator: Estimator, missing: int, expected: tuple[float, ...]) -> None:
    found = trim_and_fill(OFF_CENTRE, options, estimator)
    assert (found.missing, found.side, found.settled) == (missing, "right", True)
    figures = (found.se, found.pooled.effect.value, found.pooled.se, found.pooled.heterogeneity.tau2)
    assert figures == pytest.approx(expected, abs=PRINTED)
    assert found.pooled.k == len(LABELS) + missing


def test_what_is_put_in_mirrors_what_stands_out() -> None:
    found = trim_and_fill(EIGHT, COMMON)
    assert [one.mirrors for one in found.filled] == ["study 6", "study 3", "study 8"]
    # Studies mirrored at a common effect do not move it, so the filled funnel's effect is the mirror.
    centre = found.pooled.effect.value
    originals = dict(zip(LABELS, zip(VALUES, VARIANCES, strict=True), strict=True))
    for one in found.filled:
        value, variance = originals[one.mirrors]
        assert (one.estimate + value) / 2 == pytest.approx(centre, abs=PRINTED)
        assert one.variance == pytest.approx(variance, abs=PRINTED)


@pytest.mark.parametrize("estimator", ["L0", "R0"])
@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("middle", [(), (0.0,)])
def test_a_symmetric_funnel_lacks_nothing(middle: tuple[float, ...], side: Side, estimator: Estimator) -> None:
    values = [-2.1, -1.3, -0.2, *middle, 0.2, 1.3, 2.1]
    variances = [0.9, 0.5, 0.1, *(0.05 for _ in middle), 0.1, 0.5, 0.9]
    effects = differences([0.3 + one for one in values], variances)
    found = trim_and_fill(effects, COMMON, estimator, side)
    assert (found.missing, found.filled, found.pooled) == (0, (), pool(effects, COMMON))


def test_turning_the_funnel_turns_the_side() -> None:
    turned = differences([-value for value in VALUES], VARIANCES)
    one, other = trim_and_fill(EIGHT), trim_and_fill(turned)
    assert (one.side, other.side) == ("right", "left")
    assert other.missing == one.missing
    assert other.pooled.effect.value == pytest.approx(-one.pooled.effect.value, abs=REML)


def test_a_ratio_is_filled_on_the_scale_it_is_pooled_on() -> None:
    effects = effects_of("OR", TABLES)
    found = trim_and_fill(effects, COMMON, side="right")
    assert found.missing > 0
    assert all(one.estimate > effects.estimates.min() for one in found.filled)
    assert found.pooled.measure.name == "OR"


def test_what_makes_no_funnel_is_refused() -> None:
    with pytest.raises(BadInput, match="at least 3"):
        trim_and_fill(differences([0.1, 0.2], [0.1, 0.2]))
    alike = differences([0.1, 0.2, 0.9], [0.1, 0.1, 0.1])
    with pytest.raises(BadInput, match="give the side"):
        trim_and_fill(alike)
    assert trim_and_fill(alike, side="left").settled
    with pytest.raises(BadInput, match="inverse-variance"):
        trim_and_fill(effects_of("OR", TABLES), Options(model="common", method="mantel-haenszel"))
