"""Virtual populations: people drawn by number, worked in blocks, so that a million take no more memory than one block.

A person's numbers follow from the seed and the person's place alone. Blocks may be worked in any order, by any number
of workers, and in any size: the answer is the same to the bit.
"""

from __future__ import annotations

import hashlib
import math
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

import numpy as np

from ivigil.documents import BadInput, Fault, canonical_json
from ivigil.kinetics.doses import Course
from ivigil.kinetics.draws import FloatArray, numbered, refuse_seed
from ivigil.kinetics.individuals import CovariateTable
from ivigil.kinetics.variability import Variability, drawn

# What a key stands for; a change of what a block holds, or of how it is drawn, counts it up.
_LAYOUT = 1
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Asked:
    """What a population asks of a model: the course, the days (T,) to read, and the cycle whose area is wanted."""

    course: Course
    days: FloatArray
    judged: tuple[float, float]
    per_kg: bool


class Found(NamedTuple):
    """IgG above the person's own baseline (P, T) and that baseline (P,), NaN where there is none, both in g/L.

    The area (P,) in g·day/L is above the baseline, over the judged cycle.
    """

    given: FloatArray
    own: FloatArray
    area: FloatArray


class Kinetics(Protocol):
    """A model as a population asks it: how people differ, and their levels."""

    @property
    def variability(self) -> Variability: ...

    def levels(self, covariates: CovariateTable, etas: Mapping[str, FloatArray], asked: Asked) -> Found:
        """The levels of people (P,)."""

    def outside(self, covariates: CovariateTable) -> FloatArray:
        """1 for each person (P,) outside what the model was built on, else 0."""

    def described(self) -> Any:  # noqa: ANN401 - any JSON value
        """Everything that the answer depends on, as JSON."""


class People(Protocol):
    """Where the covariates of people come from."""

    def rows(self, seed: int, first: int, count: int) -> CovariateTable:
        """The covariates of the people ``first`` to ``first + count - 1``."""

    def described(self) -> Any:  # noqa: ANN401 - any JSON value
        """Everything that the answer depends on, as JSON."""


@dataclass(frozen=True)
class Population:
    """So many people under one model and one course.

    Levels are kept on ``days``; the cycle ``judged`` from its first day to its last gives trough, rise and area. With
    ``per_kg`` the course's grams are per kilogram of body weight. Raises :class:`BadInput` for numbers that cannot be,
    and for a table of too few people.
    """

    kinetics: Kinetics
    people: People
    course: Course
    count: int
    seed: int
    judged: tuple[float, float]
    days: tuple[float, ...] = ()
    per_kg: bool = False
    block: int = 10_000

    def __post_init__(self) -> None:
        refuse_seed(self.seed)
        faults = [
            Fault(name, str(value), "1 or more")
            for name, value in (("count", self.count), ("block", self.block))
            if value < 1
        ]
        low, high = self.judged
        if not (math.isfinite(low) and math.isfinite(high) and low < high):
            faults.append(Fault("judged", f"{low:g} to {high:g}", "a first day before a last one"))
        faults += [Fault("days", str(day), "a finite day") for day in self.days if not math.isfinite(day)]
        faults += [
            Fault("days", f"{one:g}, then {other:g}", "rising days")
            for one, other in pairwise(self.days)
            if not one < other
        ]
        if faults:
            raise BadInput(faults)
        # A table that ends too early is told before anything is worked.
        self.people.rows(self.seed, self.count - 1, 1)

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return -(-self.count // self.block)

    @cached_property
    def key(self) -> str:
        """A digest of everything that the answer depends on."""
        held = {
            "layout": _LAYOUT,
            "kinetics": self.kinetics.described(),
            "people": self.people.described(),
            "doses": [[dose.at_day, dose.grams, dose.route, dose.hours] for dose in self.course.doses],
            "numbers": [self.count, self.seed, self.block, self.per_kg, *self.judged],
            "days": list(self.days),
            "names": list(self.kinetics.variability.names),
            "factor": self.kinetics.variability.factor.tolist(),
        }
        return hashlib.sha256(canonical_json(held).encode()).hexdigest()


@dataclass(frozen=True)
class Block:
    """Some people: the first one's number, covariates, etas (P, E), levels (P, T), and what the judged cycle gave.

    Arrays (P,): ``own`` g/L, the baseline; ``trough`` g/L, the level of all IgG at the cycle's end, before a dose;
    ``rise`` g/L, that level above the baseline; ``area`` g·day/L, above the baseline over the cycle; ``outside`` 1
    where the model was not built on such a person, else 0.
    Without a baseline, levels are of the given IgG and the trough is NaN.
    """

    first: int
    covariates: CovariateTable
    etas: FloatArray
    levels: FloatArray
    own: FloatArray
    trough: FloatArray
    rise: FloatArray
    area: FloatArray
    outside: FloatArray


def block_of(population: Population, place: int) -> Block:
    """One block, whatever was worked before it."""
    first = place * population.block
    count = min(population.block, population.count - first)
    kinetics = population.kinetics
    covariates = population.people.rows(population.seed, first, count)
    etas = drawn(kinetics.variability, population.seed, numbered(first, count))
    end = np.nextafter(population.judged[1], -math.inf)
    days = np.array([*population.days, end], dtype=np.float64)
    asked = Asked(population.course, days, population.judged, population.per_kg)
    given, own, area = kinetics.levels(covariates, kinetics.variability.named(etas), asked)
    rise = given[:, -1].copy()
    shown = given[:, :-1] + np.where(np.isnan(own), 0.0, own)[:, None]
    return Block(first, covariates, etas, shown, own, rise + own, rise, area, kinetics.outside(covariates))


def blocks_of(
    population: Population, *, workers: int = 1, progress: Progress | None = None, places: range | None = None
) -> Iterator[Block]:
    """Blocks in order, those of ``places`` where given; ``progress`` is told how many people of all are done.

    No more than two blocks a worker are held at any time.
    """
    if workers < 1:
        raise BadInput([Fault("workers", str(workers), "1 or more")])
    wanted = range(population.blocks) if places is None else places
    for block in _in_order(population, wanted, workers):
        if progress:
            progress(min(block.first + population.block, population.count), population.count)
        yield block


def _in_order(population: Population, places: range, workers: int) -> Iterator[Block]:
    if workers == 1:
        yield from (block_of(population, place) for place in places)
        return
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[Block]] = deque()
        for place in places:
            waiting.append(pool.submit(block_of, population, place))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
