"""Every unit that ivigil reads, compared with a UCUM library: the same quantity, and nothing UCUM does not know."""

from __future__ import annotations

import contextlib
import re
from functools import cache

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from ucumvert import PintUcumRegistry  # type: ignore[import-untyped] # it ships no types

from ivigil.units import Unit, UnitError, parse_unit, spelled
from ivigil.units.ucum import _METRIC, _PLAIN, _PREFIXES, _SPELLINGS

# The library computes in binary floating point, ivigil in fractions.
ROUNDING = 1e-12

ATOMS = [*_METRIC, *_PLAIN]
PREFIXED = [prefix + atom for prefix in _PREFIXES for atom in _METRIC]
# The unit of which ivigil's factors are multiples, for each of its dimensions. They are finer than those of UCUM, in
# which osmoles are moles, international units plain numbers, and pressures kilograms over metres and square seconds.
BASES = {
    "mass": "g",
    "length": "m",
    "time": "s",
    "amount": "mol",
    "osmoles": "osm",
    "international unit": "[IU]",
    "pressure": "Pa",
}
COMPOSED = ["g/kg/d", "10*9/L", "10*3/uL", "kg/m2", "mL/h", "mg/kg/min", "1/(kg.d)", "g/(kg.d)/wk", "/uL", "{cells}/uL"]


@cache
def library() -> PintUcumRegistry:
    return PintUcumRegistry()


def in_base_units(unit: Unit) -> float:
    """How many of ivigil's base units the library takes ``unit`` for; an error if it measures something else."""
    base = ".".join(f"{BASES[name]}{power}" for name, power in unit.dimension) or "1"
    # Of an annotation alone, which stands for the number one, the library gives back the text.
    code = "1" if re.fullmatch(r"\{[^{}]*\}", unit.code) else unit.code
    quantity = library().from_ucum(code) / library().from_ucum(base)
    return float(quantity.to("dimensionless").magnitude)


@pytest.mark.parametrize("code", [*ATOMS, *PREFIXED, *COMPOSED])
def test_a_unit_is_what_the_library_takes_it_for(code: str) -> None:
    unit = parse_unit(code)
    assert in_base_units(unit) == pytest.approx(float(unit.factor), rel=ROUNDING)


@pytest.mark.parametrize("text", _SPELLINGS)
def test_a_spelling_of_the_charts_leads_to_a_unit_the_library_knows(text: str) -> None:
    unit = parse_unit(spelled(text))
    assert in_base_units(unit) == pytest.approx(float(unit.factor), rel=ROUNDING)


def test_every_dimension_has_a_base_unit_of_factor_one() -> None:
    named = {base for base, _ in [*_METRIC.values(), *_PLAIN.values()]} - {"", "volume"}
    assert named == set(BASES)
    assert {parse_unit(code).factor for code in BASES.values()} == {1}


pieces = st.sampled_from(
    [
        "g",
        "kg",
        "mL",
        "d",
        "m",
        "[lb_av]",
        "10*",
        "10^",
        "1",
        "%",
        "{x}",
        "m{x}",
        "[IU]",
        *"/.()",
        *"/.",
        "2",
        "-1",
        "+3",
    ]
)


@given(st.lists(pieces, min_size=1, max_size=7).map("".join))
def test_whatever_ivigil_reads_the_library_reads_alike(code: str) -> None:
    with contextlib.suppress(UnitError):
        unit = parse_unit(code)
        event("read")
        assert in_base_units(unit) == pytest.approx(float(unit.factor), rel=ROUNDING)
