"""UCUM units: the part of the code system that immunoglobulin stewardship meets.

A unit is a product of base dimensions and an exact rational factor, so conversions are exact. Factors are those of the
Unified Code for Units of Measure (https://ucum.org/ucum); the tests compare every unit here with a UCUM library.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

Dimension = tuple[tuple[str, int], ...]


class UnitError(ValueError):
    """The text is not a unit that ivigil reads."""


@dataclass(frozen=True)
class Unit:
    """A unit as UCUM writes it, its dimension and how many base units it is."""

    code: str
    dimension: Dimension
    factor: Fraction

    def fits(self, other: Unit) -> bool:
        """Whether values in one unit can be given in the other."""
        return self.dimension == other.dimension

    @property
    def is_one(self) -> bool:
        """Whether values in the unit are bare numbers; a percentage or g/kg is none, though it has no dimension."""
        return not self.dimension and self.factor == 1


_PREFIXES = {
    "G": Fraction(10**9),
    "M": Fraction(10**6),
    "k": Fraction(1000),
    "d": Fraction(1, 10),
    "c": Fraction(1, 100),
    "m": Fraction(1, 1000),
    "u": Fraction(1, 10**6),
    "n": Fraction(1, 10**9),
    "p": Fraction(1, 10**12),
}

# Atoms that take prefixes.
_METRIC: dict[str, tuple[str, Fraction]] = {
    "g": ("mass", Fraction(1)),
    "m": ("length", Fraction(1)),
    "L": ("volume", Fraction(1)),
    "l": ("volume", Fraction(1)),
    "s": ("time", Fraction(1)),
    "mol": ("amount", Fraction(1)),
    "osm": ("osmoles", Fraction(1)),
    "[IU]": ("international unit", Fraction(1)),
    "Pa": ("pressure", Fraction(1)),
}

_DAY = Fraction(86400)
_POUND_IN_GRAMS = Fraction(45359237, 100000)
_INCH_IN_METRES = Fraction(254, 10000)

_PLAIN: dict[str, tuple[str, Fraction]] = {
    "min": ("time", Fraction(60)),
    "h": ("time", Fraction(3600)),
    "d": ("time", _DAY),
    "wk": ("time", 7 * _DAY),
    "mo": ("time", Fraction(36525, 1200) * _DAY),
    "a": ("time", Fraction(36525, 100) * _DAY),
    "[lb_av]": ("mass", _POUND_IN_GRAMS),
    "[oz_av]": ("mass", _POUND_IN_GRAMS / 16),
    "[in_i]": ("length", _INCH_IN_METRES),
    "[ft_i]": ("length", 12 * _INCH_IN_METRES),
    "%": ("", Fraction(1, 100)),
    "1": ("", Fraction(1)),
    "10*": ("", Fraction(10)),
    "10^": ("", Fraction(10)),
}

# How laboratories and bedside charts spell these units outside UCUM. Each is unambiguous; anything else is refused.
_SPELLINGS = {
    "lb": "[lb_av]",
    "lbs": "[lb_av]",
    "pound": "[lb_av]",
    "pounds": "[lb_av]",
    "in": "[in_i]",
    "inch": "[in_i]",
    "inches": "[in_i]",
    "ft": "[ft_i]",
    "kgs": "kg",
    "Kg": "kg",
    "KG": "kg",
    "gm": "g",
    "grams": "g",
    "gram": "g",
    "cms": "cm",
    "years": "a",
    "year": "a",
    "yr": "a",
    "yrs": "a",
    "months": "mo",
    "month": "mo",
    "weeks": "wk",
    "week": "wk",
    "days": "d",
    "day": "d",
    "hours": "h",
    "hour": "h",
    "hr": "h",
    "g/day": "g/d",
    "g/kg/day": "g/kg/d",
    "mg/kg/day": "mg/kg/d",
    "10^9/L": "10*9/L",
    "10^9/l": "10*9/L",
    "10E9/L": "10*9/L",
    "x10^9/L": "10*9/L",
    "x10E9/L": "10*9/L",
    "x10(9)/L": "10*9/L",
    "10^3/uL": "10*3/uL",
    "x10^3/uL": "10*3/uL",
    "10E3/uL": "10*3/uL",
    "x10E3/uL": "10*3/uL",
    "K/uL": "10*3/uL",
    "k/uL": "10*3/uL",
    "thou/uL": "10*3/uL",
    "Thousand/uL": "10*3/uL",
    "/uL": "{cells}/uL",
    "/mm3": "{cells}/uL",
    "mg/dl": "mg/dL",
    "g/dl": "g/dL",
    "g/l": "g/L",
    "mg/l": "mg/L",
}

_MICRO = str.maketrans("µμ", "uu")
# An annotation ends its component: UCUM knows no "m{x}g", which dropping "{x}" would turn into milligrams.
_ANNOTATION = re.compile(r"\{[^{}]*\}(?=$|[./)])")
_BRACKETS = re.compile(r"\([^()]*\)")
_TERM = re.compile(
    r"(?P<atom>10[*^]|\[[A-Za-z_]+\]|[A-Za-z]+\[[A-Za-z_]+\]|%|1(?![0-9])|[A-Za-z]+)(?P<power>[+-]?[0-9]{1,2})?"
)


def spelled(text: str) -> str:
    """The UCUM spelling of a unit that charts write otherwise; other text comes back as it is."""
    stripped = text.strip().translate(_MICRO)
    return _SPELLINGS.get(stripped, stripped)


@lru_cache(maxsize=4096)
def parse_unit(code: str) -> Unit:
    """The unit that the UCUM ``code`` stands for. Raises :class:`UnitError` when ivigil does not read it."""
    dimension: dict[str, int] = {}
    factor = Fraction(1)
    rest = _ANNOTATION.sub("1", code) if _ANNOTATION.sub("", code).strip("./") == "" else _ANNOTATION.sub("", code)
    if rest.startswith("/"):
        if re.search(r"[./]", _BRACKETS.sub("", rest[1:])):
            # By the grammar of UCUM a leading stroke divides by all that follows; few readers know that.
            raise UnitError(_not_read(code))
        rest = "1" + rest
    for sign, term in _flat(rest, code):
        size, base, power = _term(term, code)
        factor *= size ** (sign * power)
        if base == "volume":
            base, power = "length", 3 * power
        if base:
            dimension[base] = dimension.get(base, 0) + sign * power
    kept = tuple(sorted((base, power) for base, power in dimension.items() if power))
    return Unit(code, kept, factor)


def _flat(text: str, code: str) -> list[tuple[int, str]]:
    """``a/b.c/(d.e)`` as signed terms; UCUM reads left to right and a slash divides by the next term only."""
    terms: list[tuple[int, str]] = []
    sign, position = 1, 0
    while position < len(text):
        if text[position] == "(":
            end = text.find(")", position)
            if end < 0 or "(" in text[position + 1 : end]:
                raise UnitError(_not_read(code))
            terms += [(sign * inner, term) for inner, term in _flat(text[position + 1 : end], code)]
            position = end + 1
        else:
            end = min((at for at in (text.find(mark, position) for mark in "./()") if at >= 0), default=len(text))
            terms.append((sign, text[position:end]))
            position = end
        sign, position = _separator(text, position, code)
    if not terms:
        raise UnitError(_not_read(code))
    return terms


def _separator(text: str, position: int, code: str) -> tuple[int, int]:
    if position >= len(text):
        return 1, position
    if text[position] not in "./" or position + 1 == len(text):
        raise UnitError(_not_read(code))
    return (-1 if text[position] == "/" else 1), position + 1


def _term(term: str, code: str) -> tuple[Fraction, str, int]:
    match = _TERM.fullmatch(term)
    if match is None:
        raise UnitError(_not_read(code))
    if match["atom"] == "1" and match["power"]:
        # A range such as "1-2", found where a unit is expected, is not the number one.
        raise UnitError(_not_read(code))
    power = int(match["power"]) if match["power"] else 1
    base, size = _atom(match["atom"], code)
    # One litre is a cubic decimetre, so that volumes and lengths agree.
    return (size / 1000 if base == "volume" else size), base, power


def _atom(atom: str, code: str) -> tuple[str, Fraction]:
    if atom in _PLAIN:
        return _PLAIN[atom]
    if atom in _METRIC:
        return _METRIC[atom]
    for prefix, size in _PREFIXES.items():
        if atom.startswith(prefix) and atom[len(prefix) :] in _METRIC:
            base, unit_size = _METRIC[atom[len(prefix) :]]
            return base, size * unit_size
    raise UnitError(_not_read(code))


def _not_read(code: str) -> str:
    return f"{code!r} is not a UCUM unit that ivigil reads"
