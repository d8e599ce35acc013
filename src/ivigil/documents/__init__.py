"""Floor 0: strict documents in, whole documents out.

YAML and JSON are read strictly with every fault listed, records are checked against their types, and files
are written whole or not at all.
"""

from ivigil.documents.faults import BadInput, Fault, IvigilError
from ivigil.documents.json_text import parse_json
from ivigil.documents.records import decode, encode
from ivigil.documents.writing import canonical_json, write_whole
from ivigil.documents.yaml_text import Place, parse_yaml

__all__ = [
    "BadInput",
    "Fault",
    "IvigilError",
    "Place",
    "canonical_json",
    "decode",
    "encode",
    "parse_json",
    "parse_yaml",
    "write_whole",
]
