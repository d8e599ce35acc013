"""Vials for a dose: least waste, fewest vials, fewest lots; what a stock cannot make."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ivigil.dosing import DoseError, Lot, VialChoice, at_most, choose

NESTED = tuple(map(Decimal, ("2.5", "5", "10", "20", "40")))
NOT_NESTED = tuple(map(Decimal, ("1", "2.5", "5", "10", "20", "30")))
TODAY = date(2026, 11, 22)


def sizes(*texts: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, texts))


def vials(choice: VialChoice) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in choice.picked:
        found[f"{one.size_g:f}"] = found.get(f"{one.size_g:f}", 0) + one.count
    return found


def lots(choice: VialChoice) -> dict[str, int]:
    return {one.lot.id: one.count for one in choice.picked if one.lot}


@pytest.mark.parametrize(
    ("dose", "given", "expected", "waste"),
    [
        ("165", NESTED, {"40": 4, "5": 1}, "0"),
        ("164.6", NESTED, {"40": 4, "5": 1}, "0.4"),
        ("33", sizes("5", "10", "20"), {"20": 1, "10": 1, "5": 1}, "2"),
        ("300", NOT_NESTED, {"30": 10}, "0"),
        ("0.3", NOT_NESTED, {"1": 1}, "0.7"),
        # Largest first would leave 0.5 g over: 30 + 5 + 2.5 + 1 + 1.
        ("39", NOT_NESTED, {"30": 1, "5": 1, "1": 4}, "0"),
        ("3", sizes("1", "2.5"), {"1": 3}, "0"),
        # 40 = 20 + 20 is as few vials as 30 + 10, and one size.
        ("40", sizes("10", "20", "30"), {"20": 2}, "0"),
        ("6", sizes("1.65", "3.3", "6.6"), {"6.6": 1}, "0.6"),
    ],
)
def test_least_waste_then_fewest_vials_then_fewest_sizes(
    dose: str, given: tuple[Decimal, ...], expected: dict[str, int], waste: str
) -> None:
    found = choose(Decimal(dose), given)
    assert (vials(found), found.waste_g, found.possible, found.short_g) == (expected, Decimal(waste), True, 0)
    assert found.given_g - found.dose_g == found.waste_g
    assert found.vials == sum(expected.values())


def test_the_order_and_repetition_of_sizes_do_not_matter() -> None:
    assert choose(Decimal(39), NOT_NESTED) == choose(Decimal(39), (*reversed(NOT_NESTED), Decimal("5.0")))


def test_a_dose_with_many_decimals_is_exact() -> None:
    found = choose(Decimal("164.5574803149606284"), NOT_NESTED)
    assert found.waste_g == Decimal("0.4425196850393716")
    assert choose(Decimal("165.0000000000000001"), NOT_NESTED).waste_g == Decimal("0.4999999999999999")


@pytest.mark.parametrize(
    ("dose", "expected", "short"),
    [("164.6", {"40": 4, "2.5": 1}, "2.1"), ("165", {"40": 4, "5": 1}, "0"), ("2.4", {}, "2.4")],
)
def test_at_most(dose: str, expected: dict[str, int], short: str) -> None:
    found = at_most(Decimal(dose), NESTED)
    assert (vials(found), found.short_g, found.waste_g) == (expected, Decimal(short), 0)
    assert found.possible is bool(expected)


def test_what_is_said() -> None:
    assert choose(Decimal("164.6"), NESTED).said == "4 × 40 g, 1 × 5 g for 164.6 g, 0.4 g left over."
    assert choose(Decimal(165), NESTED).said == "4 × 40 g, 1 × 5 g for 165 g."
    assert at_most(Decimal("164.6"), NESTED).said == "4 × 40 g, 1 × 2.5 g for 164.6 g, 2.1 g short."
    assert at_most(Decimal(2), NESTED).said == "no vial for 2 g, 2 g short."


class TestStock:
    A = Lot("A", Decimal(10), 3, date(2027, 1, 1))
    B = Lot("B", Decimal(20), 2, date(2026, 12, 1))
    C = Lot("C", Decimal(10), 4, date(2027, 6, 1))
    D = Lot("D", Decimal(5), 40)
    SIZES = sizes("5", "10", "20")

    def test_what_there_is_limits_the_choice(self) -> None:
        found = choose(Decimal(60), self.SIZES, [self.A, self.B, self.D])
        assert lots(found) == {"B": 2, "A": 2}
        assert lots(choose(Decimal(65), self.SIZES, [self.A, self.B, self.D])) == {"B": 2, "A": 2, "D": 1}

    def test_waste_and_vials_come_before_lots(self) -> None:
        """Five vials of two lots rather than more of the one that could make the dose alone."""
        found = choose(Decimal(65), self.SIZES, [self.B, self.D])
        assert lots(found) == {"B": 2, "D": 5}

    def test_one_lot_where_it_costs_no_vial(self) -> None:
        assert lots(choose(Decimal(40), self.SIZES, [self.A, self.C])) == {"C": 4}

    def test_of_equal_choices_the_first_to_expire(self) -> None:
        assert lots(choose(Decimal(30), self.SIZES, [self.C, self.A])) == {"A": 3}
        undated = Lot("Z", Decimal(10), 3)
        assert lots(choose(Decimal(30), self.SIZES, [undated, self.C])) == {"C": 3}

    def test_the_order_of_the_lots_does_not_matter(self) -> None:
        stock = [self.A, self.B, self.C, self.D]
        assert choose(Decimal(85), self.SIZES, stock) == choose(Decimal(85), self.SIZES, stock[::-1])

    def test_expired_lots_are_left_on_the_shelf(self) -> None:
        old = Lot("OLD", Decimal(20), 9, date(2026, 11, 21))
        last_day = Lot("LAST", Decimal(20), 9, TODAY)
        assert lots(choose(Decimal(20), self.SIZES, [old, self.A], today=TODAY)) == {"A": 2}
        assert lots(choose(Decimal(20), self.SIZES, [last_day, self.A], today=TODAY)) == {"LAST": 1}
        assert lots(choose(Decimal(20), self.SIZES, [old, self.A])) == {"OLD": 1}

    def test_a_stock_that_cannot_make_the_dose_says_what_is_short(self) -> None:
        found = choose(Decimal(100), self.SIZES, [self.A, self.B])
        assert (found.possible, found.picked, found.short_g, found.waste_g) == (False, (), 30, 0)
        assert found.said == "The stock holds 70 g and is 30 g short of 100 g."

    def test_an_empty_stock(self) -> None:
        assert choose(Decimal(10), self.SIZES, []).short_g == 10
        assert at_most(Decimal(10), self.SIZES, [Lot("E", Decimal(5), 0)]).picked == ()

    def test_a_stock_that_just_makes_the_dose(self) -> None:
        assert lots(choose(Decimal("69.5"), self.SIZES, [self.A, self.B])) == {"A": 3, "B": 2}

    def test_at_most_takes_what_there_is(self) -> None:
        assert lots(at_most(Decimal(100), self.SIZES, [self.A, self.B])) == {"A": 3, "B": 2}


@pytest.mark.parametrize(
    ("dose", "given", "stock", "words"),
    [
        ("0", NESTED, None, "a dose in g of 0"),
        ("-1", NESTED, None, "a dose in g of -1"),
        ("NaN", NESTED, None, "a dose in g of NaN"),
        ("5", (), None, "no vial size in g"),
        ("5", sizes("5", "0"), None, "vial size in g of 0"),
        ("5", NESTED, [Lot("A", Decimal(5), -1)], "-1 vials of lot A"),
        ("5", NESTED, [Lot("A", Decimal(4), 1)], "vials of 4 g in lot A; expected one of the sizes"),
        ("300", sizes("0.0001", "5"), None, "expected at most 100000 times"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    dose: str, given: tuple[Decimal, ...], stock: list[Lot] | None, words: str
) -> None:
    for pick in (choose, at_most):
        with pytest.raises(DoseError, match=words):
            pick(Decimal(dose), given, stock)
