"""Which products fit a patient: contents, labels, IgA, route, licence, market, formulary; and what is asked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.unit.safety.records import (
    ANTI_IGA,
    IGA_EU,
    IGA_US,
    PROLINE,
    REACTED,
    SUGARS,
    absent,
    between,
    contraindication,
    known,
    library,
    licence,
    present,
    product,
    rule,
)

from ivigil.facts import Exactly, Settled
from ivigil.knowledge.product_records import Content, Marketing, Product
from ivigil.knowledge.safety_records import ProductRule
from ivigil.safety import ProductFit, Reason, fitting

Values = bool | int | str | None


def fit(
    one: Product,
    rules: tuple[ProductRule, ...] = (),
    facts: dict[str, Settled] | None = None,
    **more: Any,  # noqa: ANN401 - options of `fitting`
) -> ProductFit:
    given = {"route": "intravenous", **more}
    (found,) = fitting([one], library(rules=rules, products=[one]), facts or {}, **given)
    return found


def reason(found: ProductFit, kind: str) -> Reason:
    (only,) = [one for one in found.reasons if one.kind == kind]
    return only


# Contents


@pytest.mark.parametrize(
    ("content", "met", "unknown"),
    [
        (present(), "out", "unclear"),
        (present("remembered"), "out", "unclear"),
        (None, "unclear", "unclear"),
        (absent("remembered"), "unclear", "unclear"),
        (absent(), "fits", "fits"),
    ],
)
def test_what_is_contained_restricts_and_only_verified_absence_clears(
    content: Content | None, met: str, unknown: str
) -> None:
    one = product(contents={"proline": content} if content else None)
    assert fit(one, (PROLINE,), known(hyperprolinaemia=True)).state == met
    assert fit(one, (PROLINE,)).state == unknown
    assert fit(one, (PROLINE,), known(hyperprolinaemia=False)).reasons == ()


def test_a_product_out_says_by_which_rule_and_which_sources() -> None:
    found = reason(
        fit(product(contents={"proline": present()}), (PROLINE,), known(hyperprolinaemia=True)), "product-rule"
    )
    assert (found.effect, found.rule, found.status) == ("out", "proline", "verified")
    assert found.sources == ("a-source", "label")
    assert found.why == "This holds for the patient. brand-us contains proline."
    assert (found.needs, found.question, found.verify) == ((), None, ())


def test_a_remembered_content_says_so() -> None:
    one = product(contents={"proline": present("remembered")})
    found = reason(fit(one, (PROLINE,), known(hyperprolinaemia=True)), "product-rule")
    assert found.status == "remembered"
    assert found.why.endswith("brand-us contains proline (remembered, not verified).")


def test_an_unclear_product_says_what_to_ask_and_what_to_look_up() -> None:
    found = fit(product(contents={"fructose": absent()}), (SUGARS,))
    assert (found.state, found.needs, found.verify) == ("unclear", ("fructose_intolerance",), ("sorbitol",))
    only = reason(found, "product-rule")
    assert only.question == "Is there fructose_intolerance?"
    assert "Nobody read that brand-us is free of sorbitol" in only.why


def test_one_of_several_substances_is_enough() -> None:
    one = product(contents={"fructose": absent(), "sorbitol": present()})
    found = fit(one, (SUGARS,), known(fructose_intolerance=True))
    assert (found.state, found.verify) == ("out", ())


def test_a_rule_of_caution_warns_and_leaves_the_product_in() -> None:
    caution = rule("meter", "diabetes", ("maltose",), kind="caution")
    for contents, facts in (({"maltose": present()}, known(diabetes=True)), (None, known(diabetes=True)), (None, {})):
        found = fit(product(contents=contents), (caution,), facts)
        assert (found.state, reason(found, "product-rule").effect) == ("fits", "caution")


# Labels and IgA


def test_a_contraindication_counts_also_when_only_remembered() -> None:
    one = product(contraindications=(contraindication("reacted", REACTED.rule, status="remembered"),))
    found = fit(one, (), known(immunoglobulin_hypersensitivity=True))
    assert (found.state, reason(found, "contraindication").status) == ("out", "remembered")
    assert fit(one).state == "unclear"
    assert fit(one, (), known(immunoglobulin_hypersensitivity=False)).reasons == ()


def test_a_cautioned_condition_leaves_the_product_in() -> None:
    one = product(contraindications=(contraindication("careful", "diabetes", kind="caution"),))
    assert fit(one, (), known(diabetes=True)).state == "fits"


@pytest.mark.parametrize(
    ("deficient", "antibodies", "reacted", "us", "eu"),
    [
        (True, True, True, "out", "out"),
        (True, True, False, None, "out"),
        (True, False, True, None, None),
        (False, True, True, None, None),
        (True, None, True, "unclear", "unclear"),
        (True, None, False, None, "unclear"),
        (None, None, False, None, "caution"),
        (None, None, None, "caution", "caution"),
    ],
)
def test_each_label_stops_by_its_own_wording(
    deficient: bool | None,  # noqa: FBT001 - three-valued
    antibodies: bool | None,  # noqa: FBT001 - three-valued
    reacted: bool | None,  # noqa: FBT001 - three-valued
    us: str | None,
    eu: str | None,
) -> None:
    facts = known(
        selective_iga_deficiency=deficient, anti_iga_antibodies=antibodies, immunoglobulin_hypersensitivity=reacted
    )
    for label, effect in ((IGA_US, us), (IGA_EU, eu)):
        found = fit(product(contraindications=(label,)), (ANTI_IGA,), facts)
        effects = [one.effect for one in found.reasons if one.kind == "contraindication"]
        assert effects == ([effect] if effect else [])


def test_where_nobody_looked_for_antibodies_products_stay_in_with_the_question() -> None:
    found = fit(product(contraindications=(IGA_EU,)), (ANTI_IGA,))
    assert (found.state, found.needs) == ("fits", ("anti_iga_antibodies", "selective_iga_deficiency"))


def test_without_a_rule_on_iga_an_open_label_is_unclear() -> None:
    assert fit(product(contraindications=(IGA_EU,))).state == "unclear"


def test_a_rule_on_iga_that_puts_products_out_leaves_them_unclear_while_unknown() -> None:
    strict = rule("strict", "anti_iga_antibodies", iga=True)
    assert fit(product(), (strict,)).state == "unclear"
    assert fit(product(contraindications=(IGA_EU,)), (strict,)).reasons[1].effect == "unclear"


def test_with_antibodies_no_product_fits_by_itself() -> None:
    found = fit(product(), (ANTI_IGA,), known(anti_iga_antibodies=True))
    assert (found.state, reason(found, "iga").effect) == ("out", "out")
    assert fit(product(), (ANTI_IGA,), known(anti_iga_antibodies=False)).reasons == ()


# Route, market, formulary


@pytest.mark.parametrize(
    ("own", "asked", "state"),
    [
        ("intravenous", "intravenous", "fits"),
        ("intravenous", "subcutaneous", "out"),
        ("subcutaneous", "intravenous", "out"),
        ("facilitated-subcutaneous", "subcutaneous", "fits"),
        ("subcutaneous", "facilitated-subcutaneous", "out"),
        ("intravenous", None, "unclear"),
    ],
)
def test_a_product_is_given_by_its_own_route(own: str, asked: str | None, state: str) -> None:
    found = fit(product(route=own), route=asked)
    assert found.state == state
    assert found.needs == (("request_route",) if asked is None else ())


@pytest.mark.parametrize(
    ("state", "expected", "effects"),
    [
        ("marketed", "fits", []),
        ("ending", "fits", ["note"]),
        ("announced", "unclear", ["unclear"]),
        ("ended", "out", ["out"]),
    ],
)
def test_what_cannot_be_had_does_not_fit(
    state: Any,  # noqa: ANN401 - one of the states
    expected: str,
    effects: list[str],
) -> None:
    found = fit(product(marketing=Marketing(state, "news", "remembered", "label")))
    assert (found.state, [one.effect for one in found.reasons]) == (expected, effects)


def test_news_of_the_market_keep_their_words_and_status() -> None:
    found = reason(fit(product(marketing=Marketing("ended", "news", "remembered", "label"))), "marketing")
    assert (found.text, found.status, found.sources) == ("news", "remembered", ("label",))


def test_only_products_of_a_formulary_fit_where_there_is_one() -> None:
    assert fit(product(), formulary={"other"}).state == "out"
    assert fit(product(), formulary=["brand-us"]).state == "fits"
    assert fit(product(), formulary=[]).state == "out"


# Licence


def test_without_an_indication_no_licence_is_asked_for() -> None:
    found = fit(product(licences=(licence("cidp", 18),)))
    assert (found.licensed, found.reasons) == ("not asked", ())


def test_use_without_a_licence_is_said_and_does_not_put_a_product_out() -> None:
    found = fit(product(licences=(licence("itp", 18),)), indication="cidp")
    assert (found.state, found.licensed, reason(found, "licence").effect) == ("fits", "not seen", "note")


@pytest.mark.parametrize(
    ("age", "state", "licensed"),
    [
        ({}, "unclear", "not seen"),
        (known(age=18), "fits", "yes"),
        (known(age=17), "out", "not seen"),
        (between("age", 18, 30), "fits", "yes"),
        (between("age", 17, 30), "unclear", "not seen"),
        (between("age", 3, 5), "out", "not seen"),
    ],
)
def test_a_licence_holds_for_its_ages(age: dict[str, Settled], state: str, licensed: str) -> None:
    found = fit(product(licences=(licence("cidp", 18),)), (), age, indication="cidp")
    assert (found.state, found.licensed) == (state, licensed)
    assert found.needs == (("age",) if state == "unclear" else ())


def test_ages_are_in_completed_years() -> None:
    one = product(licences=(licence("cidp", 2, 17),))
    for years, state in (("1.9", "out"), ("2", "fits"), ("17.9", "fits"), ("18", "out")):
        age = {"age": Settled("age", Exactly(Decimal(years)), why_unknown=None)}
        assert fit(one, (), age, indication="cidp").state == state


def test_any_of_several_licences_is_enough() -> None:
    one = product(licences=(licence("cidp", 2, 5), licence("cidp", 18)))
    assert [fit(one, (), known(age=age), indication="cidp").state for age in (3, 10, 40)] == ["fits", "out", "fits"]


def test_a_remembered_licence_permits_nothing_and_restricts() -> None:
    one = product(licences=(licence("cidp", 18, status="remembered"),))
    found = fit(one, (), known(age=40), indication="cidp")
    assert (found.state, found.licensed, reason(found, "licence").status) == ("fits", "not seen", "remembered")
    young = fit(one, (), known(age=4), indication="cidp")
    assert (young.state, reason(young, "age").status) == ("out", "remembered")


def test_a_remembered_licence_does_not_widen_one_that_was_read() -> None:
    one = product(licences=(licence("cidp", 18), licence("cidp", 2, status="remembered")))
    assert fit(one, (), known(age=4), indication="cidp").state == "out"


def test_ages_that_were_not_seen_are_said() -> None:
    found = fit(product(licences=(licence("cidp"),)), indication="cidp")
    assert (found.state, found.licensed, [one.rule for one in found.reasons]) == ("fits", "yes", ["licence-ages"])


# All together


def test_every_reason_is_kept_and_the_worst_decides() -> None:
    one = product(contents={"proline": present()}, route="subcutaneous", contraindications=(REACTED,))
    found = fit(one, (PROLINE, SUGARS, ANTI_IGA), known(hyperprolinaemia=True), indication="cidp")
    assert found.state == "out"
    assert [(each.kind, each.effect) for each in found.reasons] == [
        ("iga", "caution"),
        ("product-rule", "out"),
        ("product-rule", "unclear"),
        ("contraindication", "unclear"),
        ("route", "out"),
        ("licence", "note"),
    ]
    assert found.needs == ("fructose_intolerance", "immunoglobulin_hypersensitivity", "anti_iga_antibodies")


def test_products_that_fit_come_first_then_by_id() -> None:
    contents = {"d": absent(), "c": present(), "b": None, "a": absent()}
    products = [product(name, {"proline": one} if one else None) for name, one in contents.items()]
    found = fitting(
        products, library(rules=[PROLINE], products=products), known(hyperprolinaemia=True), route="intravenous"
    )
    assert [(one.product.id, one.state) for one in found] == [
        ("a", "fits"),
        ("d", "fits"),
        ("b", "unclear"),
        ("c", "out"),
    ]
