"""A requested dose: what a rule explains, told apart from what is too little and too much; savings."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.unit.dosing.patients import ADULT, library, patient, regimen, weighed

from ivigil.dosing import Compared, DoseError, Planned, compare, plan, savings
from ivigil.facts import Settled

TWO_GRAMS = regimen(total="2")
HEAVY = patient("male", "175", "100")  # 200 g actual, 164.6 adjusted, 140.9 ideal
LEAN = patient("male", "180", "60")  # 120 g actual, 138.0 adjusted, 150.0 ideal
ALL = ("actual", "ontario", "kent-medway")


def proposals(case: dict[str, Settled], *rules: str, total: str = "2") -> list[Planned]:
    return [plan(regimen(total=total), weighed(rule, case), age=ADULT) for rule in rules or ALL]


def compared(grams: str, case: dict[str, Settled] = HEAVY, *rules: str) -> Compared:
    return compare(Decimal(grams), proposals(case, *rules))


def test_what_the_regimen_comes_to_needs_no_explanation() -> None:
    found = compared("200")
    assert (found.state, found.explained_by) == ("as-regimen", ())


def test_a_lower_dose_is_explained_by_the_weight_of_a_rule() -> None:
    found = compared("140.929305")
    assert found.state == "explained"
    assert [(one.planned.weighed.rule.id, one.by) for one in found.explained_by] == [("kent-medway", "weight")]
    assert "Explained by Ideal weight in Kent and Medway" in found.said


def test_a_lower_dose_is_explained_by_rounding() -> None:
    found = compared("165")
    assert [(one.planned.weighed.rule.id, one.by) for one in found.explained_by] == [("ontario", "rounding")]
    assert found.said.endswith("adjusted weight 82.28 kg, then rounding.")


def test_a_dose_that_no_rule_explains_is_too_low() -> None:
    found = compared("150")
    assert (found.state, found.needs) == ("below", ())
    assert found.said == "Below every regimen by the actual weight (200 g at least), and no rule explains it."
    assert compared("10").state == "below"


def test_a_dose_above_every_regimen_is_flagged() -> None:
    found = compared("201")
    assert found.state == "above"
    assert "(200 g at most)" in found.said


def test_a_raised_dose_of_a_lean_patient_is_explained_and_still_pointed_out() -> None:
    found = compared("149.984428", LEAN)
    assert found.state == "explained"
    assert found.said.endswith("It is above every regimen by the actual weight (120 g at most).")


def test_between_two_regimens() -> None:
    both = [*proposals(HEAVY, "actual"), *proposals(HEAVY, "actual", total="1")]
    assert compare(Decimal(150), both).state == "between"
    assert compare(Decimal(100), both).state == "as-regimen"
    assert compare(Decimal(99), both).state == "below"


def test_a_rule_that_may_yet_explain_a_dose_leaves_it_open() -> None:
    short_of_height = patient("male", None, "100")
    found = compared("150", short_of_height)
    assert (found.state, found.needs) == ("unknown", ("height",))
    assert compared("250", short_of_height).state == "above"
    assert compared("200", short_of_height).state == "as-regimen"


def test_a_weight_that_is_only_possible_explains_nothing() -> None:
    case = patient("male", "175", "100", age=None)
    assert compared("140.929305", case, "actual", "kent-medway").state == "unknown"


def test_one_of_two_weights_explains_and_says_so() -> None:
    found = compared("171.992214", patient("female", "150", "150"), "actual", "ontario")
    assert found.state == "explained"
    assert "one of those that the rule allows" in found.said


def test_without_a_weight_nothing_is_compared() -> None:
    found = compared("150", patient("male", "175", None))
    assert (found.state, found.needs) == ("unknown", ("weight",))


def test_a_regimen_without_a_total_is_not_compared() -> None:
    planned = plan(regimen(daily="0.4"), weighed("actual", HEAVY), age=ADULT)
    assert compare(Decimal(100), [planned]).state == "unknown"


def test_slack_is_what_whole_vials_need() -> None:
    given = proposals(HEAVY, "actual", "kent-medway")
    assert compare(Decimal(140), given).state == "below"
    assert compare(Decimal(140), given, slack_g=Decimal("2.5")).state == "explained"
    assert compare(Decimal("197.5"), given, slack_g=Decimal("2.5")).state == "below"
    assert compare(Decimal("197.6"), given, slack_g=Decimal("2.5")).state == "as-regimen"


@pytest.mark.parametrize(("requested", "slack"), [("0", "0"), ("-5", "0"), ("100", "-1")])
def test_amounts_that_cannot_be_meant_are_refused(requested: str, slack: str) -> None:
    with pytest.raises(DoseError, match="expected"):
        compare(Decimal(requested), proposals(HEAVY), slack_g=Decimal(slack))


class TestSavings:
    def test_grams_share_and_cost(self) -> None:
        found = savings(Decimal(200), Decimal(165), Decimal(34))
        assert (found.grams, found.percent, found.cost) == (35, Decimal("17.5"), 1190)

    def test_no_price_no_cost(self) -> None:
        assert savings(Decimal(200), Decimal(165)).cost is None

    def test_more_than_was_asked_for_is_a_negative_saving(self) -> None:
        assert savings(Decimal(120), Decimal(150), Decimal(1)).cost == -30

    @pytest.mark.parametrize(("requested", "proposed", "price"), [("0", "1", "1"), ("1", "0", "1"), ("1", "1", "-1")])
    def test_amounts_that_cannot_be_meant_are_refused(self, requested: str, proposed: str, price: str) -> None:
        with pytest.raises(DoseError, match="expected"):
            savings(Decimal(requested), Decimal(proposed), Decimal(price))


def test_every_rule_of_the_library_can_be_compared() -> None:
    rules = tuple(library().weight_rules)
    assert compared("164.557583", HEAVY, *rules).state == "explained"
