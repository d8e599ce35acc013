"""Hidden figures cannot be worked out: looked for with exact fractions, by other means than those that hide them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivigil.populations.audit import disclosure
from ivigil.populations.audit.disclosure import EVERYBODY, Cell, Line, enough, hidden_cells

Row = tuple[int, str, str, str]  # whose, and three columns
LIMIT = 3
NAMES = ("a", "b", "c")


def rows_drawn() -> st.SearchStrategy[list[Row]]:
    """Cohorts in which some values are rare, some follow from others, and some patients have several rows."""
    value = st.sampled_from("xxxyyz")
    return st.lists(st.tuples(st.integers(0, 25), value, value, st.sampled_from("xy")), min_size=1, max_size=60).map(
        lambda rows: [(who, a, b, f"{c}{a if a == 'z' else ''}") for who, a, b, c in rows]
    )


def atom(row: Row) -> Cell:
    return frozenset(zip(NAMES, row[1:], strict=True))


def shown_tables(rows: Sequence[Row]) -> tuple[dict[Cell, int], list[Line]]:
    """Each column alone, and each two of them with their margins."""
    ones = [[frozenset({(name, value)}) for value in values(rows, place)] for place, name in enumerate(NAMES, 1)]
    lines = [Line(EVERYBODY, tuple(cells)) for cells in ones]
    pairs = []
    for left, right in combinations(ones, 2):
        pairs += [one | two for one in left for two in right]
        lines += [Line(one, tuple(one | two for two in right)) for one in left]
        lines += [Line(two, tuple(one | two for one in left)) for two in right]
    cells = [EVERYBODY, *(cell for cells in ones for cell in cells), *pairs]
    return {cell: patients(cell, rows) for cell in cells if patients(cell, rows)}, lines


def values(rows: Sequence[Row], place: int) -> list[str]:
    return sorted({str(row[place]) for row in rows})


def patients(cell: Cell, rows: Iterable[Row]) -> int:
    return len({row[0] for row in rows if cell <= atom(row)})


def hidden_of(rows: Sequence[Row]) -> tuple[dict[Cell, int], frozenset[Cell]]:
    cells, lines = shown_tables(rows)
    return cells, hidden_cells(cells, lines, enough([atom(row) for row in rows]), LIMIT)


def is_combination(target: list[int], vectors: list[list[int]]) -> bool:
    """Whether fractions of ``vectors`` add up to ``target``."""
    basis: list[tuple[int, list[Fraction]]] = []
    left: list[Fraction] = []
    for vector in [*vectors, target]:
        left = [Fraction(one) for one in vector]
        for pivot, row in basis:
            factor = left[pivot]
            left = [one - factor * two for one, two in zip(left, row, strict=True)]
        pivot = next((place for place, one in enumerate(left) if one), -1)
        if pivot >= 0:
            basis.append((pivot, [one / left[pivot] for one in left]))
    return not any(left)


def vector(cell: Cell, atoms: Sequence[Cell]) -> list[int]:
    return [int(cell <= one) for one in atoms]


@given(rows_drawn())
def test_no_small_number_is_shown(rows: list[Row]) -> None:
    cells, hidden = hidden_of(rows)
    assert {cell for cell, count in cells.items() if count <= LIMIT} <= hidden


@given(rows_drawn())
def test_no_sum_of_multiples_of_shown_figures_is_a_hidden_one(rows: list[Row]) -> None:
    """Rows, requests and grams are such sums over the combinations that occur."""
    cells, hidden = hidden_of(rows)
    atoms = sorted({atom(row) for row in rows}, key=sorted)
    shown = [vector(cell, atoms) for cell in cells if cell not in hidden]
    for cell in hidden:
        assert not is_combination(vector(cell, atoms), shown), sorted(cell)


@given(rows_drawn())
def test_what_a_line_hides_is_at_least_two_parts_of_more_patients_than_the_limit(rows: list[Row]) -> None:
    cells, lines = shown_tables(rows)
    hidden = hidden_cells(cells, lines, enough([atom(row) for row in rows]), LIMIT)
    for line in lines:
        gone = [cell for cell in line.parts if cell in hidden]
        if gone and line.whole not in hidden:
            assert len(gone) >= 2
            assert sum(cells[cell] for cell in gone) > LIMIT


@given(rows_drawn())
def test_nothing_is_hidden_without_need(rows: list[Row]) -> None:
    """A thousand times as many patients of every kind: no number is small."""
    cells, lines = shown_tables(rows)
    many = {cell: count * 1000 for cell, count in cells.items()}
    assert not hidden_cells(many, lines, enough([atom(row) for row in rows]), LIMIT)


@given(rows_drawn(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list[Row], rng: object) -> None:
    mixed = list(rows)
    rng.shuffle(mixed)  # type: ignore[attr-defined]
    assert hidden_of(rows)[1] == hidden_of(mixed)[1]


def test_hiding_small_numbers_alone_would_give_them_away() -> None:
    """The check above finds a leak where there is one: a part alone is hidden, or one column follows from another."""
    rows: list[Row] = [(who, "x", "x", "x") for who in range(20)] + [(30, "z", "y", "xz"), (31, "y", "y", "x")]
    cells, _ = shown_tables(rows)
    small = {cell for cell, count in cells.items() if count <= LIMIT}
    atoms = sorted({atom(row) for row in rows}, key=sorted)
    shown = [vector(cell, atoms) for cell in cells if cell not in small]
    leaks = [cell for cell in small if is_combination(vector(cell, atoms), shown)]
    assert leaks
    assert hidden_of(rows)[1] > small


@given(rows_drawn())
def test_some_combinations_stand_for_all(rows: list[Row]) -> None:
    atoms = [atom(row) for row in rows]
    kept = enough(atoms)
    assert set(kept) <= set(atoms)
    assert pairs_in(kept) == pairs_in(atoms)


def pairs_in(atoms: Sequence[Cell]) -> set[frozenset[tuple[str, str | None]]]:
    return {frozenset(pair) for one in atoms for pair in combinations(sorted(one), 2)}


def test_many_combinations_are_looked_through_in_fewer_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """With more combinations than figures vectors are shortened; what is hidden stays the same."""
    kinds = "rstuvwxyz"
    rows: list[Row] = [(place, a, b, a) for place, (a, b) in enumerate((a, b) for a in kinds for b in kinds * 3)]
    rows += [(1000, "few", "r", "few"), (1001, "few", "s", "few"), (1002, "none", "t", "other")]
    cells = {frozenset({(name, one)}): 0 for place, name in enumerate(NAMES, 1) for one in values(rows, place)}
    counts = {EVERYBODY: len(rows), **{cell: patients(cell, rows) for cell in cells}}
    lines = [Line(EVERYBODY, tuple(cell for cell in cells if name in dict(cell))) for name in NAMES]
    atoms = [atom(row) for row in rows]
    shortened = hidden_cells(counts, lines, atoms, LIMIT)
    monkeypatch.setattr(disclosure, "_SPARE", len(atoms))
    assert shortened == hidden_cells(counts, lines, atoms, LIMIT)
    distinct = sorted(set(atoms), key=sorted)
    shown = [vector(cell, distinct) for cell in counts if cell not in shortened]
    assert len(shown) < len(distinct)
    assert not any(is_combination(vector(cell, distinct), shown) for cell in shortened)
