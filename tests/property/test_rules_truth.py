"""Laws of the truths of criteria, *not applicable* among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product

import pytest

from ivigil.criteria import Truth, conjunction, disjunction, negation, restricted
from ivigil.criteria.truth import exclusive, implication

Group = Callable[[Iterable[Truth]], Truth]

MET, NOT_MET, UNKNOWN, NOT_APPLICABLE = Truth
GROUPS = pytest.mark.parametrize("group", [conjunction, disjunction], ids=["and", "or"])


@GROUPS
def test_groups_are_associative_and_commutative(group: Group) -> None:
    for one, two, three in product(Truth, repeat=3):
        flat = group([one, two, three])
        assert group([group([one, two]), three]) is flat
        assert group([one, group([two, three])]) is flat
        assert group([two, one, three]) is flat
        assert group([three, two, one]) is flat


@GROUPS
def test_a_member_that_does_not_apply_changes_nothing(group: Group) -> None:
    for truth in Truth:
        assert group([NOT_APPLICABLE, truth]) is truth
        assert group([truth]) is truth
        assert group([truth, truth]) is truth
    assert group([]) is NOT_APPLICABLE


def test_de_morgan() -> None:
    for one, two in product(Truth, repeat=2):
        assert negation(conjunction([one, two])) is disjunction([negation(one), negation(two)])
        assert negation(negation(one)) is one
        assert implication(one, two) is disjunction([negation(one), two])


def test_a_group_with_unknown_members_is_definite_exactly_when_all_fillings_agree() -> None:
    """Of a group it is unknown which members are met; whether they apply is known of rules alone."""
    for one, two in product(Truth, repeat=2):
        for group in (conjunction, disjunction):
            filled = {group([a, b]) for a, b in product(known(one), known(two))}
            assert group([one, two]) is (filled.pop() if len(filled) == 1 else UNKNOWN)


def known(truth: Truth) -> tuple[Truth, ...]:
    return (MET, NOT_MET) if truth is UNKNOWN else (truth,)


def test_xor_and_a_condition_are_definite_exactly_when_all_fillings_agree() -> None:
    for one, two in product((MET, NOT_MET, UNKNOWN), Truth):
        for combine in (exclusive, restricted):
            filled = {combine(a, b) for a, b in product(known(one), known(two))}
            assert combine(one, two) is (filled.pop() if len(filled) == 1 else UNKNOWN)


def test_a_condition_that_is_met_or_not_decides_whether_a_criterion_applies() -> None:
    for truth in Truth:
        assert restricted(MET, truth) is truth
        assert restricted(NOT_MET, truth) is NOT_APPLICABLE


def test_two_conditions_are_one_that_joins_them() -> None:
    for outer, inner, truth in product((MET, NOT_MET, UNKNOWN), (MET, NOT_MET, UNKNOWN), Truth):
        assert restricted(outer, restricted(inner, truth)) is restricted(conjunction([outer, inner]), truth)
