"""PubMed's XML: articles and chapters of books, as the database exports them."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from ivigil.documents import BadInput, Fault
from ivigil.literature.record import Found, Quarantined, Read, read_of
from ivigil.literature.xml_text import XmlRecord, read_xml

_ARTICLE, _BOOK = "PubmedArticle", "PubmedBookArticle"
_KINDS = frozenset({_ARTICLE, _BOOK})
_UNTITLED = "[Not Available]."


def read_pubmed_xml(content: bytes, name: str) -> Read:
    """Every record of an export of PubMed, up to where it breaks off.

    Raises :class:`BadInput` where no record comes before a fault, or where the XML is not PubMed's.
    """
    read = read_xml(content, name, _KINDS)
    if read.fault is not None and not read.records:
        raise BadInput([read.fault])
    if read.root not in {"PubmedArticleSet", *_KINDS}:
        raise BadInput([Fault(name, f"XML of {read.root!r}", "XML of PubMed (PubmedArticleSet)")])
    broken = (Quarantined(read.fault.where, (read.fault,)),) if read.fault else ()
    found = [_found(one, f"{name}, record {number}, line {one.line}") for number, one in enumerate(read.records, 1)]
    return read_of(name, "PubMed XML", found, broken)


def _found(one: XmlRecord, place: str) -> Found:
    faults = tuple(
        Fault(place, f"the sign &{entity};, which the file does not explain", "the sign itself", "Export it again.")
        for entity in one.skipped
    )
    return (_article if one.element.tag == _ARTICLE else _book)(one.element, place, faults)


def _article(element: Element, place: str, faults: tuple[Fault, ...]) -> Found:
    article = element.find("MedlineCitation/Article")
    if article is None:
        return Found("PubMed XML", place, faults=(*faults, Fault(place, "no Article", "a citation with its article")))
    pmid = _texts(element, "MedlineCitation/PMID")
    date = article.find("Journal/JournalIssue/PubDate")
    return Found(
        source="PubMed XML",
        place=place,
        title=_title(article),
        dois=tuple(dict.fromkeys([*_of_type(element, "PubmedData/ArticleIdList/ArticleId"), *_electronic(article)])),
        pmids=pmid,
        ncts=tuple(_registered(article)),
        authors=tuple(_authors(article)),
        year=_joined(date) or _joined(article.find("ArticleDate")) or None,
        journal=_first(article, "Journal/Title", "Journal/ISOAbbreviation"),
        abstract=_abstract(article),
        language=_first(article, "Language"),
        publication_types=_texts(article, "PublicationTypeList/PublicationType"),
        faults=faults,
    )


def _book(element: Element, place: str, faults: tuple[Fault, ...]) -> Found:
    document = element.find("BookDocument")
    if document is None:
        return Found("PubMed XML", place, faults=(*faults, Fault(place, "no BookDocument", "a chapter of a book")))
    return Found(
        source="PubMed XML",
        place=place,
        title=_first(document, "ArticleTitle", "Book/BookTitle"),
        dois=_of_type(document, "ArticleIdList/ArticleId"),
        pmids=_texts(document, "PMID"),
        authors=tuple(_authors(document)),
        year=_joined(document.find("ContributionDate")) or _joined(document.find("Book/PubDate")) or None,
        journal=_first(document, "Book/BookTitle"),
        abstract=_abstract(document),
        language=_first(document, "Language"),
        publication_types=_texts(document, "PublicationType"),
        faults=faults,
    )


def _title(article: Element) -> str | None:
    title = _first(article, "ArticleTitle")
    return _first(article, "VernacularTitle") or title if title in {None, _UNTITLED} else title


def _abstract(article: Element) -> str | None:
    parts = [
        f"{label}: {_joined(part)}" if (label := part.get("Label")) else _joined(part)
        for part in article.findall("Abstract/AbstractText")
    ]
    return " ".join(part for part in parts if part) or None


def _authors(article: Element) -> Iterator[str]:
    for author in article.findall("AuthorList/Author"):
        family, given = _first(author, "LastName"), _first(author, "ForeName", "Initials")
        if family:
            yield f"{family}, {given}" if given else family
        elif group := _first(author, "CollectiveName"):
            yield group


def _registered(article: Element) -> Iterator[str]:
    for bank in article.findall("DataBankList/DataBank"):
        if (_first(bank, "DataBankName") or "").lower() == "clinicaltrials.gov":
            yield from _texts(bank, "AccessionNumberList/AccessionNumber")


def _of_type(element: Element, path: str) -> tuple[str, ...]:
    # The path is the record's own list: the articles that it cites have lists of the same name further in.
    return tuple(_joined(one) for one in element.findall(path) if one.get("IdType") == "doi" and _joined(one))


def _electronic(article: Element) -> Iterator[str]:
    for one in article.findall("ELocationID"):
        if one.get("EIdType") == "doi" and one.get("ValidYN", "Y") == "Y" and _joined(one):
            yield _joined(one)


def _first(element: Element, *paths: str) -> str | None:
    return next((text for path in paths for text in _texts(element, path)), None)


def _texts(element: Element, path: str) -> tuple[str, ...]:
    return tuple(text for one in element.findall(path) if (text := _joined(one)))


def _joined(element: Element | None) -> str:
    """Everything written inside ``element``; parts of a date are apart, mark-up in a sentence is not."""
    if element is None:
        return ""
    apart = " " if element.tag.endswith("Date") else ""
    return apart.join(element.itertext()).strip()
