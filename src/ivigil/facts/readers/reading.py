"""One reading of one set of FHIR resources: who the patient is, where references lead, what has been gathered."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ivigil.facts.case import Standing, Statement
from ivigil.facts.definition import Fact
from ivigil.facts.extent import Extent
from ivigil.facts.gathering import Gathering
from ivigil.facts.readers.fhir_values import Resource, reference_of
from ivigil.facts.readers.references import Item, References, is_absolute, same, without_version
from ivigil.facts.readers.vocabulary import Vocabulary
from ivigil.facts.when import When

_KIND = re.compile(r"[^/# ]*")


@dataclass
class Reading:
    """What a resource reader works with."""

    vocabulary: Vocabulary
    gathering: Gathering
    references: References = field(default_factory=lambda: References(()))
    patient: str | None = None
    patient_read: bool = False
    drafts: frozenset[str] | None = None
    """The origins of the orders being written now, which may be incomplete; ``None`` outside a CDS Hooks call."""
    past_orders: bool = False
    """Whether orders that are over count as requests, as in an audit of what was asked for."""
    _contained: dict[tuple[str, int], dict[str, Resource]] = field(default_factory=dict)

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
        """Note that a resource, or ``what`` in it, was not used."""
        kind = _KIND.match(origin)
        self.gathering.set_aside(what or (kind[0] if kind else origin), why, origin)

    def warn(self, sentence: str) -> None:
        """Note what a reader of the answer has to know."""
        self.gathering.warnings.add(sentence)

    def resolve(self, reference: str, origin: str, container: Resource) -> Item | None:
        """The resource that a reference inside ``container`` leads to, in this record or contained."""
        if not reference.startswith("#"):
            return self.references.find(without_version(reference))
        found = self._contained_in(origin, container).get(reference[1:])
        return Item(f"{origin}{reference}", found) if found is not None else None

    def _contained_in(self, origin: str, container: Resource) -> dict[str, Resource]:
        """The resources inside ``container`` by id, looked through once however many references lead there."""
        key = (origin, id(container))
        if key not in self._contained:
            parts = container.get("contained")
            found = [one for one in parts if isinstance(one, dict)] if isinstance(parts, list) else []
            self._contained[key] = {str(one.get("id")): one for one in reversed(found)}
        return self._contained[key]

    def canonical(self, reference: str, origin: str = "") -> str:
        """The one spelling of a reference: how the resource is cited where it is in the record."""
        if reference.startswith("#"):
            return f"{origin}{reference}"
        found = self.references.find(without_version(reference))
        return found.origin if found else without_version(reference)

    def is_about_patient(self, item: Item) -> bool:
        """Whether a resource names no one, or the patient of the case."""
        named = [reference_of(item.resource, name) for name in ("subject", "patient")]
        return all(self.is_patient(self.canonical(one, item.origin)) for one in named if one)

    def is_patient(self, reference: str) -> bool:
        """Whether a reference in its one spelling names the patient of the case, where that is known."""
        if self.patient is None or reference == self.patient:
            return True
        found = self.references.find(self.patient)
        # A Patient whose server is known is no one of another server.
        return not (found and is_absolute(found.full_url)) and same(reference, self.patient)
