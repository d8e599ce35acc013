"""Random numbers by counting: each made-up patient has a stream, keyed by the seed and their number.

The stream is the output of SHAKE-128 (FIPS 202), a function of its input alone: the same on every machine, in every
process and for every number of patients. Normals are sums of four uniforms (Irwin and Hall): no function is used whose
last digit depends on a mathematical library.
"""

from __future__ import annotations

import hashlib
import struct
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final, Generic, TypeVar

T = TypeVar("T")
WORD: Final = 2**32
_WORDS = 256
_BYTES = 4 * _WORDS
_UNPACK = struct.Struct(f"<{_WORDS}I").unpack
_KEY = struct.Struct("<QQI").pack
_HALF = 2**16 - 1
_SPREAD = 2**16 * (4 / 12) ** 0.5
_MIDDLE = 2 * _HALF
LARGEST_SEED: Final = 2**64 - 1


def limit(share: float) -> int:
    """The number below which a word falls in ``share`` of all draws."""
    return round(share * WORD)


def _words(seed: int, number: int) -> Iterator[int]:
    block = 0
    while True:
        yield from _UNPACK(hashlib.shake_128(_KEY(seed, number, block)).digest(_BYTES))
        block += 1


class Draws:
    """The stream of one patient; ``word`` is the next whole number below 2**32."""

    __slots__ = ("word",)

    def __init__(self, seed: int, number: int) -> None:
        self.word = _words(seed, number).__next__

    def chance(self, below: int) -> bool:
        """Whether the next word falls below ``below``; see :func:`limit`."""
        return self.word() < below

    def below(self, count: int) -> int:
        """A whole number from 0 to ``count - 1``."""
        return self.word() * count >> 32

    def between(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        return low + (self.word() * (high - low + 1) >> 32)

    def pick(self, items: Sequence[T]) -> T:
        """One of ``items``, each as likely as the others."""
        return items[self.word() * len(items) >> 32]

    def normal(self) -> float:
        """A number with mean 0 and standard deviation 1, never beyond 3.5."""
        one, two = self.word(), self.word()
        return ((one >> 16) + (one & _HALF) + (two >> 16) + (two & _HALF) - _MIDDLE) / _SPREAD

    def leaning(self, low: int, mode: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, most often near ``mode``: the mean of it and a uniform draw."""
        return (self.between(low, mode) + self.between(mode, high)) // 2 if self.word() & 1 else self.between(low, high)


class Weighted(Generic[T]):
    """Things drawn by weight; weights that sum to less than ``total`` leave room for nothing (``None``)."""

    __slots__ = ("_ends", "_items")

    def __init__(self, items: Sequence[tuple[T, float]], total: float | None = None) -> None:
        whole = total or sum(weight for _, weight in items)
        sums = accumulate(weight for _, weight in items)
        self._items = [item for item, _ in items]
        self._ends = [limit(one / whole) for one in sums]

    def draw(self, draws: Draws) -> T | None:
        """One of the things, or ``None``."""
        index = bisect_right(self._ends, draws.word())
        return self._items[index] if index < len(self._items) else None

    @property
    def room(self) -> int:
        """The word from which on nothing is drawn."""
        return self._ends[-1]

    def at(self, word: int) -> T:
        """What a word below :attr:`room` stands for."""
        return self._items[bisect_right(self._ends, word)]

    def one(self, draws: Draws) -> T:
        """One of the things, where their weights leave no room."""
        return self._items[min(bisect_right(self._ends, draws.word()), len(self._items) - 1)]
