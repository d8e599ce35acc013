"""What words name: an indication surely, in doubt, or none that ivigil knows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ivigil.facts.readers.vocabulary import plain_words
from ivigil.knowledge import Library


@dataclass(frozen=True)
class Said:
    """The indications that words name, and what makes the name doubtful, if anything does."""

    ids: frozenset[str] = frozenset()
    doubt: str | None = None


class Names:
    """The names of all indications, and the words that put a name in doubt."""

    def __init__(self, library: Library) -> None:
        """Index every name, synonym and abbreviation."""
        self._names: dict[str, str] = {}
        self._short: dict[str, set[str]] = {}
        for one in library.indications.values():
            self._names |= {plain_words(name): one.id for name in (one.id, one.name, *one.synonyms)}
            for short in one.abbreviations:
                self._short.setdefault(plain_words(short), set()).add(one.id)
        self._signs = library.doubt.signs
        self._doubts = _pattern(library.doubt.words)
        self._denials = _pattern((*library.doubt.words, *library.doubt.denials))
        self._relatives = _pattern(library.doubt.relatives)

    def doubted(self, text: str | None) -> bool:
        """Whether words say that what they speak of is suspected, past or somebody else's."""
        if not text:
            return False
        words = plain_words(text)
        return self._has_sign(text) or any(one.search(words) for one in (self._doubts, self._relatives))

    def _has_sign(self, text: str) -> bool:
        return any(sign in text for sign in self._signs)

    def said(self, text: str | None) -> Said:
        """What ``text`` names when it is a name, alone or with nothing beside it but words of doubt."""
        words = plain_words(text or "")
        if words in self._names:
            return Said(frozenset({self._names[words]}), "as a question" if self._has_sign(text or "") else None)
        if words in self._short:
            return Said(frozenset(self._short[words]), "by letters that stand for other things too")
        if self._relatives.search(words):
            return Said()
        rest = " ".join(self._denials.sub(" ", words).split())
        if rest != words and (rest in self._names or rest in self._short):
            found = {self._names[rest]} if rest in self._names else self._short[rest]
            return Said(frozenset(found), "with words that put it in doubt")
        return Said()


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted({plain_words(word) for word in words}, key=lambda word: (-len(word), word))
    return re.compile(r"\b(?:" + "|".join(re.escape(word) for word in longest_first) + r")\b")
