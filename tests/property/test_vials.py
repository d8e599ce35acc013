"""Vials against an exhaustive search, on thousands of doses and sets of vials, sizes that do not nest among them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from decimal import Decimal
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivigil.dosing import Lot, VialChoice, at_most, choose

SETS = (
    ("1", "2.5", "5", "10", "20", "30"),
    ("2.5", "5", "10", "20", "40"),
    ("5", "10", "20"),
    ("1", "2", "4", "8"),
    ("1.65", "3.3", "6.6"),
    ("3", "7"),
    ("6", "10", "15"),
)
# Of each size; few enough for a search over every combination.
_MOST_VIALS = 5
_DOSES = 400  # for each set


def decimals(texts: tuple[str, ...]) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, texts))


Key = tuple[Decimal, int, int]  # waste or what is short, vials, and different sizes or lots


class Searched:
    """Every combination of vials tried: for each amount, the fewest vials and then the fewest kinds."""

    def __init__(self, held: tuple[Decimal, ...], most: tuple[int, ...]) -> None:
        self.cheapest: dict[Decimal, tuple[int, int]] = {}
        for counts in product(*(range(count + 1) for count in most)):
            grams = sum((size * count for size, count in zip(held, counts, strict=True)), Decimal(0))
            cost = (sum(counts), sum(1 for count in counts if count))
            self.cheapest[grams] = min(cost, self.cheapest.get(grams, cost))
        self.amounts = sorted(self.cheapest)

    def best(self, dose: Decimal, *, above: bool) -> Key:
        place = bisect_left(self.amounts, dose) if above else bisect_right(self.amounts, dose) - 1
        grams = self.amounts[place]
        return (abs(grams - dose), *self.cheapest[grams])


def key_of(choice: VialChoice) -> Key:
    kinds = {one.lot.id if one.lot else str(one.size_g) for one in choice.picked}
    return choice.waste_g + choice.short_g, choice.vials, len(kinds)


@pytest.mark.parametrize("texts", SETS)
def test_as_good_as_the_exhaustive_search(texts: tuple[str, ...]) -> None:
    """Whatever has no more of one size than the search tried is what the search found; nothing is worse."""
    held, random = decimals(texts), Random(20261122)  # noqa: S311 - drawn again on every run
    searched = Searched(held, (_MOST_VIALS,) * len(held))
    compared = 0
    for _ in range(_DOSES):
        dose = Decimal(random.randrange(1, int(max(held) * 300))) / 100
        for found, above in ((choose(dose, held), True), (at_most(dose, held), False)):
            expected = searched.best(dose, above=above)
            assert key_of(found) <= expected, dose
            if max((one.count for one in found.picked), default=0) <= _MOST_VIALS:
                compared += 1
                assert key_of(found) == expected, dose
    assert compared > _DOSES


STOCK = st.lists(
    st.tuples(st.sampled_from(("1", "2.5", "5", "10", "20", "30")), st.integers(0, 3)), min_size=0, max_size=5
)


@given(STOCK, st.integers(1, 12000))
def test_a_stock_as_good_as_the_exhaustive_search(held: list[tuple[str, int]], hundredths: int) -> None:
    stock = [Lot(f"L{place}", Decimal(size), count) for place, (size, count) in enumerate(held)]
    dose = Decimal(hundredths) / 100
    sizes = tuple(lot.size_g for lot in stock)
    searched = Searched(sizes, tuple(lot.count for lot in stock))
    total = searched.amounts[-1]
    found = choose(dose, decimals(SETS[0]), stock)
    assert found.possible is (total >= dose)
    if found.possible:
        assert key_of(found) == searched.best(dose, above=True)
    else:
        assert found.short_g == dose - total
    assert key_of(at_most(dose, decimals(SETS[0]), stock)) == searched.best(dose, above=False)


@given(st.integers(1, 30000), st.sampled_from(SETS))
def test_never_below_the_dose_and_never_a_vial_too_many(hundredths: int, texts: tuple[str, ...]) -> None:
    dose, held = Decimal(hundredths) / 100, decimals(texts)
    up, down = choose(dose, held), at_most(dose, held)
    assert down.given_g <= dose <= up.given_g
    assert up.waste_g < min(held)
    assert down.short_g < min(held)
    assert (up.waste_g == 0) == (down.short_g == 0)
    if up.waste_g == 0:
        assert up.picked == down.picked
    assert all(up.given_g - one.size_g < dose for one in up.picked)


@given(st.integers(1, 30000), st.sampled_from(SETS))
def test_unlimited_vials_waste_no_more_than_any_stock(hundredths: int, texts: tuple[str, ...]) -> None:
    dose, held = Decimal(hundredths) / 100, decimals(texts)
    plenty = [Lot(f"L{size}", size, int(dose / size) + 1) for size in held]
    assert key_of(choose(dose, held))[:2] == key_of(choose(dose, held, plenty))[:2]
