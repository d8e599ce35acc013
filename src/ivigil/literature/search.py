"""A literature search on record, written as a database takes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ivigil.documents import BadInput, Fault
from ivigil.knowledge.records import Indication
from ivigil.knowledge.search_records import SearchPart, SearchQuery

_FOREVER = "3000"
_PUBMED = {
    None: "",
    "mesh": "[MeSH Terms]",
    "title": "[Title]",
    "title or abstract": "[Title/Abstract]",
    "language": "[Language]",
    "publication type": "[Publication Type]",
}
_COCHRANE = {None: ":ti,ab,kw", "title": ":ti", "title or abstract": ":ti,ab", "publication type": ":pt"}


@dataclass(frozen=True)
class Search:
    """A query as text for PubMed and for the Cochrane Library, with what neither text can say."""

    id: str
    title: str
    version: str
    indication: str | None
    pubmed: str
    cochrane: str
    remarks: tuple[str, ...]


def search_of(query: SearchQuery, indication: Indication | None = None) -> Search:
    """``query`` for ``indication``.

    Raises :class:`BadInput` where the query needs an indication and none is given, or takes none.
    """
    if query.per_indication and indication is None:
        raise BadInput([Fault(query.id, "no indication", "the one whose names are part of this search")])
    if indication is not None and not query.per_indication:
        raise BadInput([Fault(query.id, f"the indication {indication.id}", "none: this search is the same for all")])
    parts = (*query.parts, *([SearchPart(names_of(indication))] if indication else []))
    return Search(
        id=query.id,
        title=query.title,
        version=query.version,
        indication=indication.id if indication else None,
        pubmed=_pubmed(query, parts),
        cochrane=_cochrane(parts),
        remarks=tuple(_remarks(query)),
    )


def names_of(indication: Indication) -> tuple[str, ...]:
    """Every name of an indication once, whatever its case: its own, synonyms, abbreviations."""
    names = (indication.name, *indication.synonyms, *indication.abbreviations)
    return tuple({name.casefold(): name for name in reversed(names)}[one] for one in _folded(names))


def _folded(names: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(name.casefold() for name in names))


def _pubmed(query: SearchQuery, parts: tuple[SearchPart, ...]) -> str:
    texts = [_any_of(f"{_quoted(term)}{_PUBMED[part.field]}" for term in part.terms) for part in parts]
    if query.from_year is not None or query.until is not None:
        first = str(query.from_year) if query.from_year is not None else "1800"
        last = query.until.strftime("%Y/%m/%d") if query.until else _FOREVER
        texts.append(f'("{first}"[Date - Publication] : "{last}"[Date - Publication])')
    if query.languages:
        texts.append(_any_of(f"{_quoted(one.lower())}[Language]" for one in query.languages))
    return " AND ".join(texts)


def _any_of(terms: Iterator[str]) -> str:
    return f"({' OR '.join(terms)})"


def _cochrane(parts: tuple[SearchPart, ...]) -> str:
    lines = [f"#{number} {' OR '.join(_in_cochrane(part))}" for number, part in enumerate(parts, 1)]
    numbers = " AND ".join(f"#{number}" for number in range(1, len(lines) + 1))
    return "\n".join([*lines, *([f"#{len(lines) + 1} {numbers}"] if len(lines) > 1 else [])])


def _in_cochrane(part: SearchPart) -> Iterator[str]:
    for term in part.terms:
        if part.field == "mesh":
            yield f"[mh {_quoted(term)}]"
        elif part.field in _COCHRANE:
            yield f"{_quoted(term)}{_COCHRANE[part.field]}"
        else:
            yield _quoted(term)


def _quoted(term: str) -> str:
    # Neither database has a way to write the sign itself inside a phrase.
    return f'"{" ".join(term.replace(chr(34), " ").split())}"'


def _remarks(query: SearchQuery) -> Iterator[str]:
    yield "Terms are in quotation marks, so that PubMed looks for them as they stand and maps them to no others."
    limits = [f"from {query.from_year}" if query.from_year else "", f"until {query.until}" if query.until else ""]
    limits.append(f"languages {', '.join(query.languages)}" if query.languages else "")
    if any(limits):
        said = ", ".join(one for one in limits if one)
        yield f"The Cochrane text does not say: {said}. Set these beside it."
    if query.note:
        yield query.note
