"""Constants: the unit a rule may use, and the threshold that it stands for in the unit of the fact."""

from __future__ import annotations

import pytest
from tests.spec.tables import CATALOGUE, rows_of

from ivigil.criteria import parse_rule, written

UNITS = """
| written                        | stands for                    |
|--------------------------------|-------------------------------|
| `weight >= 110 '[lb_av]'`      | `weight >= 49.8951607 'kg'`   |
| `height < 60 '[in_i]'`         | `height < 152.4 'cm'`         |
| `level <= 150 'mg/dL'`         | `level <= 1.5 'g/L'`          |
| `cells < 30 '10*3/uL'`         | `cells < 30 '10*9/L'`         |
| `cells < 30000 '{cells}/uL'`   | `cells < 30 '10*9/L'`         |
| `age >= 24 'mo'`               | `age >= 2 'a'`                |
| `waiting <= 2 'wk'`            | `waiting <= 14 'd'`           |
| `dose <= 400 'mg/kg/d'`        | `dose <= 0.4 'g/kg/d'`        |
| `share < 0.8 '1'`              | `share < 80 '%'`              |
| `score >= 3 '1'`               | `score >= 3`                  |
| `weight = 50.00 'kg'`          | `weight = 50 'kg'`            |
"""


@pytest.mark.parametrize(("rule", "expected"), rows_of(UNITS))
def test_a_constant_is_converted_exactly(rule: str, expected: str) -> None:
    assert written(parse_rule(rule, CATALOGUE)) == expected
    assert parse_rule(rule, CATALOGUE) == parse_rule(expected, CATALOGUE)
