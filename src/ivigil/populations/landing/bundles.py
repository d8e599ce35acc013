"""A Bundle's entries: which may matter, and whose each is; a Bundle of many patients is divided between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from ivigil.documents import BadInput, Fault
from ivigil.facts.readers.bundle import BUNDLE_TYPES, WRITES
from ivigil.facts.readers.references import without_version
from ivigil.populations.landing.decoding import NotJson, Unexpected
from ivigil.populations.landing.gunzip import DamagedError, unpacked
from ivigil.populations.landing.peek import Bundle, Entry, bundle_of, kind_of_line, peek
from ivigil.populations.landing.relevance import MAY_ORDER, ORDERS, SHARED, SPEAKS, Relevance, why_unread
from ivigil.populations.landing.sources import Source
from ivigil.populations.landing.subjects import named, spelled

# A record of a whole life has some megabytes.
LARGEST_BUNDLE = 512 * 1024 * 1024


@dataclass(frozen=True)
class Found:
    """One entry: its number from 1, whose it is, why it is kept (``None``: no bearing) or set aside, and its bytes.

    ``name`` is that of a Patient; ``shared`` is a drug that every patient's orders may refer to, and ``again`` that it
    was already given to another.
    """

    number: int
    body: bytes
    url: str | None = None
    why: str | None = None
    aside: str | None = None
    patient: str | None = None
    subject: str | None = None
    name: str | None = None
    shared: bool = False
    again: bool = False


def read_bundle(source: Source, relevance: Relevance) -> list[Found]:
    """The entries of a Bundle. Raises :class:`BadInput` where a file is none that is read."""
    content = _content(source)
    try:
        bundle = bundle_of(content)
    except Unexpected as error:
        raise _no_bundle(source, f"a Bundle that is malformed ({error})") from None
    except NotJson as error:
        raise _no_bundle(source, f"text that is not JSON ({error})") from None
    found = [_found(number, one, relevance) for number, one in enumerate(_entries(bundle, content, source), 1)]
    return list(_shared_out(found, source))


def _content(source: Source) -> bytes:
    with source.path.open("rb") as file:
        pieces, size = [], 0
        try:
            for piece in unpacked(file) if source.packed else iter(lambda: file.read(1 << 20), b""):
                pieces.append(piece)
                size += len(piece)
                if size > LARGEST_BUNDLE:
                    raise _no_bundle(source, f"a file of more than {LARGEST_BUNDLE} bytes")
        except DamagedError as error:
            raise _no_bundle(source, f"damage: {error}") from None
    return b"".join(pieces).removeprefix(b"\xef\xbb\xbf")


def _no_bundle(source: Source, found: str) -> BadInput:
    return BadInput([Fault(source.name, found, "a FHIR Bundle", "Export the file again.")])


def _entries(bundle: Bundle, content: bytes, source: Source) -> Sequence[Entry | None]:
    if not isinstance(bundle.kind, str):
        raise _no_bundle(source, "no FHIR resource")
    if bundle.kind != "Bundle":
        return (Entry(resource=msgspec.Raw(content)),)
    if bundle.type not in BUNDLE_TYPES:
        raise _no_bundle(source, f"a Bundle of type {str(bundle.type)[:40]!r}")
    return bundle.entry or ()


def _found(number: int, entry: Entry | None, relevance: Relevance) -> Found:
    body = bytes(entry.resource) if entry is not None else b""
    url = entry.full_url if entry is not None and isinstance(entry.full_url, str) and entry.full_url else None
    plain = Found(number, body, url)
    if not body:
        return replace(plain, aside="the entry holds no resource")
    method = entry.request.get("method") if entry is not None and isinstance(entry.request, dict) else None
    if entry is not None and isinstance(entry.request, dict) and method not in WRITES:
        return replace(plain, aside="the transaction does not write it")
    return _looked_at(plain, relevance)


def _looked_at(plain: Found, relevance: Relevance) -> Found:
    try:
        seen = peek(plain.body)
        kind: object = seen.kind
        why = relevance.why(seen)
    except Unexpected:
        kind = _kind(plain.body)
        why = why_unread(kind)
    if not isinstance(kind, str) or not kind:
        return replace(plain, aside="it is no FHIR resource")
    # Here a drug stands in the record itself, so that every order that refers to one is looked at.
    return _named(replace(plain, why={SHARED: SPEAKS, MAY_ORDER: ORDERS}.get(why or "", why)), kind)


def _kind(body: bytes) -> object:
    try:
        return kind_of_line(body).kind
    except Unexpected:
        return None


def _named(found: Found, kind: str) -> Found:
    """``found`` with whom it names, and, of a Patient, the name by which others refer to it."""
    try:
        seen = named(found.body)
    except Unexpected:
        return found
    identity = seen.id if isinstance(seen.id, str) and seen.id else None
    if kind == "Patient":
        return replace(found, name=f"Patient/{identity}" if identity else found.url)
    written = [one.reference for one in (seen.subject, seen.patient) if one is not None]
    subject = next((one.strip() for one in written if isinstance(one, str) and one.strip()), None)
    return replace(found, subject=subject, shared=kind == "Medication")


@dataclass(frozen=True)
class _People:
    """Who is in a Bundle: the spelling of each name, and whose the entries are that name no one."""

    names: Mapping[str, str]
    nobodys: str | None

    def of(self, found: Found) -> str | None:
        reference = found.name or found.subject
        return self.nobodys if reference is None else _known(reference, self.names)


def _known(reference: str, names: Mapping[str, str]) -> str:
    plain = without_version(reference)
    return names.get(plain) or names.get(spelled(plain)) or spelled(plain)


def _people(found: Sequence[Found], source: Source) -> _People:
    """As the reader of a single record decides: whom the orders are for, else who has a Patient, else who is named."""
    names: dict[str, str] = {}
    for one in found:
        if one.name is not None:
            key = spelled(one.name)
            names |= {name: key for name in (one.name, key, one.url) if name}
    asked = {_known(one.subject, names) for one in found if one.subject and one.why == ORDERS}
    subjects = {_known(one.subject, names) for one in found if one.subject}
    for choice in (asked, set(names.values()), subjects):
        if choice:
            return _People(names, choice.pop() if len(choice) == 1 else None)
    return _People(names, source.name)


def _shared_out(found: Sequence[Found], source: Source) -> Iterator[Found]:
    """Each entry with its patient; a drug that others refer to is given to each of them."""
    people = _people(found, source)
    owners = {people.of(one) for one in found if one.aside is None and not one.shared}
    everyone = sorted(owner for owner in owners if owner is not None)
    for one in found:
        if one.aside is not None or one.why is None:
            yield one
        elif one.shared:
            each = enumerate(everyone or [source.name])
            yield from (replace(one, patient=patient, again=place > 0) for place, patient in each)
        elif (patient := people.of(one)) is None:
            yield replace(one, aside="it names no patient")
        else:
            yield replace(one, patient=patient)
