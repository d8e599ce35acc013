"""Other programs that solve the FcRn model for many patients, for ``benchmarks/kinetics.py``, which calls this script.

It imports nothing of ivigil, so that any interpreter that has a peer can run it:
``python kinetics_peers.py PEER PROBLEM.npz ANSWER.npz``. The problem is a table ``patients`` (P, 9) of uptake / V1,
Q / V1, Q / V2, receptor, affinity, synthesis, own level and infusion rate (all per L of V1), and V1; ``edges`` are days
between which the infusion is ``on`` or not; ``days`` are read. The answer holds ``levels`` (P, T, 2), of exogenous and
own IgG, and the CPU ``seconds`` of the program without its start: compiling and a first run are left out.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# Chosen for each so that its largest error comes near the 2e-6 that is asked for, and stays below.
TOLERANCES = {"LSODA": 5e-7, "libRoadRunner": 3e-8, "diffrax": 1e-6, "numbalsoda": 5e-7, "heyoka": 1e-5}

STATES = ("exogenous", "exogenous_outside", "own", "own_outside")


class Problem:
    """What is asked of every program."""

    def __init__(self, path: str) -> None:
        with np.load(path) as tables:
            self.patients: Floats = tables["patients"]
            self.edges: Floats = tables["edges"]
            self.on: Floats = tables["on"]
            self.days: Floats = tables["days"]

    def stretches(self) -> list[tuple[float, float, float]]:
        """Begin, end, and 1 while the infusion runs."""
        return [(*ends, float(on)) for ends, on in zip(pairwise(self.edges.tolist()), self.on, strict=True)]

    def read(self, begin: float, end: float) -> NDArray[np.bool_]:
        """Which days are read in a stretch: those after its begin, up to its end."""
        inside: NDArray[np.bool_] = (self.days > begin) & (self.days <= end)
        return inside


def slopes(state: Any, p: Any, on: float, root: Callable[[Any], Any] = sqrt) -> list[Any]:  # noqa: ANN401 - numbers, arrays or expressions
    """How fast the four states change: exogenous IgG in V1 and V2, then the patient's own."""
    exogenous, exogenous_outside, own, own_outside = state
    total = exogenous + own
    half = 0.5 * (total + p[3] + p[4])
    cleared = p[0] * (1.0 - p[3] / (half + root(half * half - p[3] * total)))
    return [
        on * p[7] - cleared * exogenous - p[1] * (exogenous - exogenous_outside),
        p[2] * (exogenous - exogenous_outside),
        p[5] - cleared * own - p[1] * (own - own_outside),
        p[2] * (own - own_outside),
    ]


def by_scipy(problem: Problem, method: str = "LSODA", tolerance: float = TOLERANCES["LSODA"]) -> tuple[Floats, float]:
    """One patient after another, from one change of input to the next, with slopes in Python."""
    solve_ivp = import_module("scipy.integrate").solve_ivp
    levels = np.zeros((len(problem.patients), problem.days.size, 2))
    before = time.process_time()
    for patient, p in zip(levels, problem.patients.tolist(), strict=True):
        state = [0.0, 0.0, p[6], p[6]]
        patient[0] = 0.0, p[6]
        for begin, end, on in problem.stretches():
            inside = problem.read(begin, end)
            when = np.unique([*problem.days[inside], end])
            found = solve_ivp(
                lambda _, y, p=p, on=on: slopes(y.tolist(), p, on),
                (begin, end),
                state,
                method=method,
                t_eval=when,
                rtol=tolerance,
                atol=tolerance,
            ).y
            patient[inside] = found[::2, : inside.sum()].T
            state = found[:, -1]
    return levels, time.process_time() - before


def by_roadrunner(problem: Problem) -> tuple[Floats, float]:
    """The model as SBML with an event at each change of input, its parameters set for each patient."""
    roadrunner = import_module("roadrunner")
    runner = roadrunner.RoadRunner(_sbml(problem))
    runner.integrator.relative_tolerance = TOLERANCES["libRoadRunner"]
    runner.integrator.absolute_tolerance = TOLERANCES["libRoadRunner"]
    runner.selections = ["exogenous", "own"]
    points = problem.days.size

    def one(p: list[float]) -> Any:  # noqa: ANN401 - its own array
        runner.resetToOrigin()  # a plain reset keeps what events have set, and so loses the first dose
        for place, value in enumerate(p[:8]):
            runner[f"p{place}"] = value
        for state, value in zip(
            ("exogenous", "exogenous_outside", "own", "own_outside"), (0, 0, p[6], p[6]), strict=True
        ):
            runner[state] = value
        return runner.simulate(float(problem.days[0]), float(problem.days[-1]), points)

    patients = problem.patients.tolist()
    one(patients[0])
    before = time.process_time()
    levels = np.array([np.array(one(p)) for p in patients])
    return levels, time.process_time() - before


def _sbml(problem: Problem) -> str:
    """The model in SBML L3V2: four parameters with rate rules, and events that switch the infusion."""
    libsbml = import_module("libsbml")
    document = libsbml.SBMLDocument(3, 2)
    model = document.createModel()
    for name in (*STATES, "on", *(f"p{place}" for place in range(8))):
        parameter = model.createParameter()
        parameter.setId(name)
        parameter.setConstant(name[0] == "p")
        parameter.setValue(float(problem.on[0]) if name == "on" else 1.0)
    half = "(0.5 * (exogenous + own + p3 + p4))"
    cleared = f"(p0 * (1 - p3 / ({half} + sqrt({half} * {half} - p3 * (exogenous + own)))))"
    formulas = (
        f"on * p7 - {cleared} * exogenous - p1 * (exogenous - exogenous_outside)",
        "p2 * (exogenous - exogenous_outside)",
        f"p5 - {cleared} * own - p1 * (own - own_outside)",
        "p2 * (own - own_outside)",
    )
    for state, formula in zip(STATES, formulas, strict=True):
        rule = model.createRateRule()
        rule.setVariable(state)
        rule.setMath(libsbml.parseL3Formula(formula))
    for begin, _, on in problem.stretches()[1:]:
        event = model.createEvent()
        event.setUseValuesFromTriggerTime(True)
        trigger = event.createTrigger()
        trigger.setInitialValue(True)
        trigger.setPersistent(True)
        trigger.setMath(libsbml.parseL3Formula(f"time >= {begin!r}"))
        assignment = event.createEventAssignment()
        assignment.setVariable("on")
        assignment.setMath(libsbml.parseL3Formula(repr(on)))
    return str(libsbml.writeSBMLToString(document))


def by_diffrax(problem: Problem) -> tuple[Floats, float]:
    """All patients at once on their own adaptive steps, which stop at each change of input."""
    jax, diffrax = import_module("jax"), import_module("diffrax")
    jax.config.update("jax_enable_x64", True)  # noqa: FBT003 - its own interface
    numbers = jax.numpy
    edges, on = numbers.array(problem.edges), numbers.array(problem.on)

    def change(day: Any, state: Any, p: Any) -> Any:  # noqa: ANN401 - traced arrays
        running = on[numbers.clip(numbers.searchsorted(edges, day, side="right") - 1, 0, on.size - 1)]
        return numbers.stack(slopes(state, p, running, numbers.sqrt))

    def one(p: Any) -> Any:  # noqa: ANN401 - traced arrays
        tolerance = TOLERANCES["diffrax"]
        steps = diffrax.PIDController(rtol=tolerance, atol=tolerance)
        steps = diffrax.ClipStepSizeController(steps, jump_ts=edges[1:-1])
        return diffrax.diffeqsolve(
            diffrax.ODETerm(change),
            diffrax.Tsit5(),
            problem.days[0],
            problem.days[-1],
            0.01,
            numbers.array([0.0, 0.0, p[6], p[6]]),
            p,
            saveat=diffrax.SaveAt(ts=numbers.array(problem.days)),
            stepsize_controller=steps,
            max_steps=100_000,
        ).ys[:, ::2]

    solve = jax.jit(jax.vmap(one))
    patients = numbers.array(problem.patients)
    solve(patients).block_until_ready()
    before = time.process_time()
    levels = np.array(solve(patients).block_until_ready())
    return levels, time.process_time() - before


def by_numbalsoda(problem: Problem) -> tuple[Floats, float]:
    """LSODA called from machine code, one patient after another."""
    numba, numbalsoda = import_module("numba"), import_module("numbalsoda")
    inlined = numba.njit(error_model="numpy")(_slopes_into)

    @numba.cfunc(numbalsoda.lsoda_sig)
    def change(_: Any, u: Any, du: Any, p: Any) -> None:  # noqa: ANN401 - pointers
        inlined(numba.carray(u, 4), numba.carray(du, 4), numba.carray(p, 10))

    address, lsoda, tolerance = change.address, numbalsoda.lsoda, TOLERANCES["numbalsoda"]

    @numba.njit
    def solve(patients: Floats, edges: Floats, on: Floats, days: Floats) -> Floats:
        levels = np.zeros((patients.shape[0], days.size, 2))
        values = np.zeros(10)
        for one in range(patients.shape[0]):
            values[:9] = patients[one]
            state = np.array([0.0, 0.0, values[6], values[6]])
            levels[one, 0, 1] = values[6]
            at = 1
            for stretch in range(on.size):
                values[9] = on[stretch]
                count = 0
                while at + count < days.size and days[at + count] <= edges[stretch + 1]:
                    count += 1
                when = np.empty(count + 2)
                when[0], when[-1] = edges[stretch], edges[stretch + 1]
                when[1:-1] = days[at : at + count]
                extra = count > 0 and when[-2] == when[-1]
                found, _ = lsoda(address, state, when[:-1] if extra else when, values, tolerance, tolerance)
                for place in range(count):
                    levels[one, at + place, 0] = found[1 + place, 0]
                    levels[one, at + place, 1] = found[1 + place, 2]
                at += count
                state = found[-1].copy()
        return levels

    arguments = problem.patients, problem.edges, problem.on, problem.days
    solve(problem.patients[:1], *arguments[1:])
    before = time.process_time()
    levels = solve(*arguments)
    return levels, time.process_time() - before


def _slopes_into(u: Floats, du: Floats, p: Floats) -> None:
    """The slopes for machine code."""
    total = u[0] + u[2]
    half = 0.5 * (total + p[3] + p[4])
    cleared = p[0] * (1.0 - p[3] / (half + np.sqrt(half * half - p[3] * total)))
    du[0] = p[9] * p[7] - cleared * u[0] - p[1] * (u[0] - u[1])
    du[1] = p[2] * (u[0] - u[1])
    du[2] = p[5] - cleared * u[2] - p[1] * (u[2] - u[3])
    du[3] = p[2] * (u[2] - u[3])


def by_heyoka(problem: Problem) -> tuple[Floats, float]:
    """Taylor series compiled for batches of eight patients."""
    heyoka = import_module("heyoka")
    states = heyoka.make_vars(*STATES)
    right = slopes(states, heyoka.par, heyoka.par[8], heyoka.sqrt)
    lanes = 8
    system = heyoka.taylor_adaptive_batch(
        list(zip(states, right, strict=True)),
        np.ones((4, lanes)),
        tol=TOLERANCES["heyoka"],
        pars=np.ones((9, lanes)),
        high_accuracy=False,
        compact_mode=False,
    )
    levels = np.zeros((len(problem.patients), problem.days.size, 2))
    before = time.process_time()
    for first in range(0, len(problem.patients), lanes):
        block = np.ascontiguousarray(problem.patients[first : first + lanes].T)
        system.pars[:8] = block[:8]
        system.state[:] = 0.0
        system.state[2:] = block[6]
        levels[first : first + lanes, 0, 1] = block[6]
        for begin, end, on in problem.stretches():
            system.pars[8] = on
            system.set_time(begin)
            inside = problem.read(begin, end)
            when = np.unique([begin, *problem.days[inside], end])
            grid = np.repeat(when[:, None], lanes, axis=1)
            found = system.propagate_grid(grid)[-1]
            levels[first : first + lanes, inside] = found[np.isin(when, problem.days[inside])][:, ::2].transpose(
                2, 0, 1
            )
    return levels, time.process_time() - before


PEERS: dict[str, Callable[[Problem], tuple[Floats, float]]] = {
    "SciPy LSODA": by_scipy,
    "libRoadRunner": by_roadrunner,
    "diffrax": by_diffrax,
    "numbalsoda": by_numbalsoda,
    "heyoka": by_heyoka,
}


if __name__ == "__main__":
    found, used = PEERS[sys.argv[1]](Problem(sys.argv[2]))
    np.savez(sys.argv[3], levels=found, seconds=used)
