"""The weight a rule doses by: clauses that speak, what is not known, guards, pregnancy and the ends of the formula."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.unit.dosing.patients import (
    clause,
    house_rule,
    house_weighed,
    known,
    library,
    patient,
    weighed,
    weights,
)

from ivigil.dosing import DoseError, adjusted_kg, body_mass_index, ideal_kg, weigh_all
from ivigil.facts import Between, OneOf, Settled
from ivigil.knowledge.dosing_records import WeightRule

MAN = patient("male", "175", "100")
SPLIT = house_rule(clause("adjusted", "age >= 18 'a'"), clause("actual", "age < 18 'a'"))


def test_the_formulas_are_exact() -> None:
    devine = library().weight_rules["ideal-devine"].ideal
    assert devine is not None
    assert ideal_kg(devine, Decimal(175), "male") == Decimal("70.4646525")
    assert ideal_kg(devine, Decimal(175), "female") == Decimal("65.9646525")
    assert adjusted_kg(Decimal(70), Decimal(100), Decimal("0.4")) == 82
    assert body_mass_index(Decimal(81), Decimal(180)) == 25


@pytest.mark.parametrize("height", ["0", "-170", "NaN"])
def test_sizes_that_cannot_be_meant_are_refused(height: str) -> None:
    with pytest.raises(DoseError, match="expected an amount above 0"):
        body_mass_index(Decimal(80), Decimal(height))
    with pytest.raises(DoseError, match="found a weight in kg of 0"):
        adjusted_kg(Decimal(70), Decimal(0), Decimal("0.4"))


def test_every_rule_stands_beside_the_others() -> None:
    rules = library().weight_rules
    found = weigh_all(rules.values(), MAN, library())
    assert [one.rule.id for one in found] == list(rules)
    assert {one.actual_kg for one in found} == {Decimal(100)}


def test_clauses_that_name_the_same_weight_agree() -> None:
    assert weights(weighed("ontario", MAN)) == {"82.3": "obese tall-and-heavy-enough"}


def test_clauses_that_name_different_weights_leave_the_rule_ambiguous() -> None:
    rule = house_rule(clause("ideal"), clause("actual"), clause("adjusted", "body_mass_index > 60 'kg/m2'"))
    found = house_weighed(rule, MAN)
    assert (found.state, found.needs) == ("ambiguous", ())
    assert weights(found) == {"70.5": "ideal", "100.0": "actual"}


def test_a_rule_may_say_nothing_of_a_patient() -> None:
    found = weighed("kent-medway", patient("female", "120", "25", age="9"))
    assert (found.state, found.outcomes, found.needs, found.cautions) == ("not-stated", (), (), ())


def test_unknown_conditions_leave_several_weights() -> None:
    found = house_weighed(SPLIT, patient("male", "175", "100", age=None))
    assert (found.state, found.needs) == ("unknown", ("age",))
    assert weights(found) == {"82.3": "adjusted", "100.0": "actual"}


def test_unknown_conditions_do_not_matter_where_the_weight_is_the_same() -> None:
    rule = house_rule(clause("actual", "age >= 18 'a'", "adults"), clause("actual", "age < 18 'a'", "children"))
    found = house_weighed(rule, known(weight="70"))
    assert (found.state, found.needs) == ("certain", ())
    assert weights(found) == {"70.0": "adults children"}


def test_an_unknown_condition_that_may_leave_no_clause_is_unknown() -> None:
    found = weighed("kent-medway", patient("male", "175", "100", age=None))
    assert (found.state, found.needs) == ("unknown", ("age",))


def test_a_span_of_ages_decides_where_it_lies_on_one_side() -> None:
    assert house_weighed(SPLIT, patient("male", "175", "100", age=Between(Decimal(40), Decimal(41)))).state == "certain"
    assert house_weighed(SPLIT, patient("male", "175", "100", age=Between(Decimal(17), Decimal(18)))).state == "unknown"


def test_a_span_of_weights_is_not_guessed_from() -> None:
    found = weighed("actual", patient("male", "175", None) | known(weight=Between(Decimal(80), Decimal(81))))
    assert (found.state, found.outcomes, found.needs, found.actual_kg) == ("unknown", (), ("weight",), None)


@pytest.mark.parametrize(
    ("rule", "facts", "needs"),
    [
        ("actual", {}, ("weight",)),
        ("ideal-devine", {"age": "50"}, ("sex", "height")),
        ("adjusted-0-4", {"age": "50"}, ("sex", "weight", "height")),
        ("clinpk", {"age": "50", "sex": "male", "height": "175"}, ("weight",)),
        ("clinpk", {"age": "50", "weight": "80", "height": "175"}, ("sex",)),
        ("onlycalculators", {"age": "50", "sex": "male", "weight": "80"}, ("height",)),
        ("australia-2026", {"sex": "male", "weight": "80", "height": "175"}, ("age",)),
        ("australia-2026", {"sex": "male", "weight": "80", "age": "9"}, ()),
        ("australia-2026", {"sex": "female", "weight": "80", "height": "175", "age": "50"}, ("pregnant",)),
        ("australia-2026", {"weight": "80", "height": "150"}, ()),
        ("ontario", {"sex": "female", "weight": "80", "height": "175"}, ("pregnant", "pre_pregnancy_weight")),
    ],
)
def test_what_would_have_to_be_known(rule: str, facts: dict[str, object], needs: tuple[str, ...]) -> None:
    assert weighed(rule, known(**facts)).needs == needs


def test_what_is_computed_is_never_asked_for() -> None:
    for rule in library().weight_rules.values():
        needs = weighed(rule.id, {}).needs
        assert not {"weight_to_ideal", "body_mass_index"} & set(needs)
        assert needs, rule.id


def test_a_stated_ratio_does_not_take_the_place_of_the_computed_one() -> None:
    assert weights(weighed("clinpk", MAN | known(weight_to_ideal="0.5"))) == {"82.3": "well-above"}


def test_a_recorded_body_mass_index_counts_while_height_is_missing() -> None:
    case = patient("male", None, "100", body_mass_index="33")
    assert weighed("onlycalculators", case).needs == ("height",)
    obese = house_rule(clause("actual", "body_mass_index > 30 'kg/m2'"))
    assert house_weighed(obese, case).state == "certain"


class TestPregnancy:
    def test_a_man_is_not_asked(self) -> None:
        assert weighed("australia-2026", patient("male", "175", "100", pregnant=None)).state == "certain"

    def test_a_recorded_pregnancy_counts_for_anybody(self) -> None:
        found = weighed("australia-2026", patient("male", "175", "100", pregnant=True))
        assert weights(found) == {"100.0": "pregnant"}

    def test_ontario_takes_the_weight_before_it(self) -> None:
        case = patient("female", "165", "90", pregnant=True, pre_pregnancy_weight="70")
        found = weighed("ontario", case)
        assert weights(found) == {"62.1": "tall-and-heavy-enough"}
        assert found.cautions == ("In pregnancy the weight before it takes the place of the actual weight.",)
        assert found.actual_kg == 90

    def test_it_is_asked_for(self) -> None:
        found = weighed("ontario", patient("female", "165", "90", pregnant=True))
        assert (found.state, found.needs) == ("unknown", ("pre_pregnancy_weight",))

    def test_the_weight_before_pregnancy_has_a_name_of_its_own(self) -> None:
        case = patient("female", "150", "60", pregnant=True, pre_pregnancy_weight="50")
        (outcome,) = weighed("ontario", case).outcomes
        assert (outcome.basis, outcome.weight_kg) == ("pre-pregnancy", 50)

    def test_the_body_mass_index_is_that_of_the_weight_before(self) -> None:
        case = patient("female", "150", "75", pregnant=True, pre_pregnancy_weight="60", body_mass_index="33.3")
        assert weighed("ontario", case).state == "certain"

    def test_where_both_weights_are_the_same_pregnancy_does_not_matter(self) -> None:
        case = patient("female", "165", "70", pregnant=None, pre_pregnancy_weight="70")
        assert weighed("ontario", case).state == "certain"

    def test_a_rule_that_says_nothing_of_it_is_pointed_out(self) -> None:
        found = weighed("kent-medway", patient("female", "165", "90", pregnant=True))
        assert found.cautions == ("The patient is pregnant, and the rule says nothing of pregnancy.",)


class TestSex:
    def test_any_other_sex_shows_both_weights(self) -> None:
        found = weighed("ideal-devine", patient("other", "165", "80"))
        assert (found.state, found.needs, len(found.outcomes)) == ("ambiguous", (), 2)
        assert "both weights are shown" in found.cautions[0]

    def test_any_other_sex_does_not_matter_where_no_formula_is_used(self) -> None:
        found = weighed("australia-2026", patient("other", "150", "80"))
        assert (found.state, found.cautions) == ("certain", ())

    def test_an_unknown_sex_is_asked_for(self) -> None:
        for sex in (None, OneOf(frozenset({"female", "male"}))):
            found = weighed("ideal-devine", known(sex=sex, height="165", weight="80", age="50"))
            assert (found.state, found.needs, found.cautions) == ("unknown", ("sex",), ())


class TestGuard:
    def rule(self, *, guarded: bool) -> WeightRule:
        return house_rule(clause("adjusted"), never_above_actual=guarded)

    def test_a_lean_patient_keeps_the_actual_weight(self) -> None:
        lean = patient("male", "180", "60")
        (outcome,) = house_weighed(self.rule(guarded=True), lean).outcomes
        assert (outcome.basis, outcome.weight_kg, outcome.guarded) == ("actual", 60, True)
        (unguarded,) = house_weighed(self.rule(guarded=False), lean).outcomes
        assert (unguarded.basis, unguarded.guarded) == ("adjusted", False)

    def test_a_heavy_patient_is_not_touched_by_it(self) -> None:
        assert (
            house_weighed(self.rule(guarded=True), MAN).outcomes
            == house_weighed(self.rule(guarded=False), MAN).outcomes
        )

    def test_an_ideal_weight_is_not_guarded_before_the_actual_one_is_known(self) -> None:
        rule = house_rule(clause("ideal"), never_above_actual=True)
        assert house_weighed(rule, patient("male", "180", None)).needs == ("weight",)


class TestSmallBodies:
    def test_the_formula_gives_no_weight_below_its_root(self) -> None:
        found = weighed("ideal-devine", patient("female", "100", "30"))
        assert (found.state, found.outcomes, found.needs) == ("unknown", (), ())
        assert found.cautions == ("At this height the formula of the ideal weight gives no weight.",)

    def test_no_caution_where_the_formula_is_not_asked(self) -> None:
        assert weighed("australia-2026", patient("female", "100", "30")).cautions == ()

    def test_children_go_by_their_own_weight(self) -> None:
        child = patient("female", "120", "25", age="9")
        for rule in ("actual", "ontario", "australia-2026"):
            assert weights(weighed(rule, child)).keys() == {"25.0"}


def test_a_settled_fact_without_extent_is_unknown() -> None:
    case = MAN | {"weight": Settled("weight", None, why_unknown="conflicting")}
    assert weighed("actual", case).needs == ("weight",)
