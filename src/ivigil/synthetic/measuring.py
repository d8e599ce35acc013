"""What is measured: numbers in steps of their last decimal, so that no value depends on how a machine rounds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from ivigil.criteria import ValueClass
from ivigil.facts import Between, Fact
from ivigil.synthetic.draws import Draws
from ivigil.synthetic.figures import Measure, OtherUnit
from ivigil.synthetic.fragments import concept, member, unit_tail
from ivigil.units import UnitError, convert

_SPREADS = 4  # the usual values span so many standard deviations
_FAR = 3  # a class without an end reaches so many times as far as its other end, where nothing usual is known


@dataclass(frozen=True)
class Steps:
    """The values of a class, as whole steps from ``low`` to ``high``."""

    low: int
    high: int


@dataclass(frozen=True)
class Gauge:
    """How a number is drawn and written: ``heads`` are the codes, ``tail`` the unit, ``others`` other units."""

    fact: Fact
    decimals: int
    usual: Steps
    heads: tuple[str, ...]
    tail: str
    others: tuple[tuple[float, int, str], ...]
    too_large: str
    once: bool = False

    def draw(self, draws: Draws) -> int:
        """A usual value in steps."""
        low, high = self.usual.low, self.usual.high
        return max(0, round((low + high) / 2 + (high - low) / _SPREADS * draws.normal()))

    def nearest(self, value: float) -> int:
        """The steps nearest to a value above 0, and never none."""
        scale: int = 10**self.decimals
        return max(1, round(value * scale))

    def text(self, steps: int) -> str:
        """The number that so many steps are."""
        if not self.decimals:
            return str(steps)
        whole, rest = divmod(steps, 10**self.decimals)
        return f"{whole}.{rest:0{self.decimals}d}"

    def steps(self, one: ValueClass) -> Steps:
        """The steps that lie in a class of values: near the usual ones where the class has no end of its own."""
        span = one.span or Between(None, None)
        low, high = self._limits(span)
        scale = Decimal(10) ** self.decimals
        first = int((low * scale).to_integral_value(ROUND_CEILING))
        last = int((high * scale).to_integral_value(ROUND_FLOOR))
        first += span.low_open and span.low is not None and first == span.low * scale
        last -= span.high_open and span.high is not None and last == span.high * scale
        return Steps(first, max(first, last))

    def _limits(self, span: Between) -> tuple[Decimal, Decimal]:
        bounds = self.fact.range
        given_low = span.low if span.low is not None else Decimal(0)
        low, high = given_low, span.high
        scale = 10**self.decimals
        if high is None or (bounds and high == bounds.max):
            high = max(Decimal(self.usual.high) / scale, (low * _FAR) or Decimal(_FAR))
            high = min(high, bounds.max) if bounds else high
        return low, high


def gauge_of(fact: Fact, measure: Measure | None) -> Gauge:
    """How ``fact`` is measured, with the usual values of ``measure`` where they are known."""
    given = measure or Measure(fact.id, decimals=0 if fact.kind == "count" else 1)
    scale = 10**given.decimals
    low, high = (
        int((one if one is not None else Decimal(default)) * scale)
        for one, default in ((given.low, 0), (given.high, _FAR))
    )
    heads = tuple(member("code", concept(None, code)) for code in fact.codes if code.system == "loinc")
    unit = None if fact.unit in {None, "1"} else fact.unit
    return Gauge(
        fact=fact,
        decimals=given.decimals,
        usual=Steps(low, high),
        heads=heads if "Observation" in fact.found_in else (),
        tail=unit_tail(unit),
        others=tuple(_other(fact, one, given.decimals) for one in given.other_units),
        too_large=str(int(fact.range.max) * 10 + 7) if fact.range else "999999",
        once=given.once,
    )


def _other(fact: Fact, other: OtherUnit, decimals: int) -> tuple[float, int, str]:
    """The factor from steps to another unit, the decimals there, and the unit."""
    factor = other.times
    if factor is None:
        try:
            factor = convert(Decimal(1), fact.unit or "1", other.unit)
        except UnitError as error:
            message = f"{fact.id} cannot be written in {other.unit}"
            raise ValueError(message) from error
    digits = decimals + 1 if factor < 1 else max(0, decimals - len(str(int(factor))) + 1)
    return float(factor) / 10**decimals, digits, unit_tail(other.unit)
