"""Where references lead inside one record, and whether two of them name the same resource."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from ivigil.facts.readers.fhir_values import Resource, carries


@dataclass(frozen=True)
class Item:
    """One resource of a record, how an answer cites it, and the full URL of its entry.

    ``may_be_modified`` is false where it is already known that no modifier extension stands anywhere in it.
    """

    origin: str
    resource: Resource
    full_url: str | None = None
    may_be_modified: bool = True

    @property
    def kind(self) -> str:
        """The type of the resource."""
        return str(self.resource.get("resourceType"))

    @property
    def is_modified(self) -> bool:
        """Whether it carries a modifier extension, none of which ivigil understands."""
        return self.may_be_modified and carries(self.resource, "modifierExtension")

    def names(self) -> list[str]:
        """The references that lead to the resource: type and id, and its full URL."""
        identity = self.resource.get("id")
        named = [f"{self.kind}/{identity}"] if isinstance(identity, str) and identity else []
        return [*named, self.full_url] if self.full_url else named


def without_version(reference: str) -> str:
    """``reference`` without the version that it may point to."""
    return reference.split("/_history/", 1)[0]


def is_absolute(reference: str | None) -> bool:
    """Whether a reference carries the address of a server."""
    return reference is not None and "://" in reference


def relative(reference: str) -> str:
    """Type and id at the end of a reference; one without a slash, such as a UUID, as it is."""
    return "/".join(reference.split("/")[-2:])


def same(one: str, other: str) -> bool:
    """Whether two references name the same resource, given that one of them may carry a server's address."""
    if one == other:
        return True
    return is_absolute(one) != is_absolute(other) and relative(one) == relative(other)


class References:
    """The resources of one record by every name they have."""

    def __init__(self, items: Iterable[Item]) -> None:
        """Index ``items``; of several with one name the last counts."""
        self._items = tuple(items)
        self._by_name = {name: item for item in self._items for name in (item.origin, *item.names())}

    def find(self, reference: str) -> Item | None:
        """The resource that ``reference`` leads to, or ``None`` when it is not in the record."""
        found = self._by_name.get(reference)
        if found is not None:
            return found
        found = self._by_tail.get(relative(reference))
        if found is not None and is_absolute(reference) and is_absolute(found.full_url):
            # The same id on another server is another resource.
            return None
        return found

    @cached_property
    def _by_tail(self) -> dict[str, Item]:
        # Only a reference that is written in another way than the resource itself is looked for here.
        return {relative(name): item for item in self._items for name in (item.origin, *item.names())}
