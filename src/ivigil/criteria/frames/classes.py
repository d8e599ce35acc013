"""Which classes of a fact are still open in each row: :meth:`ivigil.criteria.Partition.allowed` as expressions."""

from __future__ import annotations

from ivigil.criteria.frames.columns import FactColumns
from ivigil.criteria.frames.spans import apart
from ivigil.criteria.partition import Partition, ValueClass
from ivigil.tables import Expr, literal
from ivigil.tables.expressions import first_known, has_bit, one_of, possibly, some


def open_classes(part: Partition, columns: FactColumns) -> tuple[Expr, ...]:
    """For each class of ``part``: whether the fact may be in it. Definite in every row, and never false for all."""
    fact = columns.fact(part.fact)
    if fact.is_number:
        return _numbers(part, columns)
    if fact.kind == "truth":
        value = columns.value(part.fact)
        return tuple(possibly(value if one.example is True else ~value) for one in part.classes)
    return tuple(_code(one, part, columns) for one in part.classes)


def _code(one: ValueClass, part: Partition, columns: FactColumns) -> Expr:
    """A code that is no option of the fact tells nothing, and neither do no bits at all."""
    value, options = columns.value(part.fact), columns.options(part.fact)
    known = columns.fact(part.fact).option_ids()
    exact = one_of(value, [option for option in known if option in one.values]) | ~one_of(value, known)
    if options is None:
        return possibly(exact)
    places = [place for place, option in enumerate(known) if option in one.values]
    among = some([has_bit(options, place) for place in places]) | (options == 0)
    return possibly(first_known((exact, among)))


def _numbers(part: Partition, columns: FactColumns) -> tuple[Expr, ...]:
    """A span that meets no class speaks of something implausible, and tells nothing."""
    if len(part.classes) == 1:
        return (literal(value=True),)
    ends = columns.ends(part.fact)
    shut = [literal(value=False) if one.span is None else apart(ends, one.span) for one in part.classes]
    nowhere = ~some([~one for one in shut])
    return tuple(~one | nowhere for one in shut)
