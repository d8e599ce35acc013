"""The options that say what is given. What they come to is :mod:`ivigil.cli.courses`, which only the commands load."""

from __future__ import annotations

from argparse import ArgumentParser

ROUTES = ("intravenous", "subcutaneous", "facilitated-subcutaneous")


def add_course(made: ArgumentParser) -> None:
    """The options of a course."""
    group = made.add_argument_group("what is given")
    group.add_argument("--events", metavar="CSV", help="doses, levels and covariates as a NONMEM-style table")
    group.add_argument("--dose", metavar="G", help="grams of each dose")
    group.add_argument("--per-kg", metavar="G/KG", help="grams of each dose per kg of body weight")
    group.add_argument("--every", metavar="DAYS", help="days between doses; with --count")
    group.add_argument("--count", metavar="N", help="how many doses; without --every one a day")
    group.add_argument("--route", choices=ROUTES, help="how they are given (intravenous)")
    group.add_argument("--hours", metavar="H", help="how long each runs; without it, at once")
    group.add_argument("--concentration", metavar="G/L", help="of the product; with --rate in place of --hours")
    group.add_argument("--rate", metavar="ML/H", help="of the infusion; with --concentration")
    group.add_argument("--loading", metavar="G,G,…", help="grams on the first days, one dose a day, before the others")
    group.add_argument("--miss", metavar="N,N,…", help="doses that are missed, counted from 1")
    group.add_argument("--shift", action="append", default=[], metavar="N:DAYS", help="dose N so many days later")
    group.add_argument("--switch-day", metavar="DAY", help="from this day on another dose, interval or route")
    group.add_argument("--switch-dose", metavar="G", help="grams of each dose from then on")
    group.add_argument("--switch-every", metavar="DAYS", help="days between them")
    group.add_argument("--switch-count", metavar="N", help="how many")
    about = "how they are given (as before); by another route than before, each at once"
    group.add_argument("--switch-route", choices=ROUTES, help=about)
