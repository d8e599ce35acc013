"""XML read safely and record by record, with the line that each begins on.

A document may name its type (PubMed's do), but what it declares itself is refused: entities can be made to unfold
without end, or to read other files. Nothing outside the document is ever fetched.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from ivigil.documents import Fault

_DEEPEST = 100
_HINT = "Export the file again."


@dataclass(frozen=True)
class XmlRecord:
    """One element that is a record, the line it begins on, and entities in it that the file does not explain."""

    element: Element
    line: int
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True)
class XmlRead:
    """The records of a file up to its end or its first fault; ``root`` is the outermost element's name."""

    root: str | None
    records: tuple[XmlRecord, ...]
    fault: Fault | None = None


class _RefusedError(ValueError):
    """Raised inside the parser; the message becomes the fault."""


@dataclass
class _Reader:
    kinds: frozenset[str]
    parser: Any  # an expat parser, whose type has no public name
    root: str | None = None
    records: list[XmlRecord] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    builder: TreeBuilder | None = None
    depth: int = 0
    line: int = 0
    skipped: list[str] = field(default_factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.open) == _DEEPEST:
            raise _RefusedError("elements nested too deep to read")
        self.root = self.root or name
        if self.builder is None and name in self.kinds:
            self.builder, self.depth, self.line = TreeBuilder(), len(self.open), self.parser.CurrentLineNumber
        self.open.append(name)
        if self.builder is not None:
            self.builder.start(name, attributes)

    def end(self, name: str) -> None:
        self.open.pop()
        if self.builder is None:
            return
        self.builder.end(name)
        if len(self.open) == self.depth:
            self.records.append(XmlRecord(self.builder.close(), self.line, tuple(self.skipped)))
            self.builder, self.skipped = None, []

    def text(self, data: str) -> None:
        if self.builder is not None:
            self.builder.data(data)

    def doctype(self, _name: str, _system: str | None, _public: str | None, declares: object) -> None:
        if declares:
            raise _RefusedError("declarations inside the document (DOCTYPE […])")

    def entity(self, *_declared: object) -> None:
        raise _RefusedError("an entity that the document declares itself")

    def skip(self, name: str, *_is_parameter: object) -> None:
        self.skipped.append(name)


def read_xml(content: bytes, name: str, kinds: frozenset[str]) -> XmlRead:
    """The elements of ``content`` whose name is in ``kinds``, in their order, as far as it can be read."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    reader = _Reader(kinds, parser)
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler, parser.EntityDeclHandler = reader.doctype, reader.entity
    parser.SkippedEntityHandler = reader.skip
    fault = None
    try:
        parser.Parse(content, True)  # noqa: FBT003 - expat's own signature: this is all of it
    except expat.ExpatError as error:
        place = f"{name}, line {error.lineno}, column {error.offset}"
        fault = Fault(place, f"XML that breaks off ({expat.ErrorString(error.code)})", "whole XML", _HINT)
    except _RefusedError as error:
        fault = Fault(f"{name}, line {parser.CurrentLineNumber}", str(error), "XML without them", _HINT)
    except (LookupError, ValueError) as error:
        # An encoding that Python does not know, or that has more than one byte a sign.
        fault = Fault(name, f"an encoding that cannot be read ({error})", "XML in UTF-8", _HINT)
    return XmlRead(reader.root, tuple(reader.records), fault)
