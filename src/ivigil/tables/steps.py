"""A table that goes through steps: what one adds, the next ones read as columns, and nothing else is carried along."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import narwhals as nw

from ivigil.tables.expressions import Expr, Frame, name_of


def stepped(
    frame: Frame, steps: Sequence[Mapping[str, Expr]], present: Collection[str], wanted: Collection[str]
) -> Frame:
    """The columns ``wanted`` after all ``steps``; ``present`` are those that ``frame`` has, in its order.

    Engines take long over columns that nobody reads, so each step leaves only what those after it need.
    """
    named = [{name_of(name): one for name, one in step.items()} for step in steps]
    left: list[set[str]] = []
    needed = set(wanted)
    for step in reversed(named):
        left.append(needed)
        needed = (needed - step.keys()).union(*(columns_read(one) for one in step.values()))
    there = list(present)
    for step, leave in zip(named, reversed(left), strict=True):
        added = {name: one for name, one in step.items() if name in leave}
        carried = [name for name in there if name in leave and name not in added]
        frame = frame.select(*carried, **added)
        there = [*carried, *added]
    return frame.select(*(name for name in there if name in wanted))


def columns_read(expression: Expr) -> Iterator[str]:
    """The names of the columns that an expression reads."""
    # narwhals has no public way to ask; the engines' own do not know its expressions.
    for node in expression._nodes:  # noqa: SLF001 - see above
        if node.name == "col":
            yield from node.kwargs["names"]
        for one in node.exprs:
            if isinstance(one, nw.Expr):
                yield from columns_read(one)
