"""What no dose can be worked out from."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal


class DoseError(ValueError):
    """An amount that cannot be meant; the message says what was found and what was expected."""

    def __init__(self, found: str, expected: str) -> None:
        """Keep both, and say both."""
        self.found, self.expected = found, expected
        super().__init__(f"found {found}; expected {expected}")


def above_zero(value: Decimal, what: str) -> Decimal:
    """``value`` where it is finite and above 0. Raises :class:`DoseError` where it is not."""
    if not value.is_finite() or value <= 0:
        raise DoseError(f"{what} of {value}", "an amount above 0")
    return value


def at_least_zero(value: Decimal, what: str) -> Decimal:
    """``value`` where it is finite and not below 0. Raises :class:`DoseError` where it is not."""
    if not value.is_finite() or value < 0:
        raise DoseError(f"{what} of {value}", "0 or more")
    return value


def all_above_zero(values: Iterable[Decimal], what: str) -> tuple[Decimal, ...]:
    """``values``, of which there is at least one and none is 0 or less. Raises :class:`DoseError`."""
    given = tuple(above_zero(value, what) for value in values)
    if not given:
        raise DoseError(f"no {what}", "at least one")
    return given
