"""One reading of one set of FHIR resources: who the patient is, where references lead, what has been gathered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ivigil.facts.case import Standing, Statement
from ivigil.facts.definition import Fact
from ivigil.facts.extent import Extent
from ivigil.facts.gathering import Gathering
from ivigil.facts.readers.fhir_values import Resource
from ivigil.facts.readers.vocabulary import Vocabulary
from ivigil.facts.when import When

Item = tuple[str, Resource]  # origin, resource


@dataclass
class Reading:
    """What a resource reader works with."""

    vocabulary: Vocabulary
    gathering: Gathering
    by_reference: Mapping[str, Resource] = field(default_factory=dict)
    patient: str | None = None

    def say(
        self,
        fact: Fact,
        says: Extent | None,
        written: str,
        origin: str,
        when: When | None,
        *,
        preliminary: bool = False,
    ) -> None:
        """Gather one statement about one fact."""
        standing = Standing.PRELIMINARY if preliminary else Standing.FINAL
        self.gathering.statements.append(Statement(fact.id, says, written, origin, when, standing))

    def set_aside(self, origin: str, why: str, what: str | None = None) -> None:
        """Note that a resource was not used."""
        self.gathering.set_aside(what or origin.split("/")[0].split("#")[0], why, origin)

    def resolve(self, reference: str, container: Resource) -> Resource | None:
        """The resource a reference leads to, in this Bundle or inside ``container``."""
        if reference.startswith("#"):
            contained = container.get("contained")
            parts = contained if isinstance(contained, list) else []
            return next((one for one in parts if isinstance(one, dict) and one.get("id") == reference[1:]), None)
        found = self.by_reference.get(reference)
        return found if found is not None else self.by_reference.get("/".join(reference.split("/")[-2:]))


def same_patient(one: str, other: str) -> bool:
    """Whether two references name the same patient, given that one may carry a server's address."""
    return one == other or (one.split("/")[-2:] == other.split("/")[-2:] and "/" in one and "/" in other)
