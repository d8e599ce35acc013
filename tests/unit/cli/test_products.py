"""The labels that are held, as a reader looks them up."""

from __future__ import annotations

import json

import pytest

from ivigil.cli.app import run
from ivigil.knowledge import load

PRODUCTS = load().products


def test_every_product_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["products"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == sorted(PRODUCTS)


def test_a_region_narrows_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["products", "--region", "au", "--json"]) == 0
    found = {one["id"] for one in json.loads(capsys.readouterr().out)}
    assert found == {key for key, one in PRODUCTS.items() if "AU" in (one.region, *one.also_regions)}
    assert found


@pytest.mark.parametrize("product", sorted(PRODUCTS))
def test_each_figure_is_shown_with_its_status_and_source(product: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["products", product]) == 0
    out = capsys.readouterr().out
    one = PRODUCTS[product]
    figures = [one.concentration, *one.licences, *one.rates, *one.caps, *one.contraindications, *one.boxed_warnings]
    for figure in [*figures, *(each for each in (one.iga, one.vials, one.stabiliser) if each)]:
        assert f"({figure.status}, {figure.source})" in out
    assert out.endswith("What is not listed here is not known.\n")


def test_an_unknown_product_is_refused_with_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["products", "privigen"]) == 2
    assert "privigen-us" in capsys.readouterr().err
