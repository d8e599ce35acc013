"""A literature search that can be run again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from ivigil.knowledge.records import Passage

_STRICT = {"extra": "forbid"}


@dataclass(frozen=True)
class SearchPart:
    """Terms joined by *or*; ``field`` names where they are looked for, if not anywhere."""

    terms: tuple[str, ...]
    field: Literal["mesh", "title", "title or abstract", "language", "publication type"] | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class SearchQuery:
    """A literature search that can be run again: parts joined by *and*, a span of years, databases and languages.

    Where ``per_indication`` is true the names of an indication are one more part.
    """

    id: str
    title: str
    version: str
    passage: Passage
    databases: tuple[str, ...]
    parts: tuple[SearchPart, ...]
    per_indication: bool
    from_year: int | None = None
    until: date | None = None
    languages: tuple[str, ...] = ()
    note: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
