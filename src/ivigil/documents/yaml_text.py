"""YAML 1.2 read strictly.

Plain ``true`` and ``false`` are the only booleans; ``NO``, ``12:30`` and ``0123`` stay the text they are; duplicate keys,
anchors, aliases, tags and second documents are refused. PyYAML only splits the text into nodes: what a scalar means is
decided here, so that no YAML 1.1 habit gets in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ivigil.documents.faults import BadInput, Fault

# The core schema of YAML 1.2.2 (section 10.3), less octal, hexadecimal, infinities and leading zeros (which are codes).
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?")
_DEEPEST = 60
_LONGEST_INTEGER = 4000

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Place:
    """Where each value of a document stands: path of keys and indices to line number, counted from 1."""

    name: str
    lines: Mapping[Path, int] = field(default_factory=dict)

    def of(self, path: Path) -> str:
        """The file, the line and the field of ``path`` in words, for a fault."""
        line = next((self.lines[path[:end]] for end in range(len(path), -1, -1) if path[:end] in self.lines), None)
        dotted = ".".join(str(part) for part in path)
        return ", ".join([self.name, *([f"line {line}"] if line else []), *([dotted] if dotted else [])])


def parse_yaml(content: bytes, where: str) -> tuple[Any, Place]:
    """The value of the one YAML document in ``content``, and where each part of it stands.

    Numbers come as :class:`int` or exact :class:`~decimal.Decimal`, dates and codes as text.
    Raises :class:`BadInput` listing every fault.
    """
    import yaml  # noqa: PLC0415 - only read where YAML is read: an answer from compiled knowledge needs none

    try:
        text = content.decode("utf-8-sig")
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)):
            raise BadInput([Fault(where, "an alias (*name)", "every value written out", "Write the value again.")])
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        raise BadInput([Fault(where, f"bytes that are not text (at byte {error.start})", "YAML in UTF-8")]) from None
    except yaml.MarkedYAMLError as error:
        raise BadInput([_syntax_fault(error, where)]) from None
    except yaml.YAMLError as error:
        raise BadInput([Fault(where, str(error).splitlines()[0], "YAML 1.2")]) from None
    except RecursionError:
        raise BadInput([Fault(where, "values nested too deep to read", "an ivigil document")]) from None
    if node is None:
        raise BadInput([Fault(where, "an empty file", "a YAML document")])
    reading = _Reading(where)
    value = reading.value(node, ())
    if reading.faults:
        raise BadInput(reading.faults)
    return value, Place(where, reading.lines)


def _syntax_fault(error: Any, where: str) -> Fault:  # noqa: ANN401 - yaml.MarkedYAMLError, imported late
    mark = error.problem_mark
    place = f"{where}, line {mark.line + 1}, column {mark.column + 1}" if mark else where
    found = (error.problem or "text that is not YAML").removeprefix("but ").removeprefix("found ")
    return Fault(place, found, "YAML 1.2", "Check indentation, colons and quotes.")


class _Reading:
    """One pass over the nodes of a document, gathering values, lines and faults."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.lines: dict[Path, int] = {}
        self.faults: list[Fault] = []

    def value(self, node: Any, path: Path) -> Any:  # noqa: ANN401 - yaml.Node in, any YAML value out
        self.lines[path] = node.start_mark.line + 1
        if len(path) > _DEEPEST:
            self._fault(node, "values nested too deep", f"at most {_DEEPEST} levels")
            return None
        if node.id == "mapping":
            return self._mapping(node, path)
        if node.id == "sequence":
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: Any, path: Path) -> dict[str, Any]:  # noqa: ANN401
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node)
            if key in found:
                self._fault(key_node, f"the key {key!r} a second time", "each key once", "Remove one of them.")
            found[key] = self.value(value_node, (*path, key))
        return found

    def _key(self, node: Any) -> str:  # noqa: ANN401
        if node.id != "scalar":
            self._fault(node, "a list or mapping as key", "text as key")
            return ""
        return str(node.value)

    def _scalar(self, node: Any) -> Any:  # noqa: ANN401
        if node.tag.startswith("!") or (node.style is not None and node.tag != "tag:yaml.org,2002:str"):
            self._fault(node, f"the tag {node.tag}", "no tags", "Remove the tag.")
        if node.style is not None:
            return node.value
        try:
            return plain_scalar(node.value)
        except ValueError as error:
            self._fault(node, str(error), "a number of sane length")
            return None

    def _fault(self, node: Any, found: str, expected: str, hint: str = "") -> None:  # noqa: ANN401
        self.faults.append(Fault(f"{self.where}, line {node.start_mark.line + 1}", found, expected, hint))


def plain_scalar(text: str) -> bool | int | Decimal | str | None:
    """What an unquoted scalar means: true, false, null, a number, or the text itself."""
    if text in {"true", "false"}:
        return text == "true"
    if text in {"", "~", "null"}:
        return None
    if _INTEGER.fullmatch(text):
        if len(text) > _LONGEST_INTEGER:
            message = f"a number of {len(text)} digits"
            raise ValueError(message)
        return int(text)
    return Decimal(text) if _NUMBER.fullmatch(text) else text


def walk(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:  # noqa: ANN401 - any YAML value
    """Every value inside ``value`` with its path, parents first."""
    yield path, value
    children = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from walk(child, (*path, key))
