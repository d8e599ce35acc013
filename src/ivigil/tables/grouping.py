"""Counting and adding up over the rows of a table: groups, joins and windows that every engine answers alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import narwhals as nw

from ivigil.tables.expressions import Expr, Frame, certainly


def grouped(frame: Frame, by: Sequence[str], **answers: Expr) -> Frame:
    """One row for each combination of values of ``by`` there is, an unknown value counting as one; in no order.

    With nothing in ``by``: one row for the whole table.
    """
    found: Frame = frame.select(**answers) if not by else frame.group_by(*by).agg(**answers)
    return found


def rows() -> Expr:
    """How many rows there are."""
    return nw.len()


def distinct(name: str) -> Expr:
    """How many different values a column has that is never empty."""
    return nw.col(name).n_unique()


def total(numbers: Expr) -> Expr:
    """The sum of the known ones among whole numbers, of 64 bits as they are; 0 where none is known."""
    return numbers.sum().fill_null(0).cast(nw.Int64)


def how_many(truths: Expr) -> Expr:
    """For how many rows a truth is known to hold."""
    return total(certainly(truths).cast(nw.Int64))


def least(values: Expr) -> Expr:
    """The smallest of the known values."""
    return values.min()


def greatest(values: Expr) -> Expr:
    """The greatest of the known values."""
    return values.max()


def within(answer: Expr, *by: str) -> Expr:
    """An answer about all rows that share the values of ``by``, in each of them."""
    return answer.over(*by)


def combinations(frame: Frame, names: Sequence[str]) -> Frame:
    """The combinations of values there are in some columns; in no order."""
    found: Frame = frame.select(*names).unique()
    return found


def those(frame: Frame, condition: Expr) -> Frame:
    """The rows for which ``condition`` is known to hold."""
    found: Frame = frame.filter(certainly(condition))
    return found


def joined(left: Frame, right: Frame, on: Sequence[str]) -> Frame:
    """Each row of ``left`` with each row of ``right`` that has the same, known values in ``on``."""
    found: Frame = left.join(right, on=list(on), how="inner")
    return found


def renamed(frame: Frame, names: Mapping[str, str]) -> Frame:
    """``frame`` with columns called otherwise: old name to new."""
    found: Frame = frame.rename(dict(names))
    return found


def whole(number: Expr) -> Expr:
    """A number from zero on, rounded to a whole one, halves upwards; unknown where it is."""
    # Engines round halves apart, and some round where others cut off when a number becomes a whole one.
    return ((number + 0.5) // 1).cast(nw.Int64)


def whole_of(text: Expr) -> Expr:
    """The whole number that a text of digits spells."""
    return text.cast(nw.Int64)


def part(text: Expr, start: int, length: int | None = None) -> Expr:
    """A part of a text: ``length`` characters from ``start`` on, counted from 0."""
    return text.str.slice(start, length)


def spelled(number: Expr) -> Expr:
    """A whole number as text."""
    return number.cast(nw.String)


def whole_truth(truth: Expr) -> Expr:
    """A definite truth as 1 or 0."""
    return truth.cast(nw.Int64)


def joined_where_there(left: Frame, right: Frame, on: Sequence[str]) -> Frame:
    """Each row of ``left`` with what ``right`` has for it in other columns, which is unknown where it has nothing."""
    found: Frame = left.join(right, on=list(on), how="left")
    return found


def ordered(frame: Frame, by: str) -> Frame:
    """``frame`` in order of a column that is never empty."""
    return frame.sort(by)


def place_within(name: str, *by: str) -> Expr:
    """Counted from 1: the place of each row among those that share the values of ``by``, in order of ``name``."""
    return nw.col(name).rank("ordinal").over(*by)
