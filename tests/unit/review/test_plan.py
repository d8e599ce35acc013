"""Plans: which decisions get one, which products an order names, and what one room hands on to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from tests.knowledge.own_rules import write_own_rules
from tests.unit.review import judged
from tests.unit.review.judged import house, one

from ivigil.criteria import Truth, facts_of
from ivigil.documents import BadInput
from ivigil.dosing.caps import AppliedCap
from ivigil.dosing.infusion import Timetable
from ivigil.dosing.rates import NotPlanned
from ivigil.dosing.subcutaneous import SitePlan
from ivigil.facts import Case, Exactly, Statement
from ivigil.facts.when import on
from ivigil.knowledge import Library, Passage, Regimen, Span, load
from ivigil.knowledge.dosing_records import Formulary
from ivigil.knowledge.product_records import DoseLimit
from ivigil.review import Decision, Judge
from ivigil.review.infusion_plan import InfusionPlan, Settings
from ivigil.review.plan import Plan, named_products, plan_course, plan_decision
from ivigil.safety import at_risk

Value = bool | Decimal | str
Patient = dict[str, Value]
TODAY = date(2026, 11, 20)
START = datetime(2026, 11, 23, 9, 0)  # noqa: DTZ001 - a ward's clock, as it is typed in
OCTAGAM, ITP = "octagam-10-us", "immune-thrombocytopenia"
ORDER: Mapping[str, Value] = {
    "weight": Decimal(80),
    "height": Decimal(175),
    "sex": "male",
    "request_total_dose": Decimal(120),
    "request_infusion_days": Decimal(3),
}
# These two are risks where they are false.
GOOD = frozenset({"previous_immunoglobulin", "corticosteroids_given_now"})
_BY_LABEL = Fraction(3, 100)  # mL/kg/min: the highest rate of Octagam's label for patients at risk
REGIMEN = Regimen("two", "1 g/kg on two days", "recommended", "intravenous", Passage("a-source", "somewhere"))


@cache
def library() -> Library:
    return load()


@cache
def judge() -> Judge:
    return Judge(library())


@cache
def holding(name: str) -> Library:
    """The knowledge with one product alone, so that the others are not fitted for nothing."""
    return replace(library(), products={name: library().products[name]})


def of_the_place(**fields: object) -> Library:
    """The knowledge with the formulary of a place."""
    made = Formulary("formulary", "What the house has", "house-protocol", **fields)  # type: ignore[arg-type] # its fields
    return replace(library(), formulary=made)


def truths_in(rules: Iterable[str]) -> tuple[str, ...]:
    named = {fact for rule in rules for fact in facts_of(library().trees[rule])}
    return tuple(sorted(one for one in named if library().catalogue[one].kind == "truth"))


@cache
def risks() -> tuple[str, ...]:
    """The truths that risk factors speak of."""
    return truths_in(one.rule for hazard in library().hazards.values() for one in hazard.risk_factors if one.rule)


@cache
def truths() -> tuple[str, ...]:
    """Those, and the ones that restrictions on products speak of."""
    rules = [one.when for one in library().product_rules.values()]
    rules += [one.rule for product in library().products.values() for one in product.contraindications]
    return tuple(sorted({*risks(), *truths_in(rules)}))


@cache
def well() -> Patient:
    """A man of 40 of whom everything is known, and nothing of it is a risk."""
    return {**ORDER, "age": Decimal(40), **{fact: fact in GOOD for fact in truths()}}


def without(patient: Patient, *facts: str) -> Patient:
    return {key: value for key, value in patient.items() if key not in facts}


def planned(
    patient: Patient,
    *named: str,
    indication: str | None = None,
    knowledge: Library | None = None,
    regimens: tuple[Regimen, ...] = (),
    settings: Settings | None = None,
) -> Plan:
    """The plan for a patient of whom just this is recorded."""
    given = [Statement(fact, Exactly(value), str(value), "recorded", on(TODAY)) for fact, value in patient.items()]
    known = judge().known(Case("a case", tuple(given)), None, (), TODAY)
    held, how = knowledge or library(), settings or Settings()
    return plan_course(known, regimens, held, TODAY, settings=how, named=named, indication=indication)


def infusion(found: Plan) -> InfusionPlan:
    (only,) = found.infusions
    return only


def octagam(patient: Patient, settings: Settings | None = None, indication: str | None = ITP) -> InfusionPlan:
    knowledge = holding(OCTAGAM)
    return infusion(planned(patient, OCTAGAM, indication=indication, knowledge=knowledge, settings=settings))


def timetable(found: InfusionPlan) -> Timetable:
    assert isinstance(found.schedule, Timetable), found.schedule
    return found.schedule


def not_planned(found: InfusionPlan) -> NotPlanned:
    assert isinstance(found.schedule, NotPlanned), found.schedule
    return found.schedule


def rates(schedule: Timetable) -> list[Fraction]:
    return [step.rate.ml_per_h for day in schedule.days for step in day.steps]


# Which decisions get a plan

FIRST = "indication: alpha, request_phase: initial"
LOW = "platelets: 12 10*9/L, active_bleeding: true, pregnant: false"
GBS = "request: {indication: guillain-barre, request_phase: initial}\nfacts: {days_since_onset: 6 d}\n"


def plan_of(decision: Decision, settings: Settings | None = None, knowledge: Library | None = None) -> Plan | None:
    return plan_decision(decision, knowledge or judged.library(), settings or Settings())


@pytest.mark.parametrize(
    ("verdict", "request_", "facts"),
    [
        ("supported", FIRST, f"{LOW}, venous_thromboembolism: false"),
        ("supported", "indication: epsilon, request_phase: initial", "age: 9 a"),
        ("needs-information", FIRST, ""),
        ("needs-information", FIRST, LOW),
    ],
)
def test_what_is_or_may_be_supported_gets_a_plan(verdict: str, request_: str, facts: str) -> None:
    decision = house(request_, facts)
    assert decision.verdict == verdict
    assert plan_of(decision) is not None


@pytest.mark.parametrize(
    ("verdict", "decision"),
    [
        ("not-supported", lambda: house(FIRST, "platelets: 90 10*9/L, venous_thromboembolism: false")),
        ("not-supported", lambda: house("indication: beta")),
        ("avoid", lambda: house("indication: gamma")),
        ("avoid", lambda: house(FIRST, f"{LOW}, venous_thromboembolism: true")),
        ("out-of-scope", lambda: house("indication: delta")),
        ("panel-review", lambda: house("indication: zeta")),
        ("panel-review", lambda: one("request: {indication: cidp}", "australia-excerpt")),
        ("panel-review", lambda: one("request: {indication: cidp}", "ontario-excerpt")),
        ("needs-information", lambda: one("facts: {weight: 70 kg}\n")),
    ],
)
def test_what_is_not_to_be_given_or_not_judged_gets_none(verdict: str, decision: Callable[[], Decision]) -> None:
    made = decision()
    assert made.verdict == verdict
    assert plan_of(made, Settings(products=(OCTAGAM,))) is None


def test_while_a_diagnosis_that_is_not_recommended_is_open_there_is_no_plan() -> None:
    """No answer to the question can lead to a dose."""
    doubted = one("request: {indication: asthma}\ndiagnoses: [{indication: asthma, state: provisional}]\n")
    assert doubted.verdict == "needs-information"
    assert "supported" not in doubted.reachable
    assert plan_of(doubted) is None


def test_an_excerpt_makes_no_plan_where_the_whole_rules_do() -> None:
    """What an excerpt recommends is judged by people, so that no dose stands beside it."""
    asked = "request: {indication: cidp, request_phase: initial}"
    excerpt, whole = one(asked, "australia-excerpt"), one(asked)
    assert excerpt.standing == "recommended"
    assert plan_of(excerpt) is None
    assert plan_of(whole) is not None


def test_a_plan_is_of_the_recommended_regimens_of_the_indication() -> None:
    plan = plan_of(house(FIRST, f"{LOW}, venous_thromboembolism: false, weight: 80 kg"))
    assert plan is not None
    assert {each.regimen.id for each in plan.dose.planned} == {"daily", "total-only"}


def test_the_indication_of_the_decision_is_the_use_that_licences_are_asked_for() -> None:
    plan = plan_of(one(GBS))
    assert plan is not None
    licensed = {fit.product.id for fit in plan.products if fit.licensed == "yes"}
    assert licensed
    for fit in plan.products:
        uses = {each.indication for each in fit.product.licences if each.status == "verified"}
        assert fit.product.id not in licensed or "guillain-barre" in uses


# Products that an order names


@pytest.mark.parametrize(
    ("medication", "found"),
    [
        ("Gammagard Liquid ERC 10%", ["gammagard-liquid-erc-us"]),
        ("gammagard  liquid, 100 mg/ml", ["gammagard-liquid-us"]),
        ("OCTAGAM 10% 200 mL i.v.", ["octagam-10-ch", "octagam-10-eu", "octagam-10-us"]),
        ("Octagam 5%", ["octagam-5-eu", "octagam-5-us"]),
        ("Gamunex-C, slowly", ["gamunex-c-us"]),
        ("Privigen® 100 mg/ml", ["privigen-au", "privigen-eu", "privigen-us"]),
        ("Privigen NZ", ["privigen-nz"]),
        ("Privigens", []),
        ("human normal immunoglobulin", []),
        ("", []),
        (None, []),
    ],
)
def test_the_products_of_an_order(medication: str | None, found: list[str]) -> None:
    assert [each.id for each in named_products(medication, library())] == found


def test_every_brand_is_found_by_its_own_name_with_all_its_labels() -> None:
    for product in library().products.values():
        found = named_products(f"Rx: {product.brand}, as charted", library())
        assert product in found
        assert {each.brand for each in found} == {product.brand}
        assert {each.id for each in found} == {
            key for key, each in library().products.items() if each.brand == product.brand
        }


def test_an_order_that_names_two_brands_names_both() -> None:
    found = {each.brand for each in named_products("Privigen or Panzyga, whichever is there", library())}
    assert found == {"Privigen", "Panzyga"}


MEDICATION = '"text": "Immunoglobulin, human normal, intravenous"'


@cache
def ordered() -> Decision:
    """The decision on a draft order of Octagam 10%."""
    example = (Path(__file__).parents[2] / "data/mg-order-sign.json").read_text(encoding="utf-8")
    assert MEDICATION in example
    (decision,) = judged.judged_json(example.replace(MEDICATION, '"text": "Octagam 10%, immunoglobulin"'))
    return decision


def test_the_products_of_the_order_are_planned() -> None:
    plan = plan_of(ordered())
    assert plan is not None
    assert {each.fit.product.id for each in plan.infusions} == {"octagam-10-ch", "octagam-10-eu", OCTAGAM}
    assert {each.given for each in plan.infusions} == {plan.given}
    assert all(each.fit in plan.products for each in plan.infusions)


def test_products_chosen_here_take_the_place_of_those_ordered() -> None:
    plan = plan_of(ordered(), Settings(products=("privigen-us",)))
    assert plan is not None
    assert [each.fit.product.id for each in plan.infusions] == ["privigen-us"]


# The formulary of a place


def test_a_place_without_a_formulary_has_no_limits_and_no_prices() -> None:
    plan = planned(well(), OCTAGAM, indication=ITP, regimens=(regimen(),))
    assert plan.dose.house is None
    assert {saved.cost for _, saved in plan.dose.saved} == {None}
    assert {cap.kind for cap in timetable(infusion(plan)).caps} == set()
    assert not {"formulary"} & {reason.kind for fit in plan.products for reason in fit.reasons}


def regimen() -> Regimen:
    return replace(REGIMEN, total_g_per_kg=span("2"), daily_g_per_kg=span("1"), days=Span(Decimal(2), Decimal(2)))


def span(value: str) -> Span:
    return Span(Decimal(value), Decimal(value))


FORMULARY = """\
id: formulary
title: What the house has
source: house-protocol
region: US
products: [octagam-10-us, gamunex-c-us]
weight_rule: ontario
protocol: newfoundland
pump_ml_per_h: 150
volume_ml_per_day: 500
price_per_g: 40
currency: GBP
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = write_own_rules(tmp_path_factory.mktemp("own"))
    (folder / "policy").mkdir()
    (folder / "policy/formulary.yaml").write_text(FORMULARY, encoding="utf-8")
    return load([folder])


def test_a_local_folder_may_hold_a_formulary(place: Library) -> None:
    assert place.formulary is not None
    assert (place.formulary.region, place.formulary.products) == ("US", (OCTAGAM, "gamunex-c-us"))
    assert place.formulary.price_per_g == Decimal(40)
    assert place.hash != library().hash


def test_a_formulary_that_cannot_be_meant_is_refused_with_every_fault(tmp_path: Path) -> None:
    wrong = {
        "[octagam-10-us, gamunex-c-us]": "[octagam-10]",
        "ontario": "ontarian",
        "newfoundland": "labrador",
        "150": "0",
        "500": "-500",
        "price_per_g: 40": "price_per_g: -40",
    }
    folder = write_own_rules(tmp_path)
    (folder / "policy").mkdir()
    text = FORMULARY
    for good, bad in wrong.items():
        text = text.replace(good, bad)
    (folder / "policy/formulary.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        load([folder])
    said = [str(fault) for fault in caught.value.faults]
    assert len(said) == len(wrong)
    assert all("formulary.yaml, line" in each for each in said)
    for bad in ("octagam-10", "ontarian", "labrador", "found 0", "-500", "-40"):
        assert any(bad in each for each in said), bad


def test_the_formulary_narrows_the_products_to_its_region_and_its_own(place: Library) -> None:
    plan = planned(well(), OCTAGAM, indication=ITP, knowledge=place)
    assert {fit.product.region for fit in plan.products} == {"US"}
    for fit in plan.products:
        kept_out = "formulary" in {reason.kind for reason in fit.reasons_that("out")}
        assert kept_out is (fit.product.id not in {OCTAGAM, "gamunex-c-us"})
    assert infusion(plan).fit.state == "fits"


def test_a_region_chosen_here_takes_the_place_of_the_formulary_s(place: Library) -> None:
    plan = planned(well(), knowledge=place, settings=Settings(region="EU"))
    assert {fit.product.region for fit in plan.products} == {"EU"}
    every = planned(well())
    assert {fit.product.id for fit in every.products} == {*library().products}


def test_a_product_named_stays_though_the_region_has_it_not() -> None:
    plan = planned(well(), OCTAGAM, indication=ITP, settings=Settings(region="EU"))
    assert [fit.product.id for fit in plan.products if fit.product.region != "EU"] == [OCTAGAM]


def test_the_place_s_weight_rule_gives_the_grams_of_a_regimen(place: Library) -> None:
    patient = {**without(well(), "request_total_dose", "request_infusion_days"), "pregnant": False}
    plan = planned(patient, OCTAGAM, indication=ITP, knowledge=place, regimens=(regimen(),))
    assert plan.dose.house == "ontario"
    (by_rule,) = [each for each in plan.dose.planned if each.weighed.rule.id == "ontario"]
    assert plan.given is not None
    assert plan.given.doses_g == by_rule.courses[0].daily_g
    assert plan.given.weight_kg == by_rule.courses[0].outcome.weight_kg != patient["weight"]


def test_a_weight_rule_chosen_here_takes_the_place_of_the_formulary_s(place: Library) -> None:
    patient = without(well(), "request_total_dose", "request_infusion_days")
    settings = Settings(weight_rule="ideal-devine")
    plan = planned(patient, knowledge=place, regimens=(regimen(),), settings=settings)
    (by_rule,) = [each for each in plan.dose.planned if each.weighed.rule.id == "ideal-devine"]
    assert plan.given is not None
    assert plan.given.doses_g == by_rule.courses[0].daily_g


def test_the_place_s_weight_rule_gives_the_grams_of_an_order_per_kg(place: Library) -> None:
    """The order names no grams: they only come from a weight, and the place says which."""
    patient = {**without(well(), "request_total_dose"), "pregnant": False, "request_total_dose_per_kg": Decimal(2)}
    plan = planned(patient, knowledge=place)
    (by_rule,) = [each for each in plan.dose.planned if each.weighed.rule.id == "ontario"]
    assert plan.given is not None
    assert plan.given.doses_g == by_rule.courses[0].daily_g


def test_the_place_s_pump_and_volume_limit_the_timetable(place: Library) -> None:
    free, limited = (
        timetable(infusion(planned(well(), OCTAGAM, indication=ITP, knowledge=each))) for each in (library(), place)
    )
    assert max(rates(free)) > 150
    assert max(rates(limited)) == 150
    assert "pump" in {cap.kind for cap in limited.caps}
    assert free.volume_ml == limited.volume_ml
    own = timetable(infusion(planned(well(), OCTAGAM, knowledge=of_the_place(volume_ml_per_day=Decimal(250)))))
    assert {day.volume_ml for day in own.days} == {Fraction(240)}


def test_a_pump_and_a_volume_chosen_here_take_their_place(place: Library) -> None:
    settings = Settings(pump_ml_per_h=Decimal(90), volume_ml_per_day=Decimal(300))
    found = timetable(infusion(planned(well(), OCTAGAM, indication=ITP, knowledge=place, settings=settings)))
    assert max(rates(found)) == 90
    assert max(day.volume_ml for day in found.days) == 300


def test_the_place_s_protocol_caps_a_first_infusion(place: Library) -> None:
    first = {**well(), "first_immunoglobulin_infusion": True, "previous_immunoglobulin": False}
    for patient, holds in ((first, True), (well(), False)):
        found = timetable(infusion(planned(patient, OCTAGAM, indication=ITP, knowledge=place)))
        assert ("newfoundland-first-infusion" in {cap.id for cap in found.caps}) is holds
        free = timetable(infusion(planned(patient, OCTAGAM, indication=ITP)))
        assert "newfoundland-first-infusion" not in {cap.id for cap in free.caps}


def test_the_place_s_price_gives_the_cost_of_what_is_saved(place: Library) -> None:
    patient = {**well(), "request_total_dose": Decimal(170), "pregnant": False}
    plan = planned(patient, knowledge=place, regimens=(regimen(),))
    assert len(plan.dose.saved) == len(plan.dose.planned) > 1
    for _, saved in plan.dose.saved:
        assert saved.cost == saved.grams * 40
    assert len({saved.cost for _, saved in plan.dose.saved}) > 1


# From the hazards to the caps


def at_risk_cap(found: InfusionPlan) -> AppliedCap:
    (cap,) = [each for each in timetable(found).caps if each.id == "at-risk"]
    return cap


def test_age_alone_caps_the_rate_of_a_patient_of_whom_all_else_is_denied() -> None:
    found = octagam({**well(), "age": Decimal(70)})
    cap = at_risk_cap(found)
    assert (cap.truth, cap.question, cap.needs) == (Truth.MET, None, ())
    assert cap.limit is not None
    assert cap.limit.in_unit("mL/kg/min") == _BY_LABEL
    for day in timetable(found).days:
        assert day.steps
        assert max(step.rate.in_unit("mL/kg/min") for step in day.steps) == _BY_LABEL
        assert day.limits.maximum.in_unit("mL/kg/min") == _BY_LABEL
        assert cap in day.binding


def test_without_a_risk_factor_the_cap_vanishes() -> None:
    found = timetable(octagam(well()))
    assert found.caps == ()
    assert found.needs == ()
    assert max(rates(found)) / 80 / 60 > _BY_LABEL


@pytest.mark.parametrize("fact", ["age", "diabetes", "heart_failure", "smoking"])
def test_while_a_risk_is_not_known_the_cap_stays_and_asks(fact: str) -> None:
    found = octagam(without(well(), fact))
    cap = at_risk_cap(found)
    assert cap.truth is Truth.UNKNOWN
    assert cap.question
    assert cap.needs == (fact,)
    assert fact in timetable(found).needs
    known = timetable(octagam({**well(), "age": Decimal(70)}))
    assert rates(timetable(found)) == rates(known)


def test_the_risk_that_caps_rates_is_that_of_the_hazards_found() -> None:
    for patient in (well(), {**well(), "age": Decimal(70)}, without(well(), "diabetes")):
        plan = planned(patient, OCTAGAM)
        assert plan.at_risk == at_risk(plan.hazards)


def test_a_first_infusion_is_known_from_either_fact() -> None:
    """Only that there was none before tells that this is the first; that there was one does not tell the gap."""
    kept = without(well(), "first_immunoglobulin_infusion", "previous_immunoglobulin")
    cases = {
        Truth.MET: [{"first_immunoglobulin_infusion": True}, {"previous_immunoglobulin": False}],
        Truth.NOT_MET: [{"first_immunoglobulin_infusion": False}],
        Truth.UNKNOWN: [{}, {"previous_immunoglobulin": True}],
    }
    for truth, known in cases.items():
        for facts in known:
            found = octagam({**kept, **facts}, Settings(protocol="newfoundland"))
            caps = {cap.id: cap.truth for cap in timetable(found).caps}
            assert caps.get("newfoundland-first-infusion", Truth.NOT_MET) is truth, facts


# Weights, grams and vials


@pytest.mark.parametrize(
    ("rule", "weight", "height"),
    [
        ("actual", "80", "175"),
        ("ideal-devine", "55", "190"),
        ("ideal-devine", "120", "170"),
        ("adjusted-0-4", "55", "190"),
        ("adjusted-0-4", "120", "170"),
    ],
)
def test_rates_go_by_the_lower_of_the_actual_and_the_dosing_weight(rule: str, weight: str, height: str) -> None:
    patient: Patient = {
        **without(well(), "request_total_dose"),
        "weight": Decimal(weight),
        "height": Decimal(height),
        "request_total_dose_per_kg": Decimal(1),
    }
    found = octagam(patient, Settings(weight_rule=rule))
    assert found.given is not None
    assert found.rate_weight_kg == min(found.given.weight_kg, Decimal(weight))
    for day in timetable(found).days:
        assert {step.rate.basis.weight_kg for step in day.steps} == {found.rate_weight_kg}
    # What is given still goes by the rule's own weight.
    assert sum(found.given.doses_g) == pytest.approx(found.given.weight_kg)


@pytest.mark.parametrize("days", [1, 2, 3, 5, 7])
@pytest.mark.parametrize("total", ["120", "100", "32.8"])
def test_the_doses_of_the_days_are_the_course_and_all_of_it_goes_in(total: str, days: int) -> None:
    found = octagam({**well(), "request_total_dose": Decimal(total), "request_infusion_days": Decimal(days)})
    assert found.given is not None
    assert len(found.given.doses_g) == len(timetable(found).days) == days
    assert sum(map(Fraction, found.given.doses_g)) == Fraction(total)
    assert timetable(found).volume_ml * Fraction(10, 100) == Fraction(total)


def test_a_dose_of_each_day_is_given_on_each_day() -> None:
    patient = {**without(well(), "request_total_dose"), "request_daily_dose": Decimal(30)}
    found = octagam(patient)
    assert found.given is not None
    assert found.given.doses_g == (Decimal(30),) * 3


@pytest.mark.parametrize("name", sorted(library().products))
def test_the_vials_hold_at_least_the_dose_of_each_day(name: str) -> None:
    product, patient = library().products[name], {**well(), "request_total_dose": Decimal("98.4")}
    found = infusion(planned(patient, name, knowledge=holding(name)))
    assert found.given is not None
    if product.vials is None or found.fit.state == "out":
        assert found.vials == ()
        return
    assert [choice.dose_g for choice in found.vials] == [*found.given.doses_g]
    for choice in found.vials:
        assert choice.possible
        assert choice.given_g == choice.dose_g + choice.waste_g
        assert 0 <= choice.waste_g < min(product.vials.sizes_g)
        assert {each.size_g for each in choice.picked} <= {*product.vials.sizes_g}


def test_sizes_that_are_only_remembered_choose_no_vials() -> None:
    product = library().products[OCTAGAM]
    assert product.vials is not None
    unsure = replace(product, vials=replace(product.vials, status="remembered"))
    knowledge = replace(holding(OCTAGAM), products={OCTAGAM: unsure})
    assert octagam(well()).vials
    assert infusion(planned(well(), OCTAGAM, indication=ITP, knowledge=knowledge)).vials == ()


def limited(*indications: str) -> Library:
    product = library().products[OCTAGAM]
    limit = DoseLimit(
        "At most 0.5 g/kg a day.", "verified", "house", indications=indications, g_per_kg_per_day=Decimal("0.5")
    )
    return replace(holding(OCTAGAM), products={OCTAGAM: replace(product, dose_limits=(limit,))})


def highest_day(plan: Plan) -> Fraction:
    by_actual = [each for each in plan.dose.planned if each.weighed.rule.id == "actual"]
    return max(Fraction(dose) for each in by_actual for course in each.courses for dose in course.daily_g)


@pytest.mark.parametrize(
    ("indications", "holds"),
    [
        ((), True),
        ((ITP,), True),
        pytest.param(
            ("cidp",),
            False,
        ),
    ],
)
def test_a_limit_of_the_product_s_label_lowers_a_day_for_its_uses(indications: tuple[str, ...], holds: bool) -> None:  # noqa: FBT001 - a parameter
    patient = without(well(), "request_total_dose", "request_infusion_days")
    free, found = (
        planned(patient, OCTAGAM, indication=ITP, knowledge=knowledge, regimens=(regimen(),))
        for knowledge in (holding(OCTAGAM), limited(*indications))
    )
    assert highest_day(free) == 80
    assert (highest_day(found) <= 40) is holds
    assert (highest_day(found) < highest_day(free)) is holds


def test_an_order_beyond_a_limit_of_the_label_is_told() -> None:
    patient = {**well(), "request_total_dose": Decimal(160), "request_infusion_days": Decimal(1)}
    found = infusion(planned(patient, OCTAGAM, indication=ITP, knowledge=limited()))
    told = not_planned(found).words if isinstance(found.schedule, NotPlanned) else timetable(found).notes
    assert any("0.5 g/kg" in words for words in told)


# Where there is no timetable


def test_without_a_weight_there_is_a_question_in_place_of_a_timetable() -> None:
    found = octagam(without(well(), "weight"))
    assert found.given is None
    assert found.vials == ()
    assert "weight" in not_planned(found).needs


def test_a_product_that_is_out_is_not_planned() -> None:
    found = octagam({**well(), "corn_allergy": True})
    assert found.fit.state == "out"
    assert not_planned(found).words
    assert found.vials == ()
    assert found.rate_weight_kg is None


@pytest.mark.parametrize("fact", ["corn_allergy", "immunoglobulin_hypersensitivity"])
def test_why_a_product_is_not_planned_is_said_whole(fact: str) -> None:
    """*This holds for the patient* is no reason to a reader who is not told what holds."""
    found = octagam({**well(), fact: True})
    said = " ".join(not_planned(found).words)
    assert all(reason.text in said for reason in found.fit.reasons_that("out"))


@pytest.mark.parametrize(
    ("recorded", "asked"),
    [
        ({}, "request_total_dose"),
        ({"request_total_dose": Decimal(120)}, "request_infusion_days"),
        ({"request_total_dose_per_kg": Decimal(2)}, "request_infusion_days"),
    ],
)
def test_what_is_missing_of_the_order_is_asked_for_and_nothing_else(recorded: Patient, asked: str) -> None:
    patient = {**without(well(), "request_total_dose", "request_infusion_days"), **recorded}
    found = not_planned(octagam(patient))
    assert asked in found.needs
    assert not {*found.needs} & {*patient}


# Routes


def test_the_route_is_that_of_the_product_named() -> None:
    into_the_vein, under_the_skin = (planned(well(), name) for name in (OCTAGAM, "hizentra-us"))
    local = "subcutaneous-local-reaction"
    assert local not in {found.hazard.id for found in into_the_vein.hazards}
    assert local in {found.hazard.id for found in under_the_skin.hazards}
    for plan, route in ((into_the_vein, "intravenous"), (under_the_skin, "subcutaneous")):
        for fit in plan.products:
            kept_out = "route" in {reason.kind for reason in fit.reasons_that("out")}
            assert kept_out is not fit.product.route.endswith(route)


def test_the_route_asked_for_counts_before_that_of_the_product() -> None:
    plan = planned({**well(), "request_route": "subcutaneous"}, OCTAGAM)
    assert infusion(plan).fit.state == "out"
    assert "route" in {reason.kind for reason in infusion(plan).fit.reasons_that("out")}


def test_while_the_route_is_not_known_every_hazard_counts_and_it_is_asked() -> None:
    plan = planned(well(), OCTAGAM, "hizentra-us", indication=ITP)
    assert {found.hazard.id for found in plan.hazards} == {*library().hazards}
    assert {fit.state for fit in plan.products} <= {"unclear", "out"}
    assert all("request_route" in each.fit.needs for each in plan.infusions if each.fit.state == "unclear")


def test_a_route_under_the_skin_makes_sites_and_not_a_timetable() -> None:
    schedules = {
        name: infusion(planned(well(), name, knowledge=holding(name))).schedule
        for name, product in library().products.items()
        if product.route == "subcutaneous"
    }
    made = [each for each in schedules.values() if isinstance(each, SitePlan)]
    assert made
    assert not [each for each in schedules.values() if isinstance(each, Timetable)]


# Dates


def test_the_checklist_has_the_dates_of_the_infusions() -> None:
    plan = planned(well(), OCTAGAM, settings=Settings(start=START))
    first, last = START.date(), START.date() + timedelta(days=2)
    during = [item for item in plan.checklist if item.precaution.phase == "during"]
    assert during
    assert {(item.from_date, item.to_date) for item in during} == {(first, last)}
    for item in plan.checklist:
        if item.precaution.phase == "before" and item.from_date:
            assert item.from_date <= first
        if item.precaution.phase == "after" and item.from_date:
            assert item.from_date >= last
    assert {(item.from_date, item.to_date) for item in planned(well(), OCTAGAM).checklist} == {(None, None)}


def test_the_clock_of_each_day_begins_at_the_start() -> None:
    found = timetable(octagam(well(), Settings(start=START)))
    assert [day.steps[0].starts for day in found.days] == [START + timedelta(days=number) for number in range(3)]


def test_the_checklist_ends_with_the_last_day_of_the_timetable() -> None:
    """Days of a precaution count on from the last infusion."""
    plan = planned(well(), OCTAGAM, settings=Settings(start=START, volume_ml_per_day=Decimal(200)))
    days = timetable(infusion(plan)).days
    assert len(days) == 6
    last = START.date() + timedelta(days=len(days) - 1)
    assert {item.to_date for item in plan.checklist if item.precaution.phase == "during"} == {last}


# What the dose tells the hazards


def test_a_dose_of_a_day_that_follows_from_the_order_is_a_risk_that_is_known() -> None:
    """120 g on three days are 40 g a day, and the hazard's factor begins at 35 g."""
    plan = planned(well(), OCTAGAM)
    assert plan.given is not None
    assert max(plan.given.doses_g) >= 35
    (found,) = [each for each in plan.hazards if each.hazard.id == "thromboembolism"]
    (factor,) = [each for each in found.factors if each.factor.id == "daily-dose"]
    assert factor.state == "present"


@pytest.mark.parametrize(
    ("total", "days", "hazard", "factor", "state"),
    [
        ("160", "4", "acute-renal-failure", "high-dose", "present"),
        ("159", "4", "acute-renal-failure", "high-dose", "absent"),
        ("160", "2", "neutropenia", "one-gram-a-day", "present"),
        ("160", "3", "neutropenia", "one-gram-a-day", "absent"),
        ("105", "3", "thromboembolism", "daily-dose", "present"),
        ("104", "3", "thromboembolism", "daily-dose", "absent"),
    ],
)
def test_grams_by_the_recorded_weight_and_days_tell_each_risk_of_the_dose(
    total: str, days: str, hazard: str, factor: str, state: str
) -> None:
    patient = {**well(), "request_total_dose": Decimal(total), "request_infusion_days": Decimal(days)}
    (found,) = [each for each in planned(patient, OCTAGAM).hazards if each.hazard.id == hazard]
    assert [each.state for each in found.factors if each.factor.id == factor] == [state]


def test_while_the_weight_is_not_known_it_is_asked_for_and_not_the_dose_per_kg() -> None:
    for found in planned(without(well(), "weight"), OCTAGAM).hazards:
        assert not {*found.needs} & {"request_total_dose_per_kg", "request_daily_dose_per_kg"}
        by_dose = [each for each in found.factors if "request_total_dose_per_kg" in each.facts]
        assert all((each.state, each.needs) == ("unknown", ("weight",)) for each in by_dose)


def test_an_order_in_grams_is_not_planned_as_one_per_kg() -> None:
    """By another weight it would be other grams than those that are ordered."""
    assert planned(well()).dose.planned == ()
    per_kg = {**without(well(), "request_total_dose"), "request_total_dose_per_kg": Decimal(2)}
    (asked,) = {each.regimen for each in planned(per_kg).dose.planned}
    assert (asked.total_g_per_kg, asked.daily_g_per_kg) == (span("2"), None)


def test_an_order_that_states_grams_twice_is_given_by_its_days() -> None:
    plan = planned({**well(), "request_daily_dose": Decimal(30)})
    assert plan.given is not None
    assert plan.given.doses_g == (Decimal(30),) * 3
