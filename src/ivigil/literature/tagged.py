"""Records written as lines with a tag each, as RIS and MEDLINE files are, with the line that each begins on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ivigil.documents import BadInput, Fault

# Not str.splitlines: it also breaks at signs that occur inside abstracts.
_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass
class Tagged:
    """One record as it stands: its number and first line, the values of each tag, and what is wrong with its lines."""

    number: int
    line: int
    values: dict[str, list[str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    last: str | None = None

    def add(self, tag: str, value: str) -> None:
        """Take another line with a tag."""
        self.values.setdefault(tag, []).append(value)
        self.last = tag

    def go_on(self, text: str) -> None:
        """Take a line that continues the one before it."""
        if self.last is not None:
            self.values[self.last][-1] += f" {text.strip()}"

    def first(self, *tags: str) -> str | None:
        """The first value under any of ``tags`` that is not empty, the tags in their order."""
        return next((value for tag in tags for value in self.values.get(tag, []) if value.strip()), None)

    def all(self, *tags: str) -> tuple[str, ...]:
        """Every value under ``tags`` that is not empty."""
        return tuple(value for tag in tags for value in self.values.get(tag, []) if value.strip())


def text_of(content: bytes, name: str, kind: str) -> str:
    """``content`` as text. Raises :class:`BadInput` where it is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = "UTF-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else f"bytes that are not UTF-8 ({error.start})"
        raise BadInput([Fault(name, found, f"{kind} in UTF-8", "Export it again with that encoding.")]) from None


def numbered(text: str) -> Iterator[tuple[int, str]]:
    """Each line of ``text`` with its number from 1."""
    yield from enumerate(_BREAK.split(text), 1)
