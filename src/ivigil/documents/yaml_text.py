"""YAML 1.2 read strictly.

Plain ``true`` and ``false`` are the only booleans; ``NO``, ``12:30`` and ``0123`` stay the text they are; duplicate
keys, merge keys, anchors, aliases, tags and second documents are refused. PyYAML only splits the text into events:
what a scalar means is decided here, so that no YAML 1.1 habit gets in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ivigil.documents.faults import BadInput, Fault

# The core schema of YAML 1.2.2 (section 10.3), less octal, hexadecimal, infinities, numbers that begin or end with
# their point, and leading zeros (which are codes).
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?")
_DEEPEST = 60
_MOST_DIGITS = 4000

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Place:
    """Where each value of a document stands: path of keys and indices to line number, counted from 1."""

    name: str
    lines: Mapping[Path, int] = field(default_factory=dict)

    def of(self, path: Path) -> str:
        """The file, the line and the field of ``path`` in words, for a fault."""
        starts = (path[:end] for end in range(len(path), -1, -1))
        line = next((self.lines[start] for start in starts if start in self.lines), None)
        dotted = ".".join(str(part) for part in path)
        return ", ".join([self.name, *([f"line {line}"] if line else []), *([dotted] if dotted else [])])


def parse_yaml(content: bytes, where: str, *, quickly: bool = False) -> tuple[Any, Place]:
    """The value of the one YAML document in ``content``, and where each part of it stands.

    Numbers come as :class:`int` or exact :class:`~decimal.Decimal`, dates and codes as text. ``quickly`` splits the
    text by libyaml, where PyYAML has it, which is ten times as fast and differs in corners of YAML: it is for texts
    that are known to be read alike by both.
    Raises :class:`BadInput` listing every fault.
    """
    import yaml  # noqa: PLC0415 - only read where YAML is read: an answer from compiled knowledge needs none

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader) if quickly else yaml.SafeLoader
    reading = _Reading(where, yaml.parse(_decoded(content, where), Loader=loader))
    value = None
    try:
        value = reading.document()
    except yaml.MarkedYAMLError as error:
        reading.faults.append(_syntax_fault(error, where))
    except yaml.YAMLError as error:
        reading.faults.append(Fault(where, str(error).splitlines()[0], "YAML 1.2"))
    if reading.faults:
        raise BadInput(reading.faults)
    return value, Place(where, reading.lines)


def _decoded(content: bytes, where: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = f"bytes that are not text (at byte {error.start})"
        raise BadInput([Fault(where, found, "YAML in UTF-8", "Save the file as UTF-8.")]) from None


def _syntax_fault(error: Any, where: str) -> Fault:  # noqa: ANN401 - yaml.MarkedYAMLError, imported late
    mark = error.problem_mark
    place = f"{where}, line {mark.line + 1}, column {mark.column + 1}" if mark else where
    found = (error.problem or "text that is not YAML").removeprefix("but ").removeprefix("found ")
    return Fault(place, found, "YAML 1.2", "Check indentation, colons and quotes.")


class _Reading:
    """One pass over the events of a document, gathering values, lines and faults."""

    def __init__(self, where: str, events: Iterator[Any]) -> None:
        self.where = where
        self.events = events
        self.lines: dict[Path, int] = {}
        self.faults: list[Fault] = []

    def document(self) -> Any:  # noqa: ANN401 - any YAML value
        """The value of the only document."""
        next(self.events)  # the start of the stream
        if self._next() == "StreamEnd":
            raise BadInput([Fault(self.where, "an empty file", "a YAML document")])
        self._next()
        value = self.value(())
        self._next()
        if self._next() != "StreamEnd":
            self._fault("a second document", "one document a file", "Remove it with the line --- above it.")
        return value

    def value(self, path: Path) -> Any:  # noqa: ANN401
        """The value that begins at the present event."""
        self.lines[path] = self._line
        if len(path) > _DEEPEST:
            # Reading on would only repeat this fault, and nesting without end would exhaust the stack.
            self._fault("values nested too deep", f"at most {_DEEPEST} levels")
            raise BadInput(self.faults)
        self._plainness()
        if self.kind == "MappingStart":
            return self._mapping(path)
        if self.kind == "SequenceStart":
            return self._sequence(path)
        return self._scalar()

    def _next(self) -> str:
        self.event = next(self.events)
        self.kind = type(self.event).__name__.removesuffix("Event")
        self._line = self.event.start_mark.line + 1
        return self.kind

    def _plainness(self) -> None:
        """Refuse what would make a value mean something else than what is written."""
        if self.kind == "Alias":
            self._fault(f"the alias *{self.event.anchor}", "every value written out", "Write the value again.")
        elif self.event.anchor is not None:
            self._fault(f"the anchor &{self.event.anchor}", "no anchors", "Remove it.")
        if getattr(self.event, "tag", None) is not None:
            self._fault(f"the tag {self.event.tag}", "no tags", "Remove it; write text in quotes.")

    def _sequence(self, path: Path) -> list[Any]:
        found: list[Any] = []
        while self._next() != "SequenceEnd":
            found.append(self.value((*path, len(found))))
        return found

    def _mapping(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while self._next() != "MappingEnd":
            key = self._key(path)
            if key in found:
                self._fault(f"the key {key!r} a second time", "each key once", "Remove one of them.")
            self._next()
            found[key] = self.value((*path, key))
        return found

    def _key(self, path: Path) -> str:
        if self.kind in {"MappingStart", "SequenceStart"}:
            self._fault("a list or mapping as key", "text as key")
            return str(self.value((*path, "?")))
        self._plainness()
        if self.kind == "Alias":
            return f"*{self.event.anchor}"
        if self.event.value == "<<" and not self.event.style:
            self._fault("the merge key <<", "every field written out", "Copy the fields here.")
        return self._text()

    def _scalar(self) -> Any:  # noqa: ANN401
        if self.kind == "Alias":
            return None
        if self.event.style:  # PyYAML says None and libyaml "" where there are no quotes
            return self._text()
        try:
            return plain_scalar(self.event.value)
        except ValueError as error:
            self._fault(str(error), "a number of sane length")
            return None

    def _text(self) -> str:
        text = str(self.event.value)
        try:
            # JSON, which is YAML, writes one character as the escapes of two surrogates; PyYAML leaves them apart.
            return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            self._fault("half of a surrogate pair", "whole characters", "Write the character itself.")
            return ""

    def _fault(self, found: str, expected: str, hint: str = "") -> None:
        self.faults.append(Fault(f"{self.where}, line {self._line}", found, expected, hint))


def plain_scalar(text: str) -> bool | int | Decimal | str | None:
    """What an unquoted scalar means: true, false, null, a number, or the text itself."""
    if text in {"true", "false"}:
        return text == "true"
    if text in {"", "~", "null"}:
        return None
    if _INTEGER.fullmatch(text):
        if len(text) > _MOST_DIGITS:
            message = f"a number of {len(text)} digits"
            raise ValueError(message)
        return int(text)
    return Decimal(text) if _NUMBER.fullmatch(text) else text
