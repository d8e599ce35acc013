"""What a reader has to know beforehand: the catalogue, how immunoglobulin is ordered, which indications have ids."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import ClassVar

from ivigil.facts.catalogue import Catalogue
from ivigil.facts.codes import Coding
from ivigil.facts.definition import FactCode

# Longer texts are read each time anew rather than kept.
_USUAL_LENGTH = 200
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def plain_words(text: str) -> str:
    """``text`` in lower case, without accents and punctuation, for comparing names."""
    return _remembered(text) if len(text) <= _USUAL_LENGTH else _plain(text)


def _plain(text: str) -> str:
    if text.isascii():
        return _NOT_WORD.sub(" ", text.lower()).strip()
    flat = unicodedata.normalize("NFKD", text.casefold()).replace("–", "-")
    return _NOT_WORD.sub(" ", "".join(char for char in flat if not unicodedata.combining(char))).strip()


# Records hold the same words time and again.
_remembered = lru_cache(maxsize=4096)(_plain)


@dataclass(frozen=True)
class Medication:
    """How an order for immunoglobulin is recognised: by code or by name, and what must not be taken for it."""

    id: str
    codes: tuple[FactCode, ...]
    names: tuple[str, ...]
    not_codes: tuple[FactCode, ...] = ()
    not_names: tuple[str, ...] = ()
    note: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    def is_ordered(self, codings: tuple[Coding, ...], text: str | None) -> bool:
        """Whether codes or words name normal human immunoglobulin."""
        coded = {(coding.system, coding.code) for coding in codings}
        parts = dict.fromkeys((text or "", *(coding.display for coding in codings)))
        words = [f" {plain_words(part)} " for part in parts if part]
        if coded & self._not_coded or _any_name(words, self._plain_not_names):
            return False
        return bool(coded & self._coded) or _any_name(words, self._plain_names)

    @cached_property
    def _coded(self) -> frozenset[tuple[str, str]]:
        return frozenset((code.system, code.code) for code in self.codes)

    @cached_property
    def _not_coded(self) -> frozenset[tuple[str, str]]:
        return frozenset((code.system, code.code) for code in self.not_codes)

    @cached_property
    def _plain_names(self) -> tuple[str, ...]:
        return tuple(f" {plain_words(name)} " for name in self.names)

    @cached_property
    def _plain_not_names(self) -> tuple[str, ...]:
        return tuple(f" {plain_words(name)} " for name in self.not_names)


def _any_name(texts: list[str], names: tuple[str, ...]) -> bool:
    return any(name in text for text in texts for name in names)


@dataclass(frozen=True)
class Vocabulary:
    """The words a reader understands."""

    catalogue: Catalogue
    medication: Medication
    indications: Collection[str] = ()
