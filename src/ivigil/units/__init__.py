"""Floor 0: quantities in UCUM units, converted exactly."""

from ivigil.units.amounts import AmountError, convert, is_same, is_sane, parse_amount, shown
from ivigil.units.ucum import Unit, UnitError, parse_unit, spelled

__all__ = [
    "AmountError",
    "Unit",
    "UnitError",
    "convert",
    "is_same",
    "is_sane",
    "parse_amount",
    "parse_unit",
    "shown",
    "spelled",
]
