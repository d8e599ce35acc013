"""What a reader has to know beforehand: the catalogue, how immunoglobulin is ordered, which indications have ids."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from ivigil.facts.catalogue import Catalogue
from ivigil.facts.codes import Coding
from ivigil.facts.definition import FactCode

_NOT_WORD = re.compile(r"[^a-z0-9]+")


def plain_words(text: str) -> str:
    """``text`` in lower case, without accents and punctuation, for comparing names."""
    flat = unicodedata.normalize("NFKD", text.casefold()).replace("–", "-")
    return _NOT_WORD.sub(" ", "".join(char for char in flat if not unicodedata.combining(char))).strip()


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
        words = [f" {plain_words(part)} " for part in (text or "", *(coding.display for coding in codings)) if part]
        if coded & self._codes_of(self.not_codes) or _any_name(words, self._plain_not_names):
            return False
        return bool(coded & self._codes_of(self.codes)) or _any_name(words, self._plain_names)

    @staticmethod
    def _codes_of(codes: tuple[FactCode, ...]) -> set[tuple[str, str]]:
        return {(code.system, code.code) for code in codes}

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
