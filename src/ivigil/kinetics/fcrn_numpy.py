"""The FcRn model solved with numpy, for any number of patients at once: the engine that is always there."""

from __future__ import annotations

import numpy as np

from ivigil.kinetics.fcrn_problem import FloatArray, Kind, Patients, Tables, Timetable
from ivigil.kinetics.fcrn_step import (
    Five,
    Four,
    Numbers,
    Six,
    absorbed,
    at_end,
    at_fifth,
    at_fourth,
    at_second,
    at_sixth,
    at_third,
    followed,
    gathered,
    slopes,
    weighted,
)

ABREAST = 2048  # so many patients' arrays stay in a processor's cache between operations


def solve_numpy(timetable: Timetable, patients: Patients, kind: Kind, tables: Tables) -> None:
    """Fill ``tables``, block after block. No patient's answer depends on who stands beside."""
    count = patients.traits.shape[1]
    for first in range(0, count, ABREAST):
        some = slice(first, min(first + ABREAST, count))
        block = Patients(*(table[..., some] if table.size else table for table in patients))
        _Block(timetable, block, kind).run(Tables(*(table[..., some] for table in tables)))


class _Block:
    """Patients on their way through a timetable."""

    def __init__(self, timetable: Timetable, patients: Patients, kind: Kind) -> None:
        self.timetable, self.patients, self.kind = timetable, patients, kind
        none = np.zeros_like(patients.traits[0])
        self.state = (none, none, patients.own[0], patients.own[0])
        self.depot = none
        self.own = [(one, one) for one in patients.own[1:]]
        self.gone = [none for _ in patients.own]

    def run(self, tables: Tables) -> None:
        table = self.timetable
        for node in range(table.lengths.size + 1):
            if table.given[node] >= 0:
                self._give(int(table.given[node]))
            if table.read[node] >= 0:
                self._read(tables, int(table.read[node]))
            if node < table.lengths.size:
                self._advance(node)

    def _give(self, row: int) -> None:
        exogenous, *rest = self.state
        self.state = (exogenous + self.patients.given[row], rest[0], rest[1], rest[2])
        if self.kind.depot:
            self.depot = self.depot + self.patients.depot_given[row]

    def _advance(self, step: int) -> None:
        table, patients = self.timetable, self.patients
        weights = weighted(float(table.lengths[step]))
        free = tuple(float(one) for one in table.free[step])
        inflow = patients.inflow[table.inflow[step]]
        synthesis = patients.synthesis[table.synthesis[step]]
        traits = patients.traits
        inflows = (inflow, inflow, inflow, inflow, inflow, inflow)
        if self.kind.depot:
            into = patients.depot_inflow[table.inflow[step]]
            self.depot, taken = absorbed(self.depot, into, patients.absorption, weights)
            a, b, c, d, e, f = taken
            inflows = (inflow + a, inflow + b, inflow + c, inflow + d, inflow + e, inflow + f)
        by_trait = (traits[0], traits[1], traits[2], traits[3], traits[4])
        self.state, gone, rates = _advance(self.state, inflows, synthesis[0], by_trait, (weights, free))
        if self.kind.followed:
            self.gone[0] = self.gone[0] + gone
            for index, one in enumerate(self.own):
                self.own[index], gone = followed(one, synthesis[1 + index], rates, (traits[1], traits[2]), weights)
                self.gone[1 + index] = self.gone[1 + index] + gone

    def _read(self, tables: Tables, row: int) -> None:
        level = tables.level[row]
        level[0] = self.state[0]
        for index, share in enumerate(self.patients.shares):
            level[1 + index] = self.own[index][0] if self.kind.followed else share * self.state[2]
        if len(tables.body):
            central, outside = self.patients.volumes
            tables.body[row, 0] = _held(self.state[0], self.state[1], central, outside) + self.depot * central
            for index, (level_one, outside_one) in enumerate(self.own):
                tables.body[row, 1 + index] = _held(level_one, outside_one, central, outside)
            for index, gone in enumerate(self.gone):
                tables.cleared[row, index] = gone * central


def _held(level: FloatArray, outside: FloatArray, central_l: FloatArray, peripheral_l: FloatArray) -> FloatArray:
    return level * central_l + outside * peripheral_l


def _advance(
    state: Four[FloatArray],
    inflow: Six[FloatArray],
    synthesis: FloatArray,
    traits: Five[FloatArray],
    step: tuple[Numbers, Numbers],
) -> tuple[Four[FloatArray], FloatArray, Six[FloatArray]]:
    """The state one step on, the exogenous IgG cleared in it (g/L of V1), and the clearance rate at each stage."""
    w, free = step
    a, rate_a = slopes(state, inflow[0], synthesis, traits, free[0])
    b, rate_b = slopes(at_second(state, w, a), inflow[1], synthesis, traits, free[1])
    at_c = at_third(state, w, a, b)
    c, rate_c = slopes(at_c, inflow[2], synthesis, traits, free[2])
    at_d = at_fourth(state, w, (a, b, c))
    d, rate_d = slopes(at_d, inflow[3], synthesis, traits, free[3])
    at_e = at_fifth(state, w, (a, b, c, d))
    e, rate_e = slopes(at_e, inflow[4], synthesis, traits, free[4])
    at_f = at_sixth(state, w, (a, b, c, d, e))
    f, rate_f = slopes(at_f, inflow[5], synthesis, traits, free[5])
    gone = (rate_a * state[0], rate_c * at_c[0], rate_d * at_d[0], rate_e * at_e[0], rate_f * at_f[0])
    rates = (rate_a, rate_b, rate_c, rate_d, rate_e, rate_f)
    return at_end(state, w, (a, c, d, e, f)), gathered(w, gone), rates
