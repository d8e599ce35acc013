"""Which figures of a report are hidden, so that no small number of patients is shown or can be worked out.

A *cell* is the set of conditions that its rows fulfil (``indication`` is ``cidp``, and ``verdict`` is ``avoid``); the
empty set is everybody. A *line* is a cell that is shown beside the parts that it is the sum of. Hidden is, in turn:

1. every cell of one patient up to the limit;
2. in a line that shows its whole, as many more parts, the smallest first, as it takes that at least two are hidden,
   which together are more patients than the limit; where there are no more, the whole;
3. while any hidden cell is a sum of multiples of shown ones, of whatever table, the smallest shown cell that has rows
   in common with it.

Step 3 is exact linear algebra over the combinations of conditions that occur, so that it holds even for a reader who
knows which combinations do not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Condition = tuple[str, str | None]
Cell = frozenset[Condition]
EVERYBODY: Cell = frozenset()
# Sums of multiples are looked for in whole numbers modulo a prime, the greatest below 2**30: what holds for fractions
# holds there too.
_PRIME = 1_073_741_789
_SPARE = 8
_LEAST = 2  # hidden parts of a line: one alone is the whole less the others


@dataclass(frozen=True)
class Line:
    """A cell and the parts that add up to it, as a table shows them."""

    whole: Cell
    parts: tuple[Cell, ...]


def hidden_cells(
    patients: Mapping[Cell, int], lines: Sequence[Line], atoms: Sequence[Cell], limit: int
) -> frozenset[Cell]:
    """The cells not to be shown, of all in ``patients``, which gives how many each holds.

    ``atoms`` are combinations of conditions that occur; a cell is the sum of those that fulfil all its conditions.
    Fewer atoms than there are may hide more, never less. Cells that no atom fulfils are left to their lines.
    """
    hidden = {cell for cell, count in patients.items() if 0 < count <= limit}
    span = _Spans(patients, atoms)
    while True:
        _complete(hidden, patients, lines, limit)
        more = set(span.giving_away(hidden))
        if not more:
            return frozenset(hidden)
        hidden |= more


def _complete(hidden: set[Cell], patients: Mapping[Cell, int], lines: Sequence[Line], limit: int) -> None:
    """Step 2, until every line is safe."""
    waiting = True
    while waiting:
        waiting = False
        for line in lines:
            one = _next_of(line, hidden, patients, limit)
            if one is not None:
                hidden.add(one)
                waiting = True


def _next_of(line: Line, hidden: set[Cell], patients: Mapping[Cell, int], limit: int) -> Cell | None:
    """What else a line has to hide; nothing where it is safe."""
    parts = [one for one in line.parts if patients.get(one, 0) > 0]
    gone = [one for one in parts if one in hidden]
    if line.whole in hidden:
        return None if gone or not parts else min(parts, key=lambda one: _rank(one, patients))
    if not gone or (len(gone) >= _LEAST and sum(patients[one] for one in gone) > limit):
        return None
    left = [one for one in parts if one not in hidden]
    return min(left, key=lambda one: _rank(one, patients)) if left else line.whole


def _rank(cell: Cell, patients: Mapping[Cell, int]) -> tuple[int, list[tuple[str, str]]]:
    """The order in which cells are hidden: the smallest first, and among equals always the same."""
    return patients[cell], sorted((name, value or "") for name, value in cell)


def enough(atoms: Sequence[Cell]) -> list[Cell]:
    """Some of ``atoms``, in which still every two conditions that occur together do; a bounded number of them."""
    seen: set[Cell] = set()
    kept = []
    for atom in sorted(atoms, key=lambda one: sorted((name, value or "") for name, value in one)):
        pairs = {frozenset((one, two)) for one in atom for two in atom}
        if not pairs <= seen:
            seen |= pairs
            kept.append(atom)
    return kept


class _Spans:
    """The sums of multiples of shown cells."""

    def __init__(self, patients: Mapping[Cell, int], atoms: Sequence[Cell]) -> None:
        self.patients = patients
        held = {cell: frozenset(place for place, atom in enumerate(atoms) if cell <= atom) for cell in patients}
        self.atoms = {cell: places for cell, places in held.items() if places}
        self.number = len(atoms)

    def giving_away(self, hidden: set[Cell]) -> Iterator[Cell]:
        """For each hidden cell that can be worked out: the smallest shown one in the way of working it out."""
        sought = hidden & self.atoms.keys()
        shown = [cell for cell in self.atoms if cell not in hidden] if sought else []
        size = min(self.number, len(shown) + _SPARE)
        weights = [_weights(place, size, whole=size == self.number) for place in range(self.number)]
        basis = _Basis([_vector(self.atoms[cell], weights) for cell in shown])
        for cell in sorted(sought, key=lambda one: _rank(one, self.patients)):
            if basis.holds(_vector(self.atoms[cell], weights)):
                yield self._smallest_beside(cell, hidden)

    def _smallest_beside(self, cell: Cell, hidden: set[Cell]) -> Cell:
        """Any sum that makes up a cell has a part which shares rows with it."""
        shown = (
            one for one, places in self.atoms.items() if one not in hidden and not places.isdisjoint(self.atoms[cell])
        )
        return min(shown, key=lambda one: (not one, *_rank(one, self.patients)))


def _vector(places: frozenset[int], weights: Sequence[list[int]]) -> list[int]:
    """A cell as the sum of its atoms."""
    return [sum(one) % _PRIME for one in zip(*(weights[place] for place in places), strict=True)]


def _weights(place: int, size: int, *, whole: bool) -> list[int]:
    """One atom as a vector: alone where there is room for all, else spread over fewer places than there are atoms.

    Spreading may make vectors look like sums that they are not, which hides more; it never separates equal ones.
    """
    if whole:
        return [int(one == place) for one in range(size)]
    node = int.from_bytes(hashlib.sha256(str(place).encode()).digest()[:8], "big") % _PRIME
    found = [1]
    for _ in range(size - 1):
        found.append(found[-1] * node % _PRIME)
    return found


class _Basis:
    """Vectors reduced so that membership of their span is read off."""

    def __init__(self, vectors: Sequence[list[int]]) -> None:
        self._rows: list[tuple[int, list[int]]] = []
        for vector in vectors:
            left = self._reduced(vector)
            pivot = next((place for place, value in enumerate(left) if value), None)
            if pivot is not None:
                inverse = pow(left[pivot], -1, _PRIME)
                self._rows.append((pivot, [value * inverse % _PRIME for value in left]))

    def holds(self, vector: list[int]) -> bool:
        """Whether ``vector`` is a sum of multiples of the others."""
        return not any(self._reduced(vector))

    def _reduced(self, vector: list[int]) -> list[int]:
        left = vector
        for pivot, row in self._rows:
            if factor := left[pivot]:
                left = [(one - factor * two) % _PRIME for one, two in zip(left, row, strict=True)]
        return left
