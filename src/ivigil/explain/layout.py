"""How an answer is laid out: sections of rows and tables in words, for any page, terminal or paper."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line: a tag such as *met*, its text, what stands behind it, and rows inside it."""

    text: str
    tag: str | None = None
    details: tuple[str, ...] = ()
    members: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Table:
    """A small table: its columns, and rows of as many cells."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """Rows under a heading; ``folded`` sections are secondary and may be collapsed.

    ``table`` stands before the rows. ``picture`` is SVG for a page; all that it shows is in the table or the rows too.
    """

    title: str
    rows: tuple[Row, ...]
    folded: bool = False
    table: Table | None = None
    picture: str | None = None


@dataclass(frozen=True)
class Answer:
    """A decision in words."""

    verdict: str
    verdict_words: str
    subject: str
    reason: str
    may_start: str | None
    sections: tuple[Section, ...]
    footer: tuple[str, ...]
