"""Stored rules are plain JSON values, and what no ``store`` wrote is not restored."""

from __future__ import annotations

import pytest

from ivigil.criteria import restore, store
from ivigil.criteria.tree import Compare, Implies, IsTrue, Not


def test_stored_rules_are_lists_with_the_operator_first() -> None:
    tree = Implies(Not(IsTrue("ill")), Compare("drug", "=", "5"))
    assert store(tree) == ["implies", ["not", ["is", "ill"]], ["compare", "drug", "=", "5", None]]
    assert restore(store(tree)) == tree


@pytest.mark.parametrize(
    "stored", [[], ["is"], ["maybe", ["is", "a"]], ["nor", ["is", "a"], ["is", "b"]], "is a", None]
)
def test_what_is_no_stored_rule_is_refused(stored: object) -> None:
    with pytest.raises(ValueError, match="not a stored rule"):
        restore(stored)  # type: ignore[arg-type] # on purpose
