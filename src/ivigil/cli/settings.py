"""How a course is given here, read from the options of a command; every fault at once."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation

from ivigil.cli.output import unknown_id
from ivigil.documents import BadInput, Fault
from ivigil.knowledge import Library
from ivigil.review.infusion_plan import Settings

# No pump, day, interval or number of sites lies outside; what does is a slip of the finger.
_LEAST, _MOST = Decimal("0.001"), Decimal(100_000)
_FIRST_YEAR, _LAST_YEAR = 1950, 2200
_REGIONS = ("US", "CA", "EU", "UK", "CH", "AU", "NZ")


def settings(given: Namespace, known: Library) -> Settings:
    """The settings of a plan. Raises :class:`BadInput` listing every option that cannot be meant."""
    reading = _Reading(given, known)
    made = Settings(
        products=tuple(reading.products()),
        region=reading.region(),
        weight_rule=reading.one_of("weight_rule", "weight rule", known.weight_rules),
        protocol=reading.one_of("protocol", "rate protocol", known.rate_protocols),
        start=reading.start(),
        tolerated=given.tolerated,
        pump_ml_per_h=reading.amount("pump"),
        volume_ml_per_day=reading.amount("volume_per_day"),
        sites=reading.count("sites"),
        iv_every_weeks=reading.amount("iv_every_weeks"),
        sc_every_weeks=reading.amount("sc_every_weeks") or Decimal(1),
        sc_product=reading.sc_product(),
    )
    if reading.faults:
        raise BadInput(reading.faults)
    return made


class _Reading:
    def __init__(self, given: Namespace, known: Library) -> None:
        self.given, self.known = given, known
        self.faults: list[Fault] = []

    def products(self) -> Iterator[str]:
        """Each product that is named; a name without its region means every label of it."""
        seen: set[str] = set()
        for name in dict.fromkeys(self.given.product):
            found = [name] if name in self.known.products else sorted(self._labels(name))
            if not found:
                self.faults += unknown_id("product", name, tuple(self.known.products)).faults
            yield from (one for one in found if one not in seen)
            seen.update(found)

    def _labels(self, name: str) -> Iterator[str]:
        region = (self.given.region or "").upper()
        for key, product in self.known.products.items():
            base, _, suffix = key.rpartition("-")
            in_region = not region or region in (product.region, *product.also_regions)
            if base == name and suffix.upper() in _REGIONS and in_region:
                yield key

    def sc_product(self) -> str | None:
        """The one label of the subcutaneous product whose dose is to be replaced."""
        name = self.given.from_product
        if name is None:
            return None
        found = [name] if name in self.known.products else sorted(self._labels(name))
        if not found:
            self.faults += unknown_id("product", name, tuple(self.known.products)).faults
        elif len(found) > 1:
            self.faults.append(Fault("--from-product", name, f"one label: {' or '.join(found)}"))
        elif self.known.products[found[0]].route == "intravenous":
            self.faults.append(Fault("--from-product", f"{found[0]}, given by vein", "a subcutaneous product"))
        if not self.given.product:
            self.faults.append(Fault("--product", "none, with --from-product", "the intravenous product"))
        if self.given.iv_every_weeks is None:
            expected = "how often the intravenous dose is to be given"
            self.faults.append(Fault("--iv-every-weeks", "none, with --from-product", expected))
        return found[0] if len(found) == 1 else None

    def region(self) -> str | None:
        if self.given.region is None:
            return None
        region = str(self.given.region).upper()
        if region not in _REGIONS:
            self.faults.append(Fault("--region", repr(self.given.region), f"one of {', '.join(_REGIONS)}"))
        return region

    def one_of(self, option: str, kind: str, held: Mapping[str, object]) -> str | None:
        name = getattr(self.given, option)
        if name is not None and name not in held:
            self.faults += unknown_id(kind, name, tuple(held)).faults
        return None if name is None else str(name)

    def start(self) -> datetime | None:
        given = self.given.start
        try:
            start = None if given is None else datetime.fromisoformat(given)
        except ValueError:
            self.faults.append(Fault("--start", repr(given), "a time such as 2026-11-23T09:00"))
            return None
        if start is not None and not _FIRST_YEAR <= start.year <= _LAST_YEAR:
            self.faults.append(Fault("--start", repr(given), f"a year from {_FIRST_YEAR} to {_LAST_YEAR}"))
            return None
        return start

    def amount(self, option: str) -> Decimal | None:
        given = getattr(self.given, option)
        if given is None:
            return None
        try:
            value = Decimal(given)
        except InvalidOperation:
            value = Decimal(0)
        if not value.is_finite() or not _LEAST <= value <= _MOST:
            expected = f"a number from {_LEAST} to {_MOST}"
            self.faults.append(Fault(f"--{option.replace('_', '-')}", repr(given), expected))
            return None
        return value

    def count(self, option: str) -> int | None:
        value = self.amount(option)
        if value is not None and value != value.to_integral_value():
            self.faults.append(Fault(f"--{option}", str(value), "a whole number"))
            return None
        return None if value is None else int(value)
