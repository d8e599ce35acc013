"""The grams asked for against what the recommended regimens come to by each weight rule, and what would be saved."""

from __future__ import annotations

from collections.abc import Collection

from ivigil.knowledge import Library, Rounding
from ivigil.populations.audit.columns import OF_REQUEST
from ivigil.populations.planning import GRAMS, HIGH_G, LOW_G, WEIGHT_STATE
from ivigil.tables import Expr, Frame, column, kinds_of, literal
from ivigil.tables.expressions import certainly, first_known, joined_text, where
from ivigil.tables.grouping import whole

DOSE, SAVED = "dose:", "saved_milligrams:"
ABOVE, WITHIN, BELOW, NO_GRAMS, NO_REGIMEN = "above", "within", "below", "grams unknown", "no regimen in grams"
_CERTAIN = "certain"
_PER_GRAM = 1000


def dose_columns(there: Collection[str]) -> tuple[str, ...]:
    """The columns that compare doses, one for each weight rule that a table knows."""
    return tuple(name for name in there if name.startswith(DOSE))


def with_doses(frame: Frame, library: Library, rounding: Rounding) -> Frame:
    """``frame`` with the grams asked for compared, by each weight rule that it has weights of.

    A difference of less than one step of ``rounding`` is none, because doses are given in whole vials.
    """
    there = kinds_of(frame)
    rules = [one for one in library.weight_rules if WEIGHT_STATE + one in there]
    step = float(rounding.step_g)
    compared = {DOSE + one: _compared(one, step) for one in rules}
    return frame.with_columns(**compared).with_columns(**{SAVED + one: _saved(one) for one in rules})


def _compared(rule: str, step: float) -> Expr:
    asked, low, high = column(GRAMS), column(LOW_G + rule), column(HIGH_G + rule)
    state = column(WEIGHT_STATE + rule)
    return first_known(
        [
            where(asked.is_null(), literal(NO_GRAMS)),
            where(certainly(state != _CERTAIN), joined_text([literal("weight"), state], " ")),
            where(low.is_null() | high.is_null(), literal(NO_REGIMEN)),
            where(certainly(asked - high >= step), literal(ABOVE)),
            where(certainly(low - asked >= step), literal(BELOW)),
            literal(WITHIN),
        ]
    )


def _saved(rule: str) -> Expr:
    """The share of the milligrams above the highest regimen, of a dose that is above it."""
    above = column(GRAMS) - column(HIGH_G + rule)
    return where(certainly(column(DOSE + rule) == ABOVE), whole(above * _PER_GRAM / column(OF_REQUEST)))
