"""Made-up people: sex, age, height and weight, which go together."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

from ivigil.synthetic.draws import Draws, limit
from ivigil.synthetic.figures import Curve, Group, People

YEAR: Final = 365.25
_OLDEST = 110


class Size:
    """A size by age in whole years, looked up; each person lies so many standard deviations from it all their life."""

    __slots__ = ("at", "lean", "spread")

    def __init__(self, curve: Curve) -> None:
        ages = [float(point[0]) for point in curve.at]
        sizes = [float(point[1]) for point in curve.at]
        self.at = [_between(ages, sizes, age) for age in range(_OLDEST + 1)]
        self.spread = float(curve.spread_percent) / 100
        self.lean = float(curve.lean_percent) / 100

    def of(self, age: int, apart: float) -> float:
        """The size of a person ``apart`` standard deviations from the middle."""
        return self.at[min(age, _OLDEST)] * (1 + self.spread * apart + self.lean * apart * apart)


def _between(ages: list[float], sizes: list[float], age: float) -> float:
    index = bisect_right(ages, age)
    if index in {0, len(ages)}:
        return sizes[min(index, len(ages) - 1)]
    share = (age - ages[index - 1]) / (ages[index] - ages[index - 1])
    return sizes[index - 1] + share * (sizes[index] - sizes[index - 1])


@dataclass(frozen=True)
class Person:
    """Sex, day of birth (proleptic ordinal), and how far height and body mass index lie from the middle."""

    sex: str
    born: int
    tall: float
    heavy: float


class Bodies:
    """Draws people, and says how large they are on a day."""

    def __init__(self, people: People) -> None:
        self._heights = {sex: Size(curve) for sex, curve in people.heights.items()}
        self._mass = Size(people.body_mass_index)
        self._groups = {group.id: group for group in people.groups}
        self._women = {group.id: limit(float(group.women or people.women)) for group in people.groups}

    def draw(self, draws: Draws, group_id: str, day: int) -> Person:
        """A person of a group of ages, on ``day``."""
        group: Group = self._groups[group_id]
        low, mode, high = group.ages
        age = draws.leaning(low, mode, high)
        sex = "female" if draws.chance(self._women[group_id]) else "male"
        born = day - int(age * YEAR) - draws.below(365 if high else 20)
        return Person(sex, born, draws.normal(), draws.normal())

    def height_cm(self, person: Person, day: int) -> float:
        """The height on a day."""
        return self._heights[person.sex].of(int((day - person.born) / YEAR), person.tall)

    def weight_kg(self, person: Person, day: int) -> float:
        """The weight on a day."""
        metres = self.height_cm(person, day) / 100
        return self._mass.of(int((day - person.born) / YEAR), person.heavy) * metres * metres
