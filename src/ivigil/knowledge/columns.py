"""The columns of the verdict table, as facts that its rules may speak of."""

from __future__ import annotations

from types import MappingProxyType

from ivigil.facts import Catalogue, Fact
from ivigil.facts.definition import Option

# What the rules of knowledge/data/policy/verdicts.yaml may name. "qualifying" is how the appraisal's criteria come out.
STANDINGS = (
    "first-line",
    "recommended",
    "limited-evidence",
    "not-recommended",
    "harmful",
    "outside-rule-set",
    "unlisted",
)
SCOPES = ("whole", "excerpt")
QUALIFYING = ("met", "not-met", "not-applicable", "none-stated")
ASKED = ("indication", "nothing")
PHASES = ("initial", "continuing")
RESPONSES = ("adequate", "not-adequate")


def _column(name: str, label: str, values: tuple[str, ...]) -> Fact:
    options = tuple(Option(value, value.replace("-", " ")) for value in values)
    return Fact(name, label, "code", "decision", label, options=options)


COLUMNS = Catalogue(
    MappingProxyType(
        {
            "asked": _column("asked", "What is asked for", ASKED),
            "scope": _column("scope", "Whether the rule set holds all its body says, or an excerpt", SCOPES),
            "standing": _column("standing", "Standing of the indication in the rule set", STANDINGS),
            "qualifying": _column("qualifying", "Qualifying criteria", QUALIFYING),
            "phase": _column("phase", "First or continuing request", PHASES),
            "response": _column("response", "Response to earlier immunoglobulin", RESPONSES),
        }
    )
)
