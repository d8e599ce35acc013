"""Numbers of options, read so that every one that is wrong is told at once."""

from __future__ import annotations

import math
from argparse import Namespace

from ivigil.documents import Fault
from ivigil.facts import Fact


class Numbers:
    """The numbers that a command was given; what cannot be one stands in ``faults``."""

    def __init__(self, given: Namespace) -> None:
        self.given = given
        self.faults: list[Fault] = []

    def number(self, option: str, *, least: float = 0.0, above: bool = True) -> float | None:
        """The number of ``option`` if it is given: above ``least``, or, where not ``above``, no less than it."""
        text = getattr(self.given, option)
        return None if text is None else self._read(option, text, least, above=above)

    def within(self, option: str, fact: Fact) -> float | None:
        """The number of ``option`` if it is one that a patient can have, by the range of ``fact``."""
        value = self.number(option, above=False)
        if value is None or fact.range is None or float(fact.range.min) <= value <= float(fact.range.max):
            return value
        unit = f" {fact.unit}" if fact.unit else ""
        self._fault(option, f"{value:g}", f"a number from {fact.range.min} to {fact.range.max}{unit}")
        return None

    def whole(self, option: str, *, least: int = 1, most: int | None = None) -> int | None:
        """The whole number of ``option``, no less than ``least`` and no more than ``most``, if it is given."""
        text = getattr(self.given, option)
        if text is None:
            return None
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if value < least:
            self._fault(option, repr(text), f"a whole number, {least} or more")
            return None
        if most is not None and value > most:
            self._fault(option, repr(text), f"a whole number up to {most}")
            return None
        return value

    def several(self, option: str, *, above: bool = True) -> tuple[float, ...]:
        """The numbers of ``option``, all above 0, or, where not ``above``, 0 or more, between commas."""
        text = getattr(self.given, option) or ""
        parts = [part.strip() for part in text.split(",") if part.strip()]
        found = [self._read(option, part, 0.0, above=above) for part in parts]
        return tuple(one for one in found if one is not None)

    def wholes(self, option: str) -> tuple[int, ...]:
        """The whole numbers of ``option``, 1 or more, between commas."""
        found = self.several(option)
        for value in found:
            if not value.is_integer():
                self._fault(option, f"{value:g}", "whole numbers between commas, such as 2,5")
        return tuple(int(value) for value in found if value.is_integer())

    def _read(self, option: str, text: str, least: float, *, above: bool) -> float | None:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if math.isfinite(value) and (value > least if above else value >= least):
            return value
        self._fault(option, repr(text), f"a number {'above' if above else 'not below'} {least:g}")
        return None

    def _fault(self, option: str, found: str, expected: str) -> None:
        fault = Fault(f"--{option.replace('_', '-')}", found, expected)
        # An option may be asked for in two places: it is told of once.
        if fault not in self.faults:
            self.faults.append(fault)
