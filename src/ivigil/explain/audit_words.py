"""The words of an audit's report: how its columns, and the values in them, are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ivigil.explain.words import STANDINGS, VERDICTS, capitalised
from ivigil.knowledge import Library
from ivigil.populations.audit.columns import HIGH_USE, REVIEWED_BY
from ivigil.populations.audit.doses import DOSE
from ivigil.populations.audit.judging import OTHER
from ivigil.populations.verdicts import MISSING

HIDDEN = "not shown"
_TRUTHS = {"true": "yes", "false": "no"}
_OF_REQUEST = "request_indication"
_OF_DIAGNOSIS = "established"
_WORDS: Mapping[str, Mapping[str, str]] = {
    "standing": STANDINGS,
    "verdict": VERDICTS,
    "dose_check": {"not-stated": "no regimen to compare with"},
}
# What an empty cell of a column means.
_EMPTY = {
    "site": "site not recorded",
    "month": "month not recorded",
    "evidence_level": "no level",
    "request_phase": "not recorded",
}
_COLUMNS = {
    "indication": "indication",
    "standing": "standing",
    "evidence_level": "level of evidence",
    "verdict": "verdict",
    "site": "site",
    "month": "month",
    "request_phase": "phase",
    "dose_check": "dose against the regimens",
    "at_risk": "at risk",
    "review": "response to earlier treatment",
    "moved": "another verdict",
    f"{OTHER}verdict": "verdict under the second rule set",
}


def column_words(name: str) -> str:
    """How a column is called at the head of a table."""
    return _COLUMNS.get(name, name)


def value_label(name: str, value: str | None, library: Library) -> str:
    """How a value of a column is called in a table."""
    if name == "indication":
        return indication_label(value, library)
    if value is None:
        return _EMPTY.get(name, "unknown")
    return _WORDS.get(name.removeprefix(OTHER), _TRUTHS).get(value, value)


def indication_label(value: str | None, library: Library) -> str:
    """The name of an indication; what the request asks for may have none."""
    if value is None:
        return "No indication named"
    known = library.indications.get(value)
    return capitalised(known.name if known else value)


def fact_label(name: str, library: Library) -> str:
    """What a ``missing:`` column asks for."""
    fact = name.removeprefix(MISSING)
    own = {_OF_REQUEST: "The indication asked for", _OF_DIAGNOSIS: "Whether the diagnosis is established"}
    return own.get(fact) or library.askable[fact].label


def subject_label(name: str, library: Library) -> str:
    """What a column of a group of columns is about: a weight rule, a hazard, a rule set or a flag."""
    start, _, rest = name.partition(":")
    known: Mapping[str, Callable[[], str]] = {
        DOSE: lambda: f"{library.weight_rules[rest].title} ({library.weight_rules[rest].programme})",
        "hazard:": lambda: library.hazards[rest].name,
        "unprepared:": lambda: library.hazards[rest].name,
        REVIEWED_BY: lambda: library.rule_sets[rest].head.title,
        HIGH_USE: lambda: library.audits.high_use[rest].title,
    }
    return known[f"{start}:"]() if rest and f"{start}:" in known else column_words(name)


def number_words(value: int | None) -> str:
    """A count with its thousands apart; what is hidden says so."""
    return HIDDEN if value is None else f"{value:,}".replace(",", "\u202f")


def grams_words(milligrams: int | None) -> str:
    """Milligrams as grams, to a tenth where they are not whole."""
    if milligrams is None:
        return HIDDEN
    tenths = (milligrams + 50) // 100
    whole, rest = divmod(tenths, 10)
    return number_words(whole) + (f".{rest}" if rest else "")
