"""How certain a reaction is by one definition: which of its levels hold, and what could raise it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ivigil.criteria import Truth, conjunction
from ivigil.criteria.truth import truth_of
from ivigil.knowledge.safety_records import CaseLevel, Needed, ReactionDefinition

SignsKnown = Mapping[str, Truth | bool | None]
LevelName = Literal["definitive", "probable", "possible"]
_MOST_CERTAIN_FIRST: tuple[LevelName, ...] = ("definitive", "probable", "possible")


@dataclass(frozen=True)
class LevelFound:
    """A level of certainty, whether it holds, and while it is unknown the signs, or the onset, that could settle it."""

    level: CaseLevel
    truth: Truth
    signs: tuple[str, ...] = ()
    onset: bool = False


@dataclass(frozen=True)
class Certainty:
    """Every level of one definition, the most certain first."""

    definition: ReactionDefinition
    levels: tuple[LevelFound, ...]

    @property
    def highest(self) -> LevelFound | None:
        """The most certain level that holds."""
        return next((one for one in self.levels if one.truth is Truth.MET), None)

    @property
    def could_be(self) -> tuple[LevelFound, ...]:
        """The more certain levels that what is still unknown could bring."""
        above = self.levels if self.highest is None else self.levels[: self.levels.index(self.highest)]
        return tuple(one for one in above if one.truth is Truth.UNKNOWN)


def classify(definition: ReactionDefinition, signs: SignsKnown, onset_hours: Decimal | None) -> Certainty:
    """Which levels of ``definition`` hold for what is known of its signs; a sign left out is unknown."""
    truths = {one.id: _truth(signs.get(one.id)) for one in definition.signs}
    ordered = sorted(definition.levels, key=lambda one: _MOST_CERTAIN_FIRST.index(one.name))
    return Certainty(definition, tuple(_found(one, truths, onset_hours) for one in ordered))


def _found(level: CaseLevel, truths: Mapping[str, Truth], onset_hours: Decimal | None) -> LevelFound:
    onset, counted = _in_time(level, onset_hours), {one: _counted(one, truths) for one in level.needs}
    truth = conjunction((onset, *counted.values()))
    if truth is not Truth.UNKNOWN:
        return LevelFound(level, truth)
    open_ones = (sign for one, found in counted.items() if found is Truth.UNKNOWN for sign in one.of)
    signs = tuple(dict.fromkeys(sign for sign in open_ones if truths[sign] is Truth.UNKNOWN))
    return LevelFound(level, truth, signs, onset is Truth.UNKNOWN)


def _counted(needed: Needed, truths: Mapping[str, Truth]) -> Truth:
    """At least so many: met by those that are there, not met where even the unknown ones would not be enough."""
    among = [truths[sign] for sign in dict.fromkeys(needed.of)]
    there, open_ones = among.count(Truth.MET), among.count(Truth.UNKNOWN)
    if there >= needed.at_least:
        return Truth.MET
    return Truth.UNKNOWN if there + open_ones >= needed.at_least else Truth.NOT_MET


def _in_time(level: CaseLevel, onset_hours: Decimal | None) -> Truth:
    if level.onset_within_hours is None:
        return Truth.MET
    return truth_of(None if onset_hours is None else onset_hours <= level.onset_within_hours)


def _truth(value: Truth | bool | None) -> Truth:  # noqa: FBT001 - three-valued, not a switch
    return value if isinstance(value, Truth) else truth_of(value)
