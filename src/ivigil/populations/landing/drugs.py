"""Drugs that orders of many patients refer to, by every name they have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from ivigil.facts.readers.references import relative, without_version
from ivigil.populations.landing.decoding import NotJson
from ivigil.populations.landing.relevance import STUB
from ivigil.populations.landing.spill import Kept
from ivigil.populations.landing.subjects import named, url_of


@dataclass
class Drugs:
    """The Medication resources that matter, each with its other versions."""

    _by_name: dict[str, list[Kept]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, kept: Iterable[Kept]) -> Drugs:
        """Index what was kept."""
        found: dict[str, list[Kept]] = defaultdict(list)
        for one in kept:
            for name in _names(one):
                found[name].append(one)
        speaking = {name for name, group in found.items() if any(one.why != STUB for one in group)}
        return cls({name: group for name, group in found.items() if name in speaking})

    def find(self, reference: str) -> list[Kept]:
        """The resources that a reference leads to; none where it leads to a drug that does not matter."""
        plain = without_version(reference)
        return self._by_name.get(plain) or self._by_name.get(relative(plain)) or []


def _names(one: Kept) -> list[str]:
    try:
        identity = named(one.body).id
    except NotJson:
        return []
    if not isinstance(identity, str) or not identity:
        return []
    url = url_of(identity)
    return [f"Medication/{identity}", *([url] if url else [])]
