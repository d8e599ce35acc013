"""How every reachable sum of items is made at the least cost, exactly, over whole numbers.

Items are added one after another. Each may be used up to its bound, and has a cost for being used at all and one for
each piece; the best number of pieces for every sum is a sliding-window minimum over the sums of one remainder, so that
a hundred pieces take no longer than two.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# Above any cost of a sum that can be reached.
NEVER = 1 << 200


@dataclass(frozen=True)
class Item:
    """One kind of piece: its size, how many there are, and what using it costs."""

    size: int
    most: int
    first_cost: int
    piece_cost: int

    def cost(self, pieces: int) -> int:
        """What a number of pieces costs."""
        return self.first_cost + pieces * self.piece_cost if pieces else 0


class Sums:
    """The least cost of every sum up to ``reach``, and the pieces that make it."""

    def __init__(self, items: Sequence[Item], reach: int) -> None:
        """Fill one table for each item."""
        self.items = tuple(items)
        self._tables = [[0] + [NEVER] * reach]
        for item in self.items:
            self._tables.append(_with(item, self._tables[-1]))

    def reached(self, total: int) -> bool:
        """Whether the items can make ``total``."""
        return self._tables[-1][total] < NEVER

    def pieces(self, total: int) -> tuple[int, ...]:
        """How many pieces of each item make ``total`` at the least cost; of equal ones, fewer of the later items."""
        return tuple(reversed(list(self._taken(total))))

    def _taken(self, total: int) -> Iterator[int]:
        for place in range(len(self.items), 0, -1):
            item, before, cost = self.items[place - 1], self._tables[place - 1], self._tables[place][total]
            count = next(k for k in range(item.most + 1) if before[total - k * item.size] + item.cost(k) == cost)
            total -= count * item.size
            yield count


def _with(item: Item, before: list[int]) -> list[int]:
    """The table once ``item`` may be used too."""
    after = before[:]
    for start in range(min(item.size, len(before))):
        _along(item, before, after, start)
    return after


def _along(item: Item, before: list[int], after: list[int], start: int) -> None:
    """Fill the sums that leave the remainder ``start``; the window holds (number of pieces less, cost without them)."""
    window: deque[tuple[int, int]] = deque()
    for step, total in enumerate(range(start, len(before), item.size)):
        if window and window[0][0] < step - item.most:
            window.popleft()
        if window:
            after[total] = min(after[total], window[0][1] + step * item.piece_cost + item.first_cost)
        without = before[total] - step * item.piece_cost
        if before[total] < NEVER:
            while window and window[-1][1] >= without:
                window.pop()
            window.append((step, without))
