"""Floor 1: the catalogue of facts, and what is known of one case with its dates and origins."""

from ivigil.facts.case import Case, Diagnosis, Reason, Request, Standing, Statement, Unused
from ivigil.facts.catalogue import Catalogue
from ivigil.facts.codes import Coding, coding
from ivigil.facts.definition import Fact
from ivigil.facts.derive import asked_for, derive
from ivigil.facts.extent import Between, Exactly, Extent, OneOf, Period, Value
from ivigil.facts.merge import merged
from ivigil.facts.readers import Vocabulary, read_case
from ivigil.facts.settle import Settled, settle, warnings_of
from ivigil.facts.when import When, on, parse_when

__all__ = [
    "Between",
    "Case",
    "Catalogue",
    "Coding",
    "Diagnosis",
    "Exactly",
    "Extent",
    "Fact",
    "OneOf",
    "Period",
    "Reason",
    "Request",
    "Settled",
    "Standing",
    "Statement",
    "Unused",
    "Value",
    "Vocabulary",
    "When",
    "asked_for",
    "coding",
    "derive",
    "merged",
    "on",
    "parse_when",
    "read_case",
    "settle",
    "warnings_of",
]
