"""CDS Hooks 2.0 calls (order-select, order-sign) into one case: the drafts ask, the prefetch is the record."""

from __future__ import annotations

from ivigil.documents import BadInput, Fault
from ivigil.facts.case import Case
from ivigil.facts.gathering import Gathering
from ivigil.facts.readers.bundle import bundle_items, read_resources
from ivigil.facts.readers.fhir_values import Resource, kind_of, origin_of
from ivigil.facts.readers.references import Item
from ivigil.facts.readers.vocabulary import Vocabulary

# https://cds-hooks.hl7.org/2.0/ and the hook library's order-select and order-sign
_HOOKS = ("order-select", "order-sign")


def read_call(call: Resource, name: str, vocabulary: Vocabulary) -> Case:
    """The case of a CDS Hooks call. Raises :class:`BadInput` with every fault of its frame."""
    context = call.get("context")
    faults = _frame_faults(call, name)
    if faults or not isinstance(context, dict):
        raise BadInput(faults)
    gathering = Gathering(name)
    drafts = bundle_items({"type": "collection", **context["draftOrders"]}, f"{name}, context.draftOrders", gathering)
    wanted = _selected(call, context, drafts, gathering)
    record = _prefetched(call.get("prefetch") or {}, name, gathering)
    patient = context.get("patientId")
    subject = f"Patient/{patient.removeprefix('Patient/')}" if isinstance(patient, str) and patient else None
    origins = frozenset(item.origin for item in wanted)
    # What the prefetch says of a draft is how it was last saved, not how it is written now.
    items = [*wanted, *(item for item in record if item.origin not in origins)]
    return read_resources(items, gathering, vocabulary, subject, origins)


def _frame_faults(call: Resource, name: str) -> list[Fault]:
    faults = []
    if call.get("hook") not in _HOOKS:
        faults.append(
            Fault(f"{name}, hook", repr(call.get("hook"))[:60], " or ".join(_HOOKS), "Other hooks hold no order.")
        )
    context = call.get("context")
    if not isinstance(context, dict):
        faults.append(Fault(f"{name}, context", kind_of(context), "an object"))
    elif not isinstance(context.get("draftOrders"), dict):
        faults.append(Fault(f"{name}, context.draftOrders", kind_of(context.get("draftOrders")), "a Bundle"))
    if not isinstance(call.get("prefetch", {}), (dict, type(None))):
        faults.append(Fault(f"{name}, prefetch", kind_of(call["prefetch"]), "an object"))
    return faults


def _selected(call: Resource, context: Resource, drafts: list[Item], gathering: Gathering) -> list[Item]:
    """On order-select only the selected drafts are asked about; a selection that leads nowhere selects all."""
    given = context.get("selections")
    if call.get("hook") != "order-select" or not isinstance(given, list):
        return drafts
    names = {one for one in given if isinstance(one, str)}
    chosen = {item.origin for item in drafts if names & {item.origin, str(item.resource.get("id")), item.full_url}}
    for item in drafts if chosen else ():
        if item.origin not in chosen:
            gathering.set_aside("draft order", "it is not among the selections", item.origin)
    return [item for item in drafts if item.origin in chosen or not chosen]


def _prefetched(prefetch: Resource, name: str, gathering: Gathering) -> list[Item]:
    found: list[Item] = []
    for key in sorted(prefetch):
        value = prefetch[key]
        if isinstance(value, dict) and value.get("resourceType") == "Bundle":
            found += bundle_items(
                {**value, "type": value.get("type", "searchset")}, f"{name}, prefetch.{key}", gathering
            )
        elif isinstance(value, dict) and value.get("resourceType") == "OperationOutcome":
            gathering.warnings.add(f"The record system could not supply the prefetch {key!r}.")
        elif isinstance(value, dict) and isinstance(value.get("resourceType"), str):
            found.append(Item(origin_of(value), value))
        elif value is not None:
            gathering.set_aside("prefetch", "it holds no resource", key)
    return found
