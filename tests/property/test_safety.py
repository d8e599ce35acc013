"""Safety over the real records: what is not known is never read as safe, and what is learnt never hides a warning.

Patients are drawn over every fact that the rules speak of, each unknown or with a value of one of its classes; and, so
that one thing alone decides, as well in all but a few facts. Products are the real ones, and made-up ones whose
contents are there, not there, remembered or missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.safety.records import product

from ivigil.criteria import Truth, Variables, evaluate
from ivigil.facts import Exactly, Settled
from ivigil.knowledge import Library, load
from ivigil.knowledge.parts import rules_in
from ivigil.knowledge.product_records import Content, Contraindication, IgaContent, Product, Route, Substance
from ivigil.safety import (
    ChecklistItem,
    HazardFound,
    ProductFit,
    at_risk,
    checklist,
    fitting,
    hazards_of,
    overrides,
)

Patient = dict[str, Settled]
RESTRICTING = ("hyperprolinaemia", "hereditary_fructose_intolerance")
FLUID = ("heart_failure", "fluid_overload")
STATUSES = ("verified", "remembered")
IGA_KINDS = ("max", "average", "typical")
ROUTES: tuple[Route, ...] = get_args(Route)


@cache
def library() -> Library:
    return load()


@cache
def values() -> dict[str, tuple[Settled, ...]]:
    """Every fact that a rule of safety speaks of, with one value of each of its classes."""
    records = [*library().hazards.values(), *library().product_rules.values(), *library().products.values()]
    trees = {text: library().trees[text] for one in records for text, _ in rules_in(one)}
    found = Variables((trees[text] for text in sorted(trees)), library().catalogue).partitions
    return {
        one.fact: tuple(Settled(one.fact, Exactly(each.example), why_unknown=None) for each in one.classes)
        for one in sorted(found, key=lambda one: one.fact)
    }


@cache
def contraindications() -> tuple[Contraindication, ...]:
    """One contraindication of each wording, from all labels."""
    by_rule = {
        (one.rule, one.kind): one for _, each in sorted(library().products.items()) for one in each.contraindications
    }
    return tuple(by_rule[key] for key in sorted(by_rule))


def settled(fact: str, value: bool) -> Settled:  # noqa: FBT001 - a fact's value
    return Settled(fact, Exactly(value), why_unknown=None)


@cache
def well() -> Patient:
    """A patient of whom everything is known, and nothing true."""
    facts = library().catalogue.facts
    return {
        fact: settled(fact, value=False) if facts[fact].kind == "truth" else known[-1]
        for fact, known in values().items()
    }


@st.composite
def patients(draw: st.DrawFn, **certain: bool) -> Patient:
    """Patients of whom each fact, or each of a few, is unknown or has a value; those of ``certain`` have theirs."""
    facts = sorted(values())
    if draw(st.booleans()):
        facts = draw(st.lists(st.sampled_from(facts), max_size=4, unique=True))
    drawn = {fact: draw(st.sampled_from([Settled(fact), *values()[fact]])) for fact in facts}
    return {**well(), **drawn, **{fact: settled(fact, value) for fact, value in certain.items()}}


CONTENTS = st.dictionaries(
    st.sampled_from(get_args(Substance)),
    st.builds(Content, present=st.booleans(), status=st.sampled_from(STATUSES), source=st.just("label")),
)
IGA = st.builds(
    IgaContent,
    ug_per_ml=st.decimals(0, 100, places=0),
    kind=st.sampled_from(IGA_KINDS),
    status=st.sampled_from(STATUSES),
    source=st.just("label"),
)


@st.composite
def made_up(draw: st.DrawFn) -> Product:
    contents = draw(st.none() | CONTENTS)
    labels = draw(st.lists(st.sampled_from(contraindications()), max_size=3, unique=True))
    return product("made-up", contents, draw(st.none() | IGA), contraindications=tuple(labels))


def products() -> st.SearchStrategy[Product]:
    return made_up() | st.sampled_from([one for _, one in sorted(library().products.items())])


def fit(one: Product, patient: Patient) -> ProductFit:
    route: Route = one.route
    (found,) = fitting([one], library(), patient, route=route)
    return found


def is_verified_free(one: Product, substances: Iterable[Substance]) -> bool:
    contents = one.contents or {}
    given = [contents.get(each) for each in substances]
    return all(each is not None and not each.present and each.status == "verified" for each in given)


def hazards(patient: Patient) -> tuple[HazardFound, ...]:
    return hazards_of(library(), patient)


def items(patient: Patient) -> tuple[ChecklistItem, ...]:
    return checklist(hazards(patient), patient, library())


def key(one: ChecklistItem) -> tuple[object, ...]:
    each = one.precaution
    return each.phase, each.text, each.from_day, each.to_day, each.from_minutes, each.to_minutes


# Products


@given(st.data(), st.sampled_from(RESTRICTING), products())
def test_a_product_not_verified_to_be_free_of_it_never_fits_a_patient_who_cannot_have_it(
    data: st.DataObject, fact: str, one: Product
) -> None:
    patient = data.draw(patients(**{fact: True}))
    rules = [each for each in library().product_rules.values() if each.when == fact and each.kind == "out"]
    assert rules
    if not all(is_verified_free(one, each.contains) for each in rules):
        assert fit(one, patient).state != "fits"


@given(st.data(), products())
def test_with_antibodies_against_iga_no_product_fits_by_itself(data: st.DataObject, one: Product) -> None:
    found = fit(one, data.draw(patients(anti_iga_antibodies=True)))
    assert found.state == "out"
    for rank in overrides([found]):
        assert rank.fits == (found,)
        assert all(each.kind == "iga" for each in found.reasons_that("out"))


@given(st.data(), products())
def test_whatever_fits_contains_nothing_that_the_patient_may_not_have(data: st.DataObject, one: Product) -> None:
    patient = data.draw(patients())
    extents = {fact: known.extent for fact, known in patient.items()}
    for rule in library().product_rules.values():
        may_hold = evaluate(library().trees[rule.when], extents).truth is not Truth.NOT_MET
        if rule.kind == "out" and may_hold and not is_verified_free(one, rule.contains):
            assert fit(one, patient).state != "fits"


@given(products())
def test_a_patient_of_whom_nothing_is_true_can_have_every_product_that_is_to_be_had(one: Product) -> None:
    found = fit(one, well())
    assert {each.kind for each in found.reasons if each.effect in {"out", "unclear"}} <= {"marketing"}


@given(st.data(), products())
def test_forgetting_a_fact_keeps_every_warning_of_a_product_or_leaves_its_question(
    data: st.DataObject, one: Product
) -> None:
    patient = data.draw(patients())
    fact = data.draw(st.sampled_from(sorted(patient)))
    before, after = fit(one, patient), fit(one, {**patient, fact: Settled(fact)})
    warned = {(each.kind, each.rule) for each in before.reasons}
    assert warned <= {(each.kind, each.rule) for each in after.reasons}
    if after.state == "fits" and before.state != "fits":
        assert fact in after.needs


@given(st.data(), products())
def test_every_product_not_known_to_fit_says_what_to_ask_or_to_look_up(data: st.DataObject, one: Product) -> None:
    found = fit(one, data.draw(patients()))
    for each in found.reasons_that("unclear"):
        assert each.needs or each.verify or each.kind == "marketing"
        assert bool(each.needs) == bool(each.question)
    for each in found.reasons_that("out"):
        assert not each.needs


@given(st.data(), made_up(), st.sampled_from(get_args(Substance)))
def test_to_verify_less_of_a_product_never_makes_it_fit(
    data: st.DataObject, one: Product, substance: Substance
) -> None:
    patient = data.draw(patients())
    less = {each: content for each, content in (one.contents or {}).items() if each != substance}
    if fit(replace(one, contents=less), patient).state == "fits":
        assert fit(one, patient).state == "fits" or (one.contents or {})[substance].present


# Hazards


@given(st.data())
def test_a_forgotten_fact_leaves_each_risk_factor_in_the_list_with_its_question(data: st.DataObject) -> None:
    patient = data.draw(patients())
    fact = data.draw(st.sampled_from(sorted(patient)))
    before, after = hazards(patient), hazards({**patient, fact: Settled(fact)})
    for old, new in zip(before, after, strict=True):
        for was, now in zip(old.factors, new.factors, strict=True):
            assert was.factor == now.factor
            assert now.truth in {was.truth, Truth.UNKNOWN}
            assert (now.truth is Truth.UNKNOWN) == bool(now.needs)
            if now.truth is not was.truth:
                assert fact in now.needs


@given(st.data())
def test_nobody_stops_being_at_risk_because_a_fact_is_forgotten(data: st.DataObject) -> None:
    patient = data.draw(patients())
    fact = data.draw(st.sampled_from(sorted(patient)))
    before, after = at_risk(hazards(patient)), at_risk(hazards({**patient, fact: Settled(fact)}))
    assert after.truth in {before.truth, Truth.UNKNOWN}
    assert (after.truth is Truth.UNKNOWN) == bool(after.needs)
    if after.truth is not before.truth:
        assert fact in after.needs


@given(st.data())
def test_a_known_risk_factor_that_labels_warn_of_puts_a_patient_at_risk(data: st.DataObject) -> None:
    found = hazards(data.draw(patients()))
    warned = [factor for one in found if one.hazard.makes_at_risk for factor in one.factors]
    present = [one for one in warned if one.state == "present" and one.factor.makes_at_risk]
    assert (at_risk(found).truth is Truth.MET) == bool(present)


def test_of_whom_nothing_is_known_the_risk_is_not_known_either() -> None:
    assert at_risk(hazards({})).truth is Truth.UNKNOWN


# The checklist


@given(st.data(), st.sampled_from(FLUID), st.booleans())
def test_fluid_is_never_advised_where_it_may_overload(
    data: st.DataObject,
    fact: str,
    known: bool,  # noqa: FBT001 - drawn
) -> None:
    patient = data.draw(patients())
    patient[fact] = settled(fact, value=True) if known else Settled(fact)
    advised = [one for one in items(patient) if "hydration" in one.levers]
    assert advised
    assert all(one.state == "withheld" for one in advised)


@given(st.data())
def test_fluid_is_advised_once_overload_is_known_not_to_threaten(data: st.DataObject) -> None:
    found = items(data.draw(patients(heart_failure=False, fluid_overload=False)))
    assert any(one.state == "advised" for one in found if "hydration" in one.levers)


@given(st.data())
def test_forgetting_a_fact_keeps_every_item_and_what_is_no_longer_advised_asks_for_it(data: st.DataObject) -> None:
    patient = data.draw(patients())
    fact = data.draw(st.sampled_from(sorted(patient)))
    before, after = items(patient), {key(one): one for one in items({**patient, fact: Settled(fact)})}
    for one in before:
        now = after[key(one)]
        if (now.state, now.called_for) != (one.state, one.called_for):
            assert fact in now.needs
            assert now.question


@given(st.data())
def test_a_risk_factor_that_becomes_known_removes_nothing_but_what_does_harm_in_it(data: st.DataObject) -> None:
    patient = data.draw(patients())
    truths = [
        fact for fact in sorted(patient) if library().catalogue[fact].kind == "truth" and fact in _single_factors()
    ]
    fact = data.draw(st.sampled_from(truths))
    more = {**patient, fact: settled(fact, value=True)}
    after = {key(one): one for one in items(more)}
    for one in items(patient):
        now = after[key(one)]
        if one.state == "advised" and now.state == "withheld":
            assert any(each.precaution.harmful_if for each in now.parts)
            assert now.why


@cache
def _single_factors() -> frozenset[str]:
    """The facts that are themselves a risk factor of a hazard."""
    rules = {one.rule for each in library().hazards.values() for one in each.risk_factors if one.rule}
    return frozenset(rules & {*library().catalogue.facts})


@given(st.data())
def test_an_item_is_withheld_with_its_reason_and_asked_for_with_its_question(data: st.DataObject) -> None:
    for one in items(data.draw(patients())):
        assert (one.state == "withheld") == bool(one.why)
        assert one.called_for in {Truth.MET, Truth.UNKNOWN}
        assert bool(one.needs) == bool(one.question)
        if one.called_for is Truth.UNKNOWN and one.state == "advised":
            assert one.needs


@given(st.data())
def test_the_same_patient_gives_the_same_list_whatever_the_order_of_facts(data: st.DataObject) -> None:
    patient = data.draw(patients())
    shuffled = dict(data.draw(st.permutations(list(patient.items()))))
    assert items(patient) == items(shuffled)
    assert hazards(patient) == hazards(shuffled)
