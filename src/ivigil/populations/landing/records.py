"""What was kept of one patient, read by the reader of single records into a case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ivigil.documents import BadInput
from ivigil.facts import Case
from ivigil.facts.gathering import Gathering
from ivigil.facts.readers.bundle import read_resources
from ivigil.facts.readers.fhir_values import Malformed, Resource, origin_of, reference_of
from ivigil.facts.readers.references import Item
from ivigil.facts.readers.vocabulary import Vocabulary
from ivigil.populations.landing.decoding import NotJson
from ivigil.populations.landing.drugs import Drugs
from ivigil.populations.landing.json_lines import parse_line
from ivigil.populations.landing.quarantine import LINE, Quarantined, beginning
from ivigil.populations.landing.relevance import ANSWERS, MAY_ORDER, ORDERS, STUB
from ivigil.populations.landing.sites import site_of
from ivigil.populations.landing.sources import Source
from ivigil.populations.landing.spill import Kept
from ivigil.populations.landing.subjects import named, url_of

_MODIFIER = b"modifierExtension"
# An item of a form that is a request; its text may also be written with escapes.
_REQUEST_ITEM = (b"request_indication", b"\\u")


@dataclass(frozen=True)
class Origin:
    """Where a line stands: its file and its number there, counted from 1."""

    file: str
    line: int


@dataclass(frozen=True)
class Pieces:
    """By piece: the file it is of, and how many lines of the file stand before it."""

    sources: Mapping[int, Source]
    before: Mapping[int, int]

    def place(self, piece: int, line: int) -> Origin:
        """Where a line of a piece stands."""
        return Origin(self.sources[piece].name, self.before[piece] + line)


@dataclass(frozen=True)
class Record:
    """One patient: the case, where each resource stands, and the site of each request that names one."""

    patient: str
    case: Case
    places: Mapping[str, Origin]
    sites: Mapping[str, str | None]


@dataclass
class RecordReader:
    """Reads the records of one part; what cannot be read is added to ``aside``."""

    vocabulary: Vocabulary
    drugs: Drugs
    pieces: Pieces
    aside: list[Quarantined] = field(default_factory=list)

    def may_request(self, one: Kept) -> bool:
        """Whether a resource may be a request."""
        if one.why == ANSWERS:
            return any(part in one.body for part in _REQUEST_ITEM)
        return one.why == ORDERS or (one.why == MAY_ORDER and self._refers_to_immunoglobulin(one))

    def _refers_to_immunoglobulin(self, one: Kept) -> bool:
        try:
            drug = named(one.body).drug
        except NotJson:
            return True
        reference = drug.reference if drug is not None else None
        return isinstance(reference, str) and (
            reference.strip().startswith("#") or bool(self.drugs.find(reference.strip()))
        )

    def read(self, patient: str, kept: Sequence[Kept]) -> Record:
        """The record of a patient. Raises :class:`BadInput` where it cannot be read."""
        items, places = self._items(kept)
        drugs, drug_places = self._items(self._drugs_of(items))
        everything = [*items, *drugs]
        subject = _reference_to(patient, items)
        gathering = Gathering(patient)
        case = read_resources(everything, gathering, self.vocabulary, subject, past_orders=True)
        resources = {one.origin: one.resource for one in everything}
        sites = {one.origin: site_of(one.origin, resources) for one in case.requests}
        return Record(patient, case, drug_places | places, sites)

    def _items(self, kept: Iterable[Kept]) -> tuple[list[Item], dict[str, Origin]]:
        """The resources of lines, with the stubs of other versions of them."""
        items: list[Item] = []
        places: dict[str, Origin] = {}
        for one in kept:
            place = self.pieces.place(one.piece, one.line)
            item = self._item(one, place)
            if item is not None:
                items.append(item)
                if one.why != STUB:
                    places[item.origin] = place
        # A stub tells of a version of what is there; of anything else it says nothing.
        return [item for item in items if item.origin in places], places

    def _item(self, one: Kept, place: Origin) -> Item | None:
        try:
            resource, is_plain = parse_line(one.body, place.file)
        except BadInput as error:
            reason = "; ".join(f"it holds {fault.found}" for fault in error.faults)
            self.aside.append(Quarantined(place.file, place.line, LINE, reason, beginning(one.body)))
            return None
        identity = resource.get("id")
        url = one.url or (url_of(identity) if isinstance(identity, str) else None)
        is_modified = not is_plain or _MODIFIER in one.body
        return Item(origin_of(resource, url), resource, url, may_be_modified=is_modified)

    def _drugs_of(self, items: Iterable[Item]) -> list[Kept]:
        found: dict[int, Kept] = {}
        for item in items:
            reference = _drug_reference(item.resource)
            for one in self.drugs.find(reference) if reference else ():
                found[id(one)] = one
        return list(found.values())


def _drug_reference(resource: Resource) -> str | None:
    try:
        return reference_of(resource, "medicationReference")
    except Malformed:
        return None


def _reference_to(patient: str, items: Sequence[Item]) -> str | None:
    """How the record itself refers to its patient; ``None`` where nothing in it names one."""
    own = sorted({item.origin for item in items if item.kind == "Patient"})
    if own:
        return patient if patient in own else own[0]
    named_so = {reference for item in items for reference in _subjects(item.resource)}
    return min(named_so, key=lambda one: (len(one), one), default=None)


def _subjects(resource: Resource) -> Iterator[str]:
    for field_name in ("subject", "patient"):
        try:
            reference = reference_of(resource, field_name)
        except Malformed:
            continue
        if reference:
            yield reference


def by_patient(kept: Iterable[Kept]) -> dict[str, list[Kept]]:
    """Resources by patient, the patients in order of name."""
    found: dict[str, list[Kept]] = defaultdict(list)
    for one in kept:
        found[one.patient].append(one)
    return {patient: found[patient] for patient in sorted(found)}
