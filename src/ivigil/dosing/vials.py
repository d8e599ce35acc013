"""Which vials make a dose: least waste, then fewest vials, then fewest lots, exactly.

Amounts are counted in the largest unit in which every vial size is a whole number, so that nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, gcd, lcm

from ivigil.dosing.errors import DoseError, above_zero, all_above_zero
from ivigil.dosing.knapsack import Item, Sums
from ivigil.units import shown
from ivigil.units.amounts import as_decimal

# A dose is some hundred grams in vials of about a gram: more units than this are a slip in a size.
_MOST_UNITS = 100_000


@dataclass(frozen=True)
class Lot:
    """Vials of one size and lot that are in stock; the last day of ``expiry`` counts."""

    id: str
    size_g: Decimal
    count: int
    expiry: date | None = None


@dataclass(frozen=True)
class Picked:
    """A number of vials of one size, and of one lot where they come from stock."""

    size_g: Decimal
    count: int
    lot: Lot | None = None


@dataclass(frozen=True)
class VialChoice:
    """The vials for a dose. ``possible`` is false where the stock cannot make it, and then none are picked.

    ``waste_g`` is what is left over, ``short_g`` what is missing of the dose.
    """

    dose_g: Decimal
    picked: tuple[Picked, ...]
    possible: bool
    waste_g: Decimal
    short_g: Decimal
    said: str

    @property
    def given_g(self) -> Decimal:
        """What the vials hold together."""
        return sum((one.size_g * one.count for one in self.picked), Decimal(0))

    @property
    def vials(self) -> int:
        """How many vials there are."""
        return sum(one.count for one in self.picked)


def choose(
    dose_g: Decimal, sizes_g: Sequence[Decimal], stock: Sequence[Lot] | None = None, *, today: date | None = None
) -> VialChoice:
    """The vials that hold at least ``dose_g``: least waste, then fewest vials, then fewest lots.

    Without ``stock`` there are as many of each size as are wanted, and the third criterion is fewest different sizes.
    With it, lots that expired before ``today`` are left out, and of equal choices the one that expires first is taken.
    Raises :class:`DoseError` for a dose, size or lot that cannot be meant.
    """
    shelf = _Shelf.of(dose_g, sizes_g, stock, today)
    if shelf.held_g is not None and shelf.held_g < dose_g:
        return _impossible(dose_g, shelf.held_g)
    wanted = ceil(Fraction(dose_g) / shelf.unit)
    within = range(wanted, wanted + shelf.largest)
    sums = shelf.sums(within.stop - 1)
    return _chosen(dose_g, shelf, sums.pieces(next(total for total in within if sums.reached(total))))


def at_most(
    dose_g: Decimal, sizes_g: Sequence[Decimal], stock: Sequence[Lot] | None = None, *, today: date | None = None
) -> VialChoice:
    """The vials that hold as much of ``dose_g`` as whole vials can without exceeding it, chosen as by :func:`choose`.

    None are picked where every vial holds more than the dose. Raises :class:`DoseError` as :func:`choose` does.
    """
    shelf = _Shelf.of(dose_g, sizes_g, stock, today)
    wanted = floor(Fraction(dose_g) / shelf.unit)
    sums = shelf.sums(wanted)
    return _chosen(dose_g, shelf, sums.pieces(next(total for total in range(wanted, -1, -1) if sums.reached(total))))


@dataclass(frozen=True)
class _Pile:
    """Vials of one size, of one lot where they come from stock."""

    size_g: Decimal
    units: int
    lot: Lot | None = None

    def most(self, reach: int) -> int:
        fitting = reach // self.units
        return fitting if self.lot is None else min(fitting, self.lot.count)


@dataclass(frozen=True)
class _Shelf:
    """The vials there are, those to be preferred first: what expires earlier, then what is larger."""

    piles: tuple[_Pile, ...]
    unit: Fraction
    held_g: Decimal | None

    @classmethod
    def of(cls, dose_g: Decimal, sizes_g: Sequence[Decimal], stock: Sequence[Lot] | None, today: date | None) -> _Shelf:
        """The shelf for a dose, both checked; without stock it holds as much as is wanted."""
        above_zero(dose_g, "a dose in g")
        sizes = sorted(set(all_above_zero(sizes_g, "vial size in g")), reverse=True)
        unit = _unit(sizes)
        if stock is None:
            return cls(tuple(_Pile(size, _units(size, unit)) for size in sizes), unit, None)
        lots = _usable(stock, sizes, today)
        held = sum((lot.size_g * lot.count for lot in lots), Decimal(0))
        return cls(tuple(_Pile(lot.size_g, _units(lot.size_g, unit), lot) for lot in lots), unit, held)

    @property
    def largest(self) -> int:
        """The units of the largest vial."""
        return max((pile.units for pile in self.piles), default=1)

    def sums(self, reach: int) -> Sums:
        """Every amount up to ``reach`` units; a vial costs more than any number of lots, a lot more than any order."""
        if reach > _MOST_UNITS:
            found = (
                f"a dose of {reach} times the largest common part of the vial sizes, {shown(as_decimal(self.unit))} g"
            )
            raise DoseError(found, f"at most {_MOST_UNITS} times")
        count = len(self.piles)
        lot_cost = 1 + count * (1 + sum(pile.most(reach) for pile in self.piles))
        vial_cost = lot_cost * (1 + count)
        items = [Item(pile.units, pile.most(reach), lot_cost, vial_cost + rank) for rank, pile in enumerate(self.piles)]
        return Sums(items, reach)


def _units(size_g: Decimal, unit: Fraction) -> int:
    return int(Fraction(size_g) / unit)


def _unit(sizes_g: Sequence[Decimal]) -> Fraction:
    """The largest amount of which every size is a whole multiple."""
    sizes = [Fraction(size) for size in sizes_g]
    shared = lcm(*(size.denominator for size in sizes))
    return Fraction(gcd(*(int(size * shared) for size in sizes)), shared)


def _usable(stock: Sequence[Lot], sizes_g: Sequence[Decimal], today: date | None) -> list[Lot]:
    """The lots that hold vials and have not expired, in order of preference; every lot is checked."""
    for lot in stock:
        if lot.count < 0:
            raise DoseError(f"{lot.count} vials of lot {lot.id}", "0 or more")
        if lot.size_g not in sizes_g:
            sizes = ", ".join(shown(size) for size in sizes_g)
            raise DoseError(f"vials of {lot.size_g} g in lot {lot.id}", f"one of the sizes of the product: {sizes} g")
    kept = [lot for lot in stock if lot.count and not (today and lot.expiry and lot.expiry < today)]
    return sorted(kept, key=lambda lot: (lot.expiry or date.max, -lot.size_g, lot.id))


def _chosen(dose_g: Decimal, shelf: _Shelf, pieces: Sequence[int]) -> VialChoice:
    picked = [Picked(pile.size_g, count, pile.lot) for pile, count in zip(shelf.piles, pieces, strict=True) if count]
    picked.sort(key=lambda one: -one.size_g)
    over = sum((Fraction(one.size_g) * one.count for one in picked), Fraction(0)) - Fraction(dose_g)
    waste, short = as_decimal(max(over, Fraction(0))), as_decimal(max(-over, Fraction(0)))
    vials = ", ".join(f"{one.count} × {shown(one.size_g)} g" for one in picked) or "no vial"
    left = f", {shown(waste)} g left over" if waste else f", {shown(short)} g short" if short else ""
    return VialChoice(dose_g, tuple(picked), bool(picked), waste, short, f"{vials} for {shown(dose_g)} g{left}.")


def _impossible(dose_g: Decimal, held_g: Decimal) -> VialChoice:
    short = as_decimal(Fraction(dose_g) - Fraction(held_g))
    said = f"The stock holds {shown(held_g)} g and is {shown(short)} g short of {shown(dose_g)} g."
    return VialChoice(dose_g, (), possible=False, waste_g=Decimal(0), short_g=short, said=said)
