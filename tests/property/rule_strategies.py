"""Strategies that draw rules over a small catalogue and what is known of its facts; and naive answers to compare with.

Everything is small on purpose: thresholds lie on a coarse grid, so that rules name the same one twice, touch the ends
of the plausible range and leave gaps, and a brute force over a few representative values is exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise, product
from typing import get_args

from hypothesis import strategies as st

from ivigil.criteria import Extents, Tree, facts_of
from ivigil.criteria.tree import Binary, Comparator, Compare, Constant, IsTrue, Leaf, Member, Not, Within
from ivigil.facts import Between, Catalogue, Exactly, Extent, Fact, OneOf
from ivigil.facts.definition import Bounds, Option

COMPARATORS: tuple[Comparator, ...] = get_args(Comparator)
BINARIES: tuple[type[Binary], ...] = get_args(Binary)
LOWEST, HIGHEST = Decimal(0), Decimal(3)
RANGE = Bounds(LOWEST, HIGHEST, "a-source")
# Beyond both ends, so that some thresholds separate nothing plausible; halves, so that a count has gaps.
THRESHOLDS = [Decimal(half) / 2 for half in range(-1, 8)]
OPTIONS = ("tried", "failed", "refused", "not-tried")

CATALOGUE = Catalogue(
    {
        fact.id: fact
        for fact in (
            Fact("truth_one", "Truth one", "truth", "group", "?"),
            Fact("truth_two", "Truth two", "truth", "group", "?"),
            Fact("has:a-disease", "A disease", "truth", "group", "?"),
            Fact("weight", "Weight", "quantity", "group", "?", unit="kg", range=RANGE),
            Fact("level", "Level", "quantity", "group", "?", unit="g/L", range=RANGE),
            Fact("share", "Share", "quantity", "group", "?", unit="%", range=RANGE),
            Fact("ratio", "Ratio", "quantity", "group", "?", unit="1", range=RANGE),
            Fact("score", "Score", "count", "group", "?", range=RANGE),
            Fact("treatment", "Treatment", "code", "group", "?", options=tuple(Option(one, one) for one in OPTIONS)),
        )
    }
)


@dataclass(frozen=True)
class Question:
    """A rule and what is known of the facts it speaks of."""

    tree: Tree
    extents: Extents


def facts(kinds: Sequence[str] = ("truth", "quantity", "count", "code")) -> st.SearchStrategy[Fact]:
    return st.sampled_from([fact for fact in CATALOGUE.facts.values() if fact.kind in kinds])


def unit_of(fact: Fact) -> str | None:
    """The unit that the parser gives a leaf of ``fact``."""
    return None if fact.unit == "1" else fact.unit


def constants(fact: Fact) -> st.SearchStrategy[Constant]:
    if fact.kind == "truth":
        return st.booleans()
    return st.sampled_from(OPTIONS) if fact.kind == "code" else st.sampled_from(THRESHOLDS)


@st.composite
def comparisons(draw: st.DrawFn, fact: Fact) -> Compare:
    comparators = COMPARATORS if fact.is_number else ("=", "!=")
    return Compare(fact.id, draw(st.sampled_from(comparators)), draw(constants(fact)), unit_of(fact))


@st.composite
def withins(draw: st.DrawFn, fact: Fact) -> Within:
    low, high = sorted(draw(st.tuples(st.sampled_from(THRESHOLDS), st.sampled_from(THRESHOLDS))))
    return Within(fact.id, low, high, unit_of(fact))


def members(fact: Fact) -> st.SearchStrategy[Member]:
    several = st.lists(constants(fact), min_size=1, max_size=3)
    return several.map(lambda found: Member(fact.id, tuple(found), unit_of(fact)))


def leaves_of(fact: Fact) -> st.SearchStrategy[Leaf]:
    if fact.kind == "truth":
        return st.just(IsTrue(fact.id)) | comparisons(fact) | members(fact)
    return comparisons(fact) | members(fact) | withins(fact) if fact.is_number else comparisons(fact) | members(fact)


@st.composite
def trees(draw: st.DrawFn, most_facts: int = 4, most_leaves: int = 6) -> Tree:
    """A rule over a handful of facts, so that most rules name some fact more than once."""
    number = draw(st.integers(1, most_facts))
    chosen = draw(st.permutations(list(CATALOGUE.facts.values())))[:number]
    return draw(_trees_with(chosen, draw(st.integers(number, most_leaves))))


@st.composite
def _trees_with(draw: st.DrawFn, chosen: Sequence[Fact], leaves: int) -> Tree:
    """A rule with this many leaves about facts among ``chosen``, here and there negated."""
    if leaves == 1:
        tree: Tree = draw(st.sampled_from(chosen).flatmap(leaves_of))
    else:
        left = draw(st.integers(1, leaves - 1))
        sides = (draw(_trees_with(chosen, number)) for number in (left, leaves - left))
        tree = draw(st.sampled_from(BINARIES))(*sides)
    return Not(tree) if draw(st.integers(0, 3)) == 3 else tree  # one in four


def plausible_values(fact: Fact) -> tuple[Constant, ...]:
    """Enough values for every set that the grid of thresholds tells apart: each threshold, and one on either side."""
    if fact.kind == "truth":
        return (True, False)
    if fact.kind == "code":
        return OPTIONS
    inside = [one for one in THRESHOLDS if LOWEST <= one <= HIGHEST]
    if fact.kind == "count":
        return tuple(one for one in inside if one == int(one))
    return tuple(sorted([*inside, *((low + high) / 2 for low, high in pairwise(inside))]))


@st.composite
def spans(draw: st.DrawFn) -> Between:
    low = draw(st.none() | st.sampled_from(THRESHOLDS))
    high = draw(st.none() | st.sampled_from(THRESHOLDS))
    if low is not None and high is not None:
        low, high = min(low, high), max(low, high)
    return Between(low, high, draw(st.booleans()), draw(st.booleans()))


@st.composite
def extents_of(draw: st.DrawFn, fact: Fact) -> Extent | None:
    """Unknown, one value, a span or several codes; always with at least one plausible value."""
    given: st.SearchStrategy[Extent | None] = st.none() | st.sampled_from(plausible_values(fact)).map(Exactly)
    if fact.kind == "code":
        given |= st.frozensets(st.sampled_from(OPTIONS), min_size=1).map(OneOf)
    if fact.is_number:
        given |= spans().filter(lambda span: any(allows(span, value) for value in plausible_values(fact)))
    return draw(given)


@st.composite
def questions(draw: st.DrawFn, most_facts: int = 3) -> Question:
    tree = draw(trees(most_facts=most_facts))
    return Question(tree, {name: draw(extents_of(CATALOGUE[name])) for name in facts_of(tree)})


def allows(extent: Extent | None, value: Constant) -> bool:
    """Whether a fact with this extent may have this value."""
    match extent:
        case Exactly(one):
            return value == one
        case OneOf(several):
            return value in several
        case Between(low, high, low_open, high_open):
            assert isinstance(value, Decimal)
            above = low is None or value > low or (value == low and not low_open)
            below = high is None or value < high or (value == high and not high_open)
            return above and below
    return True


def possible_values(fact: Fact, extent: Extent | None) -> tuple[Constant, ...]:
    return tuple(value for value in plausible_values(fact) if allows(extent, value))


Completion = Mapping[str, Constant]


def completions(names: Sequence[str], extents: Extents) -> Iterator[Completion]:
    """Every way of giving each fact one value that its extent allows."""
    values = [possible_values(CATALOGUE[name], extents.get(name)) for name in names]
    return (dict(zip(names, chosen, strict=True)) for chosen in product(*values))


def answers(question: Question) -> dict[tuple[Constant, ...], bool]:
    """Whether the rule holds under every completion; the values stand in the order of ``facts_of``."""
    names = facts_of(question.tree)
    return {tuple(one.values()): naive(question.tree, one) for one in completions(names, question.extents)}


def naive(tree: Tree, values: Completion) -> bool:
    """Whether a rule holds once every fact has a value, by the plainest reading of each node."""
    name = type(tree).__name__
    if isinstance(tree, Not):
        return not naive(tree.operand, values)
    if isinstance(tree, IsTrue | Compare | Within | Member):
        return naive_leaf(tree, values[tree.fact])
    left, right = naive(tree.left, values), naive(tree.right, values)
    table = {"And": left and right, "Or": left or right, "Xor": left is not right, "Implies": right or not left}
    return table[name]


def naive_leaf(leaf: Leaf, value: Constant) -> bool:
    if isinstance(leaf, IsTrue):
        return bool(value)
    if isinstance(leaf, Member):
        return any(value == one for one in leaf.constants)
    if isinstance(leaf, Within):
        assert isinstance(value, Decimal)
        return leaf.low <= value and not value > leaf.high
    if leaf.comparator in {"=", "!="}:
        return (value == leaf.constant) is (leaf.comparator == "=")
    assert isinstance(value, Decimal)
    assert isinstance(leaf.constant, Decimal)
    sign = (value > leaf.constant) - (value < leaf.constant)
    return sign in {"<": {-1}, "<=": {-1, 0}, ">": {1}, ">=": {0, 1}}[leaf.comparator]


def nodes(tree: Tree) -> Iterator[Tree]:
    """Every node of a rule."""
    yield tree
    if isinstance(tree, Not):
        yield from nodes(tree.operand)
    elif not isinstance(tree, IsTrue | Compare | Within | Member):
        yield from nodes(tree.left)
        yield from nodes(tree.right)
