"""The words of ``ivigil simulate`` and ``ivigil individualise``: whom, what is given, and what is wanted of it."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from ivigil.cli.course_options import add_course
from ivigil.cli.spread_options import add_spread

Add = Callable[[Any, str, str, str], ArgumentParser]


def add_kinetics(commands: Any, add: Add) -> None:  # noqa: ANN401 - argparse names this type privately
    """Add the commands of kinetics to ``commands``; ``add`` makes one command."""
    _simulate(commands, add)
    _individualise(commands, add)
    _predictive_check(commands, add)
    _mechanism(commands, add)


def _simulate(commands: Any, add: Add) -> None:  # noqa: ANN401
    about = "Follow the IgG of one person, or of many like them, under a course."
    made = add(commands, "simulate", "ivigil.cli.simulate:simulate", about)
    _of_person(made)
    add_course(made)
    group = made.add_argument_group("a population; nobody's spread is built in")
    group.add_argument("--population", metavar="N", help="so many people instead of one")
    group.add_argument("--seed", metavar="S", default="1", help="seed of the people drawn (1)")
    group.add_argument("--weight-cv", metavar="PERCENT", help="spread of body weight around --weight")
    add_spread(group)
    group.add_argument("--workers", metavar="N", default="1", help="threads; the answer is the same (1)")
    group.add_argument("--parquet", metavar="OUT", help="write every person as Parquet; goes on where it was stopped")
    about = "an inhibitor holds this share of FcRn from a day on, as 7:0.6; for the recycling model"
    made.add_argument("--occupied", action="append", default=[], metavar="DAY:SHARE", help=about)
    _of_wish(made)
    made.add_argument(
        "--until", metavar="DAY", help="the last day to follow; one interval after the last dose, or 28 days"
    )
    made.add_argument("--sbml", metavar="OUT", help="write the model of this person as SBML")
    made.add_argument("--events-out", metavar="OUT", help="write the course and covariates as a NONMEM-style table")
    _usual(made)


def _individualise(commands: Any, add: Add) -> None:  # noqa: ANN401
    about = "Learn from measured IgG what this person does with immunoglobulin, and which dose reaches a target."
    made = add(commands, "individualise", "ivigil.cli.individualise:individualise", about)
    about = "measured IgG: day or date, igg [g/L], lloq [g/L]; or levels among --events"
    made.add_argument("levels", nargs="?", metavar="LEVELS.csv", help=about)
    _of_person(made)
    add_course(made)
    group = made.add_argument_group("how to learn")
    group.add_argument("--day-0", metavar="DATE", help="the date that day 0 of the doses is, for levels with dates")
    group.add_argument("--prior-weight", metavar="W", default="1", help="1: the model as published; nearer 0: less")
    group.add_argument("--assay-cv", metavar="PERCENT", help="error of the assay in place of the model's residual")
    group.add_argument("--assay-sd", metavar="G/L", help="error of the assay that does not grow with the level")
    add_spread(group)
    group.add_argument("--seed", metavar="S", default="1", help="seed of the draws (1)")
    group.add_argument("--draws", metavar="N", default="4000", help="how many draws (4000)")
    _of_wish(made)
    group = made.add_argument_group("what may be given next")
    group.add_argument("--vials", metavar="G,G,…", help="doses in grams that whole vials make, such as 20,25,30,35,40")
    group.add_argument("--intervals", metavar="D,D,…", help="intervals in days, such as 21,28")
    group.add_argument("--enough", metavar="P", help="the probability that is enough, such as 0.8")
    group.add_argument("--from-day", metavar="DAY", help="the day of the first new dose")
    made.add_argument("--petab", metavar="DIR", help="write the problem of this person as PEtab, for other estimators")
    _usual(made)


def _predictive_check(commands: Any, add: Add) -> None:  # noqa: ANN401
    about = "Simulate the people of a table anew, and see whether a model foretells their levels."
    made = add(commands, "predictive-check", "ivigil.cli.predictive_check:check", about)
    made.add_argument("events", metavar="EVENTS.csv", help="people, doses, levels, covariates: a NONMEM-style table")
    made.add_argument("--model", action="append", default=[], metavar="ID", help="a model: ivigil simulate --models")
    made.add_argument("--indication", metavar="ID", help="the indication; without --model, the model built on it")
    group = made.add_argument_group("how to simulate")
    group.add_argument("--replicates", metavar="N", default="1000", help="how often everybody is simulated (1000)")
    group.add_argument("--seed", metavar="S", default="1", help="seed of the people drawn (1)")
    group.add_argument("--workers", metavar="N", default="1", help="threads; the answer is the same (1)")
    group.add_argument("--assay-cv", metavar="PERCENT", help="error of the assay in place of the model's residual")
    group.add_argument("--assay-sd", metavar="G/L", help="error of the assay that does not grow with the level")
    add_spread(group)
    group = made.add_argument_group("how to compare")
    group.add_argument(
        "--by", choices=("day", "since-dose"), default="day", help="group levels by day, or by days since"
    )
    group.add_argument(
        "--groups", metavar="N", help="so many groups of about as many levels (20 levels each, 8 at most)"
    )
    group.add_argument("--edges", metavar="D,D,…", help="days that part the groups, in place of --groups")
    group.add_argument("--corrected", action="store_true", help="prediction corrected, for doses that differ")
    _usual(made)


def _mechanism(commands: Any, add: Add) -> None:  # noqa: ANN401
    about = "Run the six actions of immunoglobulin as switchable hypotheses, and compare explanations."
    made = add(commands, "mechanism", "ivigil.cli.mechanism:mechanism", about)
    made.add_argument("--hypotheses", action="store_true", help="list the hypotheses: what is on, what is off and why")
    made.add_argument("--weight", metavar="KG", help="body weight")
    made.add_argument("--own", metavar="G/L", help="the person's own IgG before treatment")
    add_course(made)
    made.add_argument("--until", metavar="DAY", default="42", help="the last day to follow (42)")
    group = made.add_argument_group("the disease, steady before treatment")
    group.add_argument("--platelets", metavar="10*9/L", help="platelet count, to follow it")
    group.add_argument("--grip", metavar="KG", help="grip strength, to follow it")
    group = made.add_argument_group("which explanation")
    group.add_argument("--on", action="append", default=[], metavar="ID", help="switch a hypothesis on, its rivals off")
    group.add_argument("--off", action="append", default=[], metavar="ID", help="switch a hypothesis off")
    group.add_argument("--apart", action="store_true", help="each of the six actions alone, and all together")
    group.add_argument("--explanations", action="store_true", help="what ships on, and each rival in its place")
    _usual(made)


def _of_person(made: ArgumentParser) -> None:
    group = made.add_argument_group("the person and the model")
    group.add_argument("--model", action="append", default=[], metavar="ID", help="a model: ivigil simulate --models")
    group.add_argument("--models", action="store_true", help="list the models that are held")
    group.add_argument("--indication", metavar="ID", help="the indication; without --model, the model built on it")
    group.add_argument("--weight", metavar="KG", help="body weight")
    group.add_argument("--lean-body-mass", metavar="KG", help="lean body mass, where the model asks for it")
    group.add_argument("--age", metavar="YEARS", help="age in years")
    group.add_argument("--igm", metavar="G/L", help="IgM, where the model asks for it")
    group.add_argument("--secondary-deficiency", choices=("yes", "no"), help="a secondary antibody deficiency")
    group.add_argument("--own", metavar="G/L", help="the person's own IgG before treatment")


def _of_wish(made: ArgumentParser) -> None:
    group = made.add_argument_group("what is wanted, of the last interval")
    group.add_argument("--trough", metavar="G/L", help="a trough of at least this much IgG")
    group.add_argument("--rise", metavar="G/L", help="a trough at least this much above the person's own IgG")
    group.add_argument("--exposure", metavar="G*D/L", help="an area above the person's own IgG of at least this much")


def _usual(made: ArgumentParser) -> None:
    made.add_argument("--json", action="store_true", help="as JSON")
    made.add_argument("--svg", metavar="OUT", help="write the curve as SVG, and as OUT.narrow.svg for a phone")
    made.add_argument("--html", metavar="OUT", help="write one self-contained page")
    made.add_argument("--knowledge", action="append", default=[], metavar="DIR", help="your own folder to add")
