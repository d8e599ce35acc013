"""Thresholds of rules: never rounded on their way into the unit of the fact, and never of a unit that was not meant."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ivigil.criteria import RuleError, parse_rule
from ivigil.criteria.tree import Compare
from ivigil.facts import Catalogue, Fact
from ivigil.facts.definition import Bounds

RANGE = Bounds(Decimal(0), Decimal(1000), "a-source")
UNITS = {"stay": "wk", "dose": "g/kg", "share": "%", "ratio": "1", "points": "{points}"}
CATALOGUE = Catalogue(
    {name: Fact(name, name, "quantity", "group", "?", unit=unit, range=RANGE) for name, unit in UNITS.items()}
)


@pytest.mark.parametrize("months", range(1, 12))
def test_a_threshold_is_refused_even_where_rounding_back_would_hide_the_rounding(months: int) -> None:
    """A month is 487/112 weeks: no finite decimal for fewer than seven, and rounded twice it may look like one."""
    if months % 7 == 0:
        expected = Compare("stay", "<", Decimal(months) * 487 / 112, "wk")
        assert parse_rule(f"stay < {months} 'mo'", CATALOGUE) == expected
        return
    with pytest.raises(RuleError, match="is no finite number of 'wk'"):
        parse_rule(f"stay < {months} 'mo'", CATALOGUE)


@pytest.mark.parametrize("fact", ["dose", "share", "stay"])
def test_a_bare_number_is_refused_for_a_fact_with_a_unit(fact: str) -> None:
    """To CQL a bare 2 is 2 '1', which is 200 '%' and 2000 'g/kg', though all three have no dimension."""
    with pytest.raises(RuleError, match="has a unit"):
        parse_rule(f"{fact} < 2", CATALOGUE)


@pytest.mark.parametrize("fact", ["ratio", "points"])
def test_a_bare_number_is_meant_for_a_fact_without_a_unit(fact: str) -> None:
    tree = parse_rule(f"{fact} < 2", CATALOGUE)
    assert isinstance(tree, Compare)
    assert tree.constant == Decimal(2)
