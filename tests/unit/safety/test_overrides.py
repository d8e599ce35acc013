"""Where antibodies against IgA leave no product: what a specialist may choose by name, and who chose it."""

from __future__ import annotations

import pytest
from tests.unit.safety.records import ANTI_IGA, IGA_EU, PROLINE, iga, known, library, present, product

from ivigil.knowledge.product_records import Product
from ivigil.safety import ProductFit, fitting, override, overrides

ANTIBODIES = {"anti_iga_antibodies": True, "hyperprolinaemia": False}


def fits(*products: Product, **values: bool | None) -> tuple[ProductFit, ...]:
    rules = library(rules=[ANTI_IGA, PROLINE], products=products)
    return fitting(products, rules, known(**values), route="intravenous")


def ranked(*products: Product, **values: bool | None) -> list[tuple[str | None, list[str]]]:
    ranks = overrides(fits(*products, **values))
    return [(rank.kind, [one.product.id for one in rank.fits]) for rank in ranks]


def test_products_are_ranked_by_lowest_iga_and_only_figures_of_one_kind_compare() -> None:
    products = (
        product("a", iga=iga(100)),
        product("b", iga=iga(20)),
        product("c", iga=iga(30, "average")),
        product("d", iga=iga(5, status="remembered")),
        product("e"),
        product("f", iga=iga(10, "average")),
    )
    assert ranked(*products, **ANTIBODIES) == [("max", ["b", "a"]), ("average", ["f", "c"]), (None, ["d", "e"])]


def test_without_antibodies_there_is_nothing_to_override() -> None:
    for antibodies in (False, None):
        assert ranked(product("a", iga=iga(1)), anti_iga_antibodies=antibodies, hyperprolinaemia=False) == []


def test_a_product_out_for_another_reason_as_well_is_not_offered() -> None:
    proline = product("proline", contents={"proline": present()}, iga=iga(1))
    stopped = product("stopped", contraindications=(IGA_EU,), iga=iga(1))
    subcutaneous = product("subcutaneous", route="subcutaneous", iga=iga(1))
    plain = product("plain", iga=iga(9))
    values = {"anti_iga_antibodies": True, "hyperprolinaemia": True, "selective_iga_deficiency": True}
    assert ranked(proline, stopped, subcutaneous, plain, **values) == [("max", ["plain"])]


def test_an_unclear_product_is_offered_with_its_questions() -> None:
    (rank,) = overrides(fits(product("a", iga=iga(1)), anti_iga_antibodies=True))
    assert rank.fits[0].needs == ("hyperprolinaemia",)


def test_an_override_keeps_who_and_why() -> None:
    (fit,) = fits(product("a"), **ANTIBODIES)
    chosen = override(fit, " Dr A ", "tolerated before")
    assert (chosen.fit, chosen.by, chosen.reason) == (fit, "Dr A", "tolerated before")


@pytest.mark.parametrize(
    ("by", "reason", "words"),
    [("", "why", "who decides left empty"), ("Dr A", "  ", "why left empty"), (" ", "", "who decides and why left")],
)
def test_an_override_without_who_or_why_is_refused(by: str, reason: str, words: str) -> None:
    (fit,) = fits(product("a"), **ANTIBODIES)
    with pytest.raises(ValueError, match=f"a: {words}"):
        override(fit, by, reason)
