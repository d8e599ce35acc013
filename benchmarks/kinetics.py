"""How fast the FcRn model is solved for many patients: ivigil's engines and other programs, measured in one run.

Run ``python benchmarks/kinetics.py`` from a set-up checkout. Drawn patients get an infusion of four hours every four
weeks for a year, and their levels are read every day: 366 readings. Every program gets the same equations, of exogenous
and of the patient's own IgG; ivigil writes an autoantibody besides. Times are CPU seconds of the solving, all threads
together; starting, compiling and a first run are left out. Errors are the largest over all readings of the first
patients, relative to DOP853 at 1e-12, at the tolerance that ``kinetics_peers.py`` gives each program.

libRoadRunner and SciPy come with the development set-up. diffrax, numbalsoda and heyoka are measured in the interpreter
that ``IVIGIL_PEERS`` names, where that has them: ``pip install diffrax jax numbalsoda heyoka`` into a new environment.
The arithmetic limit is what a loop of nothing but roots and quotients takes for as many as the engine's steps need.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from kinetics_peers import PEERS, Floats, Problem, by_scipy
from rich.console import Console
from rich.table import Table

from ivigil.documents import parse_yaml
from ivigil.documents.schemas import check
from ivigil.kinetics.doses import every
from ivigil.kinetics.fcrn import FcRnPopulation, clearance, parameters_of
from ivigil.kinetics.fcrn_tables import Given, acting_of
from ivigil.kinetics.fineness import fineness_of, grids_of
from ivigil.kinetics.schedule import schedule_of
from ivigil.kinetics.solving import Engine, Solved, solve
from ivigil.knowledge import data_folder
from ivigil.knowledge.kinetic_records import FcRnModel

DAYS = np.arange(0.0, 366.0)
HOURS, WEEKS, GRAMS_PER_KG = 4.0, 4.0, 0.4
COURSE = every(GRAMS_PER_KG, WEEKS * 7, 13, hours=HOURS)
SEED, CHUNK, CHUNKS = 20261123, 16_384, 6
BY_NUMPY, CHECKED, BEST_OF = 4_096, 24, 3
BY_PEERS = {"SciPy LSODA": 24, "libRoadRunner": 200, "diffrax": 512, "numbalsoda": 1_024, "heyoka": 1_024}
LEAST_G_PER_L = 0.01  # levels below are compared with this one


@dataclass(frozen=True)
class Row:
    """One line of the table: patient-years per CPU second, the largest relative error, and what there is to say."""

    name: str
    a_second: float
    error: float | None
    says: str = ""


def people_of(count: int) -> tuple[FcRnPopulation, Floats]:
    """The first of some drawn patients about the model's typical one, and their weights in kg."""
    rng = np.random.default_rng(SEED)
    name = "fcrn-models/competition-70kg.yaml"
    data, place = parse_yaml((data_folder() / name).read_bytes(), name)
    typical = parameters_of(check(FcRnModel, data, place))

    def spread(value: float, cv: float) -> Floats:
        return np.asarray(value * np.exp(cv * rng.standard_normal(CHUNK)))[:count]

    people = FcRnPopulation(
        central_l=spread(typical.central_l, 0.2),
        peripheral_l=spread(typical.peripheral_l, 0.2),
        between_l_per_day=spread(typical.between_l_per_day, 0.3),
        uptake_l_per_day=spread(typical.uptake_l_per_day, 0.3),
        receptor_g_per_l=spread(typical.receptor_g_per_l, 0.1),
        affinity_g_per_l=spread(typical.affinity_g_per_l, 0.1),
        absorption_per_day=None,
        bioavailable={},
        endogenous_g_per_l=rng.uniform(2.0, 12.0, CHUNK)[:count],
        own_shares={"autoantibody": np.full(count, 0.01)},
    )
    return people, spread(70.0, 0.2)


def steps_of(people: FcRnPopulation, weights: Floats) -> float:
    """The mean of the steps that the grids of these patients have."""
    given = Given(COURSE, weights)
    grids = grids_of(people, given)
    acting = acting_of(people)
    steps = {
        int(grid): schedule_of(
            COURSE, acting, DAYS, fineness=fineness_of(int(grid)), alike=given.alike
        ).timetable.lengths
        for grid in np.unique(grids)
    }
    return float(np.mean([steps[int(grid)].size for grid in grids]))


def problem_of(people: FcRnPopulation, weights: Floats, path: str) -> Problem:
    """The same for the other programs, written to a file."""
    volume = people.central_l
    made = clearance(people.endogenous_g_per_l, people) / volume * people.endogenous_g_per_l
    columns = (
        people.uptake_l_per_day / volume,
        people.between_l_per_day / volume,
        people.between_l_per_day / people.peripheral_l,
        *(people.receptor_g_per_l, people.affinity_g_per_l, made, people.endogenous_g_per_l),
        GRAMS_PER_KG * weights / (HOURS / 24) / volume,
        volume,
    )
    turns = [day for dose in COURSE.doses for day in (dose.at_day, dose.ends_at_day)]
    on = [1.0 - place % 2 for place in range(len(turns))]
    np.savez(path, patients=np.stack(columns, axis=1), edges=[*turns, DAYS[-1]], on=on, days=DAYS)
    return Problem(path)


def largest_error(levels: Floats, true: Floats) -> float:
    """Of exogenous and own IgG, (patients, days, 2)."""
    return float(np.max(np.abs(levels - true[: len(levels)]) / np.maximum(np.abs(true[: len(levels)]), LEAST_G_PER_L)))


def own_levels(found: Solved, count: int) -> Floats:
    """Exogenous and all own IgG of the first patients, as the other programs have them."""
    levels = found.g_per_l[:count]
    return np.stack([levels[:, :, 0], levels[:, :, 1:].sum(axis=2)], axis=2)


def ours(engine: Engine, true: Floats, says: str) -> Row:
    """An engine over chunks of drawn patients that work in the same memory; the best of some turns."""
    size = CHUNK if engine == "numba" else BY_NUMPY
    people, weights = people_of(size)
    found = solve(people, COURSE, DAYS, times=weights, engine=engine)
    error = largest_error(own_levels(found, CHECKED), true)
    seconds = []
    for _ in range(BEST_OF):
        before = time.process_time()
        for _ in range(CHUNKS if engine == "numba" else 1):
            found = solve(people, COURSE, DAYS, times=weights, engine=engine, into=found)
        seconds.append(time.process_time() - before)
    count = size * (CHUNKS if engine == "numba" else 1)
    return Row(
        f"ivigil, {engine}{says}", count / min(seconds), error, f"{steps_of(people, weights):.0f} steps on average"
    )


def by_threads(threads: int, true_path: str) -> Row:
    """The numba engine in a process of its own with so many threads."""
    command = [sys.executable, __file__, "--ours", true_path, str(threads)]
    # A thread that has nothing to do sleeps, so that its waiting is no CPU time.
    environment = {**os.environ, "NUMBA_NUM_THREADS": str(threads), "OMP_WAIT_POLICY": "passive"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)  # noqa: S603 - this script
    name, a_second, error, says = done.stdout.strip().splitlines()[-1].split("|")
    return Row(name, float(a_second), float(error), says)


def arithmetic_limit(steps: float) -> Row:
    """Patient-years a CPU second if a stage were one root and one quotient."""
    from numba import njit  # noqa: PLC0415 - an extra

    @njit(error_model="numpy")  # type: ignore[misc]
    def pairs(values: Floats, turns: int) -> None:
        for _ in range(turns):
            for place in range(values.size):
                values[place] = 1.0 / (1.0 + np.sqrt(values[place]))

    values, turns = np.ones(256), 40_000
    pairs(values, 1)
    seconds = []
    for _ in range(10):
        before = time.process_time()
        pairs(values, turns)
        seconds.append(time.process_time() - before)
    a_second = values.size * turns / min(seconds)
    says = f"{a_second / 1e9:.2f}e9 roots with quotients a second, on one thread"
    return Row("arithmetic limit", a_second / (6 * steps), None, says)


def by_peer(name: str, problem: Problem, folder: str, true: Floats) -> Row | str:
    """A row of a peer, or why there is none."""
    given, answer = f"{folder}/{name}.npz", f"{folder}/{name}-answer.npz"
    patients = problem.patients[: BY_PEERS[name]]
    np.savez(given, patients=patients, edges=problem.edges, on=problem.on, days=problem.days)
    here = {"SciPy LSODA", "libRoadRunner"}
    interpreter = sys.executable if name in here else os.environ.get("IVIGIL_PEERS", sys.executable)
    command = [interpreter, str(Path(__file__).with_name("kinetics_peers.py")), name, given, answer]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - this folder's script
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        return f"{name} is left out: {last}"
    with np.load(answer) as found:
        error = largest_error(found["levels"][:CHECKED], true)
        return Row(name, len(patients) / float(found["seconds"]), error)


def shown(rows: list[Row], console: Console) -> None:
    """The table, with how many times slower than the first each is."""
    table = Table("", "patient-years per CPU second", "ivigil is faster by", "largest relative error", "")
    first = rows[0].a_second
    for row in rows:
        error = "" if row.error is None else f"{row.error:.1e}"
        table.add_row(row.name, f"{row.a_second:,.0f}", f"{first / row.a_second:,.2f}", error, row.says)
    console.print(table)


def main() -> None:
    """Measure everything that is installed, and print the table."""
    console = Console(width=140)
    with tempfile.TemporaryDirectory() as folder:
        people, weights = people_of(CHUNK)
        problem = problem_of(people, weights, f"{folder}/problem.npz")
        few = Problem(f"{folder}/problem.npz")
        few.patients = problem.patients[:CHECKED]
        console.print("DOP853 at 1e-12 …")
        true, _ = by_scipy(few, "DOP853", 1e-12)
        np.save(f"{folder}/true.npy", true)
        rows = [by_threads(threads, f"{folder}/true.npy") for threads in (1, 2)]
        steps = float(rows[0].says.split()[0])
        rows += [ours("numpy", true, ""), arithmetic_limit(steps)]
        for name in PEERS:
            console.print(f"{name} …")
            found = by_peer(name, problem, folder, true)
            if isinstance(found, Row):
                rows.append(found)
            else:
                console.print(found)
    shown(rows, console)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--ours"]:
        row = ours("numba", np.load(sys.argv[2]), ", one thread" if sys.argv[3] == "1" else f", {sys.argv[3]} threads")
        print(f"{row.name}|{row.a_second}|{row.error}|{row.says}")
    else:
        main()
