"""Readers: FHIR R4 Bundles and resources, CDS Hooks calls, and ivigil's flat YAML or JSON, into one kind of case."""

from ivigil.facts.readers.documents import read_case
from ivigil.facts.readers.vocabulary import Vocabulary

__all__ = ["Vocabulary", "read_case"]
