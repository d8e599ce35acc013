"""The ``ivigil`` command.

Exit codes: 0 the question was answered, 2 wrong use or bad input (every fault is listed on standard error).
A command's module is imported when it is called: an answer should not wait for what it does not use.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from ivigil import __version__
from ivigil.cli.evidence_options import add_evidence
from ivigil.cli.kinetics_options import add_kinetics
from ivigil.cli.output import prepare_streams, report
from ivigil.cli.populations_options import add_populations
from ivigil.documents import BadInput

DEFAULT_RULES = "review-2015"
_ABOUT = "Immunoglobulin stewardship: judge a request against graded evidence, with reasons and sources."
_INPUT = "FHIR Bundle or resource, CDS Hooks call, or flat YAML or JSON; - reads standard input"


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(prog="ivigil", description=_ABOUT)
    top.add_argument("--version", action="version", version=f"ivigil {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _review(commands)
    _plans(commands)
    _products(commands)
    _reactions(commands)
    _facts(commands)
    _knowledge(commands)
    add_evidence(commands, _command)
    add_kinetics(commands, _command)
    add_populations(commands, _command)
    _cite(commands)
    return top


Commands = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _command(commands: Commands, name: str, module: str, about: str) -> argparse.ArgumentParser:  # type: ignore[valid-type] # argparse names this type privately
    made: argparse.ArgumentParser = commands.add_parser(name, help=about, description=about)  # type: ignore[attr-defined]
    made.set_defaults(run=module)
    return made


def _review(commands: Commands) -> None:  # type: ignore[valid-type]
    about = "Judge each request in FILE… and say the verdict, its reasons and what is missing."
    made = _command(commands, "review", "ivigil.cli.review:review", about)
    made.add_argument("files", nargs="+", metavar="FILE", help=_INPUT)
    made.add_argument(
        "--rules", default=DEFAULT_RULES, metavar="ID|all", help=f"rule set to judge by ({DEFAULT_RULES})"
    )
    made.add_argument("--today", metavar="DATE", help="judge as of this day, such as 2026-11-20")
    made.add_argument("--json", action="store_true", help="one JSON object per decision, one a line")
    made.add_argument("--html", metavar="OUT", help="write one self-contained HTML page")
    made.add_argument("--svg", metavar="OUT", help="write the first answer as a picture of the terminal")
    made.add_argument("--pdf", metavar="OUT", help="write a bedside sheet of the first infusion that is planned")
    made.add_argument(
        "--with", dest="more", action="append", default=[], metavar="FILE", help="facts to add, such as answers"
    )
    made.add_argument(
        "--knowledge", action="append", default=[], metavar="DIR", help="a folder of your own rules to add"
    )
    made.add_argument("--all", action="store_true", help="show sources and what was not used too")
    _of_plan(made)


def _of_plan(made: argparse.ArgumentParser) -> None:
    """How the course is given here; nothing has a default."""
    group = made.add_argument_group("the plan")
    group.add_argument("--product", action="append", default=[], metavar="ID", help="a product, such as privigen-us")
    group.add_argument("--region", metavar="REGION", help="labels of this region, such as US or EU")
    group.add_argument("--weight-rule", metavar="ID", help="the weight rule to dose by, such as australia-2026")
    group.add_argument("--protocol", metavar="ID", help="a programme's infusion steps, such as newfoundland")
    group.add_argument("--start", metavar="TIME", help="when the first infusion begins, such as 2026-11-23T09:00")
    group.add_argument("--tolerated", action="store_true", help="the product was tolerated before")
    group.add_argument("--pump", metavar="ML/H", help="the fastest rate of the pump in mL/h")
    group.add_argument("--volume-per-day", metavar="ML", help="the most mL in one day")
    group.add_argument("--sites", metavar="N", help="how many sites at a time, for subcutaneous infusion")
    group.add_argument(
        "--iv-every-weeks",
        metavar="N",
        help="the dose is intravenous, every N weeks: convert it for a subcutaneous product",
    )
    group.add_argument("--sc-every-weeks", metavar="N", help="how often the subcutaneous dose is given (1)")
    group.add_argument(
        "--from-product",
        metavar="ID",
        help="the dose is this subcutaneous product's: convert it for an intravenous one every --iv-every-weeks",
    )


def _plans(commands: Commands) -> None:  # type: ignore[valid-type]
    for name, about in (
        ("dose", "Work out a dose under every weight rule, side by side, with vials for a product."),
        ("infuse", "Work out vials and the timetable of an infusion within every cap."),
        ("hazards", "List the hazards of immunoglobulin for one patient, and what to do before, during and after."),
    ):
        made = _command(commands, name, f"ivigil.cli.plan:{name}", about)
        made.add_argument("file", nargs="?", metavar="FILE", help=f"a case to begin with: {_INPUT}")
        _of_patient(made)
        _of_plan(made)
        made.add_argument("--rules", default=DEFAULT_RULES, metavar="ID", help="rule set of --indication's regimens")
        made.add_argument("--today", metavar="DATE", help="as of this day, such as 2026-11-20")
        made.add_argument("--json", action="store_true", help="as JSON")
        made.add_argument("--html", metavar="OUT", help="write one self-contained HTML page")
        made.add_argument("--knowledge", action="append", default=[], metavar="DIR", help="your own folder to add")
        made.add_argument("--all", action="store_true", help="show folded sections too")


def _products(commands: Commands) -> None:  # type: ignore[valid-type]
    about = "List the products whose labels are held, or show one with the source and status of each figure."
    made = _command(commands, "products", "ivigil.cli.products:products", about)
    made.add_argument("id", nargs="?", metavar="ID", help="the product to show")
    made.add_argument("--region", metavar="REGION", help="labels of this region, such as US or EU")
    made.add_argument("--json", action="store_true", help="as JSON")
    made.add_argument("--knowledge", action="append", default=[], metavar="DIR", help="your own folder to add")


def _reactions(commands: Commands) -> None:  # type: ignore[valid-type]
    about = "List and show how reactions are defined, and say what one that came comes to."
    made: argparse.ArgumentParser = commands.add_parser("reactions", help=about, description=about)  # type: ignore[attr-defined]
    inner = made.add_subparsers(title="commands", metavar="COMMAND", required=True)
    about = "List the definitions of reactions, each with its body, its hazard and what it grades."
    listing = _command(inner, "list", "ivigil.cli.reactions:list_all", about)
    about = "Show one definition: what each level needs, its signs as questions, its grades and its source."
    show = _command(inner, "show", "ivigil.cli.reactions:show", about)
    show.add_argument("id", metavar="ID", help="the id of a definition")
    about = "Say how certain, how severe and how likely due to immunoglobulin a reaction is, and what it changes."
    assess = _command(inner, "assess", "ivigil.cli.reactions:assess", about)
    assess.add_argument("file", nargs="?", metavar="FILE", help="a reaction in YAML or JSON; - reads standard input")
    _of_reaction(assess)
    assess.add_argument("--html", metavar="OUT", help="write one self-contained HTML page")
    assess.add_argument("--out", metavar="OUT", help="write the reaction as a file that reads back: .yaml or .json")
    assess.add_argument("--all", action="store_true", help="show folded sections too")
    for one in (listing, show, assess):
        one.add_argument("--json", action="store_true", help="as JSON")
        one.add_argument("--knowledge", action="append", default=[], metavar="DIR", help="your own folder to add")


def _of_reaction(made: argparse.ArgumentParser) -> None:
    """What happened; each option goes before what the file says."""
    group = made.add_argument_group("the reaction")
    group.add_argument("--definition", metavar="ID", help="the definition to record it by: ivigil reactions list")
    group.add_argument("--sign", action="append", default=[], metavar="ID=yes|no|unknown", help="one of its signs")
    group.add_argument("--onset-hours", metavar="H", help="hours until it began, counted as the definition counts")
    group.add_argument("--severity", metavar="DEFINITION:GRADE", help="a grade in the scheme of a definition")
    group.add_argument("--imputability", metavar="DEFINITION:GRADE", help="a grade in the scheme of a definition")
    group.add_argument("--product", metavar="ID", help="the product that was running, such as privigen-us")
    group.add_argument("--lot", metavar="LOT", help="its lot")
    group.add_argument("--rate", metavar="ML/H", help="the rate at onset in mL/h")
    group.add_argument("--volume", metavar="ML", help="the volume given until then in mL")
    answer = "a sign that only another definition of the hazard asks"
    group.add_argument("--answer", action="append", default=[], metavar="DEFINITION.SIGN=yes|no|unknown", help=answer)


def _of_patient(made: argparse.ArgumentParser) -> None:
    group = made.add_argument_group("the patient and the order; a number alone is in the unit named")
    group.add_argument("--weight", metavar="KG", help="body weight, such as 82 or '181 lb'")
    group.add_argument("--height", metavar="CM", help="body height in cm")
    group.add_argument("--sex", metavar="SEX", help="male, female or other")
    group.add_argument("--age", metavar="YEARS", help="age in years")
    group.add_argument("--indication", metavar="ID", help="the indication, for its regimens and licences")
    group.add_argument("--per-kg", metavar="G/KG", help="dose of the whole course in g/kg")
    group.add_argument("--daily-per-kg", metavar="G/KG/D", help="dose of a day in g/kg")
    group.add_argument("--total", metavar="G", help="dose of the whole course in g")
    group.add_argument("--daily", metavar="G/D", help="dose of a day in g")
    group.add_argument("--days", metavar="N", help="on how many days")
    group.add_argument("--route", metavar="ROUTE", help="intravenous or subcutaneous")
    group.add_argument(
        "--fact", action="append", default=[], metavar="ID=VALUE", help="any other fact, such as heart_failure=false"
    )


def _facts(commands: Commands) -> None:  # type: ignore[valid-type]
    made = _command(
        commands, "facts", "ivigil.cli.facts:facts", "List the facts that can be known of a case, or show one."
    )
    made.add_argument("id", nargs="?", metavar="ID", help="the fact to show")
    made.add_argument("--json", action="store_true", help="as JSON")


def _knowledge(commands: Commands) -> None:  # type: ignore[valid-type]
    about = "List, show, check and compile what ivigil knows."
    made: argparse.ArgumentParser = commands.add_parser("knowledge", help=about, description=about)  # type: ignore[attr-defined]
    inner = made.add_subparsers(title="commands", metavar="COMMAND", required=True)
    listing = _command(
        inner, "list", "ivigil.cli.knowledge:list_all", "List every indication with its standing and level."
    )
    listing.add_argument("--json", action="store_true", help="as JSON")
    show = _command(inner, "show", "ivigil.cli.knowledge:show", "Show what each rule set says of one indication.")
    show.add_argument("id", metavar="ID", help="the id of an indication")
    show.add_argument("--json", action="store_true", help="as JSON")
    about = "Check a folder of rules: every file, reference, rule and worked case."
    check = _command(inner, "check", "ivigil.cli.knowledge:check", about)
    check.add_argument("path", nargs="?", metavar="PATH", help="a folder of your own; without it, ivigil's knowledge")
    about = "Write the compiled form and the JSON Schemas of ivigil's own knowledge (for those who change it)."
    _command(inner, "compile", "ivigil.cli.knowledge:compile_all", about)


def _cite(commands: Commands) -> None:  # type: ignore[valid-type]
    made = _command(commands, "cite", "ivigil.cli.sources:cite", "Cite a source, and say how far it was read.")
    made.add_argument("id", metavar="ID", help="the id of a source, as answers name it")
    made.add_argument("--json", action="store_true", help="as JSON")


def run(arguments: Sequence[str]) -> int:
    """Run the command line; the answer is its exit code. Wrong use raises :class:`SystemExit` with code 2."""
    given = parser().parse_args(arguments)
    module, function = given.run.split(":")
    try:
        return int(getattr(import_module(module), function)(given))
    except BadInput as error:
        report(error)
        return 2


def main() -> None:
    """The ``ivigil`` command."""
    prepare_streams()
    try:
        code = run(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of a pipe went away (ivigil … | head): nothing is left to say, and nothing to flush at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
